"""Reads over gifts: the figures in force, the room left for a person, what went to and fro, what waits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Coverage
from crm.gifts import rules
from crm.gifts.choices import NEVER, SIGNS, Direction, GiftState
from crm.gifts.models import Gift, GiftItem
from crm.gifts.querysets import GONE, SIGN
from crm.kernel import limits
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import Sentence
from crm.policy import selectors as policy
from crm.policy.choices import Jurisdiction
from crm.staff.models import OrgUnit
from crm.staff.selectors import WORKING_HOURS, working_calendar

NOTHING = limits.ZERO
MOST_EXCEPTIONS = 2_000
A_YEAR = dt.timedelta(days=365)
OCCASION, RECIPIENT = "gifts.occasion", "gifts.recipient"
_TABLES = ("gifts.caps", "gifts.received", "gifts.windows", "gifts.days", NEVER, WORKING_HOURS)


@dataclass(frozen=True)
class Figures:
    """The bank's figures for gifts in a place on a day."""

    caps: rules.Caps
    declare_days: int
    decide_days: int
    ahead_days: int
    calendar: WorkingCalendar
    today: dt.date


def figures(place: OrgUnit, *, now: dt.datetime) -> Figures:
    """The figures in force for a centre (or head office) at a moment."""
    today = timezone.localdate(now, place.zone)
    tables = policy.tables(_TABLES, jurisdiction=place.jurisdiction, on=today)
    days = tables["gifts.days"]
    calendar = working_calendar(place, on=today, hours=tables[WORKING_HOURS])
    return Figures(rules.Caps.of(tables), int(days["declare"]), int(days["decide"]), int(days["ahead"]), calendar, today)


def covered(company: Company) -> Company:
    """The company with who looks after it now."""
    company.current_coverage = list(Coverage.objects.current().filter(company=company).order_by("kind"))
    return company


def once_official(contact_ids: Sequence[int]) -> set[int]:
    """Contacts that somebody of the bank has recorded as officials in the register before."""
    found = Gift.objects.filter(contact_id__in=contact_ids, is_official=True).values_list("contact_id", flat=True)
    return {pk for pk in found if pk}


def once_official_by_name(person_key: str) -> bool:
    """The same of a person who is no contact."""
    return Gift.objects.filter(person_key=person_key, contact=None, is_official=True).exists()


def gift_caps(on: dt.date) -> dict[str, list[Decimal]]:
    """The caps that a value may lie just under on a day, by jurisdiction: each centre's gifts are in its own currency. One query each."""
    tables = {place: policy.table("gifts.caps", jurisdiction=place, on=on) for place in Jurisdiction.values if place}
    return {place: [Decimal(caps[name]) for name in ("item", "occasion", "recipient")] for place, caps in tables.items()}


@dataclass(frozen=True)
class Room:
    """What may still be given to one person: for this occasion, and in the window of months."""

    occasion_used: Decimal
    occasion_cap: Decimal
    recipient_used: Decimal
    recipient_cap: Decimal

    @property
    def left(self) -> Decimal:
        """The smaller of the two."""
        return max(min(self.occasion_cap - self.occasion_used, self.recipient_cap - self.recipient_used), limits.ZERO)


def room(*, person_key: str, occasion: str, on: dt.date, caps: rules.Caps) -> Room:
    """How a person's limits stand for a gift on a day. Two queries. For showing: whoever approves asks the ledger itself."""
    spread = dt.timedelta(days=caps.occasion_days)
    occasion_holder = f"{person_key}:{occasion}"
    used = limits.used_in_window(OCCASION, [occasion_holder], since=on - spread, until=on + spread)
    year = limits.used_in_window(RECIPIENT, [person_key], since=rules.year_before(on, caps.recipient_months))
    return Room(used.get(occasion_holder, limits.ZERO), caps.occasion, year.get(person_key, limits.ZERO), caps.recipient)


@dataclass(frozen=True)
class Exchange:
    """What went to and fro with one person, or all of a company, in twelve months: how often, and worth how much."""

    person: str
    company: Company | None
    given: int
    given_value: Decimal
    received: int
    received_value: Decimal
    last_on: dt.date | None
    currency: str

    @property
    def leans(self) -> str:
        """Which way it leans by value, where one side has given more than twice what the other has: `given`, `received`, or neither."""
        if self.given_value > 2 * self.received_value:
            return Direction.GIVEN if self.given_value else ""
        return Direction.RECEIVED if self.received_value > 2 * self.given_value else ""


def exchanges(*, user: Any, since: dt.date, company_ids: Sequence[int] | None = None, most: int = 200) -> list[Exchange]:
    """What went to and fro with each person since a day, most valuable first, among gifts that this person may see. Two queries."""
    rows = Gift.objects.visible_to(user).filter(on__gte=since).exclude(state__in=GONE).exclude(was_declined=True)
    if company_ids is not None:
        rows = rows.filter(company_id__in=company_ids)
    given, received = Q(direction=Direction.GIVEN), Q(direction=Direction.RECEIVED)
    sums = (
        rows.values("company_id", "person_key", "currency")
        .annotate(
            given=Count("pk", filter=given),
            received=Count("pk", filter=received),
            given_value=Sum("value", filter=given),
            received_value=Sum("value", filter=received),
            name=Max("person"),
            last=Max("on"),
            total=Sum("value"),
        )
        .order_by("-total", "company_id", "person_key")[:most]
    )
    found = list(sums)
    companies = Company.objects.in_bulk({row["company_id"] for row in found})
    return [
        Exchange(
            person=row["name"],
            company=companies.get(row["company_id"]),
            given=row["given"],
            given_value=_cents(row["given_value"]),
            received=row["received"],
            received_value=_cents(row["received_value"]),
            last_on=row["last"],
            currency=row["currency"],
        )
        for row in found
    ]


def _cents(value: Decimal | None) -> Decimal:
    return (value or limits.ZERO).quantize(Decimal("0.01"))


def exceptions(*, user: Any, first: dt.date, last: dt.date, currency: str) -> list[tuple[Gift, list[Sentence]]]:
    """Gifts of a span of days in one currency that bear a sign worth a look, and all that each bears, in words. Oldest first.

    Caps are those of the last day; how often is counted over the year before it. Three queries.
    """
    rows = Gift.objects.visible_to(user).filter(on__range=(first, last), currency=currency).exclude(state=GiftState.CANCELLED)
    caps, year = gift_caps(last), (last - A_YEAR, last)
    rows = rows.worth_a_look(list(SIGNS), year=year, caps=caps).with_signs(year=year, caps=caps)
    rows = rows.select_related("company", "owner").order_by("on", "pk")[:MOST_EXCEPTIONS]
    return [(gift, [word for code, word in SIGNS.items() if getattr(gift, f"{SIGN}{code}")]) for gift in rows]


def catalogue(*, user: Any, centre_id: int | None) -> Any:
    """What somebody may choose from: in use, in stock, of their own centre, by name."""
    items = GiftItem.objects.visible_to(user).offered().filter(stock__gt=0).select_related("centre")
    return (items.filter(centre_id=centre_id) if centre_id else items).order_by("name_en", "pk")


def simulate_caps(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    """How many of the gifts by us between two days these caps would have refused, in words for whoever decides about them."""
    rows = Gift.objects.counting().filter(on__range=(since, until))
    rows = rows.filter(centre__jurisdiction=jurisdiction) if jurisdiction else rows
    told: list[Sentence] = []
    gifts = list(rows.values_list("person_key", "value", "quantity", "is_official"))
    for key, refused in (
        ("item", sum(value / quantity > _cap(proposed, "item") for _key, value, quantity, official in gifts if not official)),
        ("official_item", sum(value / quantity > _cap(proposed, "official_item") for _key, value, quantity, official in gifts if official)),
        ("occasion", sum(value > _cap(proposed, "occasion") for _key, value, _quantity, _official in gifts)),
        ("recipient", _people_above(gifts, _cap(proposed, "recipient"))),
    ):
        if key in proposed:
            told.append(_SIMULATED[key] % {"count": refused, "all": len(gifts)})
    return told


_SIMULATED = {
    "item": _("Of %(all)s gifts, %(count)s would have been too dear for one item."),
    "official_item": _("Of %(all)s gifts, %(count)s would have been too dear for an official."),
    "occasion": _("Of %(all)s gifts, %(count)s would have been too much for one occasion."),
    "recipient": _("Of %(all)s gifts, those to %(count)s people would have gone over what one person gets."),
}


def _cap(proposed: dict[str, Any], key: str) -> Decimal:
    return Decimal(proposed[key]) if key in proposed else Decimal("Infinity")


def _people_above(gifts: Sequence[tuple[str, Decimal, int, bool]], cap: Decimal) -> int:
    sums: dict[str, Decimal] = {}
    for person_key, value, _quantity, _official in gifts:
        sums[person_key] = sums.get(person_key, NOTHING) + value
    return sum(total > cap for total in sums.values())
