"""What a gift may be: values, occasions, who decides. Pure functions on values; figures come from the policy tables (domain 4.7)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.gifts.choices import ANYWHERE, AS_GIFT, NEVER, Category, Disposal, Occasion, Relation, ValueBasis
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.text import first_named, fold

MOST = Decimal(1_000_000)
MOST_PIECES = 100
TEXT_LIMIT = 300
LADDER = ("TH", "RCH", "HO")


@dataclass(frozen=True)
class Person:
    """Who is on the other side: a contact of the company, or a name. `is_official`: a public official or state-owned staff."""

    contact_id: int | None = None
    name: str = ""
    title: str = ""
    relation: str = Relation.MANAGER
    is_official: bool = False


@dataclass(frozen=True)
class GivenEntry:
    """A gift that somebody wants to give, from the catalogue."""

    person: Person
    item_id: int
    quantity: int
    occasion: str
    on: dt.date
    reason: str = ""


@dataclass(frozen=True)
class ReceivedEntry:
    """What somebody was offered. `declined`: it was not taken."""

    person: Person
    what: str
    category: str
    value: Decimal
    basis: str
    occasion: str
    on: dt.date
    declined: bool = False
    reason: str = ""


@dataclass(frozen=True)
class TakenHome:
    """What a guest carried away from a table: not eaten or drunk on the occasion, so a gift and not hospitality."""

    person: Person
    what: str
    value: Decimal
    on: dt.date
    source_type: str
    source_id: int


@dataclass(frozen=True)
class Caps:
    """What gifts may be worth, in the centre's currency."""

    item: Decimal
    occasion: Decimal
    recipient: Decimal
    official_item: Decimal
    permission: Decimal
    returned: Decimal
    occasion_days: int
    recipient_months: int
    never: tuple[str, ...]

    @classmethod
    def of(cls, tables: Mapping[str, Mapping[str, Any]]) -> "Caps":
        """From the policy tables."""
        caps, received, windows = tables["gifts.caps"], tables["gifts.received"], tables["gifts.windows"]
        return cls(
            item=Decimal(caps["item"]),
            occasion=Decimal(caps["occasion"]),
            recipient=Decimal(caps["recipient"]),
            official_item=Decimal(caps["official_item"]),
            permission=Decimal(received["permission"]),
            returned=Decimal(received["returned"]),
            occasion_days=int(windows["occasion_days"]),
            recipient_months=int(windows["recipient_months"]),
            never=tuple(fold(word) for key in (AS_GIFT, ANYWHERE) for word in tables[NEVER][key]),
        )


def refuse(field: str, sentence: Sentence, code: str | None = None) -> RuleBroken:
    """A refusal that stands beside its field."""
    return RuleBroken(sentence, code=code, fields={field: sentence})


def check_value(value: Decimal, *, field: str = "value") -> Decimal:
    """`value` with two places. RuleBroken for nothing, less than nothing, a fraction of a cent, or more than anybody gives."""
    if not value.is_finite() or value <= 0:
        raise refuse(field, _("A gift is worth more than nothing. Say how much."))
    if value != value.quantize(Decimal("0.01")):
        raise refuse(field, _("Give the amount to the cent."))
    if value > MOST:
        raise refuse(field, _("This amount cannot be right. Look at it again."))
    return value.quantize(Decimal("0.01"))


def check_quantity(quantity: int) -> None:
    """RuleBroken for none, and for more than a hundred pieces."""
    if not 1 <= quantity <= MOST_PIECES:
        raise refuse("quantity", _("From 1 to %(most)s pieces.") % {"most": MOST_PIECES})


def is_cash_like(text: str, never: Iterable[str]) -> bool:
    """The words name cash or what is as good as cash."""
    return bool(first_named(text, never))


def check_item(*, cost: Decimal, has_logo: bool, practical: bool, name: str, caps: Caps) -> None:
    """Whether something may stand in the catalogue. RuleBroken with the reason."""
    check_value(cost, field="cost")
    if cost > caps.item:
        raise refuse("cost", _("An item may not cost more than the bank's cap for one item."))
    if not has_logo:
        raise refuse("has_logo", _("Gifts carry the bank's logo."))
    if not practical:
        raise refuse("is_practical", _("Gifts are of practical use."))
    if is_cash_like(name, caps.never):
        raise refuse("name_en", _("Cash, and what is as good as cash, is never a gift."), code="cash_like")


def check_given(*, value: Decimal, unit_cost: Decimal, person: Person, occasion: str, caps: Caps) -> None:
    """Whether a gift may be asked for at all; the windows are judged when it is approved. RuleBroken with the reason."""
    if occasion not in Occasion.values:
        raise refuse("occasion", _("A gift needs one of the bank's occasions."))
    if unit_cost > caps.item:
        raise refuse("item", _("This item costs more than the bank's cap for one item."))
    if person.is_official and unit_cost > caps.official_item:
        raise refuse("item", _("Public officials and staff of state-owned bodies get small items with the logo only."))
    if value > caps.occasion:
        raise refuse("quantity", _("Together this is more than the bank gives for one occasion."))


def check_received(entry: ReceivedEntry, caps: Caps) -> None:
    """Whether a declaration makes sense. RuleBroken with the reason."""
    check_value(entry.value)
    if entry.category not in Category.values or entry.basis not in ValueBasis.values or entry.occasion not in Occasion.values:
        raise refuse("category", _("Choose one of the list."))
    if not entry.what.strip():
        raise refuse("what", _("Say what it was."))
    if (entry.category == Category.CASH_LIKE or is_cash_like(entry.what, caps.never)) and not entry.declined:
        sentence = _("Cash, and what is as good as cash, is declined or returned at once. Declare it as declined.")
        raise refuse("category", sentence, code="cash_like")


def check_day(on: dt.date, *, today: dt.date, ahead: int, past: bool) -> None:
    """A gift to come lies between today and some days ahead; one that was received is not in the future, nor more than a year old."""
    if past and on > today:
        raise refuse("on", _("This day is still to come."))
    if past and on < today - dt.timedelta(days=366):
        raise refuse("on", _("This is more than a year ago. Look at the day again."))
    if not past and on < today:
        raise refuse("on", _("This day is past."))
    if not past and on > today + dt.timedelta(days=ahead):
        raise refuse("on", _("This day is too far ahead."))


def level_for(role: str, *, sensitive: bool) -> str:
    """Who decides a gift of somebody in this role: the head above, and one further up while a decision on the company is open."""
    start = {"TH": 1, "RCH": 2, "HO": 2}.get(role, 0)
    return LADDER[min(start + sensitive, len(LADDER) - 1)]


def next_level(level: str) -> str | None:
    """One further up; None above head office."""
    place = LADDER.index(level) + 1
    return LADDER[place] if place < len(LADDER) else None


def needs_permission(*, value: Decimal, category: str, caps: Caps) -> bool:
    """A received gift that may not simply be kept: above the figure, or no promotional item (domain 4.7)."""
    return value > caps.permission or category != Category.PROMOTIONAL


def may_dispose(*, disposal: str, to_return: bool) -> bool:
    """A gift that must go back is returned and nothing else."""
    return disposal in Disposal.values and (not to_return or disposal == Disposal.RETURNED)


def year_before(day: dt.date, months: int) -> dt.date:
    """The first day of a window of `months` that ends on `day`."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=1)
