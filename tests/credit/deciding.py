"""Packs up for decision as the tests of credit need them."""

import datetime as dt
from typing import Any

from credit.decisions import services
from credit.decisions.rules import Ruling
from credit.packs.models import Pack
from crm.staff.models import Post, User
from tests.cast import NOW, Bank, fresh
from tests.credit import reviewing

SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def up(bank: Bank, amount: str = "1500000", *, rating: str = "R2", connected: bool = False, exception: str = "", **values: Any) -> Pack:
    """Rated and put up for decision by its analyst; unsecured."""
    pack = reviewing.in_review(bank, amount=amount, **values)
    reviewing.rated(bank, pack, rating)
    services.route(pack_id=pack.pk, is_connected=connected, exception=exception, actor=bank.analyst, now=NOW)
    pack.refresh_from_db()
    return pack


def ruling(word: str = "approve", **values: Any) -> Ruling:
    given: dict[str, Any] = {"judgement": "Cash flow covers it twice."}
    if word == "decline":
        given |= {"reason": "Leverage", "reapply_on": dt.date(2026, 9, 1)}
    if word == "defer":
        given |= {"items": "Audited accounts", "due_on": dt.date(2026, 3, 20)}
    return Ruling(word=word, **given | values)


def decide(bank: Bank, pack: Pack, word: str = "approve", *, by: str = "co1", now: dt.datetime = NOW, **values: Any) -> Any:
    found = services.decide(pack_id=pack.pk, ruling=ruling(word, **values), actor=fresh(bank.people[by]), now=now)
    pack.refresh_from_db()
    return found


def members(bank: Bank, number: int) -> list[User]:
    """More members of the committee; the cast has one."""
    found = []
    for place in range(number):
        user = User.objects.create(username=f"member{place}", name_en=f"Member {place}", staff_number=f"M-{place}")
        Post.objects.create(user=user, role="CC", grade=0, unit=bank.credit, from_at=SINCE)
        found.append(user)
    return found


def condition(bank: Bank, pack: Pack, *, by: str = "analyst", **values: Any) -> Any:
    given = {"kind": "precedent", "type": "legal", "text": "Guarantee signed", "is_essential": True}
    return services.propose_condition(pack_id=pack.pk, actor=bank.people[by], now=NOW, **given | values)


__all__ = ["condition", "decide", "members", "ruling", "up"]
