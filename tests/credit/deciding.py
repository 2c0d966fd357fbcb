"""Packs up for decision as the tests of credit need them."""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from credit.decisions import selectors, services, terms
from credit.decisions.models import FacilityLetter
from credit.decisions.rules import Ruling
from credit.packs.models import Pack
from crm.kernel.files import store
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


def drawn(bank: Bank, pack: Pack, *, by: str = "cad2", now: dt.datetime = NOW) -> FacilityLetter:
    """A facility letter as `draw_letter` leaves it, without the seconds that its PDF takes: for tests of what comes after."""
    actor = bank.people[by]
    decision = selectors.decision_of(pack)
    assert decision is not None
    decision.pack = pack
    content = f"facility letter of {pack.number}".encode()
    file = store(ContentFile(content).chunks(), name="letter.pdf", media_type="application/pdf", owner=actor)
    return FacilityLetter.objects.create(
        pack=pack, decision=decision, language="en", template_code="facility", terms=terms.terms_of(decision), subject="Facility letter",
        body="We offer", file=file, sha256=file.sha256, at=now, actor=actor, post=bank.post(by),
    )  # fmt: skip


def offered(bank: Bank, pack: Pack, *, by: str = "cad", drawn_by: str = "cad2", now: dt.datetime = NOW) -> None:
    """Drawn up by one of credit administration, sent by another."""
    drawn(bank, pack, by=drawn_by, now=now)
    services.offer(pack_id=pack.pk, actor=bank.people[by], now=now)
    pack.refresh_from_db()


def live(bank: Bank, *, conditions: tuple[dict[str, Any], ...] = (), now: dt.datetime = NOW, **values: Any) -> Pack:
    """Approved by the first approver, offered, accepted and live; with conditions for afterwards."""
    pack = up(bank, **values)
    for one in conditions:
        condition(bank, pack, **{"kind": "subsequent", "is_essential": False} | one)
    decide(bank, pack, now=now)
    offered(bank, pack, now=now)
    services.accept(pack_id=pack.pk, signed_by="Chan Tai Man, director", actor=bank.rm, now=now)
    services.go_live(pack_id=pack.pk, actor=bank.cad2, now=now)
    pack.refresh_from_db()
    return pack


__all__ = ["condition", "decide", "drawn", "live", "members", "offered", "ruling", "up"]
