"""Proposes a mapping: first by what the columns are called, then by what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from crm.companies.rules import website_of
from crm.kernel.identifiers import Kind, guess_kind
from crm.kernel.names import is_chinese, legal_form
from prospects.directories.headings import NAMES, Field, recognise
from prospects.directories.mapping.columns import SEVERAL, Mapping
from prospects.directories.mapping.exchanges import exchange_in, exchange_named, exchange_of_code, fits
from prospects.directories.mapping.values import email_of

_MOST = 0.8
_MANY = 0.5
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}")
_SAMPLE = 200
_DATES = (Field.INCORPORATED_ON, Field.LISTED_ON, Field.AS_OF)

_GUESSED = {Kind.USCC: Field.USCC, Kind.ISIN: Field.ISIN, Kind.LEI: Field.LEI, Kind.STOCK: Field.STOCK_CODE}
"""Numbers that give themselves away. Eight digits do not: a telephone in Hong Kong has as many as a registration."""

_WEAK, _WEAKEST = 900, 950
"""Ranks of what only the values say, behind every word of a heading."""


def propose(columns: Sequence[str], sample_rows: Sequence[Sequence[str]], file_name: str) -> Mapping:
    """A mapping for a table with these columns. `sample_rows` are cells without row numbers; some 200 are enough."""
    samples = [[row[index] for row in sample_rows[:_SAMPLE] if index < len(row) and row[index]] for index in range(len(columns))]
    wanted = [_wish(column, values) for column, values in zip(columns, samples, strict=True)]
    if not any(wish and wish[0] in NAMES for wish in wanted):
        wanted = _by_legal_form(wanted, samples)
    fields = _settled(columns, wanted, samples)
    by_field = {fed: samples[list(columns).index(column)] for column, fed in reversed(fields.items())}
    return Mapping(
        columns=tuple(columns),
        fields=fields,
        exchange=_exchange(by_field, file_name),
        day_first=_day_first([value for fed in _DATES for value in by_field.get(fed, [])]),
    )


def _wish(column: str, values: list[str]) -> tuple[Field, int] | None:
    """The field that a column asks for and how strongly (0 most): by its heading, made exact by its values, else by the values alone."""
    found = recognise(column)
    if found is None:
        told = _told_by(values)
        return (told, _WEAK) if told else None
    field, rank = found
    if field is Field.STOCK_CODE and (told := _told_by(values)) in {Field.ISIN, Field.USCC, Field.LEI}:
        return told, rank
    return _in_script(field, values), rank


def _told_by(values: list[str]) -> Field | None:
    kind = guess_kind(values)
    if kind in _GUESSED:
        return _GUESSED[kind]
    if _share(values, lambda value: bool(email_of(value))) >= _MOST:
        return Field.EMAIL
    hosts = {website_of(value).split("/")[2] for value in values if website_of(value)}
    # Links that all lead to one host (filings, quotes) are not the companies' own sites.
    return Field.WEBSITE if len(hosts) > len(values) * _MANY else None


def _in_script(field: Field, values: list[str]) -> Field:
    scripts = {Field.NAME: (Field.NAME_EN, Field.NAME_ZH), Field.ADDRESS: (Field.ADDRESS_EN, Field.ADDRESS_ZH)}
    if field not in scripts:
        return field
    english, chinese = scripts[field]
    return chinese if _share(values, is_chinese) >= _MANY else english


def _by_legal_form(wanted: list[tuple[Field, int] | None], samples: list[list[str]]) -> list[tuple[Field, int] | None]:
    """Where no heading names a company: the columns in which half of the values end like company names."""
    for index, values in enumerate(samples):
        if wanted[index] is None and _share(values, lambda value: len(value) <= 200 and legal_form(value) != "") >= _MANY:
            wanted[index] = (_in_script(Field.NAME, values), _WEAKEST)
    return wanted


def _settled(columns: Sequence[str], wanted: list[tuple[Field, int] | None], samples: list[list[str]]) -> dict[str, Field]:
    """One column for each field but those that take several; a name that loses is a short name, unless it says the same."""
    wishes = [(index, *wish) for index, wish in enumerate(wanted) if wish]
    winners: dict[Field, int] = {}
    for index, field, _rank in sorted(wishes, key=lambda wish: wish[2]):
        winners.setdefault(field, index)
    fields: dict[str, Field] = {}
    for index, field, _rank in wishes:
        if field in SEVERAL or winners[field] == index:
            fields[columns[index]] = field
        elif field in NAMES and samples[index] != samples[winners[field]]:
            fields[columns[index]] = Field.SHORT_NAME
    return fields


def _exchange(samples: dict[Field, list[str]], file_name: str) -> str:
    """The exchange of codes that name none: by the file's name, by what else the list holds, by the shape of most codes."""
    codes = samples.get(Field.STOCK_CODE, [])
    if not codes or _share(samples.get(Field.EXCHANGE, []), lambda value: exchange_named(value) != "") >= _MOST:
        return ""
    named = exchange_in(file_name.rsplit(".", 1)[0]) or ("TWSE" if Field.TW_UBN in samples else "")
    if named and _share(codes, lambda code: fits(code, named)) >= _MOST:
        return named
    scopes = Counter(exchange_of_code(code) for code in codes)
    scope, count = scopes.most_common(1)[0]
    return scope if count == len(codes) else ""


def _day_first(values: list[str]) -> bool:
    """As in Hong Kong, unless some date can only be read month first and none only day first."""
    pairs = [(int(match[1]), int(match[2])) for value in values if (match := _SLASHED.match(value))]
    return any(first > 12 for first, _ in pairs) or not any(second > 12 for _, second in pairs)


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(1 for value in values if test(value)) / len(values) if values else 0.0
