"""Units, people and working calendars of the demo bank."""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.hashers import make_password

from crm.demo import reading
from crm.demo.seeds.bank import REASON, Bank, insert, keep
from crm.staff.choices import UnitKind
from crm.staff.models import CalendarDay, OrgUnit, Post, User
from crm.staff.units import public_holidays

_FIRST_STAFF_NUMBER = 10_100


def plant(bank: Bank) -> None:
    """Head office, centres, teams, branches and departments; the days off of each centre; the people with one post each."""
    for facts in reading.toml("bank.toml")["unit"]:
        bank.units[facts["key"]] = _plant_unit(bank, facts)
    keep(CalendarDay, _days_off(bank))
    staff = reading.rows("staff.csv")
    hashed = make_password(bank.password)  # slow on purpose, so once for all
    users = insert(
        User,
        (
            User(
                username=row["username"],
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                language=row["language"],
                staff_number=f"TY{_FIRST_STAFF_NUMBER + place * 37}",
                email=f"{row['username']}@tungyee.example",
                password=hashed,
                date_joined=bank.now,
            )
            for place, row in enumerate(staff)
        ),
    )
    bank.people = {user.username: user for user in users}
    posts = keep(
        Post,
        (
            Post(
                user=bank.people[row["username"]],
                role=row["role"],
                grade=int(row["grade"][-1:] or 0),
                unit=bank.units[row["unit"]],
                from_at=bank.at(bank.days_ago(bank.dice.randint(500, 2400)), 9),
            )
            for row in staff
        ),
    )
    bank.posts = {post.user.username: post for post in posts}


def _days_off(bank: Bank) -> Iterator[CalendarDay]:
    """Holidays and make-up days of last year, this and the next, for each centre."""
    for centre in (unit for unit in bank.units.values() if unit.kind == UnitKind.CENTRE):
        for year in (bank.today.year - 1, bank.today.year, bank.today.year + 1):
            yield from public_holidays(centre, year)


def _plant_unit(bank: Bank, facts: dict[str, str]) -> OrgUnit:
    parent = bank.units.get(facts.get("parent", ""))
    inherited = ("jurisdiction", "time_zone", "currency")
    unit = OrgUnit(
        kind=facts["kind"],
        parent=parent,
        **{name: facts[name] for name in ("name_en", "name_hant", "name_hans")},
        **{name: facts[name] for name in inherited if name in facts},
        **({name: getattr(parent, name) for name in inherited} if parent and "currency" not in facts else {}),
    )
    unit.record(actor=None, reason=REASON)
    unit.place()
    return unit


def change_password(*, password: str, now: dt.datetime) -> int:
    """Give every demo person this password and end their sessions. Returns how many people."""
    usernames = [row["username"] for row in reading.rows("staff.csv")]
    return User.objects.filter(username__in=usernames).update(password=make_password(password), sessions_valid_from=now)
