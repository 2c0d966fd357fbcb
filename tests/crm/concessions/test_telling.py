"""The decision and telling the client are two events (domain 5.4), and what follows: in force, promise, end."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.concessions import services
from crm.concessions.choices import ReviewState, State, WorkKindName
from crm.concessions.models import Concession
from crm.concessions.services import Reply
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.models import Budget, WorkItem
from tests.cast import Bank
from tests.crm.concessions.making import EXCESS, FEE, MARGIN, ask, broken, client, decide, exercise, terms

pytestmark = pytest.mark.django_db
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
PLEASED = Reply("phone", "pleased")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """March 2026: the 3rd is a Tuesday."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=HONG_KONG)


def tell(bank: Bank, concession: Concession, now: dt.datetime, reply: Reply = PLEASED) -> Concession:
    return services.tell(concession_id=concession.pk, actor=bank.rm, now=now, reply=reply)


def granted(bank: Bank, what=FEE, **said) -> Concession:
    return decide(bank.head, ask(bank.rm, client(bank), what, now=at(3, 10), **said), now=at(3, 11))


def test_scenario_5_the_app_refuses_told_before_wednesday_ten(bank: Bank):
    made = granted(bank)
    for early in (at(3, 11, 1), at(4, 9, 59)):
        with pytest.raises(NotAllowed, match="too early"):
            tell(bank, made, early)
    with pytest.raises(RuleBroken) as refused:
        tell(bank, made, at(4, 12), Reply("phone", "pleased", at(3, 16)))
    assert "told_at" in refused.value.fields
    assert tell(bank, made, at(4, 10)).told_at == at(4, 10)
    assert not WorkItem.objects.open().filter(kind__in=[WorkKindName.TELL, WorkKindName.LATE]).exists()


def test_scenario_5_the_team_head_is_alerted_after_friday_half_past_five_once(bank: Bank):
    made = granted(bank)
    services.watch(now=at(6, 17, 30))
    assert not WorkItem.objects.filter(kind=WorkKindName.LATE).exists()
    for _twice in range(2):
        services.watch(now=at(6, 17, 31))
    tell(bank, made, at(9, 10))
    late = WorkItem.objects.get(kind=WorkKindName.LATE)
    assert (late.unit, late.role) == (bank.team, "TH")


def test_scenario_5_an_excess_may_be_told_a_minute_after_the_decision(bank: Bank):
    made = ask(bank.rm, client(bank), EXCESS, now=at(2, 16))
    services.say_credit(concession_id=made.pk, actor=bank.co1, now=at(2, 17), act="clear")
    decide(bank.head, made, now=at(3, 11))
    assert tell(bank, made, at(3, 11, 1)).told_at == at(3, 11, 1)


def test_telling_late_alerts_the_head_too(bank: Bank):
    tell(bank, granted(bank), at(9, 10))
    assert WorkItem.objects.filter(kind=WorkKindName.LATE, unit=bank.team).count() == 1


def test_nobody_else_tells_and_nobody_twice(bank: Bank):
    made = granted(bank)
    with pytest.raises(NotAllowed):
        services.tell(concession_id=made.pk, actor=bank.compliance, now=at(4, 11), reply=PLEASED)
    tell(bank, made, at(4, 11))
    with pytest.raises(NotAllowed, match="already"):
        tell(bank, made, at(4, 12))


def test_value_types_are_in_force_only_after_the_client_was_told(bank: Bank):
    made = granted(bank)
    with pytest.raises(NotAllowed, match="told first"):
        services.apply(concession_id=made.pk, actor=bank.rm, now=at(4, 11))
    tell(bank, made, at(4, 11))
    applied = services.apply(concession_id=made.pk, actor=bank.rm, now=at(4, 12))
    assert (applied.state, applied.effective_on, applied.expires_on) == (State.APPLIED, dt.date(2026, 3, 4), made.sunset_on)


def test_a_client_who_declines_frees_the_room(bank: Bank):
    made = granted(bank, MARGIN)
    assert tell(bank, made, at(4, 11), Reply("meeting", "declined")).state == State.LAPSED
    assert Budget.objects.get(scope="concessions.decider").used == Decimal("0.00")
    assert broken() == []


def test_it_ends_on_its_day_and_the_card_rate_holds(bank: Bank):
    made = granted(bank)
    tell(bank, made, at(4, 11))
    services.apply(concession_id=made.pk, actor=bank.rm, now=at(4, 12))
    services.watch(now=dt.datetime(2026, 12, 31, 23, tzinfo=HONG_KONG))
    assert Concession.objects.get(pk=made.pk).state == State.APPLIED
    services.watch(now=dt.datetime(2027, 1, 1, 0, 1, tzinfo=HONG_KONG))
    assert Concession.objects.get(pk=made.pk).state == State.EXPIRED


def test_a_grant_that_nobody_took_up_lapses_on_its_last_day(bank: Bank):
    made = granted(bank, MARGIN)
    services.watch(now=dt.datetime(2027, 1, 1, 9, tzinfo=HONG_KONG))
    assert Concession.objects.get(pk=made.pk).state == State.LAPSED
    assert Budget.objects.get(scope="concessions.decider").used == Decimal("0.00")


def test_a_renewal_takes_the_place_of_the_one_before(bank: Bank):
    made = granted(bank)
    tell(bank, made, at(4, 11))
    services.apply(concession_id=made.pk, actor=bank.rm, now=at(4, 12))
    later = dt.datetime(2026, 11, 2, 10, tzinfo=HONG_KONG)
    of = made.company.client
    renewal = decide(bank.head, ask(bank.rm, of, FEE, now=later, renews_id=made.pk, sunset_on=dt.date(2027, 10, 1)), now=later)
    told = later + dt.timedelta(days=2)
    tell(bank, renewal, told)
    services.apply(concession_id=renewal.pk, actor=bank.rm, now=told)
    assert Concession.objects.get(pk=made.pk).state == State.RENEWED


def test_the_clients_promise_is_a_task_until_it_is_kept(bank: Bank):
    made = granted(bank, promise="Moves HK$ 8m of deposits", promise_due_on=dt.date(2026, 4, 30))
    item = WorkItem.objects.open().get(kind=WorkKindName.PROMISE)
    assert (item.title, item.assignee) == ("Moves HK$ 8m of deposits", bank.rm)
    services.keep_promise(concession_id=made.pk, actor=bank.rm, now=at(20, 10))
    assert not WorkItem.objects.open().filter(kind=WorkKindName.PROMISE).exists()
    with pytest.raises(NotAllowed):
        services.keep_promise(concession_id=made.pk, actor=bank.rm, now=at(20, 11))


def test_a_head_revokes_from_now_on_with_a_reason(bank: Bank):
    made = exercise(bank.rm, client(bank), terms("CT6", days=3), now=at(3, 10))
    with pytest.raises(NotAllowed):
        services.revoke(concession_id=made.pk, actor=bank.rm, now=at(4, 10), reason="x")
    with pytest.raises(RuleBroken):
        services.revoke(concession_id=made.pk, actor=bank.head, now=at(4, 10), reason=" ")
    assert services.revoke(concession_id=made.pk, actor=bank.head, now=at(4, 10), reason="Misused").state == State.REVOKED


def test_silence_of_credit_is_no_objection(bank: Bank):
    made = ask(bank.rm, client(bank), EXCESS, now=at(3, 10))
    services.watch(now=at(3, 12, 1))
    assert Concession.objects.get(pk=made.pk).credit_state == "cleared"
    assert not WorkItem.objects.open().filter(kind=WorkKindName.CREDIT).exists()


def test_every_exercise_is_in_the_population(bank: Bank):
    exercise(bank.rm, client(bank), now=at(3, 10))
    assert not Concession.objects.filter(is_exercise=True, review_state=ReviewState.NONE).exists()
