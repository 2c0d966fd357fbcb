"""Writes companies and their parts in bulk, each with its history row, its keys and what the source said."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.companies.indexing import rebuild_keys
from crm.companies.models import Address, Company, CompanyName, Identifier, Officer, SourceRecord
from crm.companies.rules import shown_names, sort_key
from crm.companies.services.identity import NAMED as GOT_NAMES
from crm.companies.services.identity import RENAMED
from crm.kernel.names.legal import core_name
from crm.kernel.reactions import announce
from prospects.directories.rules import Changes, Held, Row

NAME_ZH_LENGTH = 120
NAMED = ("name_en", "name_zh", "sort_key")
_KEYED = frozenset({"phone", "email", "website"})
_HISTORY_BATCH = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """In whose name and from which list companies are written: `reason` stands in their history."""

    actor: Any
    source_name: str
    reason: str
    now: dt.datetime


def create_companies(rows: Sequence[Row], origin: Origin, foreign: Mapping[int, Iterable[Any]] | None = None) -> list[Company]:
    """New companies, one of each row, in order; `foreign` keys of a row (by its number) are left to the companies that hold them.

    IntegrityError where somebody else takes one of their exact keys at this moment.
    """
    made = [(row, Held.made_of(row, origin.source_name, foreign=frozenset((foreign or {}).get(row.number, ())))) for row in rows]
    companies = Company.objects.bulk_create(_company(held, origin) for _, held in made)
    Company.history.bulk_history_create(
        companies, default_user=origin.actor, default_change_reason=origin.reason, default_date=origin.now, batch_size=_HISTORY_BATCH
    )
    pairs = [(company.pk, held) for company, (_, held) in zip(companies, made, strict=True)]
    source = origin.source_name
    Identifier.objects.bulk_create(_identifier(pk, key, source) for pk, held in pairs for key in sorted(held.keys))
    CompanyName.objects.bulk_create(_name(pk, text, kind, source) for pk, held in pairs for text, kind in held.names.items())
    Address.objects.bulk_create(_address(pk, address, source) for pk, held in pairs for address in sorted(held.addresses))
    Officer.objects.bulk_create(_officer(pk, officer, source) for pk, held in pairs for officer in sorted(held.officers))
    write_records([(company.pk, row) for company, row in zip(companies, rows, strict=True)], origin)
    ids = [company.pk for company in companies]
    rebuild_keys(ids, fresh=True)
    announce(GOT_NAMES, actor=origin.actor, company_ids=ids)
    return companies


def write_changes(changed: Mapping[int, Sequence[Changes]], held: Mapping[int, Held], origin: Origin) -> None:
    """Write what rows change of companies, row by row for each; `held` is what stands after all of them.

    IntegrityError as in `create_companies`.
    """
    changed = {pk: [one for one in several if one] for pk, several in changed.items()}
    changed = {pk: several for pk, several in changed.items() if several}
    _write_parts(changed, held, origin)
    companies = Company.objects.select_for_update(of=("self",)).in_bulk(list(changed))
    for pk, company in companies.items():
        fields = {name for one in changed[pk] for name in one.values}
        for name in fields:
            setattr(company, name, held[pk].values[name])
        if any(one.names for one in changed[pk]):
            fields.update(shown_as(company, held[pk].names))
        company.version += 1
        company.record(actor=origin.actor, reason=origin.reason, fields=[*sorted(fields), "version"])
    finish_changes(changed, companies.values(), actor=origin.actor)


def finish_changes(changed: Mapping[int, Sequence[Changes]], companies: Iterable[Company], *, actor: Any) -> None:
    """Bring the keys of changed companies up to date, and tell those who keep their sort keys."""
    rebuild_keys(pk for pk, several in changed.items() if any(one.names or one.keys or _KEYED & one.values.keys() for one in several))
    renamed = [company.pk for company in companies if any(one.names for one in changed[company.pk])]
    if renamed:
        announce(RENAMED, actor=actor, company_ids=renamed)


def shown_as(company: Company, names: Mapping[str, str]) -> tuple[str, ...]:
    """Set by which names the company is shown and sorted; returns the fields."""
    company.name_en, company.name_zh = _shown(names)
    company.sort_key = sort_key(company.name_en, company.name_zh)
    return NAMED


def _write_parts(changed: Mapping[int, Sequence[Changes]], held: Mapping[int, Held], origin: Origin) -> None:
    source = origin.source_name
    Identifier.objects.bulk_create(_identifier(pk, key, source) for pk, several in changed.items() for one in several for key in one.keys)
    names: list[CompanyName] = []
    addresses: list[Address] = []
    officers: list[Officer] = []
    for pk, several in changed.items():
        now = held[pk]
        first: dict[str, str | None] = {}
        for one in several:
            for text, (before, _) in one.names.items():
                first.setdefault(text, before)
        names += [_name(pk, text, now.names[text], source) for text, before in first.items() if before is None]
        for text in (text for text, before in first.items() if before is not None):
            CompanyName.objects.filter(company_id=pk, text=text).update(kind=now.names[text])
        addresses += [_address(pk, item, source) for item in _net([one.addresses[0] for one in several], now.addresses, kept=True)]
        officers += [_officer(pk, item, source) for item in _net([one.officers[0] for one in several], now.officers, kept=True)]
        remove_parts(
            pk,
            addresses=_net([one.addresses[1] for one in several], now.addresses, kept=False),
            officers=_net([one.officers[1] for one in several], now.officers, kept=False),
        )
    CompanyName.objects.bulk_create(names)
    Address.objects.bulk_create(addresses)
    Officer.objects.bulk_create(officers)


def _net(lists: Iterable[Iterable[Any]], now: set[Any], *, kept: bool) -> list[Any]:
    """The items of some lists that are (`kept`) or are not among what stands now, each once."""
    return [item for item in dict.fromkeys(item for items in lists for item in items) if (item in now) == kept]


def remove_parts(company_id: int, *, addresses: Iterable[Any] = (), officers: Iterable[Any] = ()) -> None:
    """Take addresses and officers away."""
    for kind, text_en, text_zh in addresses:
        Address.objects.filter(company_id=company_id, kind=kind, text_en=text_en, text_zh=text_zh).delete()
    for name, title in officers:
        Officer.objects.filter(company_id=company_id, name=name, title=title).delete()


def write_records(pairs: Iterable[tuple[int, Row]], origin: Origin) -> None:
    """Keep what rows say of companies, in place of what the same rows said before."""
    records = [
        SourceRecord(
            company_id=pk, source=origin.source_name, row_key=row.key, as_of=row.as_of, facts=row.statement.to_json(), seen_at=origin.now
        )
        for pk, row in pairs
    ]
    SourceRecord.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["source", "row_key"], update_fields=["company", "as_of", "facts", "seen_at"]
    )


def _company(held: Held, origin: Origin) -> Company:
    values = {name: value for name, value in held.values.items() if value not in ("", None)}
    company = Company(**values, created_by=origin.actor)
    shown_as(company, held.names)
    return company


def _shown(names: Mapping[str, str]) -> tuple[str, str]:
    name_en, name_zh = shown_names((kind, text) for text, kind in names.items())
    return name_en, name_zh[:NAME_ZH_LENGTH]


def _identifier(company_id: int, key: tuple[str, str, str], source: str) -> Identifier:
    return Identifier(company_id=company_id, kind=key[0], scope=key[1], value=key[2], source=source)


def _name(company_id: int, text: str, kind: str, source: str) -> CompanyName:
    return CompanyName(company_id=company_id, kind=kind, text=text, core=core_name(text), source=source)


def _address(company_id: int, address: tuple[str, str, str], source: str) -> Address:
    return Address(company_id=company_id, kind=address[0], text_en=address[1], text_zh=address[2], source=source)


def _officer(company_id: int, officer: tuple[str, str], source: str) -> Officer:
    return Officer(company_id=company_id, name=officer[0], title=officer[1], source=source)
