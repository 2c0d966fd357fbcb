"""Credit packs for the world that access is asked of: all `rm`'s, one at each point that an address speaks of."""

import datetime as dt
from typing import Any

from django.utils import timezone

from credit.checklists import services as papers
from credit.checklists.requesting import CONTEXT
from credit.handoff import sealing
from credit.handoff.choices import CHAIN, WHOLE_BANK
from credit.handoff.models import Seal, SealedDocument
from credit.packs import services as packs
from credit.packs.models import Pack, PackVersion
from crm.kernel.models import Sequence
from crm.papers import services as letters
from tests.cast import Bank
from tests.credit import filing, making
from tests.papers import making as templates


def build(bank: Bank, now: dt.datetime, company: Any, *, by: str = "rm") -> dict[str, Any]:
    """A draft with all that belongs to it; one that gathers papers; one handed off; one with a version open on top."""
    told: dict[str, Any] = {"by": by, "now": now}
    draft, docs, sealed, reopened = (making.pack(bank, company, **told) for _ in range(4))
    for pack in (docs, sealed, reopened):
        making.facility(bank, pack, amount="200000", **told)
    facility = making.facility(bank, draft, purpose="Cold store qcpurpose", **told)
    party = making.party(bank, draft, person_name="Chan qcguarantor", **told)
    security = making.security(bank, draft, description="Shop qcsecurity", **told)
    packs.start_docs(pack_id=docs.pk, actor=bank.people[by], now=now)
    brought = filing.receive(
        bank, docs, *(item.code for item in filing.required(making.draft(docs))), by=by, on=timezone.localdate(now), now=now
    )
    values = templates.values(subject_en="Papers", body_en="We need:\n{{ papers }}", context=CONTEXT)
    letters.keep_template(code="pack-papers", values=values, actor=bank.editor, now=now)
    for pack in (sealed, reopened):
        packs.start_docs(pack_id=pack.pk, actor=bank.people[by], now=now)
        making.sealed(pack, now=now)
    opened = packs.open_version(pack_id=reopened.pk, reason="More qcversion", actor=bank.people[by], now=now)
    opened.sections.update(text="Known facts qcsection", is_done=True)
    version, papers_of_draft = _sealed(bank, sealed, now, by), _papers(bank, draft, now, by)
    return {
        "pack_card": "exposure", "pack_company": company,
        "pack": draft, "pack_in_docs": docs, "pack_sealed": sealed, "pack_reopened": reopened,
        "facility": facility, "party": party, "security": security, **papers_of_draft,
        "section": opened.sections.get(code=2), "version": version, "sealed_document": _pinned(version.seal, brought[0]),
    }  # fmt: skip


def _sealed(bank: Bank, pack: Pack, now: dt.datetime, by: str) -> PackVersion:
    """Its sealed version, with a seal."""
    version = PackVersion.objects.select_related("pack__company__group", "pack__owner", "pack__centre").get(pack=pack)
    made = sealing.seal_for(version, previous="", position=1, actor=bank.people[by], now=now)
    told = {"hash": made.hash, "manifest": made.manifest, "contents": made.contents}
    Seal.objects.create(version=version, position=Sequence.take(CHAIN, WHOLE_BANK), actor=bank.people[by], at=now, **told)
    return version


def _pinned(seal: Seal, document: Any) -> SealedDocument:
    """A document that the seal pins."""
    told = {"code": "H10", "title": "Accounts", "name": "documents/001-H10.pdf", "sha256": document.file.sha256, "size": document.file.size}
    return SealedDocument.objects.create(seal=seal, place=1, file=document.file, **told)


def _papers(bank: Bank, pack: Pack, now: dt.datetime, by: str) -> dict[str, Any]:
    """One that waits for a second person with its document, one missing, one left out, one whose waiver waits."""
    actor, on = bank.people[by], timezone.localdate(now)
    [document] = filing.receive(bank, pack, "H10", by=by, on=on, now=now, name="qcdossier.pdf")
    left_out = filing.item(pack, "H22")
    papers.leave_out(item_id=left_out.pk, reason="None needed", actor=actor, now=now)
    waits = filing.item(pack, "H16")
    until = on + dt.timedelta(days=30)
    waiver = papers.ask_waiver(item_id=waits.pk, until=until, reason="Late qcwaiver", actor=actor, now=now)
    return {
        "own_paper": filing.own_paper(bank, by="editor", on=on, now=now),
        "paper": filing.item(pack, "H10"),
        "paper_missing": filing.item(pack, "H14"),
        "paper_left_out": left_out,
        "document": document,
        "waiver": waiver,
    }
