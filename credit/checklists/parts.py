"""The checklist as a part of each version, and what of it stands in the way of a handoff or of beginning the application."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from credit.checklists import book, rules, selectors
from credit.checklists.choices import Group, ItemState, Need
from credit.checklists.models import ChecklistItem
from credit.checklists.services import keeping
from credit.packs import selectors as packs
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import HandoffCheck, Obstacle, PackPanel, PackPart, PartDocument, WritingCheck, called, chosen
from credit.packs.permissions import can_change
from crm.kernel.errors import Sentence
from crm.kernel.wording import listed

_READ = (
    *("code", "need", "state", "requested_at", "received_at", "dated_on", "valid_until", "checked_at", "original_sighted"),
    *("waived_until", "waived_level", "reason"),
)
_SHOWN = 12


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def content(version: PackVersion) -> dict[str, Any]:
    """Papers by key and documents by content hash. Two statements for a freshly loaded version."""
    documents: dict[str, Any] = {}
    papers = {}
    for item in selectors.items_of(version):
        uses = list(item.uses.all())
        papers[item.key] = {
            **{name: _plain(getattr(item, name)) for name in _READ},
            "received_by": item.received_by.username if item.received_by else None,
            "checked_by": item.checked_by.username if item.checked_by else None,
            "waived_by": item.waived_by.username if item.waived_by else None,
            "documents": [use.document.file.sha256 for use in uses],
        } | _called(item)
        for use in uses:
            file = use.document.file
            documents[file.sha256] = {"title": use.document.title, "size": file.size, "media_type": file.media_type}
    return {"papers": papers, "documents": documents}


def _called(item: ChecklistItem) -> dict[str, Any]:
    """What a paper of the bank's own is called: the book does not say it."""
    return {"called": {"en": item.own.name_en, "zh-hant": item.own.name_hant, "zh-hans": item.own.name_hans}} if item.own else {}


def documents(version: PackVersion) -> list[PartDocument]:
    """Each file once, under the first code that it stands for."""
    found: dict[int, PartDocument] = {}
    for item in selectors.items_of(version):
        for use in item.uses.all():
            found.setdefault(use.document_id, PartDocument(item.code, use.document.title, use.document.file))
    return list(found.values())


def _named(item: ChecklistItem, on: dt.date) -> str:
    expired = rules.standing(item, on) == ItemState.EXPIRED
    return _now("%(code)s expired") % {"code": item.code} if expired else item.code


def not_ready(version: PackVersion, now: dt.datetime) -> list[Obstacle]:
    """Required papers that are neither checked nor waived (domain 6.7; invariant 20)."""
    on = selectors.today_of(version.pack, now)
    found = selectors.open_required(version, on)
    if not found:
        return []
    sentence = ngettext("%(count)s paper is not checked or waived", "%(count)s papers are not checked or waived", len(found)) % {
        "count": len(found)
    }
    codes = ", ".join(_named(item, on) for item in found[:_SHOWN])
    return [Obstacle(sentence, f"{codes} …" if len(found) > _SHOWN else codes, "#papers")]


def too_few(version: PackVersion, now: dt.datetime) -> list[Obstacle]:
    """Too few of the required papers are in to begin the application (transition 3)."""
    on = selectors.today_of(version.pack, now)
    percent = packs.docs_percent(version.pack.jurisdiction, on=on)
    share = rules.share_in(selectors.items_of(version), on)
    if rules.enough(share, percent):
        return []
    told = {"held": share[0], "of": share[1], "percent": percent}
    return [Obstacle(_now("%(held)s of %(of)s required papers are in; %(percent)s %% are needed.") % told, "", "#papers")]


def card(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    """The papers by heading, with how many are ready."""
    found = selectors.headings(version, selectors.today_of(pack, now))
    return {
        "headings": found,
        "ready": sum(heading.ready for heading in found),
        "all": sum(len(heading.lines) for heading in found),
        "may_change": can_change(user=user, pack=pack, version=version),
    }


def words(content: dict[str, Any]) -> dict[str, Sentence]:
    """Fields as they are called, papers by code and name, documents by title."""
    fields = (*_READ, "received_by", "checked_by", "waived_by")
    return {
        **called(ChecklistItem, fields),
        **{key: _paper_in_words(key, row) for key, row in content["papers"].items()},
        **{sha: row["title"] for sha, row in content["documents"].items()},
        **{
            "papers": _("Papers"),
            "documents": _("Documents"),
            "title": _("Title"),
            "size": _("Bytes"),
            "media_type": "",
            "called": _("name"),
        },
        **{"en": _("English"), "zh-hant": _("Traditional Chinese"), "zh-hans": _("Simplified Chinese")},
    }


def _paper_in_words(key: str, row: Mapping[str, Any]) -> str:
    code, _space, of = key.partition(" ")
    whose = Group.GUARANTOR.label if of.isdigit() else of
    return f"{code} {book.called({'code': code, **row})}" + (f" ({whose})" if whose else "")


def _documents(text: str, words: Mapping[str, Sentence]) -> str:
    return listed(str(words.get(sha, sha[:12])) for sha in text.split(", "))


READS = {
    "need": chosen(Need),
    "state": chosen(ItemState),
    "documents": _documents,
}
PARTS = (
    PackPart("papers", _("Papers"), content, keeping.copy, documents=documents, changed=keeping.follow, words=words, reads=READS, order=10),
    PackPanel("papers", _("Papers"), "checklists/papers.html", card, order=20),
    WritingCheck("papers", too_few),
    HandoffCheck("papers", not_ready, order=10),
)
