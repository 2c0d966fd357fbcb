"""The test of a period: its paper received, its result by figures or by a person's answer with evidence, a breach cured (domain 7.8)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.covenants import measuring, permissions, rules, selectors
from credit.covenants.choices import BREACHED_NEWS, TEST_TRANSITIONS, Act, Answer, CovenantWork, TestState
from credit.covenants.models import CovenantTest
from credit.covenants.services.traces import ask, finish, locked_test, raise_breach, tell, write_event, write_timeline
from credit.flags.rules import link_of
from credit.flags.services.traces import file_of
from credit.packs.rules import line, refuse
from credit.reviews import selectors as reviews
from crm.kernel.workflow import check_transition
from crm.staff.choices import Role
from crm.visits.rules import closing_time


@transaction.atomic
def receive_paper(
    *, test_id: int, received_on: dt.date, actor: Any, now: dt.datetime, note: str = "", file_id: int | None = None, link: str = ""
) -> CovenantTest:
    """Record that the paper of a period is here, with the paper or its address: it is tested within the bank's working days.

    NotAllowed for others than the relationship manager and those who keep covenants; RuleBroken for a day before the period's end or to
    come, and without the paper.
    """
    test = locked_test(test_id, actor)
    permissions.can_receive(user=actor, test=test).require()
    pack, today = test.covenant.pack, reviews.today_of(test.covenant.pack, now)
    if not test.ends_on <= received_on <= today:
        raise refuse("received_on", _("Between the end of the period and today."))
    evidence = _evidence(file_id, link, actor)
    calendar = reviews.calendar_of(pack, now)
    days = selectors.figures(on=today)["test_days"]
    test.received_on, test.received_by, test.received_at = received_on, actor, now
    test.test_due_at = closing_time(calendar.add_working_days(received_on, days), calendar)
    _move(test, TestState.RECEIVED, Act.RECEIVE, actor, ["received_on", "received_by", "received_at", "test_due_at"])
    write_event(test.covenant, Act.RECEIVE, actor=actor, now=now, test=test, note=line(note, rules.NOTE), **evidence)
    finish(test, CovenantWork.PAPER, actor=actor, now=now)
    ask(test.covenant, CovenantWork.TEST, about=test, actor=actor, due_at=test.test_due_at, role=Role.CA)
    return test


def _evidence(file_id: int | None, link: str, actor: Any) -> dict[str, Any]:
    file, address = file_of(file_id, actor), link_of(link)
    if file is None and not address:
        raise refuse("evidence", _("Bring the evidence: a paper, or the address of one."))
    return {"file": file, "link": address}


def _move(test: CovenantTest, state: str, act: str, actor: Any, fields: list[str]) -> None:
    check_transition(TEST_TRANSITIONS, test.state, state)
    test.state = state
    test.record(actor=actor, reason=act, fields=["state", *fields])


@transaction.atomic
def record_result(
    *, test_id: int, actor: Any, now: dt.datetime, answer: str = "", note: str = "", file_id: int | None = None, link: str = ""
) -> CovenantTest:
    """Test a period: what is measured is worked out from the figures that the bank holds, an undertaking is answered with evidence.

    Met, breached, or not testable where a figure is missing. A breach without days to cure raises RF-41 at once; it stops no drawing.
    NotAllowed for others than those who keep covenants; RuleBroken for an undertaking without an answer, words or evidence.
    """
    test = locked_test(test_id, actor)
    permissions.can_test(user=actor, test=test).require()
    if test.covenant.is_measured:
        words = line(note, rules.NOTE)
        found = measuring.measure(test.covenant, test.ends_on, on=reviews.today_of(test.covenant.pack, now))
        test.value, test.threshold, test.figures = found.value, test.covenant.threshold, found.figures
        evidence: dict[str, Any] = {"file": file_of(file_id, actor), "link": link_of(link)}
        with override("en"):
            result = _by_figures(test, str(found.reason))
    else:
        words, evidence, result = _answered(test, answer, note, file_id, link, actor)
    _settle(test, result, actor=actor, now=now)
    said = test.reason or f"{test.shown_value} {words}".strip()
    write_event(test.covenant, Act.TEST, actor=actor, now=now, test=test, result=result, note=said, **evidence)
    if result == TestState.BREACHED:
        _breached(test, actor=actor, now=now)
    return test


def _by_figures(test: CovenantTest, reason: str) -> TestState:
    if test.value is None or test.threshold is None:
        test.reason = reason[: rules.REASON]
        return TestState.UNTESTABLE
    test.reason = ""
    return TestState.MET if rules.keeps(test.value, test.covenant.comparison, test.threshold) else TestState.BREACHED


def _answered(
    test: CovenantTest, answer: str, note: str, file_id: int | None, link: str, actor: Any
) -> tuple[str, dict[str, Any], TestState]:
    if answer not in Answer.values:
        raise refuse("answer", _("Say whether the promise is kept."))
    words = line(note, rules.NOTE)
    if not words:
        raise refuse("note", _("Say what the evidence shows."))
    if answer == Answer.UNTESTABLE:
        test.reason = words[: rules.REASON]
        return words, {"file": file_of(file_id, actor), "link": link_of(link)}, TestState.UNTESTABLE
    test.reason = ""
    return words, _evidence(file_id, link, actor), TestState(answer)


def _settle(test: CovenantTest, result: TestState, *, actor: Any, now: dt.datetime) -> None:
    fields = ["value", "threshold", "figures", "reason"]
    if result != TestState.UNTESTABLE:
        today = reviews.today_of(test.covenant.pack, now)
        test.tested_by, test.tested_at = actor, now
        test.settled_at = now if result == TestState.MET else None
        test.cure_until = rules.cure_until(today, test.covenant.cure_days) if result == TestState.BREACHED else None
        fields += ["tested_by", "tested_at", "settled_at", "cure_until"]
        finish(test, CovenantWork.TEST, actor=actor, now=now)
        finish(test.covenant, CovenantWork.LOOK, actor=actor, now=now)
    _move(test, result, Act.TEST, actor, fields)


def _breached(test: CovenantTest, *, actor: Any, now: dt.datetime) -> None:
    """Its manager has it to cure within the days, is told, and the flag follows: at once where there are none."""
    covenant = test.covenant
    pack = covenant.pack
    write_timeline(covenant, Act.TEST, actor=actor, now=now)
    if test.cure_until is not None:
        due_at = max(closing_time(test.cure_until, reviews.calendar_of(pack, now)), now)
        ask(covenant, CovenantWork.CURE, about=test, actor=actor, due_at=due_at, assignee=pack.owner)
    line_ = format_lazy(_("{number}: a covenant is breached, {what}."), number=pack.number, what=covenant.get_metric_display())
    tell(BREACHED_NEWS, [pack.owner_id], about=test, key="breached", line=line_, now=now)
    if covenant.cure_days == 0:
        flag_breach(test, now=now)


def flag_breach(test: CovenantTest, *, now: dt.datetime) -> bool:
    """RF-41 for a breach that is not cured, once. Whoever calls holds the pack's lock. Returns whether it was raised."""
    if test.state != TestState.BREACHED or test.breach_flagged_at is not None:
        return False
    test.breach_flagged_at = now
    test.record(actor=None, reason=Act.FLAG, fields=["breach_flagged_at"])
    return raise_breach(test.covenant, _breach_words(test), now=now, test=test)


def _breach_words(test: CovenantTest) -> Any:
    told = {"day": test.ends_on.isoformat(), "value": test.shown_value}
    if test.value is None:
        return format_lazy(_("breached for the period to {day}."), **told)
    return format_lazy(_("breached for the period to {day}, at {value}."), **told)


@transaction.atomic
def cure(*, test_id: int, note: str, actor: Any, now: dt.datetime, file_id: int | None = None, link: str = "") -> CovenantTest:
    """A breach is cured, with the evidence. Its result stays as it was. NotAllowed for others than those who keep covenants; RuleBroken
    without words or evidence.
    """  # fmt: skip
    test = locked_test(test_id, actor)
    permissions.can_cure(user=actor, test=test).require()
    words = line(note, rules.NOTE)
    if not words:
        raise refuse("note", _("Say what the evidence shows."))
    evidence = _evidence(file_id, link, actor)
    test.settled_at = now
    _move(test, TestState.CURED, Act.CURE, actor, ["settled_at"])
    write_event(test.covenant, Act.CURE, actor=actor, now=now, test=test, note=words, **evidence)
    write_timeline(test.covenant, Act.CURE, actor=actor, now=now)
    finish(test, CovenantWork.CURE, actor=actor, now=now)
    return test
