"""How waivers and changes of the checklist show in `/approvals/`: their cards, the pane of one, and what is decided."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.checklists import permissions, selectors, services
from credit.checklists.choices import WaiverAct
from credit.checklists.forms import DecideForm
from credit.checklists.models import OwnPaper, Waiver
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.policy.selectors import LOOK_BACK
from crm.web.templatetags.ui import when

_RELATED = ("version__pack__company", "version__pack__owner", "asked_by", "item__party__company", "item__own")


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


def own_cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of those changes that somebody may see; none is plain. One statement."""
    rows = OwnPaper.objects.visible_to(user).filter(pk__in=ids).select_related("proposed_by")
    return {row.pk: _own_card(row) for row in rows}


def _own_card(own: OwnPaper) -> ApprovalCard:
    line = _now("Not asked for from %(day)s on") if own.ends else _now("Asked for from %(day)s on")
    return ApprovalCard(str(own), line % {"day": when(own.effective_from)}, own.get_absolute_url(), own.proposed_by.name)


def own_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One change with what it would have meant. OwnPaper.DoesNotExist where hidden."""
    own = OwnPaper.objects.visible_to(user).select_related("proposed_by").get(pk=subject_id)
    may, today = permissions.can_decide_paper(user=user, own=own), timezone.localdate(now)
    effect = selectors.effect_of(own, since=today - LOOK_BACK, until=today)
    return ApprovalPane(
        number=own.code,
        title=own.paper.name,
        template="checklists/own_pane.html",
        context={"object": own, "differences": selectors.differences(own), "effect": effect},
        acts=(
            ApprovalAct(WaiverAct.APPROVE, _("Approve"), "A", "primary", refusal=may.reason),
            ApprovalAct(WaiverAct.REFUSE, _("Refuse"), "R", "bad", ("note",), may.reason),
        ),
        form_class=DecideForm,
    )


def own_decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Approve or refuse by the services of the change's own page."""
    if act == WaiverAct.REFUSE:
        return services.refuse_paper(paper_id=subject_id, reason=data.get("note", ""), actor=actor, now=now)
    return services.approve_paper(paper_id=subject_id, actor=actor, now=now)
