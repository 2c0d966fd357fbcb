"""Clients with flags as the tests of monitoring need them."""

import datetime as dt
from typing import Any

from credit.flags import services
from credit.flags.models import Flag
from credit.packs.models import Pack
from crm.clients.models import Client
from tests.cast import NOW, Bank, fresh
from tests.credit import making
from tests.visits import making as visits

SEEN = "Door locked at 10:40, no light, nobody there."
PROOF = {"note": "The second visit found twelve people at work.", "link": "/visits/7/"}


def client(bank: Bank, owner: str = "rm", name: str = "Lok Sang Trading", name_zh: str = "樂生貿易") -> Client:
    return visits.client(bank, owner, name=name, name_zh=name_zh)


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
