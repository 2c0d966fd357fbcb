"""Applications as the tests of credit need them."""

import datetime as dt
from typing import Any

from credit.memos import services
from credit.memos.catalogue import ADVERSE
from credit.memos.models import Section
from credit.memos.services import Draft
from credit.packs.choices import State
from credit.packs.models import Pack, PackVersion
from tests.cast import NOW, Bank
from tests.credit import making


def writing(bank: Bank, **values: Any) -> Pack:
    """Its application is open (model A), or its papers are gathered (model B)."""
    pack = making.in_docs(bank, **values)
    if pack.authorship == "A":
        Pack.objects.filter(pk=pack.pk).update(state=State.WRITING_A)
        pack.refresh_from_db()
    return pack


def section(version: PackVersion, code: int) -> Section:
    return version.sections.get(code=code)


def write(
    bank: Bank,
    row: Section,
    text: str = "Sells frozen food to 40 shops.",
    *,
    done: bool = True,
    by: str = "rm",
    edits: int | None = None,
    now: dt.datetime = NOW,
) -> Section:
    draft = Draft(text, done, row.edits if edits is None else edits)
    return services.save_section(section_id=row.pk, draft=draft, actor=bank.people[by], now=now)


def written(bank: Bank, pack: Pack, *, by: str = "rm", adverse: str = "A supplier sued in 2024; settled.") -> PackVersion:
    """All sections are complete: one saved as people do, the others written at once."""
    version = making.draft(pack)
    version.sections.exclude(code=2).update(text="What we know of it.", is_done=True, written_by=bank.people[by], written_at=NOW)
    version.sections.filter(code=ADVERSE).update(text=adverse)
    write(bank, version.sections.get(code=2), "Two brothers, since 1988.", by=by)
    return version


def attested(bank: Bank, pack: Pack, **values: Any) -> PackVersion:
    """Complete and attested."""
    version = written(bank, pack, **values)
    adverse = version.sections.get(code=ADVERSE).text
    services.attest(pack_id=pack.pk, none_known=not adverse, actor=bank.people["rm"], now=NOW)
    return version
