"""Proposed changes of figures in the inbox of approvals: their cards, their pane, and the second person's acts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalKind, ApprovalPane
from crm.policy import permissions, selectors, services
from crm.policy.choices import WorkKindName
from crm.policy.models import FigureChange
from crm.web.forms import Form

APPROVE, REFUSE = "approve", "refuse"
REASON = 300


class ReasonForm(Form):
    """Why not; nothing is asked for where the change is approved."""

    reason = forms.CharField(label=_("Your reason"), max_length=REASON, required=False, help_text=_("Needed to refuse."))


def label_of(change: FigureChange) -> str:
    """What the change's table is called."""
    policy = selectors.contributed(change.table)
    return str(policy.label) if policy else change.table


def cards(user: Any, ids: Sequence[int]) -> Mapping[int, ApprovalCard]:
    """The changes that this person may see. None is plain: figures are looked at one by one. One statement."""
    changes = FigureChange.objects.visible_to(user).filter(pk__in=ids).select_related("person", "proposed_by")
    return {change.pk: _card(change) for change in changes}


def _card(change: FigureChange) -> ApprovalCard:
    day = date_format(change.effective_from, "DATE_FORMAT")
    whom = change.person or _("Everybody")
    line = _("New figures from %(day)s for: %(whom)s") % {"day": day, "whom": whom}
    flags = (_("more than the grade’s"),) if change.is_raise else ()
    return ApprovalCard(label_of(change), line, change.get_absolute_url(), str(change.proposed_by), flags=flags)


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """Both values of each figure, why, and what the proposal would have meant. FigureChange.DoesNotExist where hidden."""
    rows = FigureChange.objects.visible_to(user).select_related("person", "proposed_by")
    change = rows.get(pk=subject_id)
    today = timezone.localdate(now)
    reason = permissions.can_decide(user=user, change=change).reason
    acts = (
        ApprovalAct(APPROVE, _("Approve"), "A", "primary", refusal=reason),
        ApprovalAct(REFUSE, _("Refuse"), "R", "bad", needs=("reason",), refusal=reason),
    )
    context = {
        "object": change,
        "differences": selectors.differences(change),
        "simulation": selectors.simulation(change, on=today),
        "is_late": change.effective_from < today,
    }
    return ApprovalPane("", label_of(change), "policy/approval.html", context, acts, ReasonForm)


def decide(*, subject_id: int, act: str, data: Mapping[str, Any], actor: Any, now: dt.datetime) -> FigureChange:
    """Approve or refuse by the services of the change's own page."""
    if act == REFUSE:
        return services.refuse_change(change_id=subject_id, actor=actor, now=now, reason=data["reason"])
    return services.approve_change(change_id=subject_id, actor=actor, now=now)


KIND = ApprovalKind(WorkKindName.DECIDE, pgettext_lazy("approvals", "Policy change"), "indigo", cards, pane, decide, together=(), order=90)
