"""What follows a visit: addenda, attachments, the head's signature, promises kept."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.files import StoredFile, store, tidy_name
from crm.kernel.text import strip_controls
from crm.kernel.worklist import WorkItem, WorkState
from crm.visits import permissions, rules, selectors
from crm.visits.choices import WorkKindName
from crm.visits.filetypes import recognise
from crm.visits.models import Addendum, Attachment, Promise, Visit
from crm.visits.services import traces
from crm.visits.services.findable import tell_search_of_addendum


def _visit(visit_id: int, actor: Any) -> Visit:
    return Visit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit_id)


@transaction.atomic
def add_addendum(*, visit_id: int, actor: Any, now: dt.datetime, text: str) -> Addendum:
    """Something added afterwards, which stands for ever. Visit.DoesNotExist where hidden, NotAllowed for who was not there, RuleBroken."""
    visit = _visit(visit_id, actor)
    permissions.can_add(user=actor, visit=visit).require()
    words = strip_controls(text).strip()
    wrong = rules.wrong_texts({"summary": words})
    if wrong or not words:
        sentence = wrong.get("summary", _("Write what is to be added."))
        raise RuleBroken(sentence, fields={"text": sentence})
    tell_search_of_addendum(visit, actor=actor)
    return Addendum.objects.create(visit=visit, text=words, at=now, actor=actor, post=actor.actor.post(*permissions.VISITORS))


def receive_file(upload: UploadedFile, *, actor: Any, now: dt.datetime) -> StoredFile:
    """Check an upload's size, ending and content, and keep it under the hash of its content. Call it before the operation that names it.

    RuleBroken (field `files`) where it is empty, too large, of another type, or not what its ending says.
    """
    limit, _count = selectors.attachment_limits(user=actor, now=now)
    if upload.size is None or upload.size > limit:
        sentence = _("%(name)s is larger than %(limit)s MB. Make it smaller, or split it.") % {
            "name": tidy_name(upload.name or "")[:80],
            "limit": limit // 1024 // 1024,
        }
        raise RuleBroken(sentence, code="too_large", fields={"files": sentence})
    content = b"".join(upload.chunks())
    try:
        kind = recognise(content, name=upload.name or "")
        return store([content], name=upload.name or "", media_type=kind.media_type, owner=actor, limit=limit)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, fields={"files": error.message}) from error


@transaction.atomic
def attach(*, visit_id: int, actor: Any, now: dt.datetime, file_id: int) -> Attachment:
    """Attach a file that the actor has just brought (`receive_file`). The same content again is the attachment that is there.

    Visit.DoesNotExist or StoredFile.DoesNotExist where hidden or another's; NotAllowed for who was not there, and after the lock;
    RuleBroken where the visit has as many as it may.
    """
    visit = _visit(visit_id, actor)
    permissions.can_attach(user=actor, visit=visit, now=now).require()
    file = StoredFile.objects.get(pk=file_id, owner=actor)
    same = visit.attachments.filter(file__sha256=file.sha256).first()
    if same is not None:
        return same
    _limit, count = selectors.attachment_limits(user=actor, now=now)
    if visit.attachments.count() >= count:
        raise RuleBroken(_("A visit has %(count)s attachments at most.") % {"count": count}, code="too_many")
    post = actor.actor.post(*permissions.VISITORS)
    return Attachment.objects.create(visit=visit, file=file, name=file.name[-120:], at=now, actor=actor, post=post)


@transaction.atomic
def sign_off(*, visit_id: int, actor: Any, now: dt.datetime) -> Visit:
    """The head has read it. From then on only addenda are possible. NotAllowed with the reason for everybody else, and a second time."""
    visit = _visit(visit_id, actor)
    permissions.can_sign_off(user=actor, visit=visit).require()
    visit.signed_off_by, visit.signed_off_at = actor, now
    visit.record(actor=actor, fields=["signed_off_by", "signed_off_at"])
    traces.close_items(visit, WorkKindName.SIGN_OFF, actor=actor, now=now)
    return visit


def _own_promise(promise_id: int, actor: Any) -> Promise:
    locked = Promise.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=promise_id)
    promise = Promise.objects.select_related("visit").get(pk=locked.pk)
    permissions.can_keep_promise(user=actor, promise=promise).require()
    return promise


@transaction.atomic
def complete_promise(*, promise_id: int, actor: Any, now: dt.datetime) -> Promise:
    """The bank kept its word. NotAllowed for others than who promised or keeps it; InvalidTransition where it is kept already."""
    promise = _own_promise(promise_id, actor)
    if promise.kept_at is not None:
        raise InvalidTransition(_("This promise is kept already."))
    promise.kept_at, promise.kept_by = now, actor
    promise.record(actor=actor, fields=["kept_at", "kept_by"])
    for item in WorkItem.objects.open().filter(subject_type=traces.PROMISE_SUBJECT, subject_id=promise.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)
    return promise


@transaction.atomic
def reopen_promise(*, promise_id: int, actor: Any, now: dt.datetime) -> Promise:
    """Undo: it is not kept yet after all. InvalidTransition unless the same person closed it."""
    promise = _own_promise(promise_id, actor)
    if promise.kept_by_id != actor.pk:
        raise InvalidTransition(_("Only the person who closed it can open it again."))
    promise.kept_at, promise.kept_by = None, None
    promise.record(actor=actor, fields=["kept_at", "kept_by"])
    WorkItem.objects.filter(subject_type=traces.PROMISE_SUBJECT, subject_id=promise.pk).update(
        state=WorkState.OPEN, closed_at=None, closed_by=None
    )
    return promise
