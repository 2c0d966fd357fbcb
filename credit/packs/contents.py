"""What a version asks for, as a part of it: given as plain values, carried into the next version."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs import selectors
from credit.packs.catalogue import facility_types
from credit.packs.choices import ClientType, PartyRole, SecurityKind
from credit.packs.models import Facility, PackVersion, Party, Security
from credit.packs.parts import PackPart, called, chosen
from crm.kernel.errors import Sentence


def _text(value: Any) -> Any:
    """Money as text, days in ISO 8601."""
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _text(getattr(row, name)) for name in names}


_PARTY = ("role", "company_id", "person_name", "is_elderly_or_spouse", "limit", "note")
_FACILITY = (
    *("type_code", "currency", "amount", "existing", "total", "is_committed", "in_cap", "tenor_months", "purpose"),
    *("margin_bps", "base_rate", "fee", "repayment"),
)
_SECURITY = ("kind", "description", "value", "valued_on", "valuer", "haircut_percent", "senior_debt")


def party_key(party: Party | None) -> str | None:
    """What names a party in every version: its role, and who it is."""
    if party is None:
        return None
    return f"{party.role}:{party.company_id}" if party.company_id else f"{party.role}:{party.person_name}"


def _keyed(rows: Iterable[Any], name: str) -> list[tuple[str, Any]]:
    """Rows with a key that the same row has in the next version: kind and turn."""
    turns: Counter[str] = Counter()
    found = []
    for row in rows:
        kind = getattr(row, name)
        turns[kind] += 1
        found.append((f"{kind}-{turns[kind]}", row))
    return found


def content(version: PackVersion) -> dict[str, Any]:
    """Kind of borrower, parties, facilities, securities. Three statements for a freshly loaded version."""
    return {
        "client_types": list(version.client_types),
        "parties": {
            party_key(row): {**_values(row, _PARTY), "name": row.person_name or str(row.company)} for row in selectors.parties_of(version)
        },
        "facilities": {
            key: {**_values(row, _FACILITY), "borrower": party_key(row.borrower)}
            for key, row in _keyed(selectors.facilities_of(version), "type_code")
        },
        "securities": {
            key: {**_values(row, _SECURITY), "provider": party_key(row.provider)}
            for key, row in _keyed(selectors.securities_of(version), "kind")
        },
    }


def copy(old: PackVersion, new: PackVersion, actor: Any, now: dt.datetime) -> None:
    """Parties first, since the others name them."""
    parties: dict[int | None, Party] = {}
    for party in selectors.parties_of(old):
        parties[party.pk] = Party.objects.create(version=new, **{name: getattr(party, name) for name in _PARTY})
    Facility.objects.bulk_create(
        Facility(version=new, borrower=parties.get(row.borrower_id), **{name: getattr(row, name) for name in _FACILITY})
        for row in selectors.facilities_of(old)
    )
    Security.objects.bulk_create(
        Security(version=new, provider=parties.get(row.provider_id), **{name: getattr(row, name) for name in _SECURITY})
        for row in selectors.securities_of(old)
    )


def words(content: dict[str, Any]) -> dict[str, Sentence]:
    """Fields as the forms call them, parties, facilities and securities by name."""
    fields = {**called(Facility, _FACILITY), **called(Security, _SECURITY), **called(Party, _PARTY)}
    roles, types, kinds = dict(PartyRole.choices), facility_types(), dict(SecurityKind.choices)
    named: dict[str, Sentence] = {}
    for key, row in content["parties"].items():
        named[key] = f"{roles.get(row['role'], row['role'])} {row['name']}"
    for key, row in content["facilities"].items():
        named[key] = _turn(key, types[row["type_code"]].name if row["type_code"] in types else row["type_code"])
    for key, row in content["securities"].items():
        named[key] = _turn(key, kinds.get(row["kind"], row["kind"]))
    plural = {"parties": Party, "facilities": Facility, "securities": Security}
    return {
        **fields,
        **{name: model._meta.verbose_name_plural or "" for name, model in plural.items()},
        **named,
        **called(PackVersion, ("client_types",)),
        **called(Facility, ("borrower",)),
        **called(Security, ("provider",)),
        "name": _("name"),
        "company_id": "",
    }


def _turn(key: str, name: Sentence) -> str:
    """The second of a kind is counted."""
    turn = key.rpartition("-")[2]
    return str(name) if turn == "1" else f"{name} {turn}"


def _type(text: str, words: Mapping[str, Sentence]) -> Sentence:
    kinds = facility_types()
    return kinds[text].name if text in kinds else text


def _party(text: str, words: Mapping[str, Sentence]) -> Sentence:
    return words.get(text, text)


READS = {
    "client_types": chosen(ClientType),
    "role": chosen(PartyRole),
    "kind": chosen(SecurityKind),
    "type_code": _type,
    "borrower": _party,
    "provider": _party,
}
REQUEST = PackPart("request", _("What is asked for"), content, copy, words=words, reads=READS, order=0)
