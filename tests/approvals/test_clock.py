"""What the clock does: late requests go up once for each limit, and deciders get one mail a morning."""

import datetime as dt
from typing import Any

import pytest

from crm.approvals import services
from crm.approvals.models import Escalation
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.worklist import WorkItem
from crm.notifications.models import Mail, Notification
from crm.policy.models import Figure
from crm.staff.models import CalendarDay, User
from tests.approvals.kinds import ask
from tests.cast import NOW, Bank

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MORNING = dt.datetime(2026, 3, 4, 1, 0, tzinfo=dt.UTC)  # Wednesday 09:00 in Hong Kong, half an hour before the centre opens


# Escalation


def test_a_late_request_is_passed_up_once_for_each_limit(bank: Bank) -> None:
    late, later = ask(1, unit=bank.team, due=NOW - HOUR), ask(2, unit=bank.team, due=NOW + HOUR)
    assert services.escalate_due(now=NOW) == 1
    late.refresh_from_db()
    assert (late.role, late.unit, late.due_at) == ("RCH", bank.units["centre"], NOW + 4 * HOUR)
    assert services.escalate_due(now=NOW) == 0
    later.refresh_from_db()
    assert later.role == "TH"
    assert services.escalate_due(now=NOW + 4 * HOUR) == 2
    assert Escalation.objects.filter(item=late).count() == 2


def test_who_decides_it_now_is_told_and_nobody_else(bank: Bank) -> None:
    ask(1, unit=bank.team, due=NOW - HOUR)
    services.escalate_due(now=NOW)
    told = Notification.objects.get()
    assert (told.user, told.kind) == (bank.people["centre"], "approval_late")
    assert told.title == "Leave: a request waits for you past its time limit"
    assert not Mail.objects.exists()


def test_one_that_waits_or_is_refused_is_asked_once_and_stops_no_other(bank: Bank) -> None:
    waits, refuses = ask(1, title="Waits", unit=bank.team, due=NOW - HOUR), ask(2, title="Refuses", unit=bank.team, due=NOW - HOUR)
    moves = ask(3, unit=bank.team, due=NOW - HOUR)
    assert services.escalate_due(now=NOW) == 2
    assert services.escalate_due(now=NOW + HOUR) == 0
    for item in (waits, refuses, moves):
        item.refresh_from_db()
    assert [item.role for item in (waits, refuses, moves)] == ["TH", "TH", "RCH"]


def test_what_is_decided_or_has_no_limit_is_left_alone(bank: Bank) -> None:
    ask(1, unit=bank.team, due=NOW - HOUR).close(actor=bank.head, now=NOW)
    ask(2, unit=bank.team, due=None)
    WorkItem.objects.create(kind="task", title="Task", assignee=bank.head, due_at=NOW - HOUR)
    assert services.escalate_due(now=NOW) == 0


# The mail of the morning


def test_each_decider_gets_one_mail_a_morning_however_often_it_runs(bank: Bank, settings: Any) -> None:
    User.objects.filter(pk=bank.head.pk).update(language="zh-hant")
    for number in range(12):
        ask(number, unit=bank.team, due=MORNING + (number - 2) * HOUR)
    ask(20, unit=None, role="COMP")
    assert services.send_digests(now=MORNING) == 3
    assert services.send_digests(now=MORNING) == 0
    assert services.send_digests(now=MORNING + 3 * HOUR) == 0
    assert set(Mail.objects.values_list("to__username", flat=True)) == {"head", "compliance", "compliance2"}
    mail = Mail.objects.get(to=bank.head)
    assert mail.deliver_at == MORNING
    assert mail.body.count("/approvals/") == 11
    assert services.send_digests(now=MORNING + DAY) == 3


def test_the_mail_names_how_many_and_where_and_nothing_else(bank: Bank) -> None:
    ask(1, title="Yau Tat, HK$ 12,000,000", unit=bank.team, due=MORNING - HOUR)
    services.send_digests(now=MORNING)
    mail = Mail.objects.get()
    assert mail.subject == "1 request waits for your decision"
    assert "late: 1" in mail.body
    assert "Leave" in mail.body
    assert "Yau" not in mail.body
    assert "12,000,000" not in mail.body


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (MORNING - dt.timedelta(minutes=1), 0),
        (MORNING, 1),
        (MORNING + 8 * HOUR, 1),
        (MORNING + 9 * HOUR, 0),
        (MORNING + 3 * DAY, 0),  # Saturday
    ],
)
def test_it_is_written_on_working_days_from_the_policys_time_to_closing(bank: Bank, moment: dt.datetime, written: int) -> None:
    ask(1, unit=bank.team)
    assert services.send_digests(now=moment) == written


def test_a_holiday_of_the_centre_has_no_mail(bank: Bank) -> None:
    ask(1, unit=bank.team)
    ask(2, unit=bank.far_team)
    CalendarDay.objects.create(centre=bank.units["centre"], day=MORNING.date(), spans=[])
    assert services.send_digests(now=MORNING) == 1
    assert Mail.objects.get().to == bank.outhead


def test_the_time_is_a_policy_figure(bank: Bank) -> None:
    Figure.objects.filter(table="approvals.digest").update(value=60)
    ask(1, unit=bank.team)
    assert services.send_digests(now=MORNING - dt.timedelta(minutes=30)) == 1


def test_nobody_is_written_to_where_nothing_waits(bank: Bank, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert services.send_digests(now=MORNING) == 0


def test_a_closed_day_is_no_morning() -> None:
    calendar = WorkingCalendar(zone=dt.UTC, weekend=frozenset(range(7)))  # type: ignore[arg-type]
    assert not services.is_morning(calendar, 30, MORNING)
