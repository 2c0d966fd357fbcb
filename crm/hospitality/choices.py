"""Kinds, purposes and states of hospitality, and which state leads to which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What guests are invited to."""

    LUNCH = "lunch", _("Lunch")
    DINNER = "dinner", _("Dinner")
    TICKETS = "tickets", _("Tickets")
    GOLF = "golf", _("Golf")
    TRAVEL = "travel", _("Travel")
    OTHER = "other", pgettext_lazy("kind of hospitality", "Other")


ASKED_FIRST = (Kind.TICKETS, Kind.GOLF, Kind.TRAVEL)
"""Kinds that are approved beforehand, whatever they cost (domain 4.2)."""

AT_LUNCH_CAP = (Kind.LUNCH, Kind.OTHER)
"""Kinds that the cap of a lunch holds for; that of a dinner holds for the rest."""


class Purpose(models.TextChoices):
    """Why the bank invites (domain 4.5)."""

    DEPOSITS = "deposits", _("Deposit retention")
    FACILITY = "facility", _("New facility")
    THANKS = "thanks", _("Thanks")
    REPAIR = "repair", _("Repair a dispute")
    REFERRAL = "referral", pgettext_lazy("purpose", "Referral")
    INTELLIGENCE = "intelligence", _("Intelligence")


class Relationship(models.TextChoices):
    """How the relationship stands (domain 4.5)."""

    NEW = "new", pgettext_lazy("relationship", "New")
    WARMING = "warming", _("Warming")
    SOLID = "solid", _("Solid")
    STRAINED = "strained", _("Strained")
    RECOVERING = "recovering", _("Recovering")


class Means(models.TextChoices):
    """How the bill was paid."""

    OWN_CARD = "own_card", _("Own card")
    CORPORATE_CARD = "corporate_card", _("Corporate card")
    CASH = "cash", _("Cash")


class State(models.TextChoices):
    """Where an event stands (domain 4.6). `FREE`: it needs no approval, so it may happen and be reported."""

    DRAFT = "draft", pgettext_lazy("hospitality", "Draft")
    SUBMITTED = "submitted", _("Waiting for a decision")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", pgettext_lazy("hospitality", "Rejected")
    FREE = "free", _("May happen")
    APPROVED = "approved", pgettext_lazy("hospitality", "Approved")
    HELD = "held", _("Held")
    REPORTED = "reported", _("Reported")
    CLAIMED = "claimed", _("Claimed")
    QUERIED = "queried", _("Queried by finance")
    VERIFIED = "verified", _("Checked by finance")
    POSTED = "posted", pgettext_lazy("accounting", "Posted")
    PAID = "paid", pgettext_lazy("accounting", "Paid")
    CLAWED_BACK = "clawed_back", _("Clawed back")
    CANCELLED = "cancelled", pgettext_lazy("hospitality", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("hospitality", "Expired")


TRANSITIONS: dict[str, set[str]] = {
    State.DRAFT: {State.SUBMITTED, State.FREE, State.CANCELLED},
    State.RETURNED: {State.SUBMITTED, State.FREE, State.CANCELLED},
    State.SUBMITTED: {State.APPROVED, State.RETURNED, State.REJECTED, State.CANCELLED},
    State.FREE: {State.HELD, State.REPORTED, State.CANCELLED, State.EXPIRED},
    State.APPROVED: {State.HELD, State.REPORTED, State.CANCELLED, State.EXPIRED},
    State.HELD: {State.REPORTED, State.EXPIRED, State.CANCELLED},
    State.EXPIRED: {State.HELD},
    State.REPORTED: {State.CLAIMED},
    State.CLAIMED: {State.VERIFIED, State.QUERIED},
    State.QUERIED: {State.CLAIMED},
    State.VERIFIED: {State.POSTED},
    State.POSTED: {State.PAID, State.CLAWED_BACK},
    State.PAID: {State.CLAWED_BACK},
    State.REJECTED: set(),
    State.CANCELLED: set(),
    State.CLAWED_BACK: set(),
}

EDITABLE = (State.DRAFT, State.RETURNED)
UNREPORTED = (State.FREE, State.APPROVED, State.HELD)
"""May still be reported."""
ALIVE = (State.SUBMITTED, *UNREPORTED, State.REPORTED, State.CLAIMED, State.QUERIED, State.VERIFIED, State.POSTED, State.PAID)
"""Counts when bills are added together: it is asked for, is to take place, or took place."""
CLAIMS = (State.CLAIMED, State.QUERIED, State.VERIFIED, State.POSTED, State.PAID, State.CLAWED_BACK)


class Level(models.TextChoices):
    """Who decides: the role of the queue."""

    TH = "TH", _("Team head")
    RCH = "RCH", _("Regional-centre head")
    HO = "HO", _("Head office")


LEVELS = (Level.TH, Level.RCH, Level.HO)
"""From the lowest to the highest."""


class Need(models.TextChoices):
    """Why an event is approved beforehand (domain 4.2)."""

    AMOUNT = "amount", _("Estimate above what needs no approval")
    SPLIT = "split", _("Added to another bill within 24 hours")
    OFFICIAL = "official", _("A public official or state-owned staff")
    PER_HEAD = "per_head", _("Above the cap per head")
    KIND = "kind", _("Tickets, golf or travel")
    AWAY = "away", _("Outside the working region")
    FAMILY = "family", _("With family of a guest")
    PENDING = "pending", _("The bank has something to decide about this client")


SENSITIVE = (Need.OFFICIAL, Need.PENDING)
"""Needs compliance's consent before anybody decides."""


class Act(models.TextChoices):
    """What was done, for the event row."""

    SUBMIT = "submit", _("Submitted")
    CONSENT = "consent", _("Consented to by compliance")
    APPROVE = "approve", pgettext_lazy("hospitality", "Approved")
    RETURN = "return", _("Returned")
    REJECT = "reject", pgettext_lazy("hospitality", "Rejected")
    CANCEL = "cancel", pgettext_lazy("hospitality", "Cancelled")
    PASS_UP = "pass_up", _("Passed up")
    HOLD = "hold", _("Held")
    EXPIRE = "expire", pgettext_lazy("hospitality", "Expired")
    REOPEN = "reopen", _("Reopened")
    REPORT = "report", _("Reported")
    CLAIM = "claim", _("Claimed")
    QUERY = "query", _("Queried by finance")
    VERIFY = "verify", _("Checked by finance")
    POST = "post", pgettext_lazy("accounting", "Posted")
    PAY = "pay", pgettext_lazy("accounting", "Paid")
    CLAW_BACK = "claw_back", _("Clawed back")
    ASK_MORE = "ask_more", _("More was asked for")
    GRANT_MORE = "grant_more", _("More was granted")
    REFUSE_MORE = "refuse_more", _("More was refused")


class OwnCost(models.TextChoices):
    """Why a part of the bill is the host's own cost (domain 4.4)."""

    NOTHING = "", ""
    TIP = "tip", _("The tip above what may be claimed")
    APPROVED = "approved", _("Above what was approved, with its tenth")
    PER_HEAD = "per_head", _("Above the cap per head")
    MONTH = "month", _("The month has no room left")
    CLIENT = "client", _("The client's quarter has no room left")
    GUEST = "guest", _("A guest was there as often as may be this quarter")
    UNASKED = "unasked", _("It needed approval beforehand")
    CONSENT = "consent", _("A public official came without compliance's consent")
    LATE = "late", _("Claimed after its time")


class ExtraKind(models.TextChoices):
    """Something above what was granted: inside the limits the same approver varies it, outside them the next level makes an exception."""

    VARIATION = "variation", _("Variation")
    EXCEPTION = "exception", _("Exception")


class ExtraState(models.TextChoices):
    """Where it stands."""

    ASKED = "asked", pgettext_lazy("hospitality", "Asked for")
    GRANTED = "granted", pgettext_lazy("hospitality", "Granted")
    REFUSED = "refused", pgettext_lazy("hospitality", "Refused")


class Account(models.TextChoices):
    """The accounts that hospitality moves (domain 4.6)."""

    EXPENSE = "expense", _("Business entertainment")
    PAYABLE = "payable", _("Payable to staff")
    CLEARING = "clearing", _("Corporate-card clearing")
    RECEIVABLE = "receivable", _("Receivable from staff")
    BANK = "bank", _("Bank account")


class Work:
    """Kinds of work items."""

    DECIDE = "hospitality_decide"
    CONSENT = "hospitality_consent"
    REPORT = "hospitality_report"
    CLAIM = "hospitality_claim"
    VERIFY = "hospitality_verify"
    EXTRA = "hospitality_extra"


TIMELINE = "hospitality"
SUBJECT = "hospitality.hospitalityrequest"
EXTRA_SUBJECT = "hospitality.extra"

MONTH, CLIENT, GUEST = "hospitality.month", "hospitality.client", "hospitality.guest"
"""The scopes of the limits, in the order in which they are locked: client, guest, month."""
