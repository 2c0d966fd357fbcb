"""What is written of a deal between its moves: its columns, its next step, the order of its name."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.errors import InvalidTransition
from crm.kernel.worklist import WorkItem, WorkState
from prospects.deals.choices import DealEventKind
from prospects.deals.models import Deal
from prospects.deals.permissions import can_update_deal
from prospects.deals.rules import EDITABLE
from prospects.deals.selectors import local_day
from prospects.deals.services.traces import SUBJECT, fill, locked_deal, plan_next_step, tell

_STEP = ("next_step", "next_step_on")


@transaction.atomic
def update_deal(*, deal_id: int, version: int | None, changes: Mapping[str, Any], actor: Any, now: dt.datetime) -> Deal:
    """Change columns of `rules.EDITABLE`. A new next step replaces the one on the owner's list.

    StaleVersion where `version` is not the one kept; RuleBroken with a sentence for each wrong column; NotAllowed once it is over.
    """
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    deal.claim(version or 0, shown=EDITABLE)
    before = {name: getattr(deal, name) for name in EDITABLE}
    changed = fill(deal, changes, actor=actor, today=local_day(deal.centre, now))
    if deal.hand_back():
        return deal
    deal.record(actor=actor, fields=[*changed, "version"])
    facts = {name: [_plain(before[name]), _plain(getattr(deal, name))] for name in changed}
    tell(deal, DealEventKind.UPDATED, actor=actor, now=now, facts=facts)
    if not set(changed).isdisjoint(_STEP):
        plan_next_step(deal, actor=actor, now=now)
    return deal


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return value.pk if hasattr(value, "pk") else str(value)


@transaction.atomic
def complete_next_step(*, item_id: int, actor: Any, now: dt.datetime) -> WorkItem:
    """The next step is done: off the list and off the deal. InvalidTransition where it is done already."""
    item, deal = _step(item_id, actor)
    if item.state != WorkState.OPEN:
        raise InvalidTransition(_("This is done already."))
    item.close(actor=actor, now=now)
    _set_step(deal, "", None, actor=actor, now=now)
    return item


@transaction.atomic
def reopen_next_step(*, item_id: int, actor: Any, now: dt.datetime) -> WorkItem:
    """Undo: it is still to be done. InvalidTransition where the deal has another next step by now, or another person closed it."""
    item, deal = _step(item_id, actor)
    if item.state == WorkState.OPEN or item.closed_by_id != actor.pk or deal.next_step or item.due_at is None:
        raise InvalidTransition(_("This cannot be taken back any more."))
    item.state, item.closed_at, item.closed_by = WorkState.OPEN, None, None
    item.save(update_fields=["state", "closed_at", "closed_by"])
    _set_step(deal, item.title, local_day(deal.centre, item.due_at), actor=actor, now=now)
    return item


def _step(item_id: int, actor: Any) -> tuple[WorkItem, Deal]:
    items = WorkItem.objects.visible_to(actor).filter(subject_type=SUBJECT)
    # The deal before its work item, as where the deal is changed: two who lock them in another order would wait for each other.
    deal = locked_deal(int(items.get(pk=item_id).subject_id or 0), actor=actor)
    item = items.select_for_update(of=("self",)).get(pk=item_id)
    can_update_deal(user=actor, deal=deal).require()
    return item, deal


def _set_step(deal: Deal, words: str, on: dt.date | None, *, actor: Any, now: dt.datetime) -> None:
    before, deal.next_step, deal.next_step_on = deal.next_step, words[:200], on
    deal.version += 1
    deal.record(actor=actor, fields=[*_STEP, "version"])
    tell(deal, DealEventKind.UPDATED, actor=actor, now=now, facts={"next_step": [before, words]})


def follow_names(*, company_ids: Iterable[int]) -> int:
    """Take over the sort keys of companies whose names changed. Safe to run twice. Returns how many deals were touched."""
    own = Company.objects.filter(pk=OuterRef("company_id")).values("sort_key")
    return Deal.objects.filter(company_id__in=list(company_ids)).update(sort_key=Subquery(own))
