"""Clients with drawn facilities, figures, classes and flags, as the tests of monitoring need them."""

import datetime as dt
from typing import Any

from credit.flags import services
from credit.flags.models import Flag
from credit.packs.models import Pack
from credit.risk import services as risk
from credit.risk.models import Standing
from crm.clients.models import Client
from crm.figures.models import Conduct, FigureFile, LimitUse
from crm.staff.choices import Role
from crm.staff.models import Post, User
from tests.cast import NOW, Bank, fresh
from tests.credit import making
from tests.visits import making as visits

TODAY = dt.date(2026, 3, 4)
SEEN = "Door locked at 10:40, no light, nobody there."
PROOF = {"note": "The second visit found twelve people at work.", "link": "/visits/7/"}


def client(bank: Bank, owner: str = "rm", name: str = "Lok Sang Trading", name_zh: str = "樂生貿易", **values: Any) -> Client:
    made = visits.client(bank, owner, name=name, name_zh=name_zh)
    made.opened_on = dt.date(2020, 1, 1)
    for field, value in values.items():
        setattr(made, field, value)
    made.save()
    return made


def hr(bank: Bank) -> User:
    """One of human resources, who is not of the cast: they read nothing but frozen files."""
    user = User.objects.create(username="hr", name_en="Hr Lau", staff_number="S-hr")
    Post.objects.create(user=user, role=Role.HR, grade=0, unit=bank.head_office, from_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    bank.people["hr"] = user
    return user


def flag(bank: Bank, of: Client, code: str = "RF-01", *, by: str | None = "rm", now: dt.datetime = NOW, **values: Any) -> Flag:
    actor = fresh(bank.people[by]) if by else None
    return services.raise_flag(client_id=of.pk, code=code, note=SEEN, actor=actor, now=now, **values)


def close(bank: Bank, of: Flag, by: str, *, now: dt.datetime = NOW, **values: Any) -> Flag:
    return services.close(flag_id=of.pk, actor=fresh(bank.people[by]), now=now, **PROOF | values)


def pack_in(bank: Bank, of: Client, state: str) -> Pack:
    """A pack of the client as later steps leave it."""
    made = making.in_docs(bank, of=of.company)
    making.sealed(made, state=state)
    return made


def file(kind: str, on: dt.date) -> FigureFile:
    count = FigureFile.objects.count()
    return FigureFile.objects.create(
        kind=kind, on=on, bank="test", name=f"{kind}-{count}", sha256=f"{count:064}", state="done", started_at=NOW, finished_at=NOW
    )


def drawn(of: Client, facility: str = "OD", amount: int = 1_000_000, *, on: dt.date = TODAY, limit: int = 2_000_000) -> LimitUse:
    """What a facility has drawn, in Hong Kong dollars."""
    cents = {"limit": limit * 100, "drawn": amount * 100, "limit_hkd": limit * 100, "drawn_hkd": amount * 100}
    reference = f"{facility}{of.pk}"
    return LimitUse.objects.create(
        client=of, on=on, file=file("limits", on), reference=reference, facility=facility, currency="HKD", **cents
    )


def conduct(of: Client, days: int, *, on: dt.date = TODAY, returned: int = 0) -> Conduct:
    return Conduct.objects.create(client=of, on=on, file=file("conduct", on), returned_items=returned, returned_amount=0, excess_days=days)


def standing(bank: Bank, of: Client | None = None, *, now: dt.datetime = NOW, by: str = "rm") -> Standing:
    found: Standing = risk.begin(client_id=(of or client(bank)).pk, actor=fresh(bank.people[by]), now=now)
    return found
