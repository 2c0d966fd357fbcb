"""Visits that count for nothing and are drawn anew: announced, cancelled, not made; draws that flags force (invariant 18)."""

import datetime as dt

import pytest

from credit.surprises import planning, selectors, services
from credit.surprises.choices import Origin, VisitState
from credit.surprises.models import DrawOrder, Quota, RevealRun, SurpriseVisit
from credit.surprises.monitoring import progress_of
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from tests.cast import NOW, fresh
from tests.credit.monitoring import making
from tests.credit.monitoring.visiting import DAY, at, entry, plan, revealed, there, watched
from tests.visits import making as visiting

pytestmark = pytest.mark.usefixtures("long_after")


@pytest.mark.parametrize("how", ["call", "invitation"])
def test_a_contact_between_reveal_and_check_in_makes_it_announced_and_draws_anew(bank, how, time_machine_at):
    visit = revealed(bank)
    between = visit.revealed_at + dt.timedelta(hours=1)
    if how == "call":
        visiting.log(bank.rm, visit.client.company, kind="call", at=between, now=between)
    else:
        with time_machine_at(between):
            visiting.plan(bank.rm, visit.client.company, at=between + 9 * DAY, now=between, kind="meeting")
    services.check_in(visit_id=visit.pk, place=None, away_reason="No signal here", actor=fresh(visit.visitor), now=visit.begins_at)
    visit.refresh_from_db()
    assert visit.tainted_at == visit.begins_at
    services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at)
    assert not SurpriseVisit.objects.made().exists()
    assert progress_of([visit.client_id], on=visit.on)[visit.client_id].counted == 0
    order = DrawOrder.objects.get()
    assert (order.window, order.attempt, order.origin) == (visit.window, "2", Origin.REDRAWN)
    assert order.from_on > visit.on


def test_a_call_written_down_afterwards_still_announces(bank):
    visit = there(bank)
    services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at)
    assert SurpriseVisit.objects.made().exists()
    visiting.log(bank.rm, visit.client.company, kind="call", at=visit.begins_at - dt.timedelta(hours=2), now=visit.begins_at + DAY)
    services.keep(now=visit.begins_at + DAY)
    assert not SurpriseVisit.objects.made().exists()
    services.keep(now=visit.begins_at + DAY)
    assert DrawOrder.objects.count() == 1


def test_only_the_centre_head_cancels_and_another_is_drawn_in_the_window_and_ten_working_days(bank):
    visit = revealed(bank)
    now = visit.begins_at - dt.timedelta(hours=3)
    for who in (bank.rm, bank.head, bank.compliance, bank.ho):
        with pytest.raises((NotAllowed, SurpriseVisit.DoesNotExist)):
            services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=fresh(who), now=now)
    with pytest.raises(RuleBroken, match="Say why"):
        services.cancel(visit_id=visit.pk, reason="No", actor=bank.centre, now=now)
    services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=bank.centre, now=now)
    order = DrawOrder.objects.get()
    calendar = selectors.calendar_of(visit.centre, now)
    ends = planning.window_end(list(Quota.objects.all()), visit.window)
    assert order.until_on == calendar.add_working_days(max(ends, order.from_on), 10)
    with pytest.raises((NotAllowed, InvalidTransition)):
        services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=bank.centre, now=now)
    again = planning.draw_of(order, calendar=calendar, jurisdiction="HK")
    services.keep(now=at(calendar.add_working_days(again.day, -1), "17:30"))
    anew = SurpriseVisit.objects.get(origin=Origin.REDRAWN)
    assert (anew.on, anew.window, anew.attempt) == (again.day, visit.window, visit.attempt.replace("1", "2"))  # an extra one stays one


def test_a_visit_whose_day_goes_by_is_drawn_anew_once(bank):
    visit = revealed(bank)
    for hours in (0, 1):
        services.keep(now=at(visit.on + DAY, "09:00") + dt.timedelta(hours=hours))
    visit.refresh_from_db()
    assert visit.state == VisitState.MISSED
    assert DrawOrder.objects.count() == 1
    broken = [line for one in of(Invariant) if one.code.startswith("surprises.") for line in one.broken()]
    assert broken == []


def test_a_worker_that_slept_for_days_reveals_what_it_missed_and_draws_it_anew(bank):
    client = watched(bank)
    RevealRun.objects.create(centre=client.centre, through_on=making.TODAY, at=NOW)
    first = plan(client)[0]
    services.keep(now=at(first.day + 4 * DAY, "12:00"))
    assert SurpriseVisit.objects.get(window=first.window, attempt=first.attempt).state == VisitState.MISSED
    assert DrawOrder.objects.filter(window=first.window).count() == 1


@pytest.mark.parametrize(("severity", "days"), [("H", 5), ("C", 1)])
def test_an_open_flag_forces_one_draw_within_its_days(bank, severity, days):
    client = making.client(bank)
    services.force_draw(client_id=client.pk, severity=severity, source="17", now=NOW)
    services.force_draw(client_id=client.pk, severity=severity, source="17", now=NOW)
    calendar = selectors.calendar_of(client.centre, NOW)
    for count in range(8):
        day = calendar.add_working_days(making.TODAY, count)
        services.keep(now=at(day, "17:30"))
    visit = SurpriseVisit.objects.get(client=client, origin=Origin.FLAG)
    assert 1 <= calendar.working_days_between(making.TODAY, visit.on) <= days
    assert services.force_draw(client_id=client.pk, severity="M", source="18", now=NOW) is None
