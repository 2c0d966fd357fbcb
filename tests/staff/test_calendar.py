"""The working calendar of a centre: remembered by each process, and right at once when an administrator changes it."""

import datetime as dt

import pytest

from crm.staff import units
from crm.staff.selectors import calendar_of
from tests.cast import fresh

pytestmark = pytest.mark.django_db

WEDNESDAY = dt.date(2026, 3, 4)


def test_a_day_that_is_closed_is_closed_at_once_for_a_process_that_remembers_the_days(bank, now):
    assert calendar_of(fresh(bank.rm), now=now).is_working_day(WEDNESDAY)
    units.set_calendar_day(centre_id=bank.centre.actor.centre.pk, day=WEDNESDAY, spans=[], name="Typhoon", actor=bank.admin)
    assert not calendar_of(fresh(bank.rm), now=now).is_working_day(WEDNESDAY)
    assert calendar_of(fresh(bank.outsider), now=now).is_working_day(WEDNESDAY)


def test_the_days_are_read_once_as_long_as_nobody_changes_them(bank, now, django_assert_num_queries):
    people = [fresh(bank.rm), fresh(bank.rm)]
    for person in people:
        assert person.actor.centre
    with django_assert_num_queries(3):  # hours twice, days once
        for person in people:
            calendar_of(person, now=now)
