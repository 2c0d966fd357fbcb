"""Turns a row into facts about a company, or says why it cannot be taken."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from crm.companies.choices import AddressKind, IdentifierKind, NameKind
from crm.companies.rules import CompanyFacts, NewAddress, NewIdentifier, NewName, website_of
from crm.kernel.errors import Sentence
from crm.kernel.identifiers import IdentifierError, Kind, UnusualDigits, normalise, normalise_stock_code
from crm.kernel.names import is_chinese
from prospects.directories.headings import NAMES, OFFICERS, Field
from prospects.directories.mapping.columns import Mapping
from prospects.directories.mapping.exchanges import exchange_named, exchange_of_code
from prospects.directories.mapping.noise import is_footer, is_formula
from prospects.directories.mapping.values import country_of, date_of, email_of, officers_in, plain_text

LONGEST_NAME = 200
_LENGTHS = {
    Field.CITY: 80, Field.SECTOR: 80, Field.INDUSTRY: 120, Field.PHONE: 40, Field.WEBSITE: 200, Field.EMAIL: 200,
    Field.ADDRESS_EN: 300, Field.ADDRESS_ZH: 200,
}  # fmt: skip
_NUMBERS = {
    Field.USCC: Kind.USCC,
    Field.BR_NUMBER: Kind.BR,
    Field.CR_NUMBER: Kind.CR,
    Field.LEI: Kind.LEI,
    Field.TW_UBN: Kind.UBN,
    Field.CIK: Kind.CIK,
    Field.ISIN: Kind.ISIN,
}
_ALL_ZERO = re.compile("0+")
_NAMES_EXCHANGE = re.compile(r"\d[. ][A-Za-z]{2,}|[A-Za-z]{2,}[ :]?\d")
_YEAR = re.compile(r"\d{4}")
_LOST = re.compile("\ufffd|\\?{2,}")
_REGISTERED = re.compile("registered|註冊|注册|住所|住址", re.IGNORECASE)
_SECURITY_CLASS = re.compile(
    r"warrant|cbbc|debt|bond|notes?\b|\betf|exchange.traded|fund|認股證|认股证|牛熊證|牛熊证|權證|权证|債|债|基金", re.IGNORECASE
)
_SECURITY_NAME = re.compile(r"\bETF\b|\(LOF\)|\bfund$|基金$", re.IGNORECASE)
_FIRST_LISTING, _AHEAD = dt.date(1800, 1, 1), dt.timedelta(days=366)
_TRUE = frozenset({"true", "1", "yes", "y", "是"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; `column` is empty where it is the row as a whole. `reason` is a sentence for people."""

    column: str
    value: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row says of one company.

    `details` keeps, by field, what the company's record has no place for: fax, currency, a year of foundation, a text that could not be
    read. `as_of` is the date of the list where a column gives it. `is_security`: the row looks like a fund, warrant or bond and not like
    a company. `warnings` are soft: the value was left out or kept as text, the row is taken.
    """

    company: CompanyFacts
    category: str = ""
    details: dict[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None
    is_security: bool = False
    warnings: tuple[Problem, ...] = ()

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """The exact keys (kind, scope, value). An ISIN alone may be wrong in a source: two names under one ISIN want a person's eye."""
        return tuple(identifier.key for identifier in self.company.identifiers)

    def to_json(self) -> str:
        """For the staging table; the warnings become text in the language that is active now."""
        body = asdict(self)
        body["warnings"] = [[warning.column, warning.value, str(warning.reason)] for warning in self.warnings]
        return json.dumps(body, ensure_ascii=False, default=lambda value: value.isoformat() if isinstance(value, dt.date) else str(value))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        body: dict[str, Any] = json.loads(text)
        company = body["company"]
        return cls(
            company=CompanyFacts(
                **{
                    **company,
                    "names": tuple(NewName(**name) for name in company["names"]),
                    "identifiers": tuple(NewIdentifier(**number) for number in company["identifiers"]),
                    "addresses": tuple(NewAddress(**address) for address in company["addresses"]),
                    "officers": tuple((name, position) for name, position in company["officers"]),
                    "incorporated_on": _from_iso(company["incorporated_on"]),
                    "listed_on": _from_iso(company["listed_on"]),
                }
            ),
            category=body["category"],
            details=body["details"],
            as_of=_from_iso(body["as_of"]),
            is_security=body["is_security"],
            warnings=tuple(Problem(*warning) for warning in body["warnings"]),
        )


def _from_iso(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def to_facts(mapping: Mapping, row: Sequence[str], *, today: dt.date | None = None) -> RowFacts | RefusedRow:
    """The facts in `row` (cells without the row number).

    A row is refused for a name that is missing, damaged, too long or none (a formula, a note under the list), for a number whose form or
    check digit is wrong, for a listing date that cannot be (asked as of `today`), and for cells beyond the header. Everything else only
    warns: what cannot be read is kept in `details` as it stands.
    """
    reader = _RowReader(mapping, row)
    if any(row[len(mapping.columns) :]):
        reader.refuse("", " ".join(row[len(mapping.columns) :]), _("The row has more cells than the header has columns."))
    names = reader.names()
    numbers = reader.numbers()
    reader.check_listing(today)
    if reader.refusals:
        return RefusedRow(tuple(reader.refusals))
    return reader.facts(names, numbers)


class _RowReader:
    """One row, read through a mapping; gathers what is wrong on the way."""

    def __init__(self, mapping: Mapping, row: Sequence[str]) -> None:
        self.mapping = mapping
        self.row = row
        self.refusals: list[Problem] = []
        self.warnings: list[Problem] = []
        self.details: dict[str, str] = {}

    def cells(self, fed: Field) -> list[tuple[str, str]]:
        """(heading, text) of the filled cells that feed a field."""
        places = self.mapping.places.get(fed, ())
        return [(self.mapping.columns[place], plain_text(self.row[place])) for place in places if place < len(self.row) and self.row[place]]

    def cell(self, fed: Field) -> tuple[str, str]:
        """(heading, text) of the first such cell, or two empty texts."""
        return next(iter(self.cells(fed)), ("", ""))

    def refuse(self, column: str, value: str, reason: Sentence) -> None:
        self.refusals.append(Problem(column, value[:LONGEST_NAME], reason))

    def keep(self, fed: Field, column: str, value: str, reason: Sentence) -> None:
        """Leaves a soft value out of the company's record, but keeps it as text."""
        self.details[fed.value] = value
        self.warnings.append(Problem(column, value[:LONGEST_NAME], reason))

    def names(self) -> tuple[NewName, ...]:
        """Registered names first, then short and former ones."""
        names: list[NewName] = []
        kinds = {Field.SHORT_NAME: NameKind.SHORT, Field.FORMER_NAME: NameKind.FORMER}
        for fed in (Field.NAME_EN, Field.NAME_ZH, Field.NAME, Field.SHORT_NAME, Field.FORMER_NAME):
            for column, text in self.cells(fed):
                if _LOST.search(text):
                    self.refuse(column, text, _("Characters of the name were lost before the file reached us (“?”)."))
                elif len(text) > LONGEST_NAME:
                    self.refuse(column, text, _("The name is longer than 200 characters."))
                elif is_formula(text):
                    self.refuse(column, text, _("The name looks like a formula."))
                elif self._stands_alone and is_footer(text):
                    self.refuse(column, text, _("This is a total or a note of the list, not a company."))
                elif any(character.isalnum() for character in text) and text not in {name.text for name in names}:
                    names.append(NewName(text, kinds.get(fed, NameKind.LEGAL)))
        if not self.refusals and not any(name.kind != NameKind.FORMER for name in names):
            column = next((column for column, fed in self.mapping.fields.items() if fed in NAMES), "")
            self.refuse(column, "", _("The row names no company."))
        elif names and not any(character.isalpha() for name in names for character in name.text):
            self.refuse("", names[0].text, _("The name holds no letter."))
        return tuple(names)

    @property
    def _stands_alone(self) -> bool:
        """Whether the row holds one cell only."""
        return sum(map(bool, self.row)) == 1

    def numbers(self) -> tuple[NewIdentifier, ...]:
        """The exact keys, each in its one written form; wrong ones are refused."""
        code = self._stock_code()
        numbers = [code] if code else []
        for fed, kind in _NUMBERS.items():
            column, text = self.cell(fed)
            if not text or _ALL_ZERO.fullmatch(text):
                continue
            try:
                numbers.append(NewIdentifier(IdentifierKind(kind), normalise(kind, text)))
            except IdentifierError as error:
                self.refuse(column, text, error.message)
        return tuple(numbers)

    def _stock_code(self) -> NewIdentifier | None:
        column, text = self.cell(Field.STOCK_CODE)
        if not text:
            return None
        if self.cell(Field.DELISTED)[1].lower() in _TRUE:
            # Exchanges give codes out again: the code of a company that left is no key of it.
            self.details[Field.DELISTED.value] = text
            return None
        stated = exchange_named(self.cell(Field.EXCHANGE)[1])
        scope = stated or ("" if _NAMES_EXCHANGE.search(text) and exchange_of_code(text) else self.mapping.exchange)
        try:
            scope, code = normalise_stock_code(text, scope)
        except IdentifierError as error:
            if scope or isinstance(error, UnusualDigits):
                self.refuse(column, text, error.message)
            else:
                self.keep(Field.STOCK_CODE, column, text, error.message)
            return None
        return NewIdentifier(IdentifierKind.STOCK, code, scope)

    def check_listing(self, today: dt.date | None) -> None:
        """Refuse a listing before there were exchanges, or further ahead than companies announce one."""
        column, text = self.cell(Field.LISTED_ON)
        day = date_of(text, day_first=self.mapping.day_first) if text else None
        if day and (day < _FIRST_LISTING or (today is not None and day > today + _AHEAD)):
            self.refuse(column, text, _("A listing date lies between the year 1800 and a year from today."))

    def facts(self, names: tuple[NewName, ...], numbers: tuple[NewIdentifier, ...]) -> RowFacts:
        """All that the row says, once its names and numbers stand."""
        category = self.cell(Field.CATEGORY)[1]
        for fed in (Field.FAX, Field.CURRENCY):
            if text := self.cell(fed)[1]:
                self.details[fed.value] = text
        kinds = {number.kind for number in numbers}
        company = CompanyFacts(
            names=names,
            identifiers=numbers,
            addresses=self._addresses(),
            officers=tuple((name, column) for fed in OFFICERS for column, text in self.cells(fed) for name in officers_in(text)),
            country=self._country(kinds),
            jurisdiction="CN" if IdentifierKind.USCC in kinds else "HK" if kinds & {IdentifierKind.BR, IdentifierKind.CR} else "",
            city=self._short(Field.CITY),
            sector=self._short(Field.SECTOR),
            industry=self._industry({number.scope for number in numbers}),
            phone=self._short(Field.PHONE),
            website=self._checked(Field.WEBSITE, website_of, _("This is no web address; it was kept as text.")),
            email=self._checked(Field.EMAIL, email_of, _("This is no e-mail address; it was kept as text.")),
            incorporated_on=self._date(Field.INCORPORATED_ON),
            listed_on=self._date(Field.LISTED_ON),
        )
        return RowFacts(
            company=company,
            category=category,
            details=self.details,
            as_of=self._date(Field.AS_OF),
            is_security=bool(_SECURITY_CLASS.search(category)) or _SECURITY_NAME.search(names[0].text) is not None,
            warnings=tuple(self.warnings),
        )

    def _addresses(self) -> tuple[NewAddress, ...]:
        """One address in both scripts; a text in the other script than its column's fills the place that is free."""
        english = chinese = heading = ""
        for fed in (Field.ADDRESS_EN, Field.ADDRESS_ZH, Field.ADDRESS):
            column, text = self.cell(fed)
            if not text:
                continue
            heading = heading or column
            if is_chinese(text):
                chinese = chinese or self._cut(Field.ADDRESS_ZH, column, text)
            else:
                english = english or self._cut(Field.ADDRESS_EN, column, text)
        if not english and not chinese:
            return ()
        return (NewAddress(english, chinese, AddressKind.REGISTERED if _REGISTERED.search(heading) else AddressKind.OFFICE),)

    def _country(self, kinds: set[str]) -> str:
        column, text = self.cell(Field.COUNTRY)
        if text and not (code := country_of(text)):
            self.keep(Field.COUNTRY, column, text, _("This country is not known; it was kept as text."))
        elif text:
            return code
        if IdentifierKind.USCC in kinds:
            return "CN"
        return "TW" if IdentifierKind.UBN in kinds else ""

    def _industry(self, scopes: set[str]) -> str:
        industry = self._short(Field.INDUSTRY)
        return _taiwan_industries().get(industry, industry) if scopes & {"TWSE", "TPEX"} else industry

    def _short(self, fed: Field) -> str:
        return self._cut(fed, *self.cell(fed))

    def _cut(self, fed: Field, column: str, text: str) -> str:
        if len(text) <= _LENGTHS[fed]:
            return text
        self.keep(fed, column, text, _("The text is too long and was cut; the whole is kept with the source."))
        return text[: _LENGTHS[fed]].rstrip()

    def _checked(self, fed: Field, read: Callable[[str], str], reason: Sentence) -> str:
        column, text = self.cell(fed)
        found = read(text) if text else ""
        if text and (not found or len(found) > _LENGTHS[fed]):
            self.keep(fed, column, text, reason)
            return ""
        return found

    def _date(self, fed: Field) -> dt.date | None:
        column, text = self.cell(fed)
        if not text:
            return None
        found = date_of(text, day_first=self.mapping.day_first)
        if found is None:
            self.details[fed.value] = text
            if not _YEAR.match(text):
                self.warnings.append(Problem(column, text[:LONGEST_NAME], _("This is no date; it was kept as text.")))
        return found


@cache
def _taiwan_industries() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(Path(__file__).with_name("industries.toml").read_text(encoding="utf-8"))
    return table
