"""What exposure adds to shared screens, and the bank's figures for it."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.exposure import permissions, selectors
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import HandoffCheck, Obstacle, PackPanel
from crm.kernel.contributions import ApiRouter, NavItem, PolicyTable, register
from crm.kernel.errors import RuleBroken

HEADING = _("Group exposure")


def _panel(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    on = timezone.localdate(now, pack.centre.zone)
    try:
        exposure = selectors.exposure_of(selectors.Holder.of(pack.company), jurisdiction=pack.jurisdiction, on=on)
    except RuleBroken as refusal:
        return {"refusal": str(refusal)}
    own = next((line.amount for line in exposure.lines if line.pack.pk == pack.pk), None)
    return {"exposure": exposure, "own": own, "currency": selectors.HOME}


def _computed(version: PackVersion, now: dt.datetime) -> list[Obstacle]:
    """The exposure can be worked out (domain 6.7)."""
    try:
        selectors.adds(version.pack, version, on=timezone.localdate(now))
    except RuleBroken as refusal:
        return [Obstacle(_("The group’s exposure cannot be worked out"), str(refusal))]
    return []


register(
    NavItem(HEADING, "exposure:exposure_list", "groups", order=420, section=_("Credit"), shown=permissions.reads),
    PackPanel("exposure", HEADING, "exposure/panel.html", _panel, order=30, column=2, later=True),
    HandoffCheck("exposure", _computed, order=60),
    PolicyTable(
        "exposure.capital",
        _("Tier 1 capital"),
        HEADING,
        "money",
        labels={"tier1": _("Tier 1 capital, in Hong Kong dollars")},
        order=630,
    ),
    PolicyTable(
        "exposure.legal",
        _("Legal limits of exposure"),
        HEADING,
        "percent",
        labels={"single": _("One counterparty, per cent of Tier 1"), "group": _("A linked group, per cent of Tier 1")},
        order=631,
    ),
    PolicyTable(
        "exposure.thresholds",
        _("The bank’s own thresholds"),
        HEADING,
        "percent",
        labels={"warn": _("Warning, per cent of the legal limit"), "stop": _("Nothing more is approved, per cent of the legal limit")},
        order=632,
    ),
    ApiRouter("exposure", "credit.exposure.api.router", order=95, for_systems=True),
)
