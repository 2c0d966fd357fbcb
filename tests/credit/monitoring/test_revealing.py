"""Surprise visits from settling to reveal: how often, by whom, when it is shown to whom (domain 7.2; invariants 16 and 17)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from credit.risk import services as risk
from credit.surprises import nightly, selectors, services
from credit.surprises.choices import Origin, VisitState
from credit.surprises.models import DrawOrder, PlanRead, Quota, RevealRun, SurpriseVisit
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.notifications.models import Notification
from crm.staff.models import Post
from tests.cast import NOW, fresh
from tests.credit.monitoring import making
from tests.credit.monitoring.visiting import DAY, THERE, at, eve_of, plan, revealed, watched

pytestmark = pytest.mark.usefixtures("long_after")


def test_the_frequency_follows_class_and_multipliers(bank):
    known = selectors.figures("HK", making.TODAY)
    assert [selectors.needed(f"R{n}", [], known) for n in range(1, 6)] == [1, 2, 4, 6, 12]
    assert selectors.needed("R3", ["usance"], known) == 6
    assert selectors.needed("R3", ["usance", "exposure", "unaudited"], known) == 10
    assert selectors.needed("R5", ["usance", "unsatisfactory"], known) == 24


def test_factors_come_from_figures_premises_and_the_last_visit(bank):
    client = making.client(bank, opened_on=dt.date(2025, 9, 1))
    making.drawn(client, "ULC", 40_000_000, limit=50_000_001)
    making.drawn(client, "OD", 1_000)
    services.keep_premises(client_id=client.pk, values={"is_unaudited": True}, actor=bank.rm, now=NOW)
    found = selectors.factors([client], on=making.TODAY, known=selectors.figures("HK", making.TODAY))
    assert found == {client.pk: ["new", "usance", "exposure", "unaudited"]}


def test_settling_twice_adds_nothing_and_a_change_of_class_lays_new_windows(bank):
    client = watched(bank, loan_class=1)
    assert services.settle(on=making.TODAY, now=NOW)["quotas"] == 0
    first = Quota.objects.get()
    assert (first.count, first.from_on, first.windows) == (2, dt.date(2026, 3, 5), 2)
    risk.downgrade(standing_id=client.risk_standings.get().pk, loan_class=2, evidence="Slow", actor=bank.head, now=NOW + 30 * DAY)
    services.settle(on=making.TODAY + 30 * DAY, now=NOW + 30 * DAY)
    second = Quota.objects.order_by("from_on").last()
    assert (second.count, second.from_on, second.windows, second.gap) == (6, dt.date(2026, 4, 4), 5, 10)
    assert all(one.day < second.from_on or one.window.startswith("2026-04-04") for one in plan(client))


def test_next_year_is_settled_before_it_begins(bank):
    watched(bank)
    services.settle(on=dt.date(2026, 12, 15), now=at(dt.date(2026, 12, 15), "02:00"))
    assert list(Quota.objects.order_by("from_on").values_list("from_on", "windows")) == [(dt.date(2026, 3, 5), 5), (dt.date(2027, 1, 1), 6)]


def test_the_first_use_of_a_facility_is_looked_at_within_fifteen_days(bank):
    client = making.client(bank)
    making.standing(bank, client)
    making.drawn(making.client(bank, name="Old", name_zh=""), on=making.TODAY - 100 * DAY)
    making.drawn(client, "TR", 0, on=making.TODAY - 3 * DAY)
    making.drawn(client, "TR", 500, on=making.TODAY)
    assert services.settle(on=making.TODAY, now=NOW)["first_uses"] == 1
    order = DrawOrder.objects.get()
    assert (order.origin, order.client_id, order.until_on) == (Origin.FIRST_USE, client.pk, making.TODAY + 14 * DAY)
    assert services.settle(on=making.TODAY, now=NOW)["first_uses"] == 0


def test_the_night_runs_in_order_and_its_second_run_changes_nothing(bank):
    client = making.client(bank)
    making.drawn(client)
    assert nightly.run(on=making.TODAY, now=NOW) == {"clients": 1, "flags_raised": 0, "draws": 1}
    assert nightly.run(on=making.TODAY, now=NOW) == {"clients": 1, "flags_raised": 0, "draws": 0}


def test_nothing_is_written_before_half_past_five_of_the_eve(bank):
    client = watched(bank)
    first = plan(client)[0]
    eve = eve_of(client, first.day)
    services.keep(now=at(eve, "17:29"))
    assert not SurpriseVisit.objects.exists()
    services.keep(now=at(eve, "17:30"))
    visit = SurpriseVisit.objects.get()
    assert (visit.on, visit.window, visit.state, visit.risk_class) == (first.day, first.window, VisitState.REVEALED, "R4")
    services.keep(now=at(eve, "17:31"))
    assert SurpriseVisit.objects.count() == 1


def test_the_coordinator_learns_in_the_evening_the_visitors_at_eight(bank):
    visit = revealed(bank)
    assert set(Notification.objects.values_list("user__username", "kind")) & {("centre", "surprise_revealed")}
    people = [fresh(one) for one in (visit.visitor, visit.companion)]
    assert not Notification.objects.filter(kind="surprise_morning").exists()
    services.keep(now=at(visit.on, "07:59"))
    assert not Notification.objects.filter(kind="surprise_morning").exists()
    services.keep(now=at(visit.on, "08:00"))
    services.keep(now=at(visit.on, "08:01"))
    assert {row.user_id for row in Notification.objects.filter(kind="surprise_morning")} == {one.pk for one in people}


def test_who_sees_a_visit_and_when(bank, time_machine_at):
    visit = revealed(bank)
    visitors = {visit.visitor.username, visit.companion.username}

    def seers() -> set[str]:
        return {name for name, one in bank.people.items() if SurpriseVisit.objects.visible_to(fresh(one)).exists()}

    always = {"centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
    with time_machine_at(at(visit.on, "07:59")):
        assert seers() == always
    with time_machine_at(at(visit.on, "08:00")):
        assert seers() == always | visitors
    SurpriseVisit.objects.update(state=VisitState.MISSED)
    with time_machine_at(at(visit.on, "08:00")):
        assert seers() == always | visitors | {"rm", "head", "co1", "co2", "approver", "chair"}


def test_from_r4_on_two_go_and_one_is_not_the_accounts_manager(bank):
    visit = revealed(bank)
    assert visit.companion_id is not None
    assert {visit.visitor_id, visit.companion_id} != {bank.rm.pk}
    known = selectors.figures("HK", making.TODAY)
    pairs = set()
    for number in range(40):
        visit.window = f"w{number}"
        pairs.add(services.keeping.choose(visit, known, now=NOW))
    assert all(first != second and bank.rm.pk in (first, second) for first, second in pairs)


def test_seven_of_ten_visits_below_r4_are_the_managers_own(bank):
    visit = revealed(bank)
    visit.risk_class = "R2"
    known = selectors.figures("HK", making.TODAY)
    own = 0
    for number in range(2000):
        visit.window = f"w{number}"
        first, second = services.keeping.choose(visit, known, now=NOW)
        own += first == bank.rm.pk
        assert second is None
    assert 0.66 < own / 2000 < 0.74


def test_a_visitor_who_leaves_the_bank_in_the_night_is_replaced(bank):
    visit = revealed(bank)
    gone = visit.companion if visit.visitor_id == bank.rm.pk else visit.visitor
    Post.objects.filter(user=gone).update(to_at=at(visit.on, "00:00"))
    services.keep(now=at(visit.on, "08:00"))
    visit.refresh_from_db()
    assert gone.pk not in (visit.visitor_id, visit.companion_id)
    assert not Notification.objects.filter(kind="surprise_morning", user=gone).exists()


def test_a_visitor_who_leaves_between_the_morning_and_the_visit_is_replaced_and_goes_nowhere(bank):
    visit = revealed(bank)
    services.keep(now=at(visit.on, "08:00"))
    gone = visit.companion if visit.visitor_id == bank.rm.pk else visit.visitor
    gone.is_active = False
    gone.save()
    Post.objects.filter(user=gone).update(to_at=at(visit.on, "08:30"))
    services.keep(now=at(visit.on, "08:31"))
    visit.refresh_from_db()
    people = {visit.visitor_id, visit.companion_id}
    assert gone.pk not in people
    assert len(people) == 2
    told = Notification.objects.filter(kind="surprise_morning")
    assert people <= set(told.values_list("user_id", flat=True))
    with pytest.raises((NotAllowed, SurpriseVisit.DoesNotExist)):
        services.check_in(visit_id=visit.pk, place=THERE, actor=fresh(gone), now=visit.begins_at)


def test_a_clock_that_is_set_back_reveals_nothing_anew_and_takes_nothing_back(bank):
    visit = revealed(bank)
    evening = at(eve_of(visit.client, visit.on), "17:30")
    for back in (dt.timedelta(hours=1), DAY, 30 * DAY):
        services.keep(now=evening - back)
        assert list(SurpriseVisit.objects.values_list("pk", "state")) == [(visit.pk, "revealed")]
    assert RevealRun.objects.get(centre=visit.centre).through_on == visit.on
    services.keep(now=evening)
    assert SurpriseVisit.objects.count() == 1
    assert not Notification.objects.filter(kind="surprise_morning").exists()


def test_compliance_reads_the_plan_with_a_reason_and_others_hear_of_it(bank):
    client = watched(bank)
    for name in ("rm", "head", "centre", "ho", "auditor", "admin", "co1"):
        with pytest.raises(NotAllowed):
            services.read_plan(client_id=client.pk, reason="Curious", actor=fresh(bank.people[name]), now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.read_plan(client_id=client.pk, reason=" ", actor=bank.compliance, now=NOW)
    found = services.read_plan(client_id=client.pk, reason="Tip from the hotline", actor=bank.compliance, now=NOW)
    assert [one.day for one in found] == [one.day for one in plan(client)]
    read = PlanRead.objects.get()
    assert (read.actor, read.reason) == (bank.compliance, "Tip from the hotline")
    assert Notification.objects.get(kind="surprise_plan_read").user == bank.compliance2
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanRead.objects.update(reason="never")
