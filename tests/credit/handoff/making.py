"""Packs that are ready for the handoff, sealed, endorsed."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from credit.handoff import services
from credit.handoff.models import Seal
from credit.packs.models import Pack
from crm.visits.choices import VisitKind
from tests.cast import NOW, Bank, fresh
from tests.credit import making
from tests.credit.memos import making as memos
from tests.visits import making as visits

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def papers_ready(pack: Pack) -> None:
    """Every paper of the draft is checked by a second person: what the checklist asks is tried in its own tests."""
    version = making.draft(pack)
    rows = getattr(version, "papers", None)
    if rows is not None:
        later = dt.date(2030, 1, 1)
        rows.update(state="checked", received_at=NOW, checked_at=NOW, received_by=pack.owner, checked_by=None, valid_until=later)


def visited(bank: Bank, pack: Pack, *, along: tuple[str, ...] = ("head",), days: int = 10, **values: Any) -> None:
    at = NOW - dt.timedelta(days=days)
    colleagues = tuple(bank.people[name].pk for name in along)
    visits.log(bank.rm, pack.company, at=at, kind=VisitKind.VISIT, colleague_ids=colleagues, **values)


def ready(bank: Bank, **values: Any) -> Pack:
    """Nothing stands in its way."""
    pack = memos.writing(bank, **values)
    visited(bank, pack)
    papers_ready(pack)
    memos.attested(bank, pack)
    return Pack.objects.get(pk=pack.pk)


def submitted(bank: Bank, **values: Any) -> tuple[Pack, Seal]:
    pack = ready(bank, **values)
    seal = services.submit_for_endorsement(pack_id=pack.pk, actor=fresh(bank.rm), now=NOW)
    return Pack.objects.get(pk=pack.pk), seal


def endorsed(bank: Bank, *, by: str = "head", **values: Any) -> tuple[Pack, Seal]:
    pack, seal = submitted(bank, **({"amount": "8000000"} | values))
    decide(bank, pack, by=by)
    return Pack.objects.get(pk=pack.pk), seal


def decide(bank: Bank, pack: Pack, act: str = "endorse", *, by: str = "head", view: str = "The trade is real; I saw it.") -> Pack:
    return services.decide(pack_id=pack.pk, act=act, view=view, actor=fresh(bank.people[by]), now=NOW)


__all__ = ["PDF", "SimpleUploadedFile", "decide", "endorsed", "papers_ready", "ready", "submitted", "visited"]
