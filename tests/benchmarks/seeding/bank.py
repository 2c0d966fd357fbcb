"""The invented bank: relationship managers with some 50 clients and 100 deals each, whatever its size; centre heads see thousands."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crm.companies.choices import CoverageKind, IdentifierKind, NameKind
from crm.companies.indexing import keys_of, match_keys_of
from crm.companies.models import Company, CompanyName, Coverage, Identifier, MatchKey, SearchKey
from crm.companies.rules import sort_key
from crm.kernel.names.legal import core_name
from crm.staff.choices import GRADES, Role, UnitKind
from crm.staff.models import OrgUnit, Post, User
from tests.benchmarks.seeding import diary, pursuits
from tests.benchmarks.seeding.names import company_names, person_name
from tests.benchmarks.seeding.sinks import Sink

COMPANIES_PER_MANAGER = 250
MANAGERS_PER_TEAM, TEAMS_PER_CENTRE = 8, 5
SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
CHUNK = 5_000

# One person of each kind of reader beside the managers and heads: user name, role, kind of unit.
_OTHERS = (
    ("ho", Role.HO, UnitKind.HEAD_OFFICE),
    ("compliance", Role.COMP, UnitKind.HEAD_OFFICE),
    ("auditor", Role.AUD, UnitKind.HEAD_OFFICE),
    ("finance", Role.FIN, UnitKind.HEAD_OFFICE),
    ("specialist", Role.SPEC, UnitKind.HEAD_OFFICE),
    ("admin", Role.ADM, UnitKind.HEAD_OFFICE),
    ("analyst", Role.CA, UnitKind.HEAD_OFFICE),
    ("cad", Role.CAD, UnitKind.HEAD_OFFICE),
    ("centre", Role.RCH, UnitKind.CENTRE),
    ("ops", Role.OPS, UnitKind.BRANCH),
    ("lobby", Role.LOB, UnitKind.BRANCH),
    ("head", Role.TH, UnitKind.TEAM),
    ("arm", Role.ARM, UnitKind.TEAM),
)


@dataclass(frozen=True, slots=True)
class Manager:
    """A relationship manager: where what they own is seen."""

    user_id: int
    post_id: int
    team_id: int
    centre_id: int

    @property
    def scope(self) -> tuple[int, int, int]:
        """owner, team, centre."""
        return self.user_id, self.team_id, self.centre_id


@dataclass
class Bank:
    """How large it is, who works there, and what the measured people look at."""

    size: int
    now: dt.datetime
    seed: int = 1
    managers_per_team: int = MANAGERS_PER_TEAM
    teams_per_centre: int = TEAMS_PER_CENTRE
    managers: list[Manager] = field(default_factory=list)

    def manager_of(self, company_id: int) -> Manager:
        """Who looks after a company, if anybody does."""
        return self.managers[(company_id - 1) // 5 % len(self.managers)]

    @property
    def clients(self) -> range:
        """Every fifth company banks with us; the n-th one is client n."""
        return range(5, self.size + 1, 5)

    @property
    def pursued(self) -> Iterator[int]:
        """Two in five are pursued."""
        return (company_id for company_id in range(1, self.size + 1) if company_id % 5 in (1, 2))

    @property
    def lost(self) -> range:
        """And some were, in vain."""
        return range(3, self.size + 1, 25)


def populate(sink: Sink, *, size: int, now: dt.datetime, **proportions: int) -> Bank:
    """Write a bank of `size` companies into the sink. Users: rm, rm-2, ...; head, centre, ho, and one of each other kind of reader.

    `proportions`: `managers_per_team`, `teams_per_centre`, where a small bank is to have as many centres as a large one.
    """
    bank = Bank(size=size, now=now, **proportions)
    units = _units(bank)
    _write(sink, OrgUnit, _UNIT_COLUMNS, units)
    users, posts = _staff(bank, units)
    _write(sink, User, ("id", "username", "name_en", "name_zh", "staff_number", "password"), users)
    _write(sink, Post, ("id", "user_id", "role", "grade", "unit_id", "from_at"), posts)
    _companies(bank, sink)
    _write(sink, Coverage, _COVERAGE_COLUMNS, _coverage(bank))
    for table in (*pursuits.tables(bank), *diary.tables(bank)):
        _write(sink, *table)
    sink.finish()
    return bank


def _write(sink: Sink, model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into the sink, a chunk at a time."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        sink.put(model, columns, chunk)


_UNIT_COLUMNS = ("id", "kind", "name_en", "name_hant", "name_hans", "parent_id", "path", "centre_id")


def _units(bank: Bank) -> list[tuple[Any, ...]]:
    """Head office, its branch, centres with their teams."""
    teams = -(-max(2, bank.size // COMPANIES_PER_MANAGER) // bank.managers_per_team)
    rows: list[tuple[Any, ...]] = [
        (1, UnitKind.HEAD_OFFICE, "Head Office", "總行", "总行", None, "1.", None),
        (2, UnitKind.BRANCH, "Main Branch", "總行營業部", "总行营业部", 1, "1.2.", None),
    ]
    for team in range(teams):
        if team % bank.teams_per_centre == 0:
            centre = len(rows) + 1
            name = f"Centre {team // bank.teams_per_centre + 1}"
            rows.append((centre, UnitKind.CENTRE, name, name, name, 1, f"1.{centre}.", centre))
        key, name = len(rows) + 1, f"Team {team + 1}"
        rows.append((key, UnitKind.TEAM, name, name, name, centre, f"1.{centre}.{key}.", centre))
    return rows


def _staff(bank: Bank, units: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Users and posts; fills `bank.managers`."""
    users: list[tuple[Any, ...]] = []
    posts: list[tuple[Any, ...]] = []

    def hire(username: str, role: Role, unit_id: int) -> int:
        key = len(users) + 1
        english, chinese = person_name(key)
        users.append((key, username, english, chinese, f"S{key:05d}", "!"))
        posts.append((key, key, role, GRADES.get(role, 0), unit_id, SINCE))
        return key

    first = {row[1]: row[0] for row in reversed(units)}
    for username, role, kind in _OTHERS:
        hire(username, role, first[kind])
    for unit_id, kind, _, _, _, _, _, centre_id in units:
        for _ in range(bank.managers_per_team if kind == UnitKind.TEAM else 0):
            number = len(bank.managers) + 1
            key = hire("rm" if number == 1 else f"rm-{number}", Role.RM, unit_id)
            bank.managers.append(Manager(key, key, unit_id, centre_id))
    return users, posts


_COMPANY_COLUMNS = (
    "id", "name_en", "name_zh", "sort_key", "country", "jurisdiction", "city", "sector", "phone", "website",
    "last_contact_at", "last_met_at",
)  # fmt: skip


def _companies(bank: Bank, sink: Sink) -> None:
    """Companies with their names, exact keys, and the keys by which they are found and compared."""
    names = company_names(random.Random(bank.seed))
    for start in range(1, bank.size + 1, CHUNK):
        rows, texts, numbers, searches, matches = [], [], [], [], []
        for key in range(start, min(start + CHUNK, bank.size + 1)):
            name = next(names)
            phone, website = f"+852 2{key:07d}", f"https://www.company-{key}.example"
            met = bank.now - dt.timedelta(days=key % 300) if key % 5 < 3 else None
            order = sort_key(name.english, name.chinese)
            rows.append((key, name.english, name.chinese, order, "HK", "HK", "Hong Kong", name.sector, phone, website, met, met))
            called = {text for text in (name.english, name.chinese) if text}
            texts += [(key, NameKind.LEGAL, text, core_name(text)[:200], "seed") for text in called]
            number = (IdentifierKind.STOCK, "HKEX", f"{key:05d}") if key % 40 == 0 else (IdentifierKind.BR, "", f"{key:08d}")
            numbers.append((key, *number, "seed"))
            found = keys_of(names=called, identifiers=[(number[0], number[2])], phone=phone)
            searches += [(key, text, rank) for text, rank in found.items()]
            matches += [(key, found) for found in match_keys_of(names=called, phone=phone, website=website)]
        sink.put(Company, _COMPANY_COLUMNS, rows)
        sink.put(CompanyName, ("company_id", "kind", "text", "core", "source"), texts)
        sink.put(Identifier, ("company_id", "kind", "scope", "value", "source"), numbers)
        sink.put(SearchKey, ("company_id", "key", "rank"), searches)
        sink.put(MatchKey, ("company_id", "key"), matches)


_COVERAGE_COLUMNS = ("company_id", "kind", "post_id", "owner_id", "team_id", "centre_id", "from_at")


def _coverage(bank: Bank) -> Iterator[tuple[Any, ...]]:
    for kind, companies in ((CoverageKind.CLIENT, bank.clients), (CoverageKind.PROSPECT, bank.pursued)):
        for company_id in companies:
            manager = bank.manager_of(company_id)
            yield company_id, kind, manager.post_id, *manager.scope, SINCE
