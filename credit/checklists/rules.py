"""Which papers a request needs, as a pure function of what is asked for; and when a paper is good (domain 6.3, 6.4)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from credit.checklists import book
from credit.checklists.choices import HERE, AskedOf, ItemState, Need
from credit.packs.choices import ClientType, PartyRole, SecurityKind

GUARANTOR_ROLES = (PartyRole.GUARANTOR, PartyRole.PRIMARY_GUARANTOR)
ASKED_OF_GUARANTORS = {True: (AskedOf.PEOPLE, AskedOf.GUARANTORS), False: (AskedOf.COMPANIES, AskedOf.GUARANTORS)}
FORECAST, SECOND_VALUATION, ADVICE, PLAN, SMALL_BUSINESS = "H20", "F50", "G04", "H21", "N20"


@dataclass(frozen=True)
class Asked:
    """What a version asks for, as the checklist reads it. `guarantors`: (party id, is a person, elderly or a spouse)."""

    jurisdiction: str
    client_types: tuple[str, ...]
    segment: str
    papers: frozenset[str]
    securities: tuple[tuple[str, Decimal], ...]
    guarantors: tuple[tuple[int, bool, bool], ...]
    total: Decimal
    types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figures:
    """The policy figures of a day: need by code, amounts above which a paper is required."""

    needs: Mapping[str, str]
    above: Mapping[str, Decimal]


def wanted(asked: Asked, figures: Figures) -> dict[tuple[str, int | None], str]:
    """The papers of a version: {(code, guarantor's party id or None): need}, in the order of the book, guarantors last."""
    found: list[str] = book.common(asked.jurisdiction, asked.client_types)
    for papers in sorted(asked.papers):
        found += book.codes("facility", papers)
    for kind, _value in asked.securities:
        found += book.codes("security", kind)
    needs: dict[tuple[str, int | None], str] = {
        (code, None): need for code in sorted(set(found), key=book.place) if (need := _need(code, asked, figures)) != Need.OFF
    }
    for party_id, is_person, is_dependent in asked.guarantors:
        for code in book.codes("guarantor", "person" if is_person else asked.jurisdiction):
            need = figures.needs.get(code, Need.OFF)
            if code == ADVICE and need != Need.OFF:
                need = Need.REQUIRED if is_dependent else Need.CONDITIONAL
            if need != Need.OFF:
                needs[code, party_id] = need
    return needs


def applies(own: Any, asked: Asked) -> bool:
    """Whether a paper of the bank's own is asked for: each kind of condition that it names must hold."""
    conditions = (
        (own.client_types, asked.client_types),
        (own.facility_types, asked.types),
        (own.securities, [kind for kind, _value in asked.securities]),
    )
    here = own.jurisdiction in ("", asked.jurisdiction)
    return here and all(not named or set(named) & set(found) for named, found in conditions)


def own_needs(editions: Mapping[str, Any], asked: Asked) -> dict[tuple[str, int | None], str]:
    """The needs of the bank's own papers, by the editions in force, in the order of their codes; of guarantors for each of them."""
    return {
        (code, party_id): own.need
        for code, own in sorted(editions.items())
        if own.need != Need.OFF and applies(own, asked)
        for party_id in _brought_by(own, asked)
    }


def _brought_by(own: Any, asked: Asked) -> list[int | None]:
    """Of whom it is asked: None for the borrower, else the party ids of the guarantors that it means."""
    if own.asked_of == AskedOf.BORROWER:
        return [None]
    return [party_id for party_id, is_person, _dependent in asked.guarantors if own.asked_of in ASKED_OF_GUARANTORS[is_person]]


def _need(code: str, asked: Asked, figures: Figures) -> str:
    """What policy says, and required where a condition holds that we can tell ourselves."""
    need = figures.needs.get(code, Need.OFF)
    if need != Need.CONDITIONAL:
        return need
    top = figures.above.get(code)
    property_value = max((value for kind, value in asked.securities if kind == SecurityKind.PROPERTY), default=Decimal(0))
    holds = {
        FORECAST: top is not None and asked.total > top,
        SECOND_VALUATION: top is not None and property_value > top,
        PLAN: ClientType.YOUNG in asked.client_types,
        SMALL_BUSINESS: asked.segment == "sme",
    }
    return Need.REQUIRED if holds.get(code, False) else need


def is_guarantor(role: str) -> bool:
    """Of whom papers are asked."""
    return role in GUARANTOR_ROLES


def standing(item: Any, on: dt.date) -> str:
    """Where a paper stands on a day: one that is here but too old has expired, a waiver that ran out waives nothing."""
    if item.state in HERE and item.valid_until is not None and item.valid_until < on:
        return ItemState.EXPIRED
    if item.state == ItemState.WAIVED and item.waived_until is not None and item.waived_until < on:
        return ItemState.MISSING
    return str(item.state)


def is_ready(item: Any, on: dt.date) -> bool:
    """Checked and good, waived and running, or not applicable."""
    return standing(item, on) in (ItemState.CHECKED, ItemState.WAIVED, ItemState.NOT_APPLICABLE)


def is_in(item: Any, on: dt.date) -> bool:
    """Received at least."""
    return is_ready(item, on) or standing(item, on) == ItemState.RECEIVED


def share_in(items: Iterable[Any], on: dt.date) -> tuple[int, int]:
    """(how many of the required papers are in, how many there are)."""
    required = [item for item in items if item.need == Need.REQUIRED]
    return sum(is_in(item, on) for item in required), len(required)


def enough(share: tuple[int, int], percent: int) -> bool:
    """Whether that share of the required papers is in, counted exactly: 80 % of 21 are 17."""
    held, of = share
    return held * 100 >= percent * of


def valid_until(item: Any, dated_on: dt.date, validity: Mapping[str, int]) -> dt.date | None:
    """The last day on which a paper of a day is good; None for one that does not age. Good for 30 days: on the 30th, not on the 31st."""
    days = item.own.valid_days if item.own else validity.get(item.paper.valid) if item.paper else None
    return None if days is None else dated_on + dt.timedelta(days=int(days))
