"""What a row changed of its company, as a person reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from crm.companies.choices import SECTORS, AddressKind, IdentifierKind, NameKind
from crm.companies.models import Company, Officer
from prospects.directories.rules import from_plain


@dataclass(frozen=True, slots=True)
class Told:
    """One change: of what, from what (nothing where it is added), to what (nothing where it is taken away)."""

    what: str | Promise
    before: Any
    after: Any


def changes_in_words(done: dict[str, Any]) -> list[Told]:
    """Each change of `Changes.to_json`, names first."""
    return [*_names(done), *_values(done), *_keys(done), *_addresses(done), *_officers(done)]


def _names(done: dict[str, Any]) -> Iterator[Told]:
    """A registered name that another one follows is told twice: the new one, and what became of the old one."""
    for text, (_before, kind) in sorted(done["names"].items(), key=lambda name: name[1][1] != NameKind.LEGAL):
        yield Told(NameKind(kind).label, "", text)


def _values(done: dict[str, Any]) -> Iterator[Told]:
    columns: Any = Company._meta
    for name, values in done["values"].items():
        before, after = (SECTORS.get(value, value) if name == "sector" else from_plain(name, value) for value in values)
        yield Told(columns.get_field(name).verbose_name, before or "", after)


def _keys(done: dict[str, Any]) -> Iterator[Told]:
    for kind, scope, value in done["keys"]:
        yield Told(IdentifierKind(kind).label, "", f"{scope} {value}".strip())


def _addresses(done: dict[str, Any]) -> Iterator[Told]:
    added, removed = done["addresses"]
    for kind, *texts in added:
        yield Told(AddressKind(kind).label, "", " ".join(filter(None, texts)))
    for kind, *texts in removed:
        yield Told(AddressKind(kind).label, " ".join(filter(None, texts)), "")


def _officers(done: dict[str, Any]) -> Iterator[Told]:
    added, removed = done["officers"]
    for name, title in added:
        yield Told(title or Officer._meta.verbose_name or "", "", name)
    for name, title in removed:
        yield Told(title or Officer._meta.verbose_name or "", name, "")
