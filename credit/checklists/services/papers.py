"""Papers asked for, received, checked by a second person, left out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.checklists import permissions, rules, selectors
from credit.checklists.choices import ItemState, WaiverState
from credit.checklists.models import ChecklistItem, Document, DocumentUse, Waiver
from credit.packs import rules as packs_rules
from credit.packs import services as packs
from credit.packs.choices import Act
from credit.packs.models import Pack, PackVersion
from credit.packs.services import steps
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.worklist import WorkItem, WorkState

_RELATED = ("version__pack__company", "version__pack__centre", "version__pack__team", "party__company", "own")


@dataclass(frozen=True)
class Received:
    """What came: stored files, the papers that they are for, the day that they speak of, a title of their own."""

    file_ids: tuple[int, ...]
    item_ids: tuple[int, ...]
    dated_on: dt.date
    title: str = ""


def item_of(item_id: int, actor: Any) -> ChecklistItem:
    """The paper with its pack, that pack locked. ChecklistItem.DoesNotExist where hidden."""
    pack_id = ChecklistItem.objects.visible_to(actor).values_list("version__pack_id", flat=True).get(pk=item_id)
    Pack.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=pack_id)
    return ChecklistItem.objects.select_related(*_RELATED).get(pk=item_id)


def _items(version: PackVersion, ids: Iterable[int]) -> list[ChecklistItem]:
    wanted = set(ids)
    found = list(version.papers.filter(pk__in=wanted, is_wanted=True).order_by("pk"))
    if not found or len(found) != len(wanted):
        raise packs_rules.refuse("items", _("Pick papers of this checklist."))
    return found


def note(pack: Pack, version: PackVersion, what: str, items: Sequence[ChecklistItem], *, actor: Any, now: dt.datetime, **more: Any) -> Any:
    """The event row of what was done with papers, in the pack's own course."""
    selectors.forget(version)
    codes = ", ".join(item.code for item in items)
    return steps.step(pack, Act.CHANGE, actor=actor, now=now, version=version, what=what, after=codes, **more)


@transaction.atomic
def request_papers(*, pack_id: int, item_ids: Sequence[int], actor: Any, now: dt.datetime) -> list[ChecklistItem]:
    """Note that the client was asked for papers. NotAllowed for others than the manager of a draft; RuleBroken for none of its papers."""
    pack, version = packs.draft(pack_id, actor)
    items = _items(version, item_ids)
    for item in items:
        if item.state in (ItemState.MISSING, ItemState.NOT_APPLICABLE):
            item.state, item.reason = ItemState.REQUESTED, ""
        item.requested_at = now
        item.save(update_fields=["state", "reason", "requested_at"])
    note(pack, version, "requested", items, actor=actor, now=now)
    return items


@transaction.atomic
def receive_papers(*, pack_id: int, received: Received, actor: Any, now: dt.datetime) -> list[Document]:
    """File what came: each file is one document, which may stand for several papers; those are received, and wait for a second person.

    The same content again is the document that is there. StoredFile.DoesNotExist for another's file; NotAllowed for others than the
    manager of a draft; RuleBroken for no file, no paper, a day to come, and more documents than a version holds.
    """
    pack, version = packs.draft(pack_id, actor)
    on = selectors.today_of(pack, now)
    if received.dated_on > on:
        raise packs_rules.refuse("dated_on", _("This day is still to come."))
    files = [StoredFile.objects.get(pk=pk, owner=actor) for pk in dict.fromkeys(received.file_ids)]
    if not files:
        raise packs_rules.refuse("files", _("Pick a file."))
    items = _items(version, received.item_ids)
    most = int(selectors.terms(pack.jurisdiction, on=on)["files"])
    if version.documents.count() + len(files) > most:
        raise RuleBroken(_("A version holds %(most)s of these at most.") % {"most": most}, code="too_many")
    documents = [_document(version, file, received, actor=actor, now=now) for file in files]
    for document in documents:
        for item in items:
            DocumentUse.objects.get_or_create(version=version, document=document, item=item)
    _arrive(items, received.dated_on, pack, actor=actor, now=now, on=on)
    note(pack, version, "received", items, actor=actor, now=now, documents=[document.title for document in documents])
    return documents


def _document(version: PackVersion, file: StoredFile, received: Received, *, actor: Any, now: dt.datetime) -> Document:
    same = version.documents.filter(file__sha256=file.sha256).first()
    if same is not None:
        return same
    title = packs_rules.line(received.title, 200) or file.name[:200]
    return Document.objects.create(version=version, file=file, title=title, dated_on=received.dated_on, received_at=now, received_by=actor)


def _arrive(items: Iterable[ChecklistItem], dated_on: dt.date, pack: Pack, *, actor: Any, now: dt.datetime, on: dt.date) -> None:
    days = selectors.validity(pack.jurisdiction, on=on)
    for item in items:
        item.state, item.received_at, item.received_by, item.dated_on = ItemState.RECEIVED, now, actor, dated_on
        item.valid_until = rules.valid_until(item, dated_on, days)
        item.checked_at = item.checked_by_id = item.waived_until = item.waived_by_id = None
        item.original_sighted, item.waived_level, item.reason = False, "", ""
        item.save()
        drop_waivers(item, actor=actor, now=now)


def drop_waivers(item: ChecklistItem, *, actor: Any, now: dt.datetime) -> None:
    """A waiver that was asked for is not needed any more."""
    for waiver in item.waivers.filter(state=WaiverState.ASKED):
        waiver.state = WaiverState.OVER
        waiver.save(update_fields=["state"])
        close_work(waiver, actor=actor, now=now, state=WorkState.DROPPED)


def close_work(waiver: Waiver, *, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
    """Nobody has to decide it any more."""
    rows = WorkItem.objects.open().filter(subject_type=Waiver._meta.label_lower, subject_id=waiver.pk)
    for row in rows.select_for_update(of=("self",)):
        row.close(actor=actor, now=now, state=state)


@transaction.atomic
def use_document(*, document_id: int, item_ids: Sequence[int], actor: Any, now: dt.datetime) -> Document:
    """Let a document that is there stand for further papers too. Document.DoesNotExist where hidden; else as `receive_papers`."""
    known = Document.objects.visible_to(actor).select_related("version").get(pk=document_id)
    pack, version = packs.draft(known.version.pack_id, actor)
    document: Document = version.documents.get(pk=document_id)
    on = selectors.today_of(pack, now)
    items = _items(version, item_ids)
    for item in items:
        DocumentUse.objects.get_or_create(version=version, document=document, item=item)
    _arrive(items, document.dated_on or on, pack, actor=actor, now=now, on=on)
    note(pack, version, "received", items, actor=actor, now=now, documents=[document.title])
    return document


@transaction.atomic
def remove_document(*, document_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Take a document away from a draft; papers that it alone stood for are missing again. The versions before keep theirs."""
    known = Document.objects.visible_to(actor).select_related("version").get(pk=document_id)
    pack, version = packs.draft(known.version.pack_id, actor)
    document = version.documents.get(pk=document_id)
    items = list(version.papers.filter(uses__document=document))
    title = document.title
    document.delete()
    for item in items:
        if item.state in (ItemState.RECEIVED, ItemState.CHECKED) and not item.uses.exists():
            _empty(item)
    note(pack, version, "removed", items, actor=actor, now=now, documents=[title])
    return pack


def _empty(item: ChecklistItem) -> None:
    item.state = ItemState.REQUESTED if item.requested_at else ItemState.MISSING
    item.received_at = item.received_by_id = item.dated_on = item.valid_until = item.checked_at = item.checked_by_id = None
    item.waived_until = item.waived_by_id = None
    item.original_sighted, item.waived_level, item.reason = False, "", ""
    item.save()


@transaction.atomic
def check_paper(*, item_id: int, original_sighted: bool, actor: Any, now: dt.datetime) -> ChecklistItem:
    """A second person has seen it. ChecklistItem.DoesNotExist where hidden; NotAllowed for who received it, and for a sealed version;
    RuleBroken for one that has expired meanwhile.
    """  # fmt: skip
    item = item_of(item_id, actor)
    permissions.can_check(user=actor, item=item).require()
    pack = item.version.pack
    if rules.standing(item, selectors.today_of(pack, now)) == ItemState.EXPIRED:
        raise RuleBroken(_("This paper is too old. A newer one is needed."))
    item.state, item.checked_at, item.checked_by, item.original_sighted = ItemState.CHECKED, now, actor, original_sighted
    item.save(update_fields=["state", "checked_at", "checked_by", "original_sighted"])
    note(pack, item.version, "checked", [item], actor=actor, now=now, original_sighted=str(original_sighted))
    return item


@transaction.atomic
def send_back_paper(*, item_id: int, reason: str, actor: Any, now: dt.datetime) -> ChecklistItem:
    """The second person cannot accept it: it is asked for again. As `check_paper`; RuleBroken without a reason."""
    item = item_of(item_id, actor)
    permissions.can_check(user=actor, item=item).require()
    item.reason = packs_rules.reasoned(reason)[: packs_rules.LINE]
    item.state = ItemState.REQUESTED
    item.save(update_fields=["state", "reason"])
    note(item.version.pack, item.version, "sent back", [item], actor=actor, now=now, reason=item.reason)
    return item


@transaction.atomic
def leave_out(*, item_id: int, reason: str, actor: Any, now: dt.datetime) -> ChecklistItem:
    """It does not apply here. NotAllowed for a required paper; RuleBroken without a reason."""
    item = item_of(item_id, actor)
    permissions.can_leave_out(user=actor, item=item).require()
    words = packs_rules.reasoned(reason)[: packs_rules.LINE]
    item.state, item.reason = ItemState.NOT_APPLICABLE, words
    item.save(update_fields=["state", "reason"])
    note(item.version.pack, item.version, "left out", [item], actor=actor, now=now, reason=words)
    return item


@transaction.atomic
def ask_again(*, item_id: int, actor: Any, now: dt.datetime) -> ChecklistItem:
    """It applies after all, or a waiver is not used: it is missing again."""
    item = item_of(item_id, actor)
    permissions.can_keep(user=actor, item=item).require()
    if item.state not in (ItemState.NOT_APPLICABLE, ItemState.WAIVED):
        raise RuleBroken(_("This paper is asked for already."))
    _empty(item)
    note(item.version.pack, item.version, "asked for again", [item], actor=actor, now=now)
    return item
