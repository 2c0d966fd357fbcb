"""Waivers: asked with a reason, decided by the level that approved the pack and never by who asked; the committee's by its votes.

The third raises a high flag.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from credit.covenants import permissions, selectors
from credit.covenants.choices import (
    TEST_TRANSITIONS,
    UNSETTLED,
    WAIVER_NEWS,
    WAIVER_TRANSITIONS,
    Act,
    CovenantWork,
    TestState,
    WaiverState,
)
from credit.covenants.models import Covenant, CovenantTest, Waiver, WaiverVote
from credit.covenants.services.traces import ask, due, finish, locked, raise_breach, tell, write_event, write_timeline
from credit.decisions.choices import Choice, Level
from credit.packs.rules import line, reasoned, refuse
from credit.reviews import selectors as reviews
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.staff.choices import Role


@transaction.atomic
def ask_waiver(
    *, covenant_id: int, reason: str, actor: Any, now: dt.datetime, test_id: int | None = None, until: dt.date | None = None
) -> Waiver:
    """Ask to do without a covenant, for one test or for all periods that end by a day.

    NotAllowed for others than the relationship manager, the head of the team and credit. RuleBroken without a reason, for both or neither
    of test and day, for a day that is past or beyond a year, and while another request waits. CovenantTest.DoesNotExist for another's.
    """
    covenant = locked(covenant_id, actor)
    pack, today = covenant.pack, reviews.today_of(covenant.pack, now)
    test = _test(covenant, test_id)
    permissions.can_ask_waiver(user=actor, covenant=covenant, test=test).require()
    words = reasoned(reason)
    if (test is None) == (until is None):
        raise refuse("until", _("A waiver is for one test, or until a day."))
    if until is not None and not today < until <= today + dt.timedelta(days=366):
        raise refuse("until", _("A day within the next twelve months."))
    if selectors.asked_waiver(covenant) is not None:
        raise RuleBroken(_("A waiver is asked for already."))
    waiver = Waiver(covenant=covenant, test=test, until=until, reason=words, level=selectors.level_of(pack), asked_by=actor, asked_at=now)
    waiver.record(actor=actor, reason=Act.ASK)
    write_event(covenant, Act.ASK, actor=actor, now=now, test=test, note=words)
    days = selectors.figures(on=today)["waive_days"]
    role = Role.CC if waiver.level == Level.CC else Role.CO
    ask(covenant, CovenantWork.WAIVE, about=waiver, actor=actor, due_at=due(pack, days, now), role=role)
    return waiver


def _test(covenant: Covenant, test_id: int | None) -> CovenantTest | None:
    if test_id is None:
        return None
    test: CovenantTest = covenant.tests.get(pk=test_id)
    test.covenant = covenant
    return test


def _locked_waiver(waiver_id: int, actor: Any) -> Waiver:
    """The waiver among those that the actor may see, under its covenant's lock."""
    covenant_id = Waiver.objects.visible_to(actor).values_list("covenant_id", flat=True).get(pk=waiver_id)
    covenant = locked(covenant_id, actor)
    waiver: Waiver = Waiver.objects.select_related("test").get(pk=waiver_id)
    waiver.covenant = covenant
    return waiver


@transaction.atomic
def decide_waiver(*, waiver_id: int, is_granted: bool, actor: Any, now: dt.datetime, note: str = "") -> Waiver:
    """Grant or refuse it. Granted, the test (or all open ones of the time) need not be kept; the bank's third waiver in the life of the
    limit raises RF-41 as high. NotAllowed for others than the level that approved, for who asked and who had a part in the pack, and of
    what the committee decides; RuleBroken for a refusal without a word, and where the test was settled meanwhile.
    """  # fmt: skip
    waiver = _locked_waiver(waiver_id, actor)
    permissions.can_decide_waiver(user=actor, waiver=waiver).require()
    return _conclude(waiver, is_granted, line(note, 1000), actor=actor, now=now)


@transaction.atomic
def vote_on_waiver(*, waiver_id: int, choice: str, judgement: str, actor: Any, now: dt.datetime) -> WaiverVote:
    """Vote as a member of the committee, once. NotAllowed for others; RuleBroken without one's own judgement (field `note`)."""
    waiver = _locked_waiver(waiver_id, actor)
    permissions.can_vote_waiver(user=actor, waiver=waiver, votes=selectors.votes_on(waiver)).require()
    if choice not in Choice.values:
        raise refuse("choice", _("Pick one of the choices."))
    words = reasoned(judgement, "note")
    post = permissions.deciding_post(actor, waiver)
    made: WaiverVote = WaiverVote.objects.create(
        covenant=waiver.covenant, waiver=waiver, choice=choice, judgement=words, at=now, actor=actor, post=post
    )
    return made


@transaction.atomic
def close_waiver(*, waiver_id: int, actor: Any, now: dt.datetime, note: str = "") -> Waiver:
    """Close the committee's vote: it is granted where the bank's share of those present is for it, else refused, for good.

    NotAllowed for others than who voted first; RuleBroken below the quorum (code `no_quorum`), for a refusal without a word, and where
    the test was settled meanwhile.
    """
    waiver = _locked_waiver(waiver_id, actor)
    votes = selectors.votes_on(waiver)
    permissions.can_close_waiver(user=actor, waiver=waiver, votes=votes).require()
    carried = selectors.carried(waiver, votes, now)
    if carried is None:
        told = {"quorum": selectors.quorum_of(waiver.covenant.pack, now), "number": len(votes)}
        raise RuleBroken(_("The quorum is %(quorum)s members; %(number)s have voted.") % told, code="no_quorum")
    return _conclude(waiver, carried, line(note, 1000), actor=actor, now=now)


def _conclude(waiver: Waiver, is_granted: bool, words: str, *, actor: Any, now: dt.datetime) -> Waiver:
    covenant = waiver.covenant
    if not is_granted and not words:
        raise refuse("note", _("Say why."))
    target = WaiverState.GRANTED if is_granted else WaiverState.REFUSED
    check_transition(WAIVER_TRANSITIONS, waiver.state, target)
    waiver.state, waiver.decided_by, waiver.decided_at, waiver.note = target, actor, now, words
    act = Act.GRANT if is_granted else Act.DENY
    waiver.record(actor=actor, reason=act, fields=["state", "decided_by", "decided_at", "note"])
    post = permissions.deciding_post(actor, waiver)
    write_event(covenant, act, actor=actor, now=now, test=waiver.test, note=words, post=post)
    finish(waiver, CovenantWork.WAIVE, actor=actor, now=now)
    if is_granted:
        _waive(waiver, actor=actor, now=now)
    line_ = _("{number}: the waiver of a covenant is granted.") if is_granted else _("{number}: the waiver of a covenant is refused.")
    people = {waiver.asked_by_id, covenant.pack.owner_id} - {actor.pk}
    tell(WAIVER_NEWS, people, about=waiver, key="decided", line=format_lazy(line_, number=covenant.pack.number), now=now)
    return waiver


def _waive(waiver: Waiver, *, actor: Any, now: dt.datetime) -> None:
    covenant = waiver.covenant
    for test in _covered(waiver):
        test.covenant = covenant
        if TestState.WAIVED not in TEST_TRANSITIONS[TestState(test.state)]:
            raise RuleBroken(_("This test is settled."))
        test.state, test.settled_at = TestState.WAIVED, now
        test.record(actor=actor, reason=Act.GRANT, fields=["state", "settled_at"])
        finish(test, actor=actor, now=now, state=WorkState.DROPPED)
        if waiver.test_id is None:
            write_event(covenant, Act.COVER, actor=actor, now=now, test=test)
    write_timeline(covenant, Act.GRANT, actor=actor, now=now)
    count = selectors.waivers_granted(covenant.pack)
    if count >= selectors.figures(on=reviews.today_of(covenant.pack, now))["waivers"]:
        words = format_lazy(_("waived, for the {count}. time in the life of the limit."), count=count)
        raise_breach(covenant, words, now=now, test=waiver.test, is_worst=True)


def _covered(waiver: Waiver) -> list[CovenantTest]:
    if waiver.test is not None:
        return [waiver.test]
    return list(waiver.covenant.tests.filter(state__in=UNSETTLED, ends_on__lte=waiver.until).order_by("ends_on"))
