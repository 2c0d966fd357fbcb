"""What reviews add to shared screens, and their figures."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from credit.packs.choices import GRANTED, LIVE, Authorship, Segment, State
from credit.packs.models import Pack
from credit.packs.parts import VersionWork
from credit.reviews import panels, permissions
from credit.reviews.choices import UNSETTLED, WAITING, ReviewWork, Severity
from credit.reviews.models import Question, Review
from credit.spreads.parts import SpreadReaders
from crm.kernel.contributions import ApiRouter, Invariant, NavItem, PaletteCommand, PolicyTable, WorkKind, register

HEADING = _("Credit packs")
_LETTERS = {Authorship.RM: _("Model A"), Authorship.CREDIT: _("Model B")}


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_intake(user=user))


def _companies_handed_over(user: Any) -> Any:
    """Companies whose pack was handed to the credit department that this person works in."""
    if not permissions.is_credit(user):
        return ()
    return Pack.objects.visible_to(user).filter(handed_off_at__isnull=False).values("company_id")


def _blocked_decisions() -> Iterator[str]:
    """Invariant 29: no pack is up for decision while a blocker waits, and none was granted with one that is not settled."""
    blockers = Question.objects.filter(severity=Severity.BLOCKER, pack=OuterRef("pk"))
    up = Pack.objects.filter(Exists(blockers.filter(state__in=WAITING)), state=State.FOR_DECISION)
    granted = Pack.objects.filter(Exists(blockers.filter(state__in=UNSETTLED)), state__in=(*GRANTED, *LIVE))
    for number in up.values_list("number", flat=True).order_by("pk"):
        yield f"Pack {number}: it is up for decision with a blocker that is not answered."
    for number in granted.values_list("number", flat=True).order_by("pk"):
        yield f"Pack {number}: it was granted with a blocker that is not settled."


def _own_reviews() -> Iterator[str]:
    for number in Review.objects.filter(analyst=F("pack__owner")).values_list("pack__number", flat=True).order_by("pk"):
        yield f"Pack {number}: its relationship manager reviews it."


register(
    VersionWork((ReviewWork.DECIDE, ReviewWork.REVIEW, ReviewWork.FACTS, ReviewWork.READ, ReviewWork.RETURNED)),
    *panels.PANELS,
    *panels.ACTIONS,
    NavItem(_("Credit intake"), "reviews:intake", "box", order=395, section=_("Credit"), shown=_reads),
    PaletteCommand(_("Credit intake"), "reviews:intake", "box", words=_("review analyst queue"), order=43, shown=_reads),
    WorkKind(ReviewWork.ANSWER, ReviewWork.ANSWER.label, "mail", "reviews:questions"),
    WorkKind(ReviewWork.READ, ReviewWork.READ.label, "mail", "reviews:questions"),
    WorkKind(ReviewWork.OVERDUE, ReviewWork.OVERDUE.label, "clock", "reviews:questions"),
    WorkKind(ReviewWork.FACTS, ReviewWork.FACTS.label, "check", "packs:pack_detail"),
    WorkKind(ReviewWork.RETURNED, ReviewWork.RETURNED.label, "undo", "packs:pack_detail"),
    WorkKind(ReviewWork.REVIEW, ReviewWork.REVIEW.label, "check", "packs:pack_detail"),
    SpreadReaders("packs", _companies_handed_over),
    Invariant("reviews.blockers", "An unsettled blocker stops the decision", _blocked_decisions),
    Invariant("reviews.second", "Nobody reviews the pack that they prepared", _own_reviews),
    PolicyTable(
        "reviews.targets",
        _("From complete pack to decision (working days)"),
        HEADING,
        "days",
        labels={f"{letter.value}.{segment}": f"{letter.value}: {label}" for letter in _LETTERS for segment, label in Segment.choices},
        order=630,
    ),
    PolicyTable(
        "reviews.rules",
        _("Questions and fact checks (working days)"),
        HEADING,
        "days",
        labels={
            "answer_days": _("A question is answered within"),
            "escalate_days": _("Overdue by this: the head is told"),
            "return_days": _("Overdue by this: the pack is returned"),
            "facts_days": _("Facts are checked within"),
        },
        order=631,
    ),
    ApiRouter("credit", "credit.reviews.api.router", order=92, for_systems=True),
)
