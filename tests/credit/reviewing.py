"""Packs in review as the tests of credit need them."""

import datetime as dt
from typing import Any

from credit.packs.choices import State
from credit.packs.models import Pack, PackEvent
from credit.reviews import services
from credit.reviews.models import Question
from tests.cast import NOW, Bank, fresh
from tests.credit import making


def handed(bank: Bank, *, now: dt.datetime = NOW, by: str = "rm", endorsed_by: str = "head", **values: Any) -> Pack:
    """Handed off and waiting for an analyst, endorsed by the team head."""
    pack = making.in_docs(bank, by=by, now=now, **values)
    version = making.sealed(pack, now=now)
    for act, source, target, name in (
        ("submit", State.DOCS, State.ENDORSE, by),
        ("endorse", State.ENDORSE, State.HANDED_OFF, endorsed_by),
    ):
        told = {"act": act, "source": source, "target": target, "actor": bank.people[name], "post": bank.post(name)}
        PackEvent.objects.create(pack=pack, version=version, at=now, **told)
    return pack


def in_review(bank: Bank, *, analyst: str = "analyst", now: dt.datetime = NOW, **values: Any) -> Pack:
    """With an analyst."""
    pack = handed(bank, now=now, **values)
    services.assign(pack_id=pack.pk, analyst_id=bank.people[analyst].pk, actor=fresh(bank.people[analyst]), now=now)
    pack.refresh_from_db()
    return pack


def ask(bank: Bank, pack: Pack, severity: str = "blocker", *, by: str = "analyst", now: dt.datetime = NOW, send: bool = True) -> Question:
    """One question, sent by itself."""
    question = services.draft_question(
        pack_id=pack.pk, topic="accounts", severity=severity, text="Why did receivables double?", actor=bank.people[by], now=now
    )
    if send:
        services.send_questions(pack_id=pack.pk, actor=bank.people[by], now=now)
    question.refresh_from_db()
    pack.refresh_from_db()
    return question


def answer(bank: Bank, question: Question, *, by: str = "rm", now: dt.datetime = NOW) -> None:
    services.answer(question_id=question.pk, text="One buyer pays at 120 days.", actor=bank.people[by], now=now)


def rated(bank: Bank, pack: Pack, rating: str = "R2", *, by: str = "analyst", now: dt.datetime = NOW) -> None:
    services.rate(pack_id=pack.pk, rating=rating, reason="Steady margins", actor=bank.people[by], now=now)
