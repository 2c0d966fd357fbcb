"""Reads over matrix, ledgers and past concessions: what a level is worked out from, and what the screens show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.clients.models import Client
from crm.companies.models import Company, Coverage
from crm.concessions import rules
from crm.concessions.choices import (
    COUNTED,
    DECIDED,
    KYC_KINDS,
    STANDING,
    Level,
    State,
)
from crm.concessions.models import Concession, Conflict, Probe, Suspension
from crm.concessions.rules import Inputs, Matrix, Terms
from crm.kernel import limits
from crm.kernel.contributions import RiskClasses, of
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.limits import LimitEntry
from crm.policy import selectors as policy
from crm.staff.choices import GRADES, RELATIONSHIP_ROLES, Role

BUCKET, DECIDER = "concessions.bucket", "concessions.decider"
ASKERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH)
PRECEDENT_DAYS = 730
PRECEDENTS_SHOWN = 6
_RULES, _TELL = "concessions.rules", "concessions.tell"


def measure_tables(kind: str) -> dict[str, str]:
    """The tables of a type by measure."""
    return {measure: f"concessions.{kind}.{measure}" for measure in rules.MEASURES[kind]}


def matrix(kind: str, *, jurisdiction: str, on: dt.date, person: int | None = None) -> Matrix:
    """The authority matrix of a type on a day; with `person` as it holds for that person. One statement."""
    named = measure_tables(kind)
    names = (*named.values(), "concessions.bucket", "concessions.month", "concessions.self_exercise")
    found = policy.tables(names, jurisdiction=jurisdiction, on=on, person=person)
    return Matrix(
        kind,
        {measure: found[name] for measure, name in named.items()},
        found["concessions.bucket"],
        found["concessions.month"],
        found["concessions.self_exercise"][kind],
    )


def figures(name: str, *, jurisdiction: str, on: dt.date) -> dict[str, Any]:
    """One of the plain tables: "rules", "tell", "probing"."""
    return policy.table(f"concessions.{name}", jurisdiction=jurisdiction, on=on)


def holder_of(company: Company, currency: str) -> str:
    """Whose bucket it is: the company's group's, else its own; in the centre's currency."""
    return f"group:{company.group_id} {currency}" if company.group_id else f"company:{company.pk} {currency}"


def decider_of(user: Any, currency: str) -> str:
    """Whose month it is."""
    return f"user:{user.pk} {currency}"


def period_of(day: dt.date) -> str:
    """The calendar month of a day."""
    return f"{day:%Y-%m}"


def members(company: Company) -> list[int]:
    """The companies of the group, or the company alone; in order, for locking."""
    if not company.group_id:
        return [company.pk]
    return list(Company.objects.filter(group_id=company.group_id).order_by("pk").values_list("pk", flat=True))


def used_by_level(holder: str, *, on: dt.date, days: int) -> dict[int, Decimal]:
    """What stands in a bucket within its days, by the level that granted it. One statement."""
    rows = LimitEntry.objects.filter(window__scope=BUCKET, window__holder=holder, day__gt=on - dt.timedelta(days=days), day__lte=on)
    return {level: limits.decimal(total) for level, total in rows.values_list("level").annotate(total=Sum("hundredths")).order_by()}


def rate_of(currency: str, *, centre: Any, on: dt.date) -> Decimal | None:
    """Units of the centre's currency for one of another on a day; None for its own. RuleBroken (field `currency`) without a rate."""
    if currency == centre.currency:
        return None
    hundred = figures("fx", jurisdiction=centre.jurisdiction, on=on).get(currency)
    if not hundred or Decimal(hundred) <= 0:
        sentence = _("There is no rate for this currency today. Write the amount in %(currency)s.") % {"currency": centre.currency}
        raise RuleBroken(sentence, code="no_rate", fields={"currency": sentence})
    return Decimal(hundred) / 100


def like_ones(company_ids: Sequence[int], kind: str, *, now: dt.datetime, days: int, but: int | None) -> list[Concession]:
    """Concessions of this type to these companies asked for within so many days: what splitting would have made of one."""
    since = now - dt.timedelta(days=days)
    rows = Concession.objects.filter(company_id__in=company_ids, kind=kind, asked_at__gte=since, state__in=COUNTED)
    return list(rows.exclude(pk=but).select_related("centre").order_by("pk"))


def _quarter_began(day: dt.date) -> dt.date:
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


@dataclass(frozen=True)
class Assessment:
    """What a request comes to: its terms in the centre's currency, the rate, the income forgone, inputs, matrix and required level."""

    terms: Terms
    rate: Decimal | None
    inputs: Inputs
    matrix: Matrix
    required: Level
    on: dt.date

    @property
    def forgone(self) -> Decimal:
        """In the centre's currency."""
        return self.inputs.forgone


@dataclass(frozen=True)
class Asked:
    """What is to be assessed: for whom (None: nobody yet), what, in which currency, for which centre; `but` is the request itself."""

    company: Company | None
    terms: Terms
    currency: str
    centre: Any
    but: int | None = None


def assess(asked: Asked, *, now: dt.datetime, person: int | None = None, own: int = 0) -> Assessment:
    """Work the required level out, by the matrix as it holds now (for `person` at the level `own`, where one is named).

    RuleBroken for figures that cannot be judged, a currency without a rate, and what no level may grant. Inside a decision the caller
    holds the lock on the companies of the group.
    """
    centre, on = asked.centre, timezone.localdate(now, asked.centre.zone)
    terms = rules.checked(asked.terms)
    rate = rate_of(asked.currency, centre=centre, on=on)
    home = rules.converted(terms, rate)
    income = rules.forgone(home, currency=asked.currency)
    found = replace(_inputs(asked, home, income, now=now, on=on), own=int(own))
    held = matrix(terms.kind, jurisdiction=centre.jurisdiction, on=on, person=person)
    return Assessment(home, rate, found, held, rules.required_level(found, held), on)


def _inputs(asked: Asked, home: Terms, income: Decimal, *, now: dt.datetime, on: dt.date) -> Inputs:
    one = rules.measures(home)
    if asked.company is None:
        return Inputs(home.kind, one, income)
    days = figures("rules", jurisdiction=asked.centre.jurisdiction, on=on)
    ids = members(asked.company)
    others = [
        rules.measures(rules.converted(row.granted_terms or row.asked_terms, rate_of(row.currency, centre=asked.centre, on=on)))
        for row in like_ones(ids, home.kind, now=now, days=days["added_days"], but=asked.but)
    ]
    used = used_by_level(holder_of(asked.company, asked.centre.currency), on=on, days=days["bucket_days"])
    quarter = _in_quarter(ids, home.kind, on, asked.but)
    return Inputs(home.kind, rules.added_up(home.kind, one, others), income, used, quarter)


def _in_quarter(company_ids: Sequence[int], kind: str, on: dt.date, but: int | None) -> int:
    if kind not in rules.ONCE_A_QUARTER:
        return 0
    began = dt.datetime.combine(_quarter_began(on), dt.time(), timezone.get_default_timezone())
    granted = Concession.objects.filter(company_id__in=company_ids, kind=kind, state__in=[*STANDING, State.EXPIRED], decided_at__gte=began)
    return granted.exclude(pk=but).count()


# Whose authority


def own_post(user: Any) -> Any:
    """The post in which somebody asks, exercises and decides: the highest of the graded ones; None without any."""
    fitting = [post for post in user.actor.posts if post.role in GRADES]
    return max(fitting, key=lambda post: GRADES[post.role], default=None)


def level_of(post: Any) -> Level:
    """The level of a post by its role."""
    return {"CO": Level.CREDIT, "CC": Level.CREDIT, "OPS": Level.OPERATIONS}.get(post.role) or Level(GRADES[post.role])


def is_suspended(user: Any, *, now: dt.datetime) -> bool:
    """Whether this person's authority is suspended now."""
    return Suspension.objects.current(now).filter(person_id=user.pk).exists()


def is_conflicted(user: Any, company_ids: Sequence[int], *, now: dt.datetime) -> bool:
    """Whether this person declared a conflict of interest with one of these companies."""
    return Conflict.objects.current(now).filter(person_id=user.pk, company_id__in=company_ids).exists()


def has_no_authority(user: Any, company: Company | None, *, now: dt.datetime) -> bool:
    """Suspended, or in conflict with the company or its group: one's own authority is nil (domain 5.3)."""
    return is_suspended(user, now=now) or (company is not None and is_conflicted(user, members(company), now=now))


def month_left(user: Any, level: Level, found: Assessment, *, currency: str) -> Decimal | None:
    """What this person may still forgo this month; None: without a top."""
    cap = found.matrix.cap("month", level)
    if cap is None:
        return None
    opened = limits.budget(DECIDER, decider_of(user, currency), period_of(found.on), cap=cap)
    return min(opened.left, cap - opened.used)


def is_within_own(user: Any, post: Any, found: Assessment, asked: Asked, *, now: dt.datetime) -> bool:
    """Whether somebody may settle it in this post: every measure, the bucket and the month fit, and nothing takes the authority away.

    Relationship managers settle by exercising authority of their own, where the type allows that; heads by deciding (contract).
    """
    level = level_of(post)
    if level < Level.TH and not rules.may_exercise(level, found.matrix):
        return False
    if found.required > level or has_no_authority(user, asked.company, now=now):
        return False
    left = month_left(user, level, found, currency=asked.centre.currency) if asked.company is not None else None
    return left is None or found.forgone <= left


def closed_for(company: Company, kind: str, *, now: dt.datetime) -> Sentence:
    """Why this client gets no concession of this type now; empty where nothing stands against it."""
    client = Client.objects.filter(company=company).first()
    today = timezone.localdate(now)
    due_on = client.kyc_due_on if client and kind in KYC_KINDS else None
    classes = {pk: found for source in of(RiskClasses) for pk, found in source.classes([company.pk]).items()}
    return rules.closed_by(kind, risk_class=classes.get(company.pk, ""), kyc_due_on=due_on, today=today)


def last_refusal(company: Company, kind: str, *, now: dt.datetime, days: int) -> Concession | None:
    """The refusal of this type to this client group that still stands in the way of asking again."""
    since = now - dt.timedelta(days=days)
    rows = Concession.objects.filter(company_id__in=members(company), kind=kind, state=State.REFUSED, decided_at__gte=since)
    return rows.order_by("-decided_at", "-pk").first()


def looks_within_hour(user: Any, *, now: dt.datetime) -> int:
    """How often this person looked whose decision a concession would be."""
    return Probe.objects.filter(actor=user, at__gt=now - dt.timedelta(hours=1)).exclude(via="command").count()


# What a decider sees


@dataclass(frozen=True)
class Room:
    """A limit before and after: used, the part this would take, the top (None: without one)."""

    label: Sentence
    used: Decimal
    more: Decimal
    cap: Decimal | None

    @property
    def after(self) -> Decimal:
        """If granted in full."""
        return self.used + self.more


def rooms(concession: Concession, user: Any, post: Any, found: Assessment) -> list[Room]:
    """The decider's own room for this client group and this month."""
    level, currency = level_of(post), concession.centre_currency
    if level not in rules.GRADED:
        return []
    cap = found.matrix.cap("month", level)
    used = limits.budget(DECIDER, decider_of(user, currency), period_of(found.on), cap=cap or rules.MOST_MONEY).used
    bucket = Room(
        _("Your room for this client group, 365 days"), found.inputs.used_up_to(level), found.forgone, found.matrix.cap("bucket", level)
    )
    return [bucket, Room(_("Your room this month, all clients"), used, found.forgone, cap)]


@dataclass(frozen=True)
class Precedent:
    """A like case with names and exact sums hidden."""

    sector: str
    tier: str
    band: tuple[Decimal, Decimal | None]
    asked: str
    given: str
    outcome: str
    state: str


def figure_in_words(terms: Terms | None) -> str:
    """The one figure that a case is compared by: basis points, percent, days, minutes, points, amount."""
    if terms is None:
        return "0"
    for name, unit in (("bp", "bp"), ("cut_percent", "%"), ("points", "pp"), ("minutes", "min"), ("days", "d")):
        value = getattr(terms, name)
        if value is not None:
            return f"{value.normalize():f} {unit}"
    if terms.standard and terms.amount is not None:
        return f"{round(terms.amount * 100 / terms.standard)} %"
    return "—"


def precedents(concession: Concession, *, now: dt.datetime) -> list[Precedent]:
    """Like cases of the last 24 months in this currency, the nearest sizes first; no name, no exact sum. Two statements."""
    rows = Concession.objects.filter(
        kind=concession.kind,
        currency=concession.currency,
        state__in=[*DECIDED, State.APPLIED, State.EXPIRED, State.RENEWED, State.REVOKED],
        decided_at__gte=now - dt.timedelta(days=PRECEDENT_DAYS),
    )
    found = list(rows.exclude(pk=concession.pk).select_related("company__client").order_by("-decided_at")[:60])
    size = concession.amount or rules.ZERO
    found.sort(key=lambda row: abs((row.amount or rules.ZERO) - size))
    return [_precedent(row) for row in found[:PRECEDENTS_SHOWN]]


def _precedent(row: Concession) -> Precedent:
    client = getattr(row.company, "client", None)
    given = row.granted_terms
    outcome = State.REFUSED if given is None else State.PART if row.granted != row.terms else State.APPROVED
    return Precedent(
        str(row.company.sector_name), client.tier if client else "", rules.band(row.amount or rules.ZERO),
        figure_in_words(row.asked_terms), figure_in_words(given), str(State(outcome).label), outcome,
    )  # fmt: skip


def open_on(company: Company, *, but: int) -> list[Concession]:
    """What else is open or stands for this client's group."""
    rows = Concession.objects.filter(company_id__in=members(company), state__in=(*COUNTED,)).exclude(pk=but)
    rows = rows.exclude(state__in=[State.EXPIRED, State.RENEWED, State.REVOKED])
    return list(rows.select_related("company").newest_first()[:5])


def pending_of(company_ids: Sequence[int], day: dt.date) -> dict[int, Sentence]:
    """The companies with a concession before the bank on a day: what makes hospitality to them sensitive."""
    rows = Concession.objects.open().filter(company_id__in=company_ids).order_by("pk")
    return {row.company_id: _("A concession of this client waits for a decision.") for row in rows}


def askable_companies(user: Any) -> Any:
    """The clients that somebody may ask for: those within reach that are not closed."""
    covered = Coverage.objects.current().within(user.actor.reach_of()).values("company_id")
    return Company.objects.visible_to(user).filter(Q(pk__in=covered), client__isnull=False, client__closed_on=None)


def suspendable(user: Any, *, now: dt.datetime) -> Any:
    """The colleagues whose authority this person may suspend, by name: of their centres; all for head office and compliance."""
    people = get_user_model()._default_manager.colleagues_of(user).exclude(pk=user.pk)
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    test = held & Q(posts__role__in=[*GRADES, Role.CO, Role.OPS])
    if not user.actor.has_role(Role.HO, Role.COMP):
        test &= Q(posts__unit__centre_id__in=[post.unit_id for post in user.actor.posts if post.role == Role.RCH])
    return people.filter(test).distinct().order_by("name_en", "pk")
