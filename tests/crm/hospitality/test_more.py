"""Ways around the limits that are closed: more than was paid, split bills, names typed anew, limits that were lowered meanwhile."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.hospitality import services
from crm.hospitality.choices import MONTH, State
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Invited
from crm.kernel import contributions, limits
from crm.kernel.contributions import PendingDecision
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.limits import LimitExceeded
from crm.policy.models import Figure
from tests.cast import NOW
from tests.crm.hospitality import making
from tests.visits import making as visits

OFFICIAL = (Invited(name="Director Ho", title="Lands Department", official=True),)


@pytest.fixture
def pending():
    """The bank has something to decide about every company whose id is in the list."""
    ids: list[int] = []
    source = PendingDecision("test", lambda company_ids, day: {pk: "An open concession" for pk in company_ids if pk in ids})
    contributions.register(source)
    yield ids
    contributions._registry[PendingDecision].remove(source)


def more(event, amount, **values):
    return services.ask_more(
        event_id=event.pk, actor=event.owner, now=making.AFTER, amount=Decimal(amount), reason=values.pop("reason", "Two more courses")
    )


def with_official(rm2, company, head, compliance, estimate):
    event = making.ask(rm2, company, estimate, guests=OFFICIAL)
    services.consent(event_id=event.pk, actor=compliance, now=NOW)
    return services.approve(event_id=event.pk, actor=head, now=NOW)


# More than was paid


def test_a_variation_above_the_ladder_of_who_approved_goes_to_the_level_that_holds_the_whole(bank, rm2, head, centre):
    five = making.guests("A", "B", "C", "D", "E")
    event = making.report(making.approved(rm2, making.client(bank), 4900, head, guests=five), making.bill("5900.00"))
    assert (event.paid, event.own, event.own_reason) == (Decimal("5390.00"), Decimal("510.00"), "approved")
    extra = more(event, "510.00")
    assert (extra.kind, extra.level) == ("variation", "RCH")
    with pytest.raises(NotAllowed):
        services.decide_more(extra_id=extra.pk, actor=head, now=making.AFTER, grant=True)
    services.decide_more(extra_id=extra.pk, actor=centre, now=making.AFTER, grant=True)


@pytest.mark.parametrize(("amount", "kind", "level"), [("350.00", "variation", "TH"), ("350.01", "exception", "RCH")])
def test_more_above_the_cap_per_head_is_an_exception_of_the_next_level(bank, rm2, head, amount, kind, level):
    event = making.approved(rm2, making.client(bank), 1500, head, kind="golf", guests=making.guests("A"))
    event = making.report(event, making.bill("2500.00"))
    assert (event.paid, event.own_reason) == (Decimal("1650.00"), "approved")
    extra = more(event, amount)
    assert (extra.kind, extra.level) == (kind, level)


def test_with_an_official_at_the_table_nobody_grants_more_than_the_cap_per_head(bank, rm2, head, compliance):
    event = making.report(with_official(rm2, making.client(bank), head, compliance, 1000), making.bill("1500.00"))
    assert (event.paid, event.own_reason) == (Decimal("1100.00"), "approved")
    with pytest.raises(RuleBroken, match="Nobody may grant"):
        more(event, "100.01")
    extra = more(event, "100.00")
    services.decide_more(extra_id=extra.pk, actor=head, now=making.AFTER, grant=True)
    event.refresh_from_db()
    assert event.paid == Decimal("1200.00")


def test_what_compliance_was_not_asked_about_is_granted_by_nobody_afterwards(bank, rm2, pending):
    company = making.client(bank)
    pending.append(company.pk)
    event = making.ask(rm2, company, 900, at=making.YESTERDAY)
    assert (event.state, event.needs_consent) == (State.FREE, True)
    event = making.report(event, making.bill("900.00"), now=NOW)
    assert (event.paid, event.own_reason) == (0, "unasked")
    with pytest.raises(RuleBroken, match="Nobody may grant"):
        services.ask_more(event_id=event.pk, actor=rm2, now=NOW, amount=Decimal("900.00"), reason="It was urgent")


def test_a_bill_that_is_corrected_keeps_what_was_granted_and_gains_nothing_by_it(bank, rm2, centre, finance):
    event = making.ask(rm2, making.client(bank), 1800, kind="golf", at=making.YESTERDAY)
    event = making.report(event, making.bill("1900.00"), now=NOW)
    assert (event.paid, event.own_reason) == (0, "unasked")
    extra = services.ask_more(event_id=event.pk, actor=rm2, now=NOW, amount=Decimal("1900.00"), reason="The guest asked on the day")
    services.decide_more(extra_id=extra.pk, actor=centre, now=NOW, grant=True)
    event.refresh_from_db()
    making.claimed(event, now=NOW)
    for total, paid in (("1950.00", "1900.00"), ("1700.00", "1700.00")):
        services.query_claim(event_id=event.pk, actor=finance, now=NOW, reason="The picture says otherwise")
        event.refresh_from_db()
        slips = [making.slip(event, amount=Decimal(total))]
        services.file_claim(event_id=event.pk, actor=rm2, now=NOW, slips=slips, bill=making.bill(total))
        event.refresh_from_db()
        assert event.paid == Decimal(paid)


# Split bills


def test_two_small_bills_of_one_day_that_grow_are_added_together_when_they_are_reported(bank, rm2):
    company = making.client(bank)
    first = making.ask(rm2, company, 900)
    second = making.ask(rm2, company, 900, venue="Another place", at=making.TOMORROW + dt.timedelta(hours=5))
    assert {first.state, second.state} == {State.FREE}
    first = making.report(first, making.bill("1500.00"))
    second = making.report(second, making.bill("600.00"), now=making.AFTER + dt.timedelta(hours=5))
    assert (first.paid, second.paid, second.own_reason) == (Decimal("1500.00"), 0, "unasked")


def test_a_small_bill_beside_one_that_was_approved_is_paid(bank, rm2, head):
    company = making.client(bank)
    small = making.ask(rm2, company, 900)
    beside = making.ask(rm2, company, 1500, venue="Another place", at=making.TOMORROW + dt.timedelta(hours=5))
    assert "split" in beside.needs
    services.approve(event_id=beside.pk, actor=head, now=NOW)
    making.report(beside, making.bill("1500.00"), now=making.AFTER + dt.timedelta(hours=5))
    assert making.report(small, making.bill("1500.00")).paid == Decimal("1500.00")


# Who it is


def test_a_person_whom_the_bank_knows_is_one_person_however_the_name_is_typed(bank, rm2, head):
    company = making.client(bank)
    person = visits.contact(company, "Ho Kwok Wai", name_zh="何國偉")
    by_hand = making.ask(rm2, company, 900, guests=(Invited(name="何国伟", official=True),), at=making.TOMORROW)
    assert by_hand.guests.get().contact_id == person.pk
    again = making.ask(rm2, company, 900, guests=(Invited(name="ho kwok-wai"),), at=making.TOMORROW + dt.timedelta(days=5))
    assert (again.guests.get().holder, again.has_official) == (f"contact:{person.pk}", True)
    with pytest.raises(RuleBroken, match="stands here twice"):
        making.ask(rm2, company, 900, guests=(Invited(contact_id=person.pk), Invited(name="Ho Kwok Wai")), at=making.TOMORROW)


def test_an_official_whose_name_was_typed_once_is_one_the_next_time(bank, rm2):
    company = making.client(bank)
    making.ask(rm2, company, 900, guests=OFFICIAL)
    again = making.ask(rm2, company, 900, guests=making.guests("director HO"), at=making.TOMORROW + dt.timedelta(days=5))
    assert (again.has_official, again.needs_consent) == (True, True)


# A limit that was set anew


def test_a_limit_that_was_lowered_holds_in_a_month_that_has_begun(bank, rm2, head):
    company = making.client(bank)
    making.approved(rm2, company, 3000, head, guests=making.guests("A", "B", "C"))
    Figure.objects.create(table=MONTH, key="RM", jurisdiction="HK", person=rm2, value="4000.00", effective_from=making.TOMORROW.date())
    other = making.client(bank, name="Other")
    at = making.TOMORROW + dt.timedelta(days=4)
    event = making.ask(rm2, other, 1100, kind="golf", guests=making.guests("X"), at=at)
    with pytest.raises(LimitExceeded) as refused:
        services.approve(event_id=event.pk, actor=head, now=NOW)
    assert refused.value.scope == MONTH
    fits = making.ask(rm2, making.client(bank, name="Third"), 1000, kind="golf", guests=making.guests("Y"), at=at + dt.timedelta(days=2))
    services.approve(event_id=fits.pk, actor=head, now=NOW)
    month = limits.budget(MONTH, f"user:{rm2.pk}", "2026-03", cap=Decimal(0))
    assert (month.cap, month.used) == (Decimal(4000), Decimal(4000))
    assert HospitalityRequest.objects.get(pk=event.pk).state == State.SUBMITTED
