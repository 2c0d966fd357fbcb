"""A part of packs that holds documents, for tests of what carries documents whatever feature they come from."""

import datetime as dt
from collections import defaultdict
from typing import Any

from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackPart, PartDocument
from crm.kernel import files
from tests.cast import Bank
from tests.credit import making

_HELD: dict[int, list[PartDocument]] = defaultdict(list)
CONTENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _copy(old: PackVersion, new: PackVersion, actor: Any, now: dt.datetime) -> None:
    _HELD[new.pk] = list(_HELD[old.pk])


def _content(version: PackVersion) -> dict[str, Any]:
    return {row.code: row.file.sha256 for row in _HELD[version.pk]}


PAPERS = PackPart("stand_in", "Papers brought by a test", _content, _copy, documents=lambda version: tuple(_HELD[version.pk]), order=90)


def give_paper(bank: Bank, pack: Pack, content: bytes = CONTENT, code: str = "H10", name: str = "audited accounts.pdf") -> files.StoredFile:
    """A paper of the draft."""
    file = files.store([content], name=name, media_type="application/pdf", owner=bank.rm)
    _HELD[making.draft(pack).pk].append(PartDocument(code, "Audited accounts", file))
    return file


def forget() -> None:
    """Ids are given again to the next test's versions."""
    _HELD.clear()
