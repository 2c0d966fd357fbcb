"""A kind of requests for tests: asking for a day of leave. What a feature has to contribute so that its requests are decided in the inbox.

The request is its work item alone; a feature has a model, and calls its services from `decide`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from crm.kernel import contributions
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalKind, ApprovalPane
from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from crm.web.forms import Form
from tests.cast import NOW

KIND, FLAGGED, HIDDEN = "leave", "Flagged", "Hidden"


class LeaveForm(Form):
    reason = forms.CharField(label="Your reason", max_length=200, required=False)
    code = forms.CharField(label="Code, to pass up", max_length=9)
    days = forms.IntegerField(label="If part, how many days", required=False, min_value=1, max_value=9)


def ask(number: int, *, title: str = "", unit: Any = None, role: str = "TH", due: dt.datetime | None = NOW, **values: Any) -> WorkItem:
    """A request for leave in a queue."""
    title = title or f"Leave {number}"
    told = {"kind": KIND, "title": title, "unit": unit, "role": role, "due_at": due, "subject_type": "x.leave", "subject_id": number}
    return WorkItem.objects.create(**told | values)


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    items = WorkItem.objects.filter(kind=KIND, subject_id__in=ids).exclude(title=HIDDEN)
    return {
        item.subject_id: ApprovalCard(
            item.title, "One day", "/", "Asker Lau", plain=item.title != FLAGGED, flags=("look here",) if item.title == FLAGGED else ()
        )
        for item in items
    }


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    item = WorkItem.objects.exclude(title=HIDDEN).filter(kind=KIND, subject_id=subject_id).latest("pk")
    refusal = "You asked for this, so another person decides it." if item.created_by_id == user.pk else ""
    acts = (
        ApprovalAct("approve", "Approve", "A", "primary", refusal=refusal),
        ApprovalAct("part", "Approve part", "P", needs=("days", "reason"), refusal=refusal),
        ApprovalAct("refuse", "Refuse", "R", "bad", needs=("reason",), refusal=refusal),
        ApprovalAct("pass", "Pass up", "E", "quiet", ("code",)),
    )
    return ApprovalPane(
        f"LV-{subject_id}",
        item.title,
        "policy/approval.html",
        {"object": {"effective_from": NOW, "reason": "Rest", "proposed_by": "Asker Lau"}},
        acts,
        LeaveForm,
    )


@transaction.atomic
def decide(*, subject_id: int, act: str, data: Mapping[str, Any], actor: Any, now: dt.datetime) -> WorkItem:
    item = WorkItem.objects.select_for_update().filter(kind=KIND, subject_id=subject_id).latest("pk")
    if item.state != WorkState.OPEN:
        raise InvalidTransition("Head Lau approved this with 3 days.")
    needed = {"part": ("days", "reason"), "refuse": ("reason",)}.get(act, ())
    if missing := {name: "Needed for this." for name in needed if not data.get(name)}:
        raise RuleBroken("Something is missing.", fields=missing)
    if data.get("reason") == "forbidden":
        raise RuleBroken("This reason is none.", fields={"reason": "Say another reason."})
    if act == "pass":
        item.role = "RCH"
        item.unit = item.unit and item.unit.centre
        item.save()
    else:
        item.close(actor=actor, now=now)
    return item


def escalate(*, subject_id: int, now: dt.datetime) -> WorkItem | None:
    item = WorkItem.objects.select_for_update().get(kind=KIND, subject_id=subject_id)
    if item.title == "Refuses":
        raise InvalidTransition("Cannot be passed up.")
    if item.title == "Waits":
        return None
    item.role, item.unit, item.due_at = "RCH", item.unit.centre, now + dt.timedelta(hours=4)
    item.save()
    return item


LEAVE = ApprovalKind(KIND, "Leave", "jade", cards, pane, decide, escalate, order=1)


@contextmanager
def contributed(kind: ApprovalKind = LEAVE) -> Iterator[None]:
    """Leave is asked for as long as this lasts."""
    before = list(contributions._registry.get(ApprovalKind, ()))
    contributions._registry[ApprovalKind] = [*before, kind]
    _forget_prepared()
    try:
        yield
    finally:
        contributions._registry[ApprovalKind] = before
        _forget_prepared()


def _forget_prepared() -> None:
    """Statements that were worked out with other kinds; in a bank they never change."""
    connections[DEFAULT_DB_ALIAS].__dict__.pop("prepared", None)
