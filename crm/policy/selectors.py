"""Looking a figure up by table, jurisdiction, person and day; and the tables as the policy screens show them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import BigAutoField, DateField, QuerySet
from django.utils.module_loading import import_string

from crm.kernel.contributions import PolicyTable, of
from crm.kernel.errors import Sentence
from crm.kernel.prepared import Given, Prepared
from crm.policy import rules
from crm.policy.choices import GRADE_KEYS, Jurisdiction
from crm.policy.models import Figure, FigureChange

LOOK_BACK = dt.timedelta(days=90)


def table(name: str, *, jurisdiction: str, on: dt.date, person: int | None = None) -> dict[str, Any]:
    """All figures of a table on a day: `{"ARM": 150, "RM": 120}`. A jurisdiction's own row stands before one for all. One query.

    With `person` (an id) that person's own rows stand before the grade's for the same key; one that was not approved as a raise never
    gives more than the grade's does on that day (domain 5.1).

    Raises ImproperlyConfigured where the table has no row: a missing limit must never read as "no limit".
    """
    return tables((name,), jurisdiction=jurisdiction, on=on, person=person)[name]


def tables(names: tuple[str, ...], *, jurisdiction: str, on: dt.date, person: int | None = None) -> dict[str, dict[str, Any]]:
    """Several tables with one query, by name. Raises as `table` does."""
    given = {} if person is None else {"person": person}
    rows = _FIGURES(tuple(names), jurisdiction, person is None, on=on, **given)
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    own: list[Figure] = []
    for row in rows:
        if row.person_id is None:
            found[row.table][row.key] = row.value
        else:
            own.append(row)
    for name, figures in found.items():
        if not figures:
            raise ImproperlyConfigured(f"The policy table {name} has no figures for {jurisdiction} on {on}.")
    for name, figures in _of_person(own, found).items():
        found[name] |= figures
    return found


def _figures(names: tuple[str, ...], jurisdiction: str, for_all: bool) -> QuerySet[Figure]:
    day: Any = Given("on", DateField())
    person: Any = None if for_all else Given("person", BigAutoField())
    return Figure.objects.filter(table__in=names).of_person(person).under(jurisdiction).on(day).order_by("jurisdiction", "effective_from")


_FIGURES: Prepared[Figure] = Prepared(_figures)


def _of_person(own: list[Figure], general: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The person's own figures: rows in the order of their jurisdictions, so that the narrower one stands."""
    found: dict[str, dict[str, Any]] = {}
    for row in own:
        of_grade = general[row.table].get(row.key)
        value = row.value if row.is_raise or of_grade is None else rules.lesser(row.value, of_grade)
        found.setdefault(row.table, {})[row.key] = value
    return found


def contributed(name: str) -> PolicyTable | None:
    """The table of this name, where a feature contributed it."""
    return next((found for found in of(PolicyTable) if found.name == name), None)


def label_of_key(policy: PolicyTable, key: str) -> Sentence:
    """What a key is called: as the table says, else the key itself (roles are known by their codes)."""
    return policy.labels.get(key, key)


def keys_in_order(policy: PolicyTable, keys: Iterable[str]) -> list[str]:
    """Keys as they stand on screens: grades from below, else as the table's labels stand, then by name."""
    known = {key: place for place, key in enumerate((*GRADE_KEYS, *policy.labels))}
    return sorted(set(keys), key=lambda key: (known.get(key, len(known)), key))


def values_on(policy: PolicyTable, *, on: dt.date, jurisdiction: str, person_id: int | None) -> dict[str, Any]:
    """The values of exactly these rows on a day, by key: of this jurisdiction, of this person or of nobody."""
    rows = Figure.objects.filter(table=policy.name, jurisdiction=jurisdiction, person_id=person_id).on(on)
    return dict(rows.values_list("key", "value"))


@dataclass(frozen=True)
class Cell:
    """One figure of a line: the key and its value in words; empty where there is none to see."""

    key: str
    label: Sentence
    text: str
    is_own: bool = False


@dataclass(frozen=True)
class Line:
    """A table as the overview shows it: its figures of a day in one jurisdiction, as far as the reader may see them."""

    policy: PolicyTable
    cells: list[Cell]
    waiting: int = 0

    def under(self, columns: list[str]) -> list[Cell]:
        """A cell for each column, empty where the reader sees none."""
        known = {cell.key: cell for cell in self.cells}
        return [known.get(column, Cell(column, column, "")) for column in columns]


@dataclass
class Heading:
    """Tables that belong together: those by grade as a matrix under `columns`, and the others."""

    label: str
    columns: list[str] = field(default_factory=list)
    by_grade: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)


def overview(*, user: Any, jurisdiction: str, on: dt.date, words: str = "") -> list[Heading]:
    """All tables by heading with the figures of the day that `user` may see, their own for the grade's. `words`: only tables so named."""
    rows = Figure.objects.visible_to(user).of_person(user.pk).under(jurisdiction).on(on).order_by("jurisdiction", "effective_from")
    general: dict[str, dict[str, Any]] = {}
    own: list[Figure] = []
    for row in rows:
        if row.person_id is None:
            general.setdefault(row.table, {})[row.key] = row.value
        else:
            own.append(row)
    mine = _of_person([row for row in own if row.table in general], general)
    open_changes = list(FigureChange.objects.visible_to(user).waiting().values_list("table", flat=True))
    found: dict[str, Heading] = {}
    for policy in of(PolicyTable):
        if policy.name in general and words.lower() in f"{policy.label} {policy.heading}".lower():
            heading = found.setdefault(str(policy.heading), Heading(str(policy.heading)))
            _place(heading, policy, general[policy.name], mine.get(policy.name, {}), jurisdiction, open_changes.count(policy.name))
    for heading in found.values():
        heading.by_grade = [replace(line, cells=line.under(heading.columns)) for line in heading.by_grade]
    return list(found.values())


def _place(heading: Heading, policy: PolicyTable, values: dict[str, Any], mine: dict[str, Any], jurisdiction: str, waiting: int) -> None:
    by_grade = set(values) <= set(GRADE_KEYS)
    if by_grade:
        heading.columns = [key for key in GRADE_KEYS if key in {*heading.columns, *values}]
    shown = {key: rules.in_short(policy, key, mine.get(key, value), jurisdiction) for key, value in values.items()}
    cells = [Cell(key, label_of_key(policy, key), shown[key], key in mine) for key in keys_in_order(policy, values)]
    (heading.by_grade if by_grade else heading.others).append(Line(policy, cells, waiting))


@dataclass(frozen=True)
class Dated:
    """One figure in the course of a table: what held from when until when, who set it and who approved."""

    figure: Figure
    label: Sentence
    text: str
    time: str
    where: Sentence


def course(*, policy: PolicyTable, user: Any, on: dt.date) -> list[Dated]:
    """A table's figures that `user` may see, past, now and to come: by person, key and jurisdiction, the newest first."""
    rows = Figure.objects.visible_to(user).filter(table=policy.name).select_related("person", "set_by", "approved_by")
    places = {key: place for place, key in enumerate(keys_in_order(policy, {row.key for row in rows}))}
    ordered = sorted(rows, key=lambda row: (row.person_id or 0, places[row.key], row.jurisdiction, -row.effective_from.toordinal()))
    return [
        Dated(
            row,
            label_of_key(policy, row.key),
            rules.in_words(policy, row.key, row.value, row.jurisdiction),
            _time(row, on),
            Jurisdiction(row.jurisdiction).label,
        )
        for row in ordered
    ]


def _time(row: Figure, on: dt.date) -> str:
    if row.effective_from > on:
        return "coming"
    return "now" if row.effective_to is None or row.effective_to > on else "past"


@dataclass(frozen=True)
class Difference:
    """One figure of a proposed change: what stands, what is proposed."""

    key: str
    label: Sentence
    before: str
    after: str


def stands(policy: PolicyTable, *, on: dt.date, jurisdiction: str) -> dict[str, Any]:
    """Everybody's figures of a table on a day under a jurisdiction, in the order of screens."""
    rows = Figure.objects.filter(table=policy.name, person=None).under(jurisdiction).on(on).order_by("jurisdiction")
    values = dict(rows.values_list("key", "value"))
    return {key: values[key] for key in keys_in_order(policy, values)}


def policy_of(user: Any, name: str) -> PolicyTable | None:
    """The table of this name, where it is contributed and the person sees a figure of it."""
    policy = contributed(name)
    return policy if policy and Figure.objects.visible_to(user).filter(table=name).exists() else None


def differences(change: FigureChange) -> list[Difference]:
    """What a change changes, in words; empty where its table is contributed by nobody any more."""
    policy = contributed(change.table)
    if policy is None:
        return []
    return [
        Difference(
            key,
            label_of_key(policy, key),
            rules.in_words(policy, key, change.before.get(key), change.jurisdiction),
            rules.in_words(policy, key, change.values[key], change.jurisdiction),
        )
        for key in keys_in_order(policy, change.values)
    ]


def simulation(change: FigureChange, *, on: dt.date) -> list[Sentence]:
    """What would have been different in the 90 days up to `on`, as the table's feature says; nothing for one person's figures."""
    policy = contributed(change.table)
    if policy is None or policy.simulate is None or change.person_id is not None:
        return []
    simulate = import_string(policy.simulate)
    return list(simulate(proposed=change.values, jurisdiction=change.jurisdiction, since=on - LOOK_BACK, until=on))
