"""Packs that are ready for the handoff, sealed, endorsed."""

import datetime as dt
from typing import Any

from credit.checklists import selectors as checklists
from credit.checklists.choices import ItemState
from credit.handoff import services
from credit.handoff.models import Seal
from credit.packs.models import Pack
from crm.visits.choices import VisitKind
from tests.cast import NOW, Bank, fresh
from tests.credit import filing, making
from tests.credit.memos import making as memos
from tests.visits import making as visits


def papers_ready(bank: Bank, pack: Pack) -> None:
    """Every required paper of the draft that is not ready is brought, and checked by a second person."""
    version = making.draft(pack)
    version.pack = pack
    missing = [row.code for row in checklists.open_required(version, filing.TODAY)]
    if missing:
        filing.receive(bank, pack, *missing, name="all.pdf")
        rows = version.papers.filter(code__in=missing)
        rows.update(state=ItemState.CHECKED, checked_at=NOW, checked_by=bank.people["head"], original_sighted=True)


def visited(bank: Bank, pack: Pack, *, along: tuple[str, ...] = ("head",), days: int = 10, **values: Any) -> None:
    at = NOW - dt.timedelta(days=days)
    colleagues = tuple(bank.people[name].pk for name in along)
    visits.log(bank.rm, pack.company, at=at, kind=VisitKind.VISIT, colleague_ids=colleagues, **values)


def ready(bank: Bank, **values: Any) -> Pack:
    """Nothing stands in its way."""
    pack = memos.writing(bank, **values)
    visited(bank, pack)
    papers_ready(bank, pack)
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
