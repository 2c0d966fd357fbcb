"""What a company is: making it known, its names, numbers, addresses and facts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import AddressKind, IdentifierKind, NameKind
from crm.companies.indexing import rebuild_keys
from crm.companies.matching import Key, Matches, find_matches, taken
from crm.companies.models import Address, Company, CompanyName, Identifier, Officer
from crm.companies.permissions import can_correct_company, can_register_company
from crm.companies.rules import (
    COMPANY_FACTS,
    CompanyFacts,
    NewAddress,
    NewIdentifier,
    NewName,
    names_by_script,
    one_line,
    shown_names,
    sort_key,
    wrong_facts,
)
from crm.companies.services.locking import locked_company, refuse, today_of
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.identifiers import IdentifierError
from crm.kernel.names.legal import core_name, is_chinese
from crm.kernel.reactions import announce
from crm.staff.choices import Jurisdiction

RENAMED = "companies.renamed"
NAMED = "companies.named"
"""Announced with `company_ids` where companies got a name that they had not before, a new company's included."""

"""Announced with `company_ids` when names change, for tables that keep a company's sort key."""


@transaction.atomic
def register_company(*, actor: Any, now: dt.datetime, facts: CompanyFacts, source: str = "", not_same_because: str = "") -> Company:
    """Make a company known, with its names, numbers, addresses and officers.

    NotAllowed for whoever does not add companies. RuleBroken: without a name; for facts that cannot be; for a number whose check digit is
    wrong; where another company holds one of the exact keys (code `taken`; it says which key, never who looks after that company); where
    one is so like it that they are taken for the same (code `duplicate`); where one may be the same and `not_same_because` is empty
    (code `candidates`).
    Domain 2.4.
    """
    can_register_company(user=actor).require()
    names = names_by_script(facts.names)
    if not names:
        raise refuse("name_en", _("A company needs a name."))
    jurisdiction = facts.jurisdiction or (actor.actor.centre.jurisdiction if actor.actor.centre else Jurisdiction.HK)
    _require_sound_numbers(facts.identifiers)
    _require_new(find_matches(facts, jurisdiction=jurisdiction, on=today_of(actor, now)), not_same_because)
    name_en, name_zh = shown_names((name.kind, name.text) for name in names)
    plain = {
        field: one_line(value) if isinstance(value, str) else value for field, value in asdict(facts).items() if field in COMPANY_FACTS
    }
    _require_sound_facts(plain, today_of(actor, now))
    company = Company(**plain, name_en=name_en, name_zh=name_zh, sort_key=sort_key(name_en, name_zh), created_by=actor)
    company.record(actor=actor, reason=one_line(not_same_because) or source)
    _write_parts(company, facts, names, source)
    rebuild_keys([company.pk], fresh=True)
    announce(NAMED, actor=actor, company_ids=[company.pk])
    return company


def _require_sound_facts(facts: Mapping[str, Any], today: dt.date) -> None:
    wrong = wrong_facts(facts, today=today)
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), code="invalid", fields=wrong)


def _require_sound_numbers(stated: Sequence[NewIdentifier]) -> None:
    for identifier in stated:
        try:
            _ = identifier.key
        except IdentifierError as error:
            raise refuse("identifiers", error.message, code=error.code) from error


def _require_new(matches: Matches, not_same_because: str) -> None:
    if matches.taken:
        raise _taken(next(iter(matches.taken)))
    if matches.blocking:
        raise RuleBroken(
            _("This company is known already: %(name)s.") % {"name": _called(matches.blocking[0].name_en, matches.blocking[0].name_zh)},
            code="duplicate",
        )
    if matches.candidates and not one_line(not_same_because):
        name = _called(matches.candidates[0].name_en, matches.candidates[0].name_zh)
        sentence = _("%(name)s may be the same company. If it is not, say why.") % {"name": name}
        raise refuse("not_same_because", sentence, code="candidates")


def _called(name_en: str, name_zh: str) -> str:
    return " ".join(filter(None, (name_en, name_zh)))


def _taken(key: Key) -> RuleBroken:
    kind, scope, value = key
    number = f"{scope} {value}".strip()
    sentence: Sentence = _("%(kind)s %(number)s belongs to a company that we know already.") % {
        "kind": IdentifierKind(kind).label,
        "number": number,
    }
    return refuse("identifiers", sentence, code="taken")


def _write_parts(company: Company, facts: CompanyFacts, names: Sequence[NewName], source: str) -> None:
    CompanyName.objects.bulk_create(
        CompanyName(company=company, kind=name.kind, text=name.text, core=core_name(name.text), source=source) for name in names
    )
    keys = {identifier.key for identifier in facts.identifiers}
    _insert_identifiers(company, keys, source)
    Address.objects.bulk_create(
        Address(company=company, kind=address.kind, text_en=one_line(address.text_en), text_zh=one_line(address.text_zh), source=source)
        for address in facts.addresses
        if address.text_en or address.text_zh
    )
    Officer.objects.bulk_create(
        Officer(company=company, name=name, title=title, source=source)
        for name, title in dict.fromkeys((one_line(name), one_line(title)) for name, title in facts.officers)
        if name
    )


def _insert_identifiers(company: Company, keys: set[Key], source: str) -> None:
    """Insert exact keys. Of two writers at once the unique constraint lets one through; the other is told which key is taken."""
    rows = [Identifier(company=company, kind=kind, scope=scope, value=value, source=source) for kind, scope, value in sorted(keys)]
    try:
        with transaction.atomic():
            Identifier.objects.bulk_create(rows)
    except IntegrityError:
        held = taken(keys)
        if not held:
            raise
        raise _taken(next(iter(held))) from None


@transaction.atomic
def correct_company(*, company_id: int, version: int | None, changes: Mapping[str, Any], actor: Any, now: dt.datetime) -> Company:
    """Change facts of a company (the names of `COMPANY_FACTS`); other names in `changes` are a programming error.

    Company.DoesNotExist where hidden, NotAllowed where somebody else looks after it, StaleVersion where `version` is not the one kept,
    RuleBroken with a sentence for each changed fact that cannot be.
    """
    company = locked_company(company_id, actor=actor)
    can_correct_company(user=actor, company=company).require()
    tidy = {_fact(field): _tidy(value) for field, value in changes.items()}
    changed = {field: value for field, value in tidy.items() if getattr(company, field) != value}
    company.claim(version or 0, shown=COMPANY_FACTS)
    _require_sound_facts(changed, today_of(actor, now))
    for field, value in changed.items():
        setattr(company, field, value)
    if company.hand_back():
        return company
    company.record(actor=actor, fields=[*changed, "version"])
    if not changed.keys().isdisjoint({"phone", "email", "website"}):
        rebuild_keys([company.pk])
    return company


def _tidy(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _fact(field: str) -> str:
    if field not in COMPANY_FACTS:
        raise ValueError(f"{field} is not a fact of a company")
    return field


@transaction.atomic
def add_name(*, company_id: int, text: str, kind: str, actor: Any, now: dt.datetime, source: str = "") -> Company:
    """Add a name in one script or both. A new registered name makes the one before it, in the same script, a former name.

    RuleBroken for an empty name; NotAllowed and Company.DoesNotExist as in `correct_company`. The same name again changes its kind.
    """
    company = locked_company(company_id, actor=actor)
    can_correct_company(user=actor, company=company).require()
    names = names_by_script([NewName(text, kind)])
    if not names:
        raise refuse("text", _("Type the name."))
    for name in names:
        if name.kind == NameKind.LEGAL:
            same_script = [row.pk for row in company.names.filter(kind=NameKind.LEGAL) if is_chinese(row.text) == is_chinese(name.text)]
            company.names.filter(pk__in=same_script).update(kind=NameKind.FORMER)
        CompanyName.objects.update_or_create(
            company=company, text=name.text, defaults={"kind": name.kind, "core": core_name(name.text), "source": source}
        )
    refresh_names(company, actor=actor, reason=f"+ {one_line(text)}")
    return company


def refresh_names(company: Company, *, actor: Any, reason: str) -> None:
    """After a name came, went or changed its kind: by which names the company is shown, sorted and found."""
    company.name_en, company.name_zh = shown_names(company.names.order_by("pk").values_list("kind", "text"))
    company.sort_key = sort_key(company.name_en, company.name_zh)
    company.version += 1
    company.record(actor=actor, reason=reason, fields=["name_en", "name_zh", "sort_key", "version"])
    rebuild_keys([company.pk])
    announce(RENAMED, actor=actor, company_ids=[company.pk])
    announce(NAMED, actor=actor, company_ids=[company.pk])


@transaction.atomic
def add_identifier(*, company_id: int, identifier: NewIdentifier, actor: Any, now: dt.datetime, source: str = "") -> Identifier:
    """Add an exact key. RuleBroken where a company holds it (code `taken`), or where it is no such number."""
    company = locked_company(company_id, actor=actor)
    can_correct_company(user=actor, company=company).require()
    try:
        kind, scope, value = identifier.key
    except IdentifierError as error:
        raise refuse("value", error.message, code=error.code) from error
    _insert_identifiers(company, {identifier.key}, source)
    company.record(actor=actor, reason=f"+ {kind} {scope} {value}", fields=[])
    rebuild_keys([company.pk])
    return company.identifiers.get(kind=kind, scope=scope, value=value)


@transaction.atomic
def add_address(*, company_id: int, address: NewAddress, actor: Any, now: dt.datetime, source: str = "") -> Address:
    """Add an address. RuleBroken where it is empty; the same one again is kept once."""
    company = locked_company(company_id, actor=actor)
    can_correct_company(user=actor, company=company).require()
    text_en, text_zh = one_line(address.text_en), one_line(address.text_zh)
    if not (text_en or text_zh):
        raise refuse("text_en", _("Type the address."))
    row, made = Address.objects.get_or_create(
        company=company, kind=AddressKind(address.kind), text_en=text_en, text_zh=text_zh, defaults={"source": source}
    )
    if made:
        company.record(actor=actor, reason=f"+ {row}", fields=[])
    return row
