"""The committee: a chair puts a motion, members vote with their own judgement, two thirds of those present carry it (domain 6.7)."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, rules, selectors
from credit.decisions.choices import Choice, MotionState, Word
from credit.decisions.models import Motion, Vote
from credit.decisions.rules import Ruling
from credit.decisions.services.deciding import check_ruling, conclude
from credit.packs.models import Pack
from credit.packs.rules import reasoned, refuse
from credit.packs.services import steps
from crm.kernel.errors import RuleBroken
from crm.staff.choices import Role

_DAYS = ("due_on", "reapply_on")


@transaction.atomic
def put_motion(*, pack_id: int, ruling: Ruling, actor: Any, now: dt.datetime) -> Motion:
    """Open the vote on a ruling, as the chair of the sitting. NotAllowed for others than the committee; RuleBroken while one is open."""
    pack = steps.locked(pack_id, actor)
    case = selectors.case_of(pack)
    permissions.can_put(user=actor, pack=pack, case=case).require()
    if case is None:
        raise RuleBroken(_("This pack is not up for decision."))
    if selectors.open_motion(case) is not None:
        raise RuleBroken(_("A motion is open. Close it first."))
    check_ruling(pack, case, ruling, now)
    kept = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in asdict(ruling).items()}
    motion = Motion(pack=pack, case=case, word=ruling.word, ruling=kept, chair=actor, put_at=now)
    motion.record(actor=actor)
    return motion


@transaction.atomic
def vote(*, pack_id: int, choice: str, judgement: str, actor: Any, now: dt.datetime) -> Vote:
    """Vote, once. NotAllowed for others than members without a part in the pack; RuleBroken without one's own judgement."""
    pack = steps.locked(pack_id, actor)
    motion = _motion(pack)
    permissions.can_vote(user=actor, pack=pack, motion=motion).require()
    if motion is None:
        raise RuleBroken(_("Nothing is being voted on."))
    if choice not in Choice.values:
        raise refuse("choice", _("Pick one of the choices."))
    words = reasoned(judgement, "judgement")
    return Vote.objects.create(pack=pack, motion=motion, choice=choice, judgement=words, at=now, actor=actor, post=_seat(actor))


def _motion(pack: Pack) -> Motion | None:
    case = selectors.case_of(pack)
    motion = selectors.open_motion(case) if case is not None else None
    if motion is not None and case is not None:
        motion.case = case
    return motion


def _seat(actor: Any) -> Any:
    return next(post for post in actor.actor.deciding_posts if post.role == Role.CC)


@transaction.atomic
def close_motion(*, pack_id: int, actor: Any, now: dt.datetime) -> Motion:
    """Close the vote. Where it carries the ruling is the decision; where it falls another may be put.

    NotAllowed for others than the chair; RuleBroken without a quorum, and where an approval would pass the headroom of the group.
    """
    pack = steps.locked(pack_id, actor)
    motion = _motion(pack)
    permissions.can_close(user=actor, pack=pack, motion=motion).require()
    if motion is None:
        raise RuleBroken(_("Nothing is being voted on."))
    figures = selectors.figures(pack, now)
    votes = [(row.choice, row.actor_id == motion.chair_id) for row in motion.votes.order_by("pk")]
    share = (int(figures["in_favour"]), int(figures["of_present"]))
    grants = motion.word == Word.APPROVE
    carried = rules.carries(votes, grants=grants, quorum=int(figures["quorum"]), share=share)
    if carried is None:
        told = {"quorum": figures["quorum"], "number": len(votes)}
        raise RuleBroken(_("The quorum is %(quorum)s members; %(number)s have voted.") % told, code="no_quorum")
    motion.state, motion.closed_at = (MotionState.CARRIED if carried else MotionState.FELL), now
    motion.record(actor=actor, fields=["state", "closed_at"])
    if carried:
        conclude(pack, motion.case, _ruling(motion), post=_seat(actor), actor=actor, now=now)
    return motion


def _ruling(motion: Motion) -> Ruling:
    kept = dict(motion.ruling)
    for name in _DAYS:
        kept[name] = dt.date.fromisoformat(kept[name]) if kept[name] else None
    return Ruling(**kept)
