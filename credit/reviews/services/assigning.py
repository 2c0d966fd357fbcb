"""An analyst takes a pack, rates it, or returns it with its defects (transitions 7, 12, 13)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs import selectors as packs
from credit.packs.choices import Act, State
from credit.packs.models import Pack
from credit.packs.rules import REASON, refuse
from credit.packs.services import steps
from credit.reviews import permissions, rules, selectors
from credit.reviews.choices import Rating, ReviewWork
from credit.reviews.models import Review
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkState
from crm.staff.models import User


@transaction.atomic
def assign(*, pack_id: int, analyst_id: int, actor: Any, now: dt.datetime) -> Review:
    """Give a pack to an analyst, or take it (transition 7).

    NotAllowed for others than the credit department, and for versions on hold; RuleBroken (field `analyst`) for who is no analyst, for
    another analyst by an analyst, and for who prepared or endorsed the pack.
    """
    pack = steps.locked(pack_id, actor)
    version = packs.sealed_of(pack)
    permissions.can_assign(user=actor, pack=pack, version=version).require()
    analyst = selectors.analysts(now).filter(pk=analyst_id).first()
    if analyst is None:
        raise refuse("analyst", _("Pick an analyst."))
    _require_unconflicted(pack, analyst, actor)
    review, _made = Review.objects.get_or_create(pack=pack, defaults={"analyst": analyst, "assigned_at": now, "assigned_by": actor})
    review.analyst, review.assigned_at, review.assigned_by = analyst, now, actor
    review.record(actor=actor, reason=Act.ASSIGN)
    target = State.IN_REVIEW if pack.state == State.HANDED_OFF else ""
    steps.step(pack, Act.ASSIGN, actor=actor, now=now, target=target, version=version, analyst=analyst.username)
    steps.close(pack, ReviewWork.REVIEW, actor=actor, now=now)
    if analyst.pk != actor.pk:
        steps.ask(pack, ReviewWork.REVIEW, actor=actor, due_at=None, assignee=analyst)
    return review


def _require_unconflicted(pack: Pack, analyst: User, actor: Any) -> None:
    """Not who asks for the credit, endorsed it, or once looked after the client (domain 6.8, guard of 7)."""
    if analyst.pk != actor.pk and not actor.actor.has_role("CO"):
        raise refuse("analyst", _("An approver gives packs to others; an analyst takes them."))
    if analyst.pk == pack.owner_id:
        raise refuse("analyst", _("Who prepared a pack does not review it."))
    if analyst.pk in selectors.endorsers_of(pack):
        raise refuse("analyst", _("Who endorsed a pack does not review it."))
    if pack.company.coverage.filter(owner_id=analyst.pk).exists():
        raise refuse("analyst", _("Who looked after this client does not review the pack."))


@transaction.atomic
def rate(*, pack_id: int, rating: str, reason: str, actor: Any, now: dt.datetime, version: int | None = None) -> Review:
    """Set the internal risk class. NotAllowed for others than the analyst; RuleBroken for none of the classes, and without a reason;
    StaleVersion where `version`, the review's that was shown, is not the one kept.
    """  # fmt: skip
    pack = steps.locked(pack_id, actor)
    review = selectors.review_of(pack)
    permissions.can_rate(user=actor, pack=pack, review=review).require()
    if review is None:
        raise RuleBroken(_("Nobody reviews this pack yet."))
    review.count_up(version, shown={"rating": "rating", "reason": "rating_reason"})
    if rating not in Rating.values:
        raise refuse("rating", _("Pick one of the choices."))
    review.rating_reason = rules.text(reason, REASON, "reason", _("Say why."))
    review.rating, review.rated_by, review.rated_at = rating, actor, now
    review.record(actor=actor, fields=["rating", "rating_reason", "rated_by", "rated_at", "version"])
    return review


@transaction.atomic
def return_pack(*, pack_id: int, defects: str, actor: Any, now: dt.datetime) -> Pack:
    """Give a pack back with its defects, one a line (transition 12). NotAllowed for others; RuleBroken without a defect."""
    pack = steps.locked(pack_id, actor)
    permissions.can_return(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    give_back(pack, rules.listed(defects, "defects", _("List what is wrong, one a line.")), actor=actor, now=now)
    return pack


def give_back(pack: Pack, defects: list[str], *, actor: Any, now: dt.datetime) -> None:
    """The pack is the manager's again, who opens its next version. The caller holds the pack's lock."""
    told = "; ".join(defects)
    steps.step(pack, Act.RETURN, actor=actor, now=now, target=State.RETURNED, version=packs.sealed_of(pack), reason=told, defects=defects)
    pack.came_from = ""
    pack.record(actor=actor, fields=["came_from"])
    steps.close(pack, *ReviewWork, actor=actor, now=now, state=WorkState.DROPPED)
    calendar = selectors.calendar_of(pack, now)
    due_at = rules.in_days(calendar, now, int(selectors.figures(pack, now)["return_days"]))
    steps.ask(pack, ReviewWork.RETURNED, actor=actor, due_at=due_at, assignee=pack.owner)
