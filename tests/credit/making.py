"""Packs as the tests of credit need them: of a client of `rm`, at any of the first steps."""

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.packs import selectors, services
from credit.packs.choices import State, VersionState
from credit.packs.models import Facility, Pack, PackVersion, Party, Security
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from crm.companies.models import Company
from tests.cast import NOW, Bank, fresh
from tests.visits import making


def company(bank: Bank, owner: str = "rm", name: str = "Golden Hill Foods", name_zh: str = "金山食品") -> Company:
    return making.client(bank, owner, name=name, name_zh=name_zh).company


def order(**values: Any) -> PackOrder:
    return PackOrder(**{"authorship": "A", "segment": "sme", "kind": "new", "client_types": ("company",)} | values)


def pack(bank: Bank, of: Company | None = None, *, by: str = "rm", now: dt.datetime = NOW, **values: Any) -> Pack:
    """A draft."""
    about = of or company(bank, by)
    return services.create_pack(company_id=about.pk, order=order(**values), actor=fresh(bank.people[by]), now=now)


def entry(code: str = "TR", amount: str = "30000000", **values: Any) -> FacilityEntry:
    given = {"type_code": code, "currency": "HKD", "amount": Decimal(amount), "tenor_months": 12, "purpose": "Stock for the season"}
    return FacilityEntry(**given | values)


def facility(
    bank: Bank, of: Pack, code: str = "TR", amount: str = "30000000", *, by: str = "rm", now: dt.datetime = NOW, **v: Any
) -> Facility:
    return services.keep_facility(pack_id=of.pk, entry=entry(code, amount, **v), actor=bank.people[by], now=now)


def party(bank: Bank, of: Pack, role: str = "guarantor", *, by: str = "rm", now: dt.datetime = NOW, **values: Any) -> Party:
    return services.keep_party(pack_id=of.pk, entry=PartyEntry(role, **values), actor=bank.people[by], now=now)


def security(
    bank: Bank, of: Pack, kind: str = "property", value: str = "20000000", *, by: str = "rm", now: dt.datetime = NOW, **v: Any
) -> Security:
    given = SecurityEntry(**{"kind": kind, "description": "Shop at 8 Ngau Tau Kok Road", "value": Decimal(value)} | v)
    return services.keep_security(pack_id=of.pk, entry=given, actor=bank.people[by], now=now)


def in_docs(
    bank: Bank, *, by: str = "rm", now: dt.datetime = NOW, code: str = "TR", amount: str = "30000000", tenor: int = 12, **values: Any
) -> Pack:
    """Its papers are gathered."""
    made = pack(bank, by=by, now=now, **values)
    facility(bank, made, code, amount, by=by, now=now, tenor_months=tenor)
    return services.start_docs(pack_id=made.pk, actor=bank.people[by], now=now)


def draft(of: Pack) -> PackVersion:
    """The version that is worked on."""
    found = selectors.draft_of(of)
    assert found is not None
    return found


def sealed(of: Pack, *, state: str = State.HANDED_OFF, now: dt.datetime = NOW) -> PackVersion:
    """The open version as the handoff leaves it, and the pack in a state: for tests of what comes after. No guard is asked."""
    version = draft(of)
    for held in of.versions.filter(state=VersionState.ON_HOLD):
        held.state = VersionState.SUPERSEDED
        held.save(update_fields=["state"])
    version.state, version.sealed_at = VersionState.SEALED, now
    version.save(update_fields=["state", "sealed_at"])
    Pack.objects.filter(pk=of.pk).update(state=state, state_since=now, handed_off_at=now)
    of.refresh_from_db()
    return version


__all__ = ["company", "draft", "entry", "facility", "in_docs", "order", "pack", "party", "sealed", "security"]
