"""How packs that wait for their endorsement stand in `/approvals/`."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now

from credit.handoff import permissions, selectors, services
from credit.handoff.choices import Act
from credit.handoff.forms import EndorseForm
from credit.handoff.services.endorsing import level_of
from credit.packs.models import Pack
from credit.packs.selectors import facilities_of, parties_of, sealed_of, securities_of
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.kernel.money import Money
from crm.staff.choices import Role


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of packs, by id. One statement."""
    rows = Pack.objects.visible_to(user).filter(pk__in=ids).select_related("company", "owner")
    return {row.pk: _card(row) for row in rows}


def _card(pack: Pack) -> ApprovalCard:
    line = _now("%(kind)s, %(amount)s") % {
        "kind": pack.get_kind_display(),
        "amount": Money(pack.requested, pack.currency).short(),
    }
    return ApprovalCard(str(pack.company), line, pack.get_absolute_url(), pack.owner.name)


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One pack with what it asks for and where to read it. Pack.DoesNotExist where hidden."""
    pack = Pack.objects.visible_to(user).select_related("company", "owner", "centre", "team").get(pk=subject_id)
    version, level = sealed_of(pack), level_of(pack)
    if version is not None:
        version.pack = pack
    may = permissions.can_endorse(user=user, pack=pack, version=version, level=level)
    context: dict[str, Any] = {"pack": pack, "version": version}
    if version is not None:
        total = selectors.total_of(version, now)
        context |= {
            "facilities": facilities_of(version),
            "parties": parties_of(version),
            "securities": securities_of(version),
            "total": total,
            "top": selectors.figures(pack, now)["team_head_top"],
            "home": selectors.HOME,
            "seal": selectors.seal_of(version),
        }
    acts = [
        ApprovalAct(Act.ENDORSE, Act.ENDORSE.label, "A", "primary", ("view",), may.reason),
        ApprovalAct(Act.SEND_BACK, Act.SEND_BACK.label, "B", "quiet", ("view",), may.reason),
    ]
    if level == Role.TH:
        acts.append(ApprovalAct(Act.PASS_UP, Act.PASS_UP.label, "E", "quiet", (), may.reason))
    return ApprovalPane(pack.number, str(pack.company), "handoff/pane.html", context, tuple(acts), EndorseForm)


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Pack:
    """Carry an act out; the service's refusals pass through."""
    return services.decide(pack_id=subject_id, act=act, view=str(data.get("view") or ""), actor=actor, now=now)


def escalate(*, subject_id: int, now: dt.datetime) -> None:
    """Its time is over: the centre head is asked."""
    services.escalate(subject_id=subject_id, now=now)
