"""What is asked for, as plain values, and how it adds up: sublimits count once, under their cap (domain 6.2, 6.9)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.catalogue import CLOSED, OUTSIDE, FacilityType, facility_types
from credit.packs.choices import Authorship, ClientType, PackKind, PartyRole, SecurityKind, Segment
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.money import round_to
from crm.kernel.text import strip_controls

LINE, REASON = 300, 1000
MOST_ROWS = 40
LONGEST_TENOR = 480
_TOP = Decimal(10) ** 15
ZERO = Decimal(0)


@dataclass(frozen=True)
class PackOrder:
    """What a pack is: who writes, segment, what is asked for, what the borrower is (several kinds may hold)."""

    authorship: str
    segment: str
    kind: str
    client_types: tuple[str, ...]


@dataclass(frozen=True)
class PartyEntry:
    """A party as typed: a company by id, or a person by name. `limit` in the pack's currency."""

    role: str
    company_id: int | None = None
    person_name: str = ""
    is_elderly_or_spouse: bool = False
    limit: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class FacilityEntry:
    """A facility as typed, in its own currency."""

    type_code: str
    currency: str
    amount: Decimal
    tenor_months: int
    purpose: str
    borrower_id: int | None = None
    existing: Decimal = ZERO
    in_cap: bool = False
    margin_bps: Decimal | None = None
    base_rate: str = ""
    fee: str = ""
    repayment: str = ""


@dataclass(frozen=True)
class SecurityEntry:
    """A security as typed, in the pack's currency."""

    kind: str
    description: str
    value: Decimal
    provider_id: int | None = None
    valued_on: dt.date | None = None
    valuer: str = ""
    haircut_percent: Decimal = ZERO
    senior_debt: Decimal = ZERO


def refuse(field: str, sentence: Sentence) -> RuleBroken:
    """The refusal of one field."""
    return RuleBroken(sentence, fields={field: sentence})


def line(text: str, most: int = LINE) -> str:
    """One line without controls, cut."""
    return " ".join(strip_controls(text).split())[:most]


def reasoned(text: str, field: str = "reason") -> str:
    """The reason given. RuleBroken where there is none."""
    words = line(text, REASON)
    if not words:
        raise refuse(field, _("Say why."))
    return words


def check_order(order: PackOrder) -> PackOrder:
    """RuleBroken for a value that is none of the choices, and for a borrower of no kind."""
    for field, value, known in (
        ("authorship", order.authorship, Authorship.values),
        ("segment", order.segment, Segment.values),
        ("kind", order.kind, PackKind.values),
    ):
        if value not in known:
            raise refuse(field, _("Pick one of the choices."))
    check_client_types(order.client_types)
    return order


def check_client_types(kinds: Iterable[str]) -> list[str]:
    """The kinds in their order. RuleBroken for none, or one that we do not know."""
    given = set(kinds)
    if not given or not given <= set(ClientType.values):
        raise refuse("client_types", _("Say what the borrower is."))
    return [kind for kind in ClientType.values if kind in given]


def _amount(field: str, value: Decimal | None, *, above: bool) -> Decimal | None:
    if value is None:
        return None
    if value < 0 or (above and value == 0):
        raise refuse(field, _("An amount is above zero.") if above else _("An amount is not below zero."))
    if value >= _TOP:
        raise refuse(field, _("This amount is too large."))
    return round_to(value, 2)


def check_party(entry: PartyEntry) -> dict[str, Any]:
    """The columns of a party. RuleBroken where it is neither a company nor a person, or both."""
    if entry.role not in PartyRole.values:
        raise refuse("role", _("Pick one of the choices."))
    name = line(entry.person_name, 200)
    if bool(name) == bool(entry.company_id):
        raise refuse("person_name", _("A party is a company or a person."))
    if entry.role == PartyRole.BORROWER and entry.limit is not None:
        raise refuse("limit", _("A borrower guarantees nothing."))
    return {
        "role": entry.role,
        "person_name": name,
        "is_elderly_or_spouse": entry.is_elderly_or_spouse and bool(name),
        "limit": _amount("limit", entry.limit, above=True),
        "note": line(entry.note),
    }


def check_facility(entry: FacilityEntry, *, standing: str | None, jurisdiction: str) -> dict[str, Any]:
    """The columns of a facility; `standing` is what the policy says of its type. RuleBroken for what does not fit."""
    kind = facility_types().get(entry.type_code)
    if kind is None or kind.jurisdiction != jurisdiction or standing in (None, CLOSED):
        raise refuse("type_code", _("This facility is not offered here."))
    if not 0 < entry.tenor_months <= LONGEST_TENOR:
        raise refuse("tenor_months", _("Between 1 and %(most)s months.") % {"most": LONGEST_TENOR})
    purpose = line(entry.purpose)
    if not purpose:
        raise refuse("purpose", _("Say what the money is for."))
    if entry.in_cap and kind.caps:
        raise refuse("in_cap", _("A shared limit does not stand under another."))
    if entry.margin_bps is not None and not -10_000 < entry.margin_bps < 10_000:
        raise refuse("margin_bps", _("This margin cannot be right."))
    return {
        "type_code": kind.code,
        "currency": entry.currency,
        "amount": _amount("amount", entry.amount, above=True),
        "existing": _amount("existing", entry.existing, above=False),
        "is_committed": standing == "committed",
        "in_cap": entry.in_cap,
        "tenor_months": entry.tenor_months,
        "purpose": purpose,
        "margin_bps": entry.margin_bps if entry.margin_bps is None else round_to(entry.margin_bps, 2),
        "base_rate": line(entry.base_rate, 40),
        "fee": line(entry.fee, 200),
        "repayment": line(entry.repayment),
    }


def check_security(entry: SecurityEntry, *, today: dt.date) -> dict[str, Any]:
    """The columns of a security. RuleBroken for what does not fit."""
    if entry.kind not in SecurityKind.values:
        raise refuse("kind", _("Pick one of the choices."))
    description = line(entry.description)
    if not description:
        raise refuse("description", _("Say what it is."))
    if entry.valued_on is not None and entry.valued_on > today:
        raise refuse("valued_on", _("This day is still to come."))
    if not 0 <= entry.haircut_percent <= 100:
        raise refuse("haircut_percent", _("Between 0 and 100 per cent."))
    return {
        "kind": entry.kind,
        "description": description,
        "value": _amount("value", entry.value, above=True),
        "valued_on": entry.valued_on,
        "valuer": line(entry.valuer, 120),
        "haircut_percent": round_to(entry.haircut_percent, 2),
        "senior_debt": _amount("senior_debt", entry.senior_debt, above=False),
    }


def is_cap(type_code: str) -> bool:
    """A limit under which others stand."""
    kind: FacilityType | None = facility_types().get(type_code)
    return kind is not None and kind.caps


def requested(facilities: Iterable[Any], *, outside: frozenset[str]) -> Decimal:
    """What is asked for in the pack's currency: sublimits stand under their cap and count once; what is no credit counts for nothing.

    `outside`: the codes of types that are no credit of the bank.
    """
    return sum((row.total for row in facilities if not row.in_cap and row.type_code not in outside), ZERO)


def check_caps(facilities: list[Any]) -> None:
    """RuleBroken for a sublimit without a shared limit, or one above it. Their sum may be above it (domain 6.9)."""
    caps = sum((row.total for row in facilities if is_cap(row.type_code)), ZERO)
    for row in facilities:
        if row.in_cap and not caps:
            raise refuse("in_cap", _("Add the shared limit first."))
        if row.in_cap and row.total > caps:
            raise refuse("amount", _("A sublimit is not above the shared limit."))


def outside_of(stands: dict[str, str]) -> frozenset[str]:
    """The codes that are no credit, by the policy figures."""
    return frozenset(code for code, how in stands.items() if how == OUTSIDE)


def lending_value(security: Any) -> Decimal:
    """Value less what ranks before us, less the haircut; never below zero."""
    free = max(ZERO, security.value - security.senior_debt)
    return round_to(free * (100 - security.haircut_percent) / 100, 2)
