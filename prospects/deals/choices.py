"""Stages, sources, criteria and reasons of deals, and which stage leads to which (domain 2.1, 2.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DealKind(models.TextChoices):
    """A pursuit of a company that does not bank with us, or of more business with one that does."""

    NEW = "new", _("New client")
    EXISTING = "existing", _("More business with a client")


class Stage(models.TextChoices):
    """Where a pursuit stands (domain 2.3)."""

    SUSPECT = "S0", _("Suspect")
    LEAD = "S1", _("Lead")
    CONTACTED = "S2", _("Contacted")
    MET = "S3", _("Met")
    QUALIFIED = "S4", _("Qualified")
    PROPOSAL = "S5", _("Proposal")
    CREDIT = "S6", _("In credit or onboarding")
    OFFER = "S7", _("Approved, offer out")
    WON = "S8", _("Won")
    LOST = "L", _("Lost")
    NURTURE = "N", _("Nurture")


LADDER = (
    Stage.SUSPECT,
    Stage.LEAD,
    Stage.CONTACTED,
    Stage.MET,
    Stage.QUALIFIED,
    Stage.PROPOSAL,
    Stage.CREDIT,
    Stage.OFFER,
    Stage.WON,
)
CLOSED_STAGES = (Stage.WON, Stage.LOST)
OPEN_STAGES = (*LADDER[:-1], Stage.NURTURE)
# A lead is a deal in its first stages (domain 0); protection and its cap are about leads (domain 2.4).
LEAD_STAGES = (Stage.SUSPECT, Stage.LEAD, Stage.CONTACTED, Stage.MET, Stage.NURTURE)

ADVANCES = {stage: frozenset(LADDER[LADDER.index(stage) + 1 :]) for stage in LADDER[:-1]}
BACKWARD = {stage: frozenset(LADDER[: LADDER.index(stage)]) for stage in LADDER[:-1]}
LOSSES = dict.fromkeys(OPEN_STAGES, frozenset({Stage.LOST}))
NURTURES = {stage: frozenset({Stage.NURTURE}) for stage in LADDER[:-1]}
REOPENINGS = {Stage.NURTURE: frozenset(LADDER[:-1]), Stage.LOST: frozenset({Stage.LEAD})}


class Source(models.TextChoices):
    """How we came to the company (domain 2.1)."""

    REF_CLIENT = "REF_CLIENT", _("Existing client's referral")
    REF_FAMILY = "REF_FAMILY", _("Friends, relatives, colleagues")
    DORMANT = "DORMANT", _("Revisit of an inactive client")
    CLIP = "CLIP", _("Press, magazine, advertisement")
    LISTCO = "LISTCO", _("Listed-company directory")
    TRADE_DIR = "TRADE_DIR", _("Industry directory")
    EVENT = "EVENT", _("Exhibition, talk, exchange event")
    EVENT_CLASS = "EVENT_CLASS", _("Course or class")
    SOCIETY = "SOCIETY", _("Clubs, chambers, community")
    CHAIN = "CHAIN", _("Customers, suppliers, partners of clients")
    LOBBY = "LOBBY", _("Lobby or counter referral")
    COLD = "COLD", _("Cold visit, floor sweep")
    INBOUND = "INBOUND", _("Call, web, walk-in")


class Criterion(models.TextChoices):
    """What must hold before a stage is left (domain 2.3)."""

    IDENTITY = "identity", _("Identity number, or name and address")
    DEDUP = "dedup", _("Checked against companies that we know")
    SOURCE = "source", _("Source")
    ATTEMPT = "attempt", _("First attempt made")
    DECISION_MAKER = "decision_maker", _("Decision maker named")
    NEED = "need", _("Need")
    CONSENT = "consent", _("Consent recorded")
    VISIT_LOG = "visit_log", _("Visit log")
    BUSINESS = "business", _("Their business")
    BANKS = "banks", _("Banks they use")
    SIZE = "size", _("Their size")
    SCREENING = "screening", _("Sanctions and adverse news screen clear")
    APPETITE = "appetite", _("Sector in appetite")
    KYC_PRESCORE = "kyc_prescore", _("KYC risk pre-score")
    INCOME = "income", _("Expected income reaches the minimum")
    INTEREST = "interest", _("Client's interest in writing or in a logged call")
    ONBOARDING = "onboarding", _("Pack handed off, or account opening started")
    DECISION = "decision", _("Credit decision positive, or account opened")
    ACCEPTANCE = "acceptance", _("Offer accepted")
    FIRST_INCOME = "first_income", _("First income (drawdown, deposit kept 30 days, first letter of credit)")


class LostReason(models.TextChoices):
    """Why a pursuit ended without a client."""

    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("Stays with or went to another bank")
    CREDIT = "credit", _("Credit declined")
    APPETITE = "appetite", _("Outside our appetite or screening")
    NO_NEED = "no_need", _("No need")
    NO_ANSWER = "no_answer", _("Cannot be reached")
    CEASED = "ceased", _("Business closed")
    MISTAKE = "mistake", _("Taken up by mistake")


class DealEventKind(models.TextChoices):
    """What happened to a deal."""

    OPENED = "opened", _("Opened")
    ADVANCED = "advanced", _("Moved on")
    MOVED_BACK = "moved_back", _("Moved back")
    LOST = "lost", _("Lost")
    NURTURED = "nurtured", _("Set to nurture")
    REOPENED = "reopened", _("Taken up again")
    STATED = "stated", _("Evidence stated")
    CONFIRMED = "confirmed", _("Evidence confirmed")
    DECLINED = "declined", _("Evidence not confirmed")
    ASSIGNED = "assigned", _("Given to a new owner")
    UPDATED = "updated", _("Changed")
    ACTIVITY = "activity", _("Contact with the company")


class CoverAnswer(models.TextChoices):
    """The answer to "who covers this company?"."""

    CLEAR = "clear", _("Nobody looks after this company.")
    COVERED = "covered", _("This company is looked after. Ask your team head.")
    OWN = "own", _("This company is looked after within your reach.")


class Sight(models.TextChoices):
    """How much of a deal a reader sees (domain 1.2)."""

    FULL = "full", _("All")
    MASKED = "masked", _("Company, stage and owner")
    NONE = "none", _("Nothing")


class DealWork(models.TextChoices):
    """Kinds of work items that deals write."""

    NEXT_STEP = "deal_step", _("Next step with a prospect")
    CONFIRM = "deal_evidence", _("Evidence to confirm")
