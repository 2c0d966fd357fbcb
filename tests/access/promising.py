"""Covenants for the world that access is asked of: of `rm`'s live pack, one at each point that an address speaks of."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from credit.covenants import services
from credit.covenants.models import Covenant, CovenantTest
from credit.covenants.rules import Terms
from credit.flags.services import keep_evidence
from credit.packs.models import Pack
from tests.cast import Bank, fresh


def build(bank: Bank, now: dt.datetime, pack: Pack) -> dict[str, Any]:
    """One to be confirmed; one whose paper is awaited, one whose paper is here, one that is breached, each with its test."""
    ended = timezone.localdate(now) - dt.timedelta(days=10)
    proposed = _propose(bank, pack, now, ended, "Stock insured")
    made = [_propose(bank, pack, now, ended, words) for words in ("No charge qccovenant", "Books in time", "No dividend")]
    for one in made:
        services.confirm(covenant_id=one.pk, actor=fresh(bank.cad), now=now)
    services.nightly(timezone.localdate(now), now=now)
    waiting, received, breached = (CovenantTest.objects.get(covenant=one) for one in made)
    paper = SimpleUploadedFile("search.png", b"\x89PNG\r\n\x1a\n" + b"1" * 32, "image/png")
    for test in (received, breached):
        file = keep_evidence(paper, actor=bank.rm)
        services.receive_paper(test_id=test.pk, received_on=ended, actor=fresh(bank.rm), now=now, file_id=file.pk)
        paper.seek(0)
    told = {"answer": "breached", "note": "A dividend qcbreach", "link": "/visits/1/"}
    services.record_result(test_id=breached.pk, actor=fresh(bank.analyst), now=now, **told)
    return {
        "covenant": Covenant.objects.get(pk=made[0].pk),
        "covenant_proposed": proposed,
        "covenant_test": waiting,
        "covenant_received": CovenantTest.objects.get(pk=received.pk),
        "covenant_breached": CovenantTest.objects.get(pk=breached.pk),
        "covenant_event": received.events.get(act="receive"),
    }


def _propose(bank: Bank, pack: Pack, now: dt.datetime, ended: dt.date, words: str) -> Covenant:
    terms = Terms("other", "other", 3, ended, words=words, due_days=30, cure_days=30)
    return services.propose(pack_id=pack.pk, terms=terms, actor=fresh(bank.analyst), now=now)


def far() -> dict[str, Any]:
    """A covenant and tests that are not there."""
    return {"covenant": Covenant(pk=10**6), **dict.fromkeys(("covenant_test", "covenant_received"), CovenantTest(pk=10**6))}
