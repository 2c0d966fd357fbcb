"""How packs up for decision stand in `/approvals/`: an approver decides there; the committee is led to its vote."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now

from credit.decisions import permissions, selectors, services
from credit.decisions.choices import PASS_UP, Level, Word
from credit.decisions.forms import RulingForm, ruling
from credit.packs.models import Pack
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.kernel.money import Money
from crm.web.forms import Form

_RELATED = ("company", "owner", "centre", "team")
_KEYS = {Word.APPROVE: ("A", "primary", ("judgement",)), Word.DECLINE: ("R", "bad", ("judgement", "reason", "reapply_on")),
         Word.DEFER: ("D", "quiet", ("judgement", "items", "due_on"))}  # fmt: skip


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of packs, by id. One statement."""
    rows = Pack.objects.visible_to(user).filter(pk__in=ids).select_related(*_RELATED)
    return {row.pk: _card(row) for row in rows}


def _card(pack: Pack) -> ApprovalCard:
    told = {"kind": pack.get_kind_display(), "amount": Money(pack.requested, pack.currency).short()}
    return ApprovalCard(str(pack.company), _now("%(kind)s, %(amount)s") % told, pack.get_absolute_url(), pack.owner.name)


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One pack with its case. Pack.DoesNotExist where hidden."""
    pack = Pack.objects.visible_to(user).select_related(*_RELATED).get(pk=subject_id)
    case = selectors.case_of(pack)
    context = {"pack": pack, "case": case, "conditions": selectors.conditions_of(case, "proposed") if case else []}
    if case is not None and case.level == Level.CC:
        return ApprovalPane(pack.number, str(pack.company), "decisions/pane.html", context, (), Form)
    may = permissions.can_decide(user=user, pack=pack, case=case)
    up = permissions.can_pass_up(user=user, pack=pack, case=case)
    acts = [ApprovalAct(word, word.label, key, tone, needs, may.reason) for word, (key, tone, needs) in _KEYS.items()]
    acts.append(ApprovalAct(PASS_UP, _now("Pass it up"), "U", "quiet", ("judgement",), up.reason))
    return ApprovalPane(pack.number, str(pack.company), "decisions/pane.html", context, tuple(acts), RulingForm)


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Carry an act out; the service's refusals pass through."""
    if act == PASS_UP:
        return services.pass_up(pack_id=subject_id, reason=str(data.get("judgement") or ""), actor=actor, now=now)
    return services.decide(pack_id=subject_id, ruling=ruling(data, act), actor=actor, now=now)
