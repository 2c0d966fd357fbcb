"""How waivers show in `/approvals/`: their cards, the pane of one, and what a head does."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.checklists import permissions, services
from credit.checklists.choices import WaiverAct
from credit.checklists.forms import DecideForm
from credit.checklists.models import Waiver
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.web.templatetags.ui import when

_RELATED = ("version__pack__company", "version__pack__owner", "asked_by", "item__party__company")


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of those waivers that somebody may see. One statement."""
    rows = Waiver.objects.visible_to(user).filter(pk__in=ids).select_related(*_RELATED)
    return {row.pk: _card(row) for row in rows}


def _card(waiver: Waiver) -> ApprovalCard:
    return ApprovalCard(
        title=waiver.version.pack.company.name,
        line=_now("Without %(paper)s until %(day)s") % {"paper": waiver, "day": when(waiver.until)},
        url=waiver.get_absolute_url(),
        asked_by=waiver.asked_by.name,
    )


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One waiver with its reason. Waiver.DoesNotExist where hidden."""
    waiver = Waiver.objects.visible_to(user).select_related(*_RELATED).get(pk=subject_id)
    may = permissions.can_decide(user=user, waiver=waiver)
    return ApprovalPane(
        number=waiver.version.pack.number,
        title=waiver.version.pack.company.name,
        template="checklists/waiver_pane.html",
        context={"waiver": waiver, "pack": waiver.version.pack},
        acts=(
            ApprovalAct(WaiverAct.APPROVE, _("Grant"), "A", "primary", ("note",), may.reason),
            ApprovalAct(WaiverAct.REFUSE, _("Refuse"), "R", "bad", ("note",), may.reason),
        ),
        form_class=DecideForm,
    )


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Carry an act out. Returns the waiver."""
    return services.decide_waiver(waiver_id=subject_id, act=act, actor=actor, now=now, note_text=data.get("note", ""))
