"""What becomes of a live limit: its annual review falls due, it is suspended, restored, cancelled, or matures (transition 20; 7.8)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.decisions import permissions, selectors
from credit.decisions.choices import LIMIT_NEWS, LifeWork
from credit.packs.choices import LIVE, Act, State
from credit.packs.models import Pack
from credit.packs.parts import require_not_stopped
from credit.packs.rules import reasoned
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.kernel.errors import RuleBroken
from crm.kernel.money import Money
from crm.kernel.worklist import WorkState
from crm.notifications.services import notify
from crm.visits.rules import closing_time

_RELATED = ("company", "company__group", "centre", "team", "owner")


def age(*, now: dt.datetime) -> dict[str, int]:
    """What time alone does to live limits: reviews fall due, overdue ones suspend, limits mature. Returns how many of each; safe to run
    again.
    """  # fmt: skip
    done = {"due": 0, "suspended": 0, "matured": 0}
    packs = list(Pack.objects.filter(state__in=LIVE).select_related("centre").order_by("pk"))
    lives = selectors.lives_of(packs, now)
    for pack in packs:
        life, today = lives.get(pack.pk), reviews.today_of(pack, now)
        if life is not None and life.next_step(pack.state, today):
            for what in _age(pack.pk, now):
                done[what] += 1
    return done


@transaction.atomic
def _age(pack_id: int, now: dt.datetime) -> list[str]:
    Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    pack = Pack.objects.select_related(*_RELATED).get(pk=pack_id)
    life = selectors.life_of(pack, now)
    done: list[str] = []
    while life is not None and (what := life.next_step(pack.state, reviews.today_of(pack, now))):
        if what == "due":
            _fall_due(pack, life.review_due_on, now)
        elif what == "suspended":
            with override("en"):
                reason = _now("The annual review is overdue.")
            _suspend(pack, reason, actor=None, post=None, now=now)
        else:
            steps.step(pack, Act.MATURE, actor=None, now=now, target=State.MATURED)
            _end(pack, _("{number}: the limit has matured."), actor=None, now=now)
        done.append(what)
    return done


def _fall_due(pack: Pack, due_on: dt.date, now: dt.datetime) -> None:
    steps.step(pack, Act.REVIEW_DUE, actor=None, now=now, target=State.REVIEW_DUE, due_on=due_on.isoformat())
    due_at = closing_time(due_on, reviews.calendar_of(pack, now))
    steps.close(pack, LifeWork.ANNUAL, actor=None, now=now, state=WorkState.DROPPED)
    steps.ask(pack, LifeWork.ANNUAL, actor=None, due_at=due_at, assignee=pack.owner)
    _tell(pack, _("{number}: the annual review falls due."), [pack.owner_id], now=now)


@transaction.atomic
def suspend(*, pack_id: int, reason: str, actor: Any, now: dt.datetime, is_quiet: bool = False) -> Pack:
    """Stop what is not drawn yet. With an actor NotAllowed for others than approvers and the committee; RuleBroken without a reason.

    `actor` None is the system, such as a critical red flag: a limit that is suspended or not live then stays as it is. `is_quiet`: no news
    goes out, for whoever suspends tells those who may know.
    """
    words = reasoned(reason)
    if actor is None:
        Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
        pack = Pack.objects.select_related(*_RELATED).get(pk=pack_id)
        if pack.state not in permissions.DRAWABLE:
            return pack
        _suspend(pack, words, actor=None, post=None, now=now, is_quiet=is_quiet)
        return pack
    pack = steps.locked(pack_id, actor)
    permissions.can_suspend(user=actor, pack=pack).require()
    _suspend(pack, words, actor=actor, post=permissions.seat(actor), now=now)
    return pack


def _suspend(pack: Pack, reason: str, *, actor: Any, post: Any, now: dt.datetime, is_quiet: bool = False) -> None:
    steps.step(pack, Act.SUSPEND, actor=actor, now=now, target=State.SUSPENDED, reason=reason, post=post)
    if is_quiet:
        return
    people = {pack.owner_id, *selectors.administrators(now)}
    _tell(pack, _("{number}: the limit is suspended. Nothing more is drawn under it."), people, now=now)


@transaction.atomic
def restore(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> Pack:
    """Lift a suspension, or end an annual review: the limit is available, or its review due, again.

    NotAllowed for others than the level that approved, for who suspended it, and for who had a part in the pack; RuleBroken without a
    reason, while something such as a critical flag stops it, and where the review is due and no review pack was granted since.
    """
    pack = steps.locked(pack_id, actor)
    permissions.can_restore(user=actor, pack=pack).require()
    words = reasoned(reason)
    if pack.state == State.SUSPENDED:
        require_not_stopped(pack.company_id)
    target, reviewed = _restored_to(pack, now)
    steps.step(pack, Act.RESTORE, actor=actor, now=now, target=target, reason=words, post=permissions.seat(actor), reviewed=int(reviewed))
    if target == State.AVAILABLE:
        steps.close(pack, LifeWork.ANNUAL, actor=actor, now=now)
    _tell(pack, _("{number}: the limit may be drawn."), {pack.owner_id, *selectors.administrators(now)}, now=now)
    return pack


def _restored_to(pack: Pack, now: dt.datetime) -> tuple[State, bool]:
    """Where a restored limit stands, and whether that ends its annual review."""
    life, today = selectors.life_of(pack, now), reviews.today_of(pack, now)
    if life is None or today < life.review_from:
        return State.AVAILABLE, False
    if selectors.is_reviewed(pack, life):
        return State.AVAILABLE, True
    if pack.state == State.SUSPENDED and today <= life.stop_after:
        return State.REVIEW_DUE, False
    raise RuleBroken(_("No review pack of this client was granted since the annual review began to fall due."), code="not_reviewed")


@transaction.atomic
def cancel(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> Pack:
    """The client does not want the limit any more. NotAllowed for others than the manager; RuleBroken without a reason, and while more is
    drawn than the client's other limits hold.
    """  # fmt: skip
    pack = steps.locked(pack_id, actor)
    permissions.can_cancel(user=actor, pack=pack).require()
    words = reasoned(reason)
    beyond = selectors.drawn_beyond(pack, now)
    if beyond > 0:
        told = {"amount": Money(beyond, "HKD")}
        raise RuleBroken(_("%(amount)s is still drawn under it. It is cancelled once that is repaid.") % told, code="still_drawn")
    steps.step(pack, Act.CANCEL, actor=actor, now=now, target=State.CANCELLED, reason=words)
    _end(pack, _("{number}: the limit is cancelled."), actor=actor, now=now)
    return pack


def _end(pack: Pack, line: Any, *, actor: Any, now: dt.datetime) -> None:
    steps.close(pack, *LifeWork, actor=actor, now=now, state=WorkState.DROPPED)
    _tell(pack, line, {pack.owner_id, *selectors.administrators(now)} - {getattr(actor, "pk", None)}, now=now)


def _tell(pack: Pack, line: Any, user_ids: Iterable[int], *, now: dt.datetime) -> None:
    newest = pack.events.order_by("-pk").values_list("pk", flat=True).first()
    notify(
        kind=LIMIT_NEWS,
        user_ids=user_ids,
        key=f"{LIMIT_NEWS}:{newest}",
        line=format_lazy(line, number=pack.number),
        url=pack.get_absolute_url(),
        now=now,
    )
