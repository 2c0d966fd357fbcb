"""Reads for the pages of deals: what a stage still asks for, ages and figures, the board, sums of the pipeline."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.companies.choices import ConsentBasis
from crm.companies.matching import find_matches
from crm.companies.models import Address, Company, Identifier
from crm.companies.rules import CompanyFacts, NewName
from crm.kernel.contributions import StageEvidence, of
from crm.kernel.prepared import Given, Prepared
from crm.policy import selectors as policy
from crm.staff.choices import RELATIONSHIP_ROLES, Jurisdiction, Role, UnitKind
from crm.staff.models import OrgUnit, Post
from crm.staff.selectors import working_calendar
from crm.staff.stand_in import Form, form_of, stand_in, values_of
from crm.visits.models import Visit
from prospects.deals import rules
from prospects.deals.choices import LADDER, Criterion, Stage
from prospects.deals.conversion import HOME, Together, minimum_income, together
from prospects.deals.models import Deal, Evidence
from prospects.deals.querysets import DealQuerySet

LANE_CARDS = 20
SUMS_UP_TO = 10_000
NAMES = ("company__name_en", "company__name_zh", "owner__name_en", "owner__name_zh")
STALE_ROWS = 6
_STALE_READS = ("stage", "stale_on", *NAMES)
_CARD_READS = ("stage", "stage_since", "stale_on", "need", "source", "next_step_on", "currency", "expected_income", *NAMES)
_SOON = dt.timedelta(days=3)
_EVERYWHERE = ""


# Figures


def probabilities(*, on: dt.date) -> dict[str, int]:
    """Percent by stage (domain 2.3). One query."""
    return policy.table("deals.probability", jurisdiction=_EVERYWHERE, on=on)


def stale_after(stage: str, *, since: dt.date, centre: OrgUnit) -> dt.date:
    """The last day on which a deal that entered `stage` on `since` is unflagged: by calendar days or the centre's working days."""
    ages = policy.tables(("deals.max_age_days", "deals.max_age_working_days"), jurisdiction=centre.jurisdiction, on=since)
    if stage in ages["deals.max_age_days"]:
        return since + dt.timedelta(days=ages["deals.max_age_days"][stage])
    if stage in ages["deals.max_age_working_days"]:
        return working_calendar(centre, on=since).add_working_days(since, ages["deals.max_age_working_days"][stage])
    return dt.date.max


def local_day(centre: OrgUnit, now: dt.datetime) -> dt.date:
    """The date at a centre."""
    return now.astimezone(centre.zone).date()


# Criteria


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One criterion of a stage: whether it is met, what shows it, and whether a statement still waits for its second pair of eyes."""

    criterion: Criterion
    met: bool
    shown_by: str = ""
    evidence: Evidence | None = None

    @property
    def waits(self) -> bool:
        """Stated, and neither confirmed nor declined."""
        return not self.met and self.evidence is not None and not self.evidence.declined_because


class Checklist:
    """What is known of a deal for its criteria. Reads with three queries and one for each contribution that proves something."""

    def __init__(self, deal: Deal, *, on: dt.date) -> None:
        self.deal = deal
        self.evidence = {row.criterion: row for row in Evidence.objects.filter(deal=deal).select_related("stated_by", "confirmed_by")}
        self._known = _known_of(deal.company_id)
        self._minimum = minimum_income(deal.centre, on=on) if deal.centre else Decimal(0)

    def lines(self, criteria: Iterable[Criterion]) -> list[CheckLine]:
        """The state of each criterion."""
        return [self._line(criterion) for criterion in criteria]

    def missing(self, target: str) -> list[CheckLine]:
        """What still keeps the deal from coming to a later stage."""
        asked = rules.criteria_between(self.deal.stage, target, credit_free=self.deal.credit_free)
        return [line for line in self.lines(asked) if not line.met]

    def _line(self, criterion: Criterion) -> CheckLine:
        proof = self._proof(criterion)
        stated = self.evidence.get(criterion)
        if proof:
            return CheckLine(criterion, True, proof, stated)
        if stated is None:
            return CheckLine(criterion, False)
        met = stated.confirmed_at is not None if criterion in rules.FOUR_EYES else not stated.declined_because
        return CheckLine(criterion, met, stated.statement, stated)

    def _proof(self, criterion: Criterion) -> str:
        """What shows it without anybody's statement; empty where nothing does."""
        by_feature = next(
            (said for item in of(StageEvidence) if item.criterion == criterion and (said := item.proves(self.deal.company_id))), ""
        )
        return by_feature or self._known.get(criterion, "") or self._from_deal(criterion)

    def _from_deal(self, criterion: Criterion) -> str:
        deal = self.deal
        if criterion == Criterion.DEDUP:
            return deal.not_same_because or str(deal.opened_at.date())
        if criterion == Criterion.CONSENT:
            person = deal.decision_maker
            return person.get_consent_basis_display() if person and person.consent_basis != ConsentBasis.NONE else ""
        if criterion == Criterion.INCOME:
            reached = self._minimum is not None and deal.expected_income >= self._minimum
            return f"{deal.currency} {deal.expected_income:,.2f}" if reached else ""
        if criterion == Criterion.SOURCE:
            return str(deal.get_source_display())
        if criterion == Criterion.KYC_PRESCORE:
            return str(deal.get_kyc_prescore_display())
        column = rules.COLUMNS.get(criterion)
        return str(getattr(deal, column) or "") if column else ""


def is_identified(company_id: int) -> bool:
    """Known by a number, or by name and address (domain 2.3, S0)."""
    held = Identifier.objects.filter(company_id=company_id).exists()
    return held or Address.objects.filter(company_id=company_id).exists()


def _known_of(company_id: int) -> dict[Criterion, str]:
    """What company and visits prove: identity, an attempt, a visit log. One query."""
    of_company = {"company_id": OuterRef("pk")}
    visits = Visit.objects.filter(**of_company).order_by("-at")
    known = (
        Company.objects.filter(pk=company_id)
        .annotate(
            identified=Exists(Identifier.objects.filter(**of_company)) | Exists(Address.objects.filter(**of_company)),
            tried_at=Subquery(visits.done().values("at")[:1]),
            met_at=Subquery(visits.met().values("at")[:1]),
        )
        .values("identified", "tried_at", "met_at")
        .get()
    )
    dates = {Criterion.ATTEMPT: known["tried_at"], Criterion.VISIT_LOG: known["met_at"]}
    found = {criterion: date_format(timezone.localtime(at), "SHORT_DATE_FORMAT") for criterion, at in dates.items() if at}
    return found | ({Criterion.IDENTITY: _("Known")} if known["identified"] else {})


# People and companies


def assignable_owners(user: Any, *, now: dt.datetime) -> QuerySet[Any]:
    """To whom a head may give prospects: the relationship managers of the own teams and centres, by name."""
    teams = [post.unit_id for post in user.actor.posts if post.role == Role.TH]
    centres = [post.unit_id for post in user.actor.posts if post.role == Role.RCH]
    placed = Q(posts__unit_id__in=teams) | Q(posts__unit__centre_id__in=centres)
    held = Q(posts__role__in=RELATIONSHIP_ROLES, posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    return get_user_model().objects.colleagues_of(user).filter(held & placed).distinct().order_by("name_en")


def teams_in_reach(user: Any) -> QuerySet[OrgUnit]:
    """The teams whose deals the reader sees in full, by name; none for a relationship manager."""
    teams = OrgUnit.objects.visible_to(user).filter(kind=UnitKind.TEAM).order_by("name_en")
    reach = user.actor.reach()
    return teams if reach.everything else teams.filter(Q(pk__in=reach.team_ids) | Q(centre_id__in=reach.centre_ids))


def known_companies(user: Any, names: Sequence[str], *, on: dt.date, limit: int) -> list[Company]:
    """Companies that may be meant by what is typed so far: of a like name, the likest first, then those whose name begins so.

    Directory facts alone: whether somebody looks after one is a question of its own, and logged.
    """
    typed = [name for name in names if len(name) > 1]
    if not typed:
        return []
    centre = user.actor.centre
    facts = CompanyFacts(names=[NewName(name) for name in typed])
    found = find_matches(facts, jurisdiction=centre.jurisdiction if centre else Jurisdiction.HK, on=on)
    ids = [candidate.company_id for candidate in found.candidates]
    visible = Company.objects.visible_to(user)
    for name in typed:
        ids += visible.named(name).order_by("sort_key", "pk").values_list("pk", flat=True)[:limit]
    first = list(dict.fromkeys(ids))[:limit]
    companies = visible.in_bulk(first)
    return [companies[pk] for pk in first if pk in companies]


def going_stale(*, user: Any, now: dt.datetime) -> list[Deal]:
    """For Today: one's own deals, or a head's team's or centre's, whose stay in their stage is over or nearly so, the longest first."""
    return _GOING_STALE(form_of(user), **values_of(user), soon=now.date() + _SOON)


def _going_stale(form: Form) -> QuerySet[Deal]:
    soon: Any = Given("soon", DateField())
    rows = Deal.objects.within(stand_in(form).actor.reach_of()).open().filter(stale_on__lte=soon)
    return rows.select_related("company", "owner").only(*_STALE_READS).order_by("stale_on", "pk")[:STALE_ROWS]


_GOING_STALE: Prepared[Deal] = Prepared(_going_stale)


# The board


@dataclass(frozen=True, slots=True)
class Sums:
    """One currency of a lane: plain expected income and amounts, and the income weighted by probability."""

    currency: str
    income: Decimal
    weighted: Decimal
    amount: Decimal


@dataclass(slots=True)
class Lane:
    """A column of the board: its newest cards, how many there are (None where nobody counted), and what they are worth."""

    stage: Stage
    label: Any
    cards: list[Deal] = field(default_factory=list)
    count: int | None = None
    stale: int = 0
    sums: list[Sums] = field(default_factory=list)

    @property
    def more(self) -> int | None:
        """Cards that the lane does not hold; None where they are not counted."""
        return None if self.count is None else max(0, self.count - len(self.cards))


@dataclass(frozen=True, slots=True)
class Board:
    """All lanes and the pipeline as a whole: how many are open, their sums by currency, and as one in HKD where not all are.

    `counted` is False beyond 10,000 deals.
    """

    lanes: list[Lane]
    count: int
    counted: bool
    sums: list[Sums]
    together: Together | None = None


def board(rows: DealQuerySet, *, on: dt.date, quarter_from: dt.datetime, stages: Iterable[Stage] = LADDER) -> Board:
    """The board of the deals in `rows` (which the reader sees in full): a bounded number of cards per lane, newest in it first.

    Six queries, one more for rates where other currencies than HKD are in it, whatever the number of deals; beyond 10,000 open ones
    nothing is summed. Won ones are those closed since `quarter_from`.
    """
    opened, won = rows.open(), rows.closed().filter(stage=Stage.WON, stage_since__gte=quarter_from)
    lanes = {stage: Lane(stage, _("Won this quarter") if stage == Stage.WON else stage.label) for stage in stages}
    for card in _cards(opened, won, lanes):
        lanes[Stage(card.stage)].cards.append(card)
    open_count = opened.order_by().values("pk")[: SUMS_UP_TO + 1].count()
    if open_count > SUMS_UP_TO:
        return Board(list(lanes.values()), SUMS_UP_TO, False, [])
    figures = probabilities(on=on)
    totals = [*_totals(opened, on), *_totals(won, on)]
    for stage, lane in lanes.items():
        own = [row for row in totals if row["stage"] == stage]
        lane.count, lane.stale = sum(row["count"] for row in own), sum(row["stale"] for row in own)
        lane.sums = _sums(own, figures)
    sums = _sums([row for row in totals if row["stage"] != Stage.WON], figures)
    return Board(list(lanes.values()), open_count, True, sums, _as_one(sums, on=on))


def pipeline(rows: DealQuerySet, *, on: dt.date) -> list[Sums]:
    """The open deals of `rows` as sums by currency, plain and weighted (domain 2.3). Two queries."""
    return _sums(_totals(rows.open(), on), probabilities(on=on))


def plain_sums(rows: DealQuerySet) -> list[Sums]:
    """Expected income and amount of `rows` by currency, unweighted. One query."""
    totals = rows.order_by().values("currency").annotate(income=Sum("expected_income"), total=Sum("amount"))
    zero = Decimal(0)
    return [Sums(row["currency"], row["income"] or zero, zero, row["total"] or zero) for row in totals.order_by("currency")]


def _as_one(sums: Sequence[Sums], *, on: dt.date) -> Together | None:
    """All currencies in HKD; None where all of it is in HKD already."""
    if all(row.currency == HOME for row in sums):
        return None
    return together(((row.currency, row.income, row.weighted) for row in sums), on=on)


def quarter_start(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The first moment of the calendar quarter that holds `day`."""
    return dt.datetime(day.year, (day.month - 1) // 3 * 3 + 1, 1, tzinfo=zone)


def _cards(opened: DealQuerySet, won: DealQuerySet, stages: Iterable[Stage]) -> Iterable[Deal]:
    """The first cards of every lane in one union: each branch reads its own index range and stops."""
    slices = [(won if stage == Stage.WON else opened.filter(stage=stage)).order_by("-stage_since", "-pk") for stage in stages]
    first, *others = [Deal.objects.filter(pk__in=cut.values("pk")[:LANE_CARDS]).order_by().values("pk") for cut in slices]
    ids = [row["pk"] for row in (first.union(*others, all=True) if others else first)]
    return Deal.objects.filter(pk__in=ids).select_related("company", "owner").only(*_CARD_READS).order_by("-stage_since", "-pk")


def _totals(rows: DealQuerySet, on: dt.date) -> list[dict[str, Any]]:
    return list(
        rows.order_by()
        .values("stage", "currency")
        .annotate(count=Count("pk"), stale=Count("pk", filter=Q(stale_on__lt=on)), income=Sum("expected_income"), total=Sum("amount"))
    )


def _sums(totals: list[dict[str, Any]], probability: Mapping[str, int]) -> list[Sums]:
    found = []
    for currency in sorted({row["currency"] for row in totals}):
        own = [row for row in totals if row["currency"] == currency]
        found.append(
            Sums(
                currency=currency,
                income=sum((row["income"] or Decimal(0) for row in own), Decimal(0)),
                weighted=rules.weighted(((row["stage"], row["income"] or Decimal(0)) for row in own), probability),
                amount=sum((row["total"] or Decimal(0) for row in own), Decimal(0)),
            )
        )
    return found


def full_under(*, proposed: Mapping[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[str]:
    """What other caps of leads (`deals.lead_cap`, by role) would mean on `until`: how many people hold as many already. Two queries."""
    at = timezone.make_aware(dt.datetime.combine(until, dt.time.max))
    posts = Post.objects.current(at).filter(role__in=list(proposed), user__is_active=True)
    leads = Deal.objects.protected_leads(on=until)
    if jurisdiction:
        posts, leads = posts.filter(unit__jurisdiction=jurisdiction), leads.filter(centre__jurisdiction=jurisdiction)
    held = dict(leads.order_by().values_list("owner").annotate(Count("pk")))
    said = []
    owners = list(posts.values_list("role", "user_id").distinct())
    for role, cap in proposed.items():
        full = sum(1 for held_role, owner in owners if held_role == role and held.get(owner, 0) >= int(cap))
        words = ngettext(
            "%(role)s: %(count)s person holds %(cap)s or more leads today and would get no new one.",
            "%(role)s: %(count)s people hold %(cap)s or more leads today and would get no new one.",
            full,
        )
        said.append(words % {"role": Role(role).label, "count": full, "cap": cap})
    return said
