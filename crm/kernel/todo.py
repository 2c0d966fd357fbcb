"""Operations on tasks: work items of kind TASK that a person writes for themselves or a colleague."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import TASK, WorkItem, WorkState

TITLE_LIMIT = 300
_TRANSITIONS: dict[str, set[str]] = {
    WorkState.OPEN: {WorkState.DONE, WorkState.DROPPED},
    WorkState.DONE: {WorkState.OPEN},
    WorkState.DROPPED: {WorkState.OPEN},
}


def _own(item_id: int, actor: Any) -> WorkItem:
    """The item, locked, among those that the actor may see. WorkItem.DoesNotExist where hidden."""
    return WorkItem.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=item_id)


@transaction.atomic
def add_task(
    *, actor: Any, now: dt.datetime, title: str, due_at: dt.datetime, assignee: Any = None, company_id: int | None = None
) -> WorkItem:
    """A task for oneself, or for `assignee`. The caller has found the company among those that the actor may see, and the colleague fit.

    RuleBroken where it has no words or its time is past.
    """
    words = " ".join(title.split())
    if not words or len(words) > TITLE_LIMIT:
        raise RuleBroken(_("Say in a line what is to be done."), fields={"title": _("Say in a line what is to be done.")})
    _require_future(due_at, now)
    return WorkItem.objects.create(
        kind=TASK, title=words, due_at=due_at, assignee=assignee or actor, company_id=company_id, created_by=actor
    )


@transaction.atomic
def complete_task(*, item_id: int, actor: Any, now: dt.datetime) -> WorkItem:
    """It is done. InvalidTransition where it is over already."""
    item = _own(item_id, actor)
    check_transition(_TRANSITIONS, item.state, WorkState.DONE)
    item.close(actor=actor, now=now)
    return item


@transaction.atomic
def drop_task(*, item_id: int, actor: Any, now: dt.datetime) -> WorkItem:
    """It need not be done any more."""
    item = _own(item_id, actor)
    _require_task(item)
    check_transition(_TRANSITIONS, item.state, WorkState.DROPPED)
    item.close(actor=actor, now=now, state=WorkState.DROPPED)
    return item


@transaction.atomic
def reopen_task(*, item_id: int, actor: Any, now: dt.datetime) -> WorkItem:
    """Undo: it is open again. InvalidTransition where it is open, or another person closed it."""
    item = _own(item_id, actor)
    if item.closed_by_id != actor.pk:
        raise InvalidTransition(_("Only the person who closed it can open it again."))
    check_transition(_TRANSITIONS, item.state, WorkState.OPEN)
    item.state, item.closed_at, item.closed_by = WorkState.OPEN, None, None
    item.save(update_fields=["state", "closed_at", "closed_by"])
    return item


@transaction.atomic
def postpone_task(*, item_id: int, actor: Any, now: dt.datetime, due_at: dt.datetime) -> WorkItem:
    """Due later. RuleBroken where the new time is past; InvalidTransition where it is over already."""
    item = _own(item_id, actor)
    _require_task(item)
    if item.state != WorkState.OPEN:
        raise InvalidTransition(_("This is done already."))
    _require_future(due_at, now)
    item.due_at = due_at
    item.save(update_fields=["due_at"])
    return item


def _require_task(item: WorkItem) -> None:
    """Only tasks are moved or dropped by hand; the time of any other work item comes from its own record."""
    if item.kind != TASK:
        raise RuleBroken(_("This follows from its own record. Change it there."))


def _require_future(due_at: dt.datetime, now: dt.datetime) -> None:
    if due_at <= now:
        raise RuleBroken(_("Pick a time that is still to come."), fields={"due_at": _("Pick a time that is still to come.")})
