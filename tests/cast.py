"""The cast: a small bank with one person in each role, under the user names of the demo bank."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone

from crm.staff.choices import GRADES, Role, UnitKind
from crm.staff.models import OrgUnit, Post, User

NOW = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)  # Wednesday 10:00 in Hong Kong
_SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

# user name: (role, grade, unit)
PEOPLE: dict[str, tuple[Role, int, str]] = {
    "arm": (Role.ARM, 1, "team"),
    "rm2": (Role.RM, 2, "team"),
    "rm": (Role.SRM, 3, "team"),
    "head": (Role.TH, 4, "team"),
    "centre": (Role.RCH, 5, "centre"),
    "ho": (Role.HO, 6, "head_office"),
    "ho2": (Role.HO, 6, "head_office"),
    "sibling": (Role.RM, 2, "team2"),
    "head2": (Role.TH, 4, "team2"),
    "outsider": (Role.RM, 2, "far_team"),
    "outhead": (Role.TH, 4, "far_team"),
    "analyst": (Role.CA, 0, "credit"),
    "analyst2": (Role.CA, 0, "credit"),
    "co1": (Role.CO, 1, "credit"),
    "co2": (Role.CO, 2, "credit"),
    "approver": (Role.CO, 3, "credit"),
    "chair": (Role.CC, 0, "credit"),
    "cad": (Role.CAD, 0, "credit"),
    "cad2": (Role.CAD, 0, "credit"),
    "compliance": (Role.COMP, 0, "head_office"),
    "compliance2": (Role.COMP, 0, "head_office"),
    "finance": (Role.FIN, 0, "head_office"),
    "ops": (Role.OPS, 0, "branch"),
    "lobby": (Role.LOB, 0, "branch"),
    "branch": (Role.BH, 0, "branch"),
    "specialist": (Role.SPEC, 0, "trade"),
    "editor": (Role.EDIT, 0, "head_office"),
    "auditor": (Role.AUD, 0, "head_office"),
    "admin": (Role.ADM, 0, "head_office"),
    "admin2": (Role.ADM, 0, "head_office"),
}

_UNITS: list[tuple[str, UnitKind, str, str, str]] = [
    ("head_office", UnitKind.HEAD_OFFICE, "", "Head Office", "HK"),
    ("centre", UnitKind.CENTRE, "head_office", "Kowloon East", "HK"),
    ("far_centre", UnitKind.CENTRE, "head_office", "Shenzhen", "CN"),
    ("team", UnitKind.TEAM, "centre", "Kwun Tong Team", "HK"),
    ("team2", UnitKind.TEAM, "centre", "Kai Tak Team", "HK"),
    ("far_team", UnitKind.TEAM, "far_centre", "Futian Team", "CN"),
    ("branch", UnitKind.BRANCH, "centre", "Ngau Tau Kok Branch", "HK"),
    ("credit", UnitKind.DEPARTMENT, "head_office", "Credit Department", "HK"),
    ("trade", UnitKind.DEPARTMENT, "head_office", "Trade Finance Department", "HK"),
]


@dataclass
class Bank:
    """The units and people by name."""

    units: dict[str, OrgUnit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        people = self.__dict__.get("people", {})
        units = self.__dict__.get("units", {})
        if name in people:
            return people[name]
        if name in units:
            return units[name]
        raise AttributeError(name)

    def post(self, name: str) -> Post:
        """The person's post."""
        return Post.objects.get(user=self.people[name])


def build() -> Bank:
    """Make the units and people in the database."""
    bank = Bank()
    for key, kind, parent, name, jurisdiction in _UNITS:
        unit = OrgUnit.objects.create(
            kind=kind,
            name_en=name,
            name_hant=name,
            name_hans=name,
            parent=bank.units.get(parent),
            jurisdiction=jurisdiction,
            time_zone="Asia/Shanghai" if jurisdiction == "CN" else "Asia/Hong_Kong",
            currency="CNY" if jurisdiction == "CN" else "HKD",
        )
        unit.place()
        bank.units[key] = unit
    for username, (role, grade, unit_key) in PEOPLE.items():
        user = User.objects.create(username=username, name_en=f"{username.title()} Lau", staff_number=f"S-{username}")
        Post.objects.create(user=user, role=role, grade=grade or GRADES.get(role, 0), unit=bank.units[unit_key], from_at=_SINCE)
        bank.people[username] = user
    return bank


# The rows that `build` made the first time in this process: most tests begin with the bank, and its 130 statements last longer than they.
_moulds: list[Model] = []
_TABLES: tuple[type[Model], ...] = (OrgUnit, OrgUnit.history.model, User, Post, Post.history.model)


def last_ids() -> dict[type[Model], int]:
    """The highest id of each table that the bank's rows hold, once it was made."""
    return {table: max(row.pk for row in _moulds if type(row) is table) for table in _TABLES} if _moulds else {}


def pour() -> Bank:
    """The bank of `build`, with the same ids each time: made by it the first time, from then on written in one statement a table."""
    if not _moulds:
        bank = build()
        _moulds.extend(row for table in _TABLES for row in table._base_manager.order_by("pk"))
        return bank
    now = timezone.now()
    poured: dict[type[Model], list[Any]] = {table: [] for table in _TABLES}
    for mould in _moulds:
        names = [column.attname for column in mould._meta.concrete_fields]
        row = type(mould).from_db("default", names, [getattr(mould, name) for name in names])
        for moment in {"date_joined", "history_date"} & set(names):
            setattr(row, moment, now)
        poured[type(mould)].append(row)
    for table, rows in poured.items():
        table._base_manager.bulk_create(rows)
    units = {unit.pk: unit for unit in poured[OrgUnit]}
    for unit in units.values():
        unit.parent, unit.centre = units.get(unit.parent_id), units.get(unit.centre_id)
    return Bank(dict(zip([key for key, *_ in _UNITS], units.values(), strict=True)), {user.username: user for user in poured[User]})


def fresh(user: User) -> User:
    """The user as the next request would load them: without a remembered actor."""
    return User.objects.get(pk=user.pk)
