"""What the handoff adds to packs and to shared screens, and its figures."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.handoff import approving, guard, permissions, selectors
from credit.handoff.choices import NEWS, WORK
from credit.handoff.invariants import INVARIANTS
from credit.packs.choices import PREPARING, TRANSITIONS, State
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from credit.packs.permissions import owns
from crm.kernel.contributions import ApiRouter, ApprovalKind, NotificationKind, PolicyTable, WorkKind, register
from crm.kernel.permission import Permission


def _submit(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_submit(user=user, pack=pack, version=version, now=now)


def _offers_submitting(user: Any, pack: Pack) -> bool:
    has_draft = any(row.is_draft for row in pack.versions.all())
    return bool(owns(user=user, pack=pack)) and has_draft and (pack.state in PREPARING or State.ENDORSE in TRANSITIONS[pack.state])


def _panel(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    """The seal of the shown version, its endorsement, the files."""
    seal = None if version.is_draft else selectors.seals_of(pack).get(version.pk)
    endorsement = getattr(seal.version, "endorsement", None) if seal else None
    return {"version": version, "seal": seal, "endorsement": endorsement}


register(
    *guard.CHECKS,
    PackPanel("seal", _("Seal and files"), "handoff/panel.html", _panel, order=5, column=2),
    PackAction(
        "submit",
        _("Hand off to credit"),
        "handoff:submit",
        "check",
        _submit,
        _offers_submitting,
        order=40,
        primary=True,
        of_draft=True,
        reasons_at="#why",
    ),
    WorkKind(WORK, _("Credit pack to endorse"), "directories", "packs:pack_detail"),
    NotificationKind(NEWS, _("Credit pack endorsed or sent back"), by_mail=True),
    ApprovalKind(
        WORK,
        _("Credit pack"),
        "indigo",
        approving.cards,
        approving.pane,
        approving.decide,
        approving.escalate,
        together=(),
        order=40,
    ),
    *INVARIANTS,
    ApiRouter("credit", "credit.handoff.api.router", order=91, for_systems=True),
    PolicyTable(
        "handoff.rules",
        _("Handoff to credit"),
        _("Credit packs"),
        "days",
        labels={
            "visit_days": _("A visit by two persons, not older than"),
            "group_months": _("The group’s tree, confirmed within"),
            "endorse_days": _("To endorse or send back, working days"),
            "team_head_top": _("The team head endorses up to, in Hong Kong dollars"),
        },
        units={"group_months": "months", "team_head_top": "money"},
        order=620,
    ),
)
