"""What decisions add to shared screens, and their figures."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.decisions import approving, panels, selectors, terms
from credit.decisions.choices import APPROVERS, CONDITION_NEWS, GRANTS, LETTER_NEWS, LIMIT_NEWS, Level, LifeWork
from credit.decisions.models import Condition, Decision, FacilityLetter
from credit.packs.choices import LIVE, State
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import HandoffCheck, Obstacle
from credit.reviews.choices import ReviewWork
from crm.kernel.contributions import ApiRouter, ApprovalKind, Invariant, NotificationKind, PolicyTable, WorkKind, register
from crm.papers import selectors as papers
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


def _letters() -> Iterator[str]:
    """What the client was sent is what was decided, by two people, and its file is the one that was kept."""
    rows = FacilityLetter.objects.select_related("pack", "decision__version_read", "decision__pack", "file", "issue").order_by("pk")
    for letter in rows.iterator(chunk_size=200):
        issue = getattr(letter, "issue", None)
        if issue is not None and issue.actor_id == letter.actor_id:
            yield f"Pack {letter.pack.number}: one person alone drew up and sent its facility letter."
        if letter.terms != terms.terms_of(letter.decision):
            yield f"Pack {letter.pack.number}: facility letter {letter.pk} tells other terms than were decided."
        if selectors.content_of(letter) is None:
            yield f"Pack {letter.pack.number}: the file of facility letter {letter.pk} is gone or changed."
    sent = FacilityLetter.objects.filter(issue__isnull=False).values("pack_id")
    for number in Pack.objects.filter(state=State.OFFERED).exclude(pk__in=sent).order_by("pk").values_list("number", flat=True):
        yield f"Pack {number}: it is offered without a facility letter."


def _unsayable(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """What a facility letter would have to tell and may not: mended before the seal, since nobody can afterwards."""
    texts = list(terms.free_texts(version))
    never = papers.phrases(on=timezone.localdate(now)) if texts else None
    for row, text in texts:
        if never is not None and terms.unsayable(text, never):
            yield Obstacle(_("The words of a facility say what no client may read."), f"{row.name}: {text}", "#facilities")


register(
    panels.CARD,
    *panels.ACTIONS,
    ApprovalKind(
        ReviewWork.DECIDE, _("Credit decision"), "indigo", approving.cards, approving.pane, approving.decide, together=(), order=36
    ),
    WorkKind(ReviewWork.DECIDE, ReviewWork.DECIDE.label, "check", "packs:pack_detail"),
    terms.FACILITY_LETTER,
    HandoffCheck("letter_words", _unsayable, order=90),
    NotificationKind(LETTER_NEWS, _("Facility letters sent"), by_mail=True),
    NotificationKind(CONDITION_NEWS, _("Conditions of credit by a day"), by_mail=True),
    NotificationKind(LIMIT_NEWS, _("Credit limits reviewed, suspended, restored or ended"), by_mail=True),
    WorkKind(LifeWork.CONDITION, LifeWork.CONDITION.label, "check", "packs:pack_detail"),
    WorkKind(LifeWork.BREACH, LifeWork.BREACH.label, "warn", "packs:pack_detail"),
    WorkKind(LifeWork.ANNUAL, LifeWork.ANNUAL.label, "history", "packs:pack_detail"),
    WorkKind(LifeWork.LETTER, LifeWork.LETTER.label, "mail", "packs:pack_detail"),
    Invariant("decisions.letters", "A facility letter tells what was decided, is drawn up by one and sent by another", _letters),
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
            "remind_first": _("First reminder of a condition (days before)"),
            "remind_second": _("Second reminder (days before)"),
            "remind_third": _("Third reminder (days before)"),
            "remind_last": _("Last reminder (days before)"),
            "review_months": _("A live limit is reviewed every (months)"),
            "review_ahead_days": _("The review begins (days before)"),
            "review_late_days": _("An overdue review stops drawing after (days)"),
        },
        order=641,
    ),
    ApiRouter("credit-decisions", "credit.decisions.api.router", order=93, for_systems=True),
)
