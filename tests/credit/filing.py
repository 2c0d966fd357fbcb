"""Documents as the tests of credit bring them."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from credit.checklists import selectors, services
from credit.checklists.choices import Need
from credit.checklists.models import ChecklistItem
from credit.checklists.services import Edition, Received
from credit.packs.models import Pack, PackVersion
from tests.cast import NOW, Bank
from tests.credit import making

TODAY = dt.date(2026, 3, 4)


def pdf(text: str = "one", *, password: str = "") -> bytes:
    """A small PDF whose content differs by its text."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": text})
    if password:
        writer.encrypt(password)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def upload(name: str = "accounts.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(name) if content is None else content)


def stored(bank: Bank, of: Pack, *, by: str = "rm", name: str = "accounts.pdf", content: bytes | None = None) -> int:
    return services.receive_file(upload(name, content), pack=of, actor=bank.people[by], now=NOW).pk


def edition(**changes: Any) -> Edition:
    """A paper of the bank's own, for term loans in Hong Kong."""
    told: dict[str, Any] = {
        "code": "B01", "names": ("Fire safety certificate", "消防證書", "消防证书"), "group": "facility", "source": "client",
        "need": "required", "waived_by": "TH", "effective_from": TODAY, "reason": "Asked for by the supervisor", "valid_days": 90,
        "jurisdiction": "HK", "facility_types": ("TL",),
    }  # fmt: skip
    return Edition(**told | changes)


def own_paper(bank: Bank, *, by: str = "editor", approved_by: str = "", now: dt.datetime = NOW, on: dt.date = TODAY, **changes: Any) -> Any:
    """Proposed; approved too where it says by whom."""
    own = services.propose_paper(edition=edition(**{"effective_from": on} | changes), actor=bank.people[by], now=now)
    if approved_by:
        own = services.approve_paper(paper_id=own.pk, actor=bank.people[approved_by], now=now)
    return own


def item(of: Pack, code: str) -> ChecklistItem:
    found = making.draft(of).papers.select_related("version__pack__centre").filter(code=code).order_by("party_id").first()
    assert found is not None, code
    return found


def receive(bank: Bank, of: Pack, *codes: str, by: str = "rm", on: dt.date = TODAY, now: dt.datetime = NOW, **file: Any) -> list[Any]:
    """Papers by code, one document for all."""
    ids = tuple(item(of, code).pk for code in codes)
    received = Received((stored(bank, of, by=by, **file),), ids, on)
    return services.receive_papers(pack_id=of.pk, received=received, actor=bank.people[by], now=now)


def check(bank: Bank, of: Pack, *codes: str, by: str = "head", now: dt.datetime = NOW) -> None:
    for code in codes:
        services.check_paper(item_id=item(of, code).pk, original_sighted=True, actor=bank.people[by], now=now)


def required(of: PackVersion) -> Sequence[ChecklistItem]:
    selectors.forget(of)
    return [one for one in selectors.items_of(of) if one.need == Need.REQUIRED]


def complete(bank: Bank, of: Pack, *, by: str = "rm", checked_by: str = "head", now: dt.datetime = NOW) -> None:
    """Every required paper is here and checked by a second person."""
    version = making.draft(of)
    ids = tuple(one.pk for one in required(version))
    received = Received((stored(bank, of, by=by, name="all.pdf"),), ids, TODAY)
    services.receive_papers(pack_id=of.pk, received=received, actor=bank.people[by], now=now)
    for pk in ids:
        services.check_paper(item_id=pk, original_sighted=True, actor=bank.people[checked_by], now=now)
