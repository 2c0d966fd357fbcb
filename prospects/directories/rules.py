"""What a row states of a company, what we hold of it, and which of the two stands: pure functions on values.

A value of a list replaces
- nothing at all, where an older list says it and the same row of that source has spoken later since;
- an empty field, unless the same row said the same before: then somebody emptied it;
- a value that lists have given us, unless one of them is of a later day, or another row of the same list gave it the same day.
A value that no list gives was typed by a person, and stays. Names, numbers, addresses and officers are added, unless the same row said
them before and they are gone: then somebody took them away, and the same word does not bring them back. What only this row said
earlier and no longer says gives way to what it says now, a registered name as a former one.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from crm.companies.choices import NameKind
from crm.companies.rules import COMPANY_FACTS, CompanyFacts, names_by_script, one_line
from crm.kernel.names.legal import core_name, is_chinese
from prospects.directories.mapping import RowFacts

Key = tuple[str, str, str]
"""(kind, scope, value) of an exact key."""

_DATES = ("incorporated_on", "listed_on")
_OWN_VALUES = ("phone", "website", "email", "incorporated_on", "listed_on")
"""Facts that two companies seldom share."""

_OFFICER_LENGTH = 120
_KEY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row of a source says of one company, tidied. `values` are by the names of company fields and never empty."""

    values: dict[str, str | dt.date]
    names: tuple[tuple[str, str], ...]
    keys: tuple[Key, ...] = ()
    addresses: tuple[tuple[str, str, str], ...] = ()
    officers: tuple[tuple[str, str], ...] = ()
    details: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: RowFacts) -> Self:
        """The statement in the facts of a row: names as (kind, text), addresses as (kind, English, Chinese), officers as (name, title)."""
        company = facts.company
        return cls(
            values={name: value for name in COMPANY_FACTS if (value := _tidy(getattr(company, name)))},
            names=tuple((str(name.kind), name.text) for name in names_by_script(company.names)),
            keys=tuple((str(kind), scope, value) for kind, scope, value in dict.fromkeys(facts.keys)),
            addresses=tuple((str(address.kind), one_line(address.text_en), one_line(address.text_zh)) for address in company.addresses),
            officers=_officers(company),
            details={**facts.details, **({"category": facts.category} if facts.category else {})},
        )

    def to_json(self) -> dict[str, Any]:
        """For the source record."""
        values = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.values.items()}
        parts = {"names": self.names, "keys": self.keys, "addresses": self.addresses, "officers": self.officers}
        return {"values": values, **{part: [list(item) for item in items] for part, items in parts.items()}, "details": self.details}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """What `to_json` made; of a record that something else wrote, nothing."""
        values = {name: dt.date.fromisoformat(value) if name in _DATES else value for name, value in body.get("values", {}).items()}
        parts = {part: tuple(tuple(item) for item in body.get(part, ())) for part in ("names", "keys", "addresses", "officers")}
        return cls(values=values, details=body.get("details", {}), **parts)


def _tidy(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _officers(company: CompanyFacts) -> tuple[tuple[str, str], ...]:
    pairs = ((one_line(name)[:_OFFICER_LENGTH], one_line(title)[:_OFFICER_LENGTH]) for name, title in company.officers)
    return tuple(dict.fromkeys((name, title) for name, title in pairs if name))


@dataclass(frozen=True, slots=True)
class Row:
    """One row, ready to be compared: its number in the file, its key within the source, its day, what it states."""

    number: int
    key: str
    as_of: dt.date
    statement: Statement


class RowKeys:
    """The key of each row within its source, by which it is known again: its first exact number, else its name.

    A second row of the same number is told apart by its name, a third of both by a count.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def key_of(self, statement: Statement) -> str:
        """The key of the next row of the file."""
        core = core_name(statement.names[0][1]) if statement.names else ""
        base = ":".join(filter(None, statement.keys[0])) if statement.keys else f"name:{core}"
        key = base[:_KEY_LENGTH]
        if key in self._given:
            key = f"{base[:40]}~{core}"[: _KEY_LENGTH - 8]
        count = 1
        while (numbered := key if count == 1 else f"{key}~{count}") in self._given:
            count += 1
        self._given.add(numbered)
        return numbered


@dataclass(slots=True)
class Said:
    """What a row of some source said of a company, and as of when."""

    as_of: dt.date
    statement: Statement


@dataclass(slots=True)
class Held:
    """What we hold of a company. `names` maps texts to kinds; `said` maps (source, row key) to what that row said last."""

    values: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)
    addresses: set[tuple[str, str, str]] = field(default_factory=set)
    officers: set[tuple[str, str]] = field(default_factory=set)
    said: dict[tuple[str, str], Said] = field(default_factory=dict)

    @classmethod
    def made_of(cls, row: Row, source: str, *, foreign: Collection[Key] = ()) -> Self:
        """What is held of a company that this row makes."""
        held = cls(values=dict.fromkeys(COMPANY_FACTS, ""))
        merge(held, row, source, foreign=foreign)
        return held


@dataclass(slots=True)
class Changes:
    """What a row changes of what is held; each with what stood before, so that it can be put back. Falsy where the company stays as it is.

    `names` maps texts to (kind before or None, kind after). `says_new`: the source record is written, even where the company stays.
    """

    values: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    names: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    addresses: tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]] = field(default_factory=lambda: ([], []))
    officers: tuple[list[tuple[str, str]], list[tuple[str, str]]] = field(default_factory=lambda: ([], []))
    said_before: Said | None = None
    says_new: bool = False

    def __bool__(self) -> bool:
        return bool(self.values or self.names or self.keys or any(self.addresses) or any(self.officers))

    def to_json(self) -> dict[str, Any]:
        """For the staged row, from which the change is put back."""
        before = self.said_before
        return {
            "values": {name: [_plain(old), _plain(new)] for name, (old, new) in self.values.items()},
            "names": {text: list(kinds) for text, kinds in self.names.items()},
            "keys": [list(key) for key in self.keys],
            "addresses": [[list(item) for item in items] for items in self.addresses],
            "officers": [[list(item) for item in items] for items in self.officers],
            "said_before": {"as_of": before.as_of.isoformat(), "facts": before.statement.to_json()} if before else None,
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def from_plain(name: str, value: Any) -> Any:
    """The value of a company field from its form in `Changes.to_json`."""
    return dt.date.fromisoformat(value) if value and name in _DATES else value


def merge(held: Held, row: Row, source: str, *, foreign: Collection[Key] = ()) -> Changes:
    """Bring what is held up to what the row says, and return what that changed. `foreign` keys belong to other companies and are left."""
    me = (source, row.key)
    before = held.said.get(me)
    changes = Changes(said_before=before)
    if before is not None and before.as_of > row.as_of:
        return changes
    _merge_values(held, row, me, changes)
    _merge_names(held, row, me, changes)
    said_before = before.statement.keys if before is not None else ()
    changes.keys = [key for key in row.statement.keys if key not in held.keys and key not in foreign and key not in said_before]
    held.keys.update(changes.keys)
    changes.addresses = _replace(held, row, me, lambda statement: statement.addresses, held.addresses)
    changes.officers = _replace(held, row, me, lambda statement: statement.officers, held.officers)
    changes.says_new = before is None or before.as_of != row.as_of or before.statement != row.statement
    held.said[me] = Said(row.as_of, row.statement)
    return changes


def bears_out(before: Statement, now: Statement) -> bool:
    """Whether what a row said and says of one company agrees in more than the number by which the row is known.

    One number alone may be mistyped; a second one, or a phone, site, address, day of listing, director or the like that both state, is not
    by chance that of another company.
    """
    own = [name for name in _OWN_VALUES if now.values.get(name) and now.values[name] == before.values.get(name)]
    parts = set(before.addresses) & set(now.addresses), set(before.officers) & set(now.officers)
    return bool(own or any(parts)) or len(set(before.keys) & set(now.keys)) > 1


def _merge_values(held: Held, row: Row, me: tuple[str, str], changes: Changes) -> None:
    before = held.said.get(me)
    for name, new in row.statement.values.items():
        old = held.values.get(name)
        if old == new:
            continue
        repeats = before is not None and before.statement.values.get(name) == new
        if old in ("", None):
            stands = repeats
        else:
            given = {key: said.as_of for key, said in held.said.items() if said.statement.values.get(name) == old}
            stands = (repeats and before is not None and before.as_of == row.as_of) or not _gives_way(given, row.as_of, me)
        if not stands:
            changes.values[name] = (old, new)
            held.values[name] = new


def _gives_way(given: dict[tuple[str, str], dt.date], as_of: dt.date, me: tuple[str, str]) -> bool:
    """Whether a value that these rows gave, each on its day, is replaced by what the row `me` says as of `as_of`."""
    others_today = any(source == me[0] and key != me[1] and day == as_of for (source, key), day in given.items())
    return bool(given) and max(given.values()) <= as_of and not others_today


def _merge_names(held: Held, row: Row, me: tuple[str, str], changes: Changes) -> None:
    before = held.said.get(me)
    gone = {text for _, text in before.statement.names if text not in held.names} if before is not None else set()
    for kind, text in row.statement.names:
        if text in gone:
            continue
        registered = next((name for name, held_as in held.names.items() if held_as == NameKind.LEGAL and _one_script(name, text)), None)
        if kind != NameKind.LEGAL:
            if text not in held.names and not any(_one_script(name, text) and core_name(name) == core_name(text) for name in held.names):
                _set_name(held, changes, text, kind)
        elif registered is None:
            _set_name(held, changes, text, kind)
        elif registered != text and (former := _retired_as(held, row, me, registered, text)):
            _set_name(held, changes, registered, former)
            _set_name(held, changes, text, kind)
        elif text not in held.names and core_name(registered) != core_name(text):
            _set_name(held, changes, text, NameKind.ALIAS)


def _one_script(one: str, other: str) -> bool:
    return is_chinese(one) == is_chinese(other)


def _set_name(held: Held, changes: Changes, text: str, kind: str) -> None:
    before = changes.names[text][0] if text in changes.names else held.names.get(text)
    changes.names[text] = (before, str(kind))
    held.names[text] = str(kind)


def _retired_as(held: Held, row: Row, me: tuple[str, str], registered: str, text: str) -> str:
    """What the registered name becomes where the row's name takes its place; "" where it keeps it.

    The row itself gave the name: the company was renamed. Only other lists of earlier days gave it: the newer list's name is shown.
    """
    given = {key: said.as_of for key, said in held.said.items() if (NameKind.LEGAL, registered) in said.statement.names}
    before = held.said.get(me)
    if me in given and not (before and (NameKind.LEGAL, text) in before.statement.names) and _gives_way(given, row.as_of, me):
        return NameKind.FORMER if core_name(registered) != core_name(text) else NameKind.ALIAS
    if given and me not in given and max(given.values()) < row.as_of and core_name(registered) != core_name(text):
        return NameKind.ALIAS
    return ""


def _replace(
    held: Held, row: Row, me: tuple[str, str], part: Callable[[Statement], Iterable[Any]], items: set[Any]
) -> tuple[list[Any], list[Any]]:
    """(added, removed) addresses or officers: what the row says and is not held; what this row alone said before and no longer says."""
    before = held.said.get(me)
    said_now = list(part(row.statement))
    added = [item for item in said_now if item not in items and not (before and item in part(before.statement))]
    removed = []
    if before is not None:
        others = {item for key, said in held.said.items() if key != me for item in part(said.statement)}
        removed = [item for item in part(before.statement) if item in items and item not in said_now and item not in others]
    items.difference_update(removed)
    items.update(added)
    return added, removed
