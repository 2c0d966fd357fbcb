"""What decisions add to shared screens, and their figures."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.decisions import approving, panels, selectors
from credit.decisions.choices import APPROVERS, GRANTS, Level
from credit.decisions.models import Condition, Decision
from credit.packs.choices import LIVE
from credit.packs.models import Pack
from credit.reviews.choices import ReviewWork
from crm.kernel.contributions import ApiRouter, ApprovalKind, Invariant, PolicyTable, WorkKind, register
from crm.policy.querysets import NOTHING

HEADING = _("Credit packs")


def _for_head_office(user: Any) -> Q:
    """Read by head office, compliance and audit alone, who see all rows anyway."""
    return NOTHING


def _same_hands() -> Iterator[str]:
    """Invariant 21."""
    for decision in Decision.objects.select_related("pack").order_by("pk").iterator(chunk_size=500):
        if decision.actor_id in selectors.barred(decision.pack):
            yield f"Pack {decision.pack.number}: who decided on it had asked for it, written or endorsed it."


def _beyond_authority() -> Iterator[str]:
    """Invariant 22, the approver's side: the post that decided reaches to the level."""
    alone = Decision.objects.filter(outcome__in=GRANTS).exclude(level=Level.CC).select_related("pack", "post").order_by("pk")
    for decision in alone.iterator(chunk_size=500):
        grade = decision.post.grade if decision.post else 0
        if grade < APPROVERS.index(Level(decision.level)) + 1:
            yield f"Pack {decision.pack.number}: decided at {decision.level} by an approver of grade {grade}."


def _live_too_early() -> Iterator[str]:
    """Invariant 23."""
    for pack in Pack.objects.filter(state__in=LIVE).order_by("pk").iterator(chunk_size=500):
        if selectors.essential_open(pack):
            yield f"Pack {pack.number}: its limit is live with an essential condition open."
    for condition in Condition.objects.filter(state="met", shown_by=F("checked_by")).select_related("pack").order_by("pk"):
        yield f"Pack {condition.pack.number}: condition {condition.number} was met by one person alone."


register(
    panels.CARD,
    *panels.ACTIONS,
    ApprovalKind(
        ReviewWork.DECIDE, _("Credit decision"), "indigo", approving.cards, approving.pane, approving.decide, together=(), order=36
    ),
    WorkKind(ReviewWork.DECIDE, ReviewWork.DECIDE.label, "check", "packs:pack_detail"),
    WorkKind(ReviewWork.DECIDED, ReviewWork.DECIDED.label, "check", "packs:pack_detail"),
    Invariant("decisions.four_eyes", "Nobody decides on a pack that they asked for, wrote or endorsed", _same_hands),
    Invariant("decisions.authority", "A decision is within the authority of its post", _beyond_authority),
    Invariant("decisions.live", "A live limit has no essential condition open, each met by two", _live_too_early),
    PolicyTable(
        "decisions.authority",
        _("Credit authority (group exposure, HKD)"),
        HEADING,
        "money",
        labels={
            f"{level.value}.{stands}": f"{level.value} {word}"
            for level in APPROVERS
            for stands, word in (("secured", "secured"), ("unsecured", "unsecured"))
        },
        rows=_for_head_office,
        order=640,
    ),
    PolicyTable(
        "decisions.rules",
        _("Votes and terms of decisions"),
        HEADING,
        "count",
        labels={
            "quorum": _("Members present at least"),
            "in_favour": _("In favour, of"),
            "of_present": _("so many present"),
            "defer_days": _("A deferral runs at most (working days)"),
            "valid_days": _("An approval is valid for (days)"),
            "decide_days": _("Decided within (working days)"),
        },
        order=641,
    ),
    ApiRouter("credit-decisions", "credit.decisions.api.router", order=93, for_systems=True),
)
