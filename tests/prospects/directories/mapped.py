"""What a row says under a mapping."""

import datetime as dt

from prospects.directories.headings import Field
from prospects.directories.mapping import Mapping, RefusedRow, RowFacts, to_facts

TODAY = dt.date(2026, 6, 1)


def facts(fields: dict[Field, str], **choices: object) -> RowFacts | RefusedRow:
    """What a row says whose columns are called after the fields they feed."""
    columns = tuple(field.value for field in fields)
    mapping = Mapping(columns=columns, fields={field.value: field for field in fields}, **choices)
    return to_facts(mapping, list(fields.values()), today=TODAY)


def taken(fields: dict[Field, str], **choices: object) -> RowFacts:
    found = facts(fields, **choices)
    assert isinstance(found, RowFacts), found
    return found


def refused(fields: dict[Field, str], **choices: object) -> RefusedRow:
    found = facts(fields, **choices)
    assert isinstance(found, RefusedRow), found
    return found
