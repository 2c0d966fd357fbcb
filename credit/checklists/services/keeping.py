"""The checklist follows what a version asks for, and goes along into the next one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from credit.checklists import rules, selectors
from credit.checklists.choices import ItemState
from credit.checklists.models import ChecklistItem, Document, DocumentUse, OwnPaper
from credit.packs import selectors as packs
from credit.packs.contents import party_key
from credit.packs.models import PackVersion

_CARRIED = (
    *("code", "own_id", "need", "is_wanted", "state", "requested_at", "received_at", "received_by_id", "dated_on", "valid_until"),
    *("checked_at", "checked_by_id", "original_sighted", "waived_until", "waived_by_id", "waived_level", "reason"),
)


def follow(version: PackVersion, actor: Any, now: dt.datetime) -> None:
    """Bring the checklist of a draft in line with what it asks for. What is not asked for any more and never came is taken away; what
    came is kept aside, and stands again once it is asked for again.
    """  # fmt: skip
    on = selectors.today_of(version.pack, now)
    asked, own = selectors.asked_of(version), selectors.own_in_force(on=on)
    wanted = rules.wanted(asked, selectors.figures(version.pack.jurisdiction, on=on)) | rules.own_needs(own, asked)
    held = {(item.code, item.party_id): item for item in version.papers.all()}
    ChecklistItem.objects.bulk_create(
        ChecklistItem(version=version, code=code, own=own.get(code), party_id=party_id, need=need)
        for (code, party_id), need in wanted.items()
        if (code, party_id) not in held
    )
    changed, gone = [], []
    for key, item in held.items():
        if key not in wanted and item.state in (ItemState.MISSING, ItemState.REQUESTED):
            gone.append(item.pk)
        elif (item.is_wanted, item.need, item.own_id) != (now_is := _stands(item, wanted.get(key), own)):
            item.is_wanted, item.need, item.own_id = now_is
            changed.append(item)
    ChecklistItem.objects.bulk_update(changed, ["is_wanted", "need", "own"])
    ChecklistItem.objects.filter(pk__in=gone).delete()
    selectors.forget(version)


def _stands(item: ChecklistItem, need: str | None, own: Mapping[str, OwnPaper]) -> tuple[bool, str, int | None]:
    """Whether a paper is asked for, how badly, and in which edition of the bank's own: the one that holds, else the one that it came by."""
    edition = own.get(item.code) if need is not None else None
    return need is not None, need or item.need, edition.pk if edition else item.own_id


def copy(old: PackVersion, new: PackVersion, actor: Any, now: dt.datetime) -> None:
    """All papers as they stand, with their documents: the same stored files."""
    parties = {party_key(party): party for party in packs.parties_of(new)}
    items, documents = {}, {}
    for item in old.papers.select_related("party").order_by("pk"):
        party = parties.get(party_key(item.party))
        items[item.pk] = ChecklistItem(version=new, party=party, **{name: getattr(item, name) for name in _CARRIED})
    ChecklistItem.objects.bulk_create(items.values())
    for document in old.documents.order_by("pk"):
        carried = {name: getattr(document, name) for name in ("file_id", "title", "dated_on", "received_at", "received_by_id")}
        documents[document.pk] = Document(version=new, **carried)
    Document.objects.bulk_create(documents.values())
    DocumentUse.objects.bulk_create(
        DocumentUse(version=new, document=documents[use.document_id], item=items[use.item_id])
        for use in DocumentUse.objects.filter(version=old).order_by("pk")
    )
    follow(new, actor, now)
