"""What is reserved, paid, claimed and posted: scenarios 1 and 2 of the domain, and the books."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.gifts.models import Gift
from crm.hospitality import services
from crm.hospitality.choices import MONTH, State
from crm.hospitality.contributions import _unbalanced_books, _wrong_month_sums
from crm.hospitality.models import PostingLine, TakenHome
from crm.hospitality.rules import Carried
from crm.kernel import limits
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.limits import LimitExceeded
from crm.kernel.outbox import Outbox
from crm.kernel.worklist import TimelineRow, WorkItem
from tests.cast import NOW
from tests.crm.hospitality import making


def month(user, period="2026-03"):
    return limits.budget(MONTH, f"user:{user.pk}", period, cap=Decimal(0))


def drained(bank, rm2, amount, head):
    """rm2's March with so much of it reserved already."""
    other = making.client(bank, "rm2", "Drained Holdings")
    many = making.guests("A", "B", "C", "D", "E", "F")
    return making.approved(rm2, other, amount, head, guests=many, at=making.TOMORROW + dt.timedelta(days=9))


def test_scenario_1_of_two_approvals_that_do_not_both_fit_one_stands(bank, rm2, head):
    drained(bank, rm2, 4500, head)
    second = making.client(bank, "rm2", "Second Ltd")
    drained_more = making.approved(rm2, second, 1000, head, kind="golf", guests=making.guests("P"))
    assert month(rm2).used == Decimal(5500)
    ones, twos = making.client(bank, "rm2", "Ones"), making.client(bank, "rm2", "Twos")
    at = making.TOMORROW + dt.timedelta(days=4)
    one = making.ask(rm2, ones, 2000, kind="golf", guests=making.guests("X", "Y"), at=at, venue="Links")
    two = making.ask(rm2, twos, 1500, kind="golf", guests=making.guests("Z"), at=at + dt.timedelta(days=3), venue="Range")
    assert {one.state, two.state} == {State.SUBMITTED}
    services.approve(event_id=one.pk, actor=head, now=NOW)
    with pytest.raises(LimitExceeded) as refused:
        services.approve(event_id=two.pk, actor=head if two.level == "TH" else bank.centre, now=NOW)
    assert month(rm2).used == Decimal(7500)
    assert "8" not in str(refused.value)
    assert refused.value.scope == MONTH
    two.refresh_from_db()
    assert (two.state, two.reserved, two.decided_by) == (State.SUBMITTED, 0, None)
    assert drained_more.reserved == 1000


@pytest.mark.parametrize(
    ("food", "tip", "month_left", "paid", "own"),
    [
        ("2700.00", "540.00", "5000.00", "2970.00", "0.00"),
        ("2760.00", "480.00", "5000.00", "3036.00", "0.00"),
        ("3400.00", "0.00", "5000.00", "3300.00", "100.00"),
        ("2600.00", "0.00", "5000.00", "2600.00", "0.00"),
        ("3040.00", "0.00", "0.00", "3000.00", "40.00"),
        ("3040.00", "0.00", "40.00", "3040.00", "0.00"),
    ],
)
def test_paid_is_the_actual_cost_within_what_was_approved_and_the_month(bank, rm2, head, food, tip, month_left, paid, own):
    event = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    rest = Decimal(8000) - 3000 - Decimal(month_left)
    fill = limits.BudgetClaim(MONTH, f"user:{rm2.pk}", "2026-03", cap=Decimal(8000), amount=rest)
    if rest:
        limits.take(fill, subject=event, entry=limits.EntryKind.SPEND, actor=rm2, now=NOW)
    event = making.report(event, making.bill(food, tip=tip))
    assert (event.paid, event.own, event.reserved) == (Decimal(paid), Decimal(own), 0)
    assert month(rm2).used == rest + Decimal(paid)


def test_scenario_2_of_3240_with_200_too_much_tip_3040_is_paid(bank, rm2, head):
    event = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    event = making.report(event, making.bill("2700.00", service="70.00", tip="470.00"))
    assert (event.billed, event.eligible, event.paid) == (Decimal("3240.00"), Decimal("3040.00"), Decimal("3040.00"))
    assert month(rm2).used == Decimal("3040.00")


def test_scenario_2_of_3400_the_hundred_above_is_paid_by_a_variation_of_the_same_level(bank, rm2, head, centre):
    event = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    event = making.report(event, making.bill("3400.00"))
    assert (event.paid, event.own, event.own_reason) == (Decimal("3300.00"), Decimal("100.00"), "approved")
    extra = services.ask_more(event_id=event.pk, actor=rm2, now=making.AFTER, amount=Decimal("100.00"), reason="Two more courses")
    assert (extra.kind, extra.level) == ("variation", "TH")
    with pytest.raises(NotAllowed):
        services.decide_more(extra_id=extra.pk, actor=rm2, now=making.AFTER, grant=True)
    services.decide_more(extra_id=extra.pk, actor=head, now=making.AFTER, grant=True)
    event.refresh_from_db()
    assert (event.paid, event.own_reason) == (Decimal("3400.00"), "")
    assert month(rm2).used == Decimal("3400.00")


def test_what_nobody_may_grant_and_what_comes_too_late_is_not_asked(bank, rm2, head):
    event = making.report(
        making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C")), making.bill("3400.00")
    )
    with pytest.raises(RuleBroken, match="more than your own cost"):
        services.ask_more(event_id=event.pk, actor=rm2, now=making.AFTER, amount=Decimal("100.01"), reason="x")
    with pytest.raises(RuleBroken, match="month of this event is closed"):
        services.ask_more(event_id=event.pk, actor=rm2, now=NOW + dt.timedelta(days=40), amount=Decimal("100.00"), reason="x")


def test_a_small_event_takes_its_budget_when_it_is_reported(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 1800)
    assert (event.state, month(rm2).used) == (State.FREE, 0)
    event = making.report(event, making.bill("1234.00"))
    assert (event.state, event.paid, month(rm2).used) == (State.REPORTED, Decimal("1234.00"), Decimal("1234.00"))


def test_a_small_event_with_no_budget_left_is_the_hosts_own_cost(bank, rm2, head):
    fill = limits.BudgetClaim(MONTH, f"user:{rm2.pk}", "2026-03", cap=Decimal(8000), amount=Decimal(8000))
    event = making.ask(rm2, making.client(bank), 1800)
    limits.take(fill, subject=event, entry=limits.EntryKind.SPEND, actor=rm2, now=NOW)
    event = making.report(event, making.bill("1234.00"))
    assert (event.paid, event.own, event.own_reason) == (0, Decimal("1234.00"), "month")
    assert not WorkItem.objects.open().filter(kind="hospitality_claim").exists()


def test_a_small_event_that_grew_above_what_needs_no_approval_is_own_cost_and_an_exception_goes_one_level_up(bank, rm2, head, centre):
    event = making.report(making.ask(rm2, making.client(bank), 1800), making.bill("2400.00"))
    assert (event.paid, event.own_reason) == (0, "unasked")
    extra = services.ask_more(event_id=event.pk, actor=rm2, now=making.AFTER, amount=Decimal("2400.00"), reason="A third guest came")
    assert (extra.kind, extra.level) == ("exception", "RCH")
    with pytest.raises(NotAllowed):
        services.decide_more(extra_id=extra.pk, actor=head, now=making.AFTER, grant=True)
    services.decide_more(extra_id=extra.pk, actor=centre, now=making.AFTER, grant=True)
    event.refresh_from_db()
    assert event.paid == Decimal("2400.00") == month(rm2).used


def test_no_level_lifts_a_month_that_is_full(bank, rm2, head, centre):
    event = making.report(making.ask(rm2, making.client(bank), 1800), making.bill("2400.00"))
    fill = limits.BudgetClaim(MONTH, f"user:{rm2.pk}", "2026-03", cap=Decimal(8000), amount=Decimal("5600.01"))
    limits.take(fill, subject=event, entry=limits.EntryKind.SPEND, actor=rm2, now=NOW)
    extra = services.ask_more(event_id=event.pk, actor=rm2, now=making.AFTER, amount=Decimal("2400.00"), reason="A third guest came")
    with pytest.raises(LimitExceeded):
        services.decide_more(extra_id=extra.pk, actor=centre, now=making.AFTER, grant=True)
    event.refresh_from_db()
    assert event.paid == 0


def test_the_whole_bank_uses_one_quarter_of_a_client(bank, rm2, arm, head):
    shared = making.client(bank)
    making.approved(rm2, shared, 5900, bank.centre, guests=making.guests("A", "B", "C", "D", "E"))
    later = making.TOMORROW + dt.timedelta(days=5)
    event = making.ask(rm2, shared, 150, at=later, guests=making.guests("F"), kind="golf")
    with pytest.raises(LimitExceeded) as refused:
        services.approve(event_id=event.pk, actor=head, now=NOW)
    assert refused.value.scope == "hospitality.client"
    assert month(rm2).used == Decimal(5900)


def test_a_guest_is_invited_three_times_a_quarter_by_the_whole_bank(bank, rm2, head):
    shared = making.client(bank)
    for turn in range(3):
        making.approved(rm2, shared, 200, head, kind="golf", at=making.TOMORROW + dt.timedelta(days=3 * turn))
    fourth = making.ask(rm2, shared, 200, kind="golf", at=making.TOMORROW + dt.timedelta(days=12))
    with pytest.raises(LimitExceeded) as refused:
        services.approve(event_id=fourth.pk, actor=head, now=NOW)
    assert refused.value.scope == "hospitality.guest"


def test_cancelling_gives_everything_back_and_thirty_days_unreported_do_too(bank, rm2, head, centre):
    first = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    services.cancel_request(event_id=first.pk, actor=rm2, now=NOW, reason="Guest is ill")
    assert month(rm2).used == 0
    second = making.approved(rm2, making.client(bank, name="Other"), 3000, head, guests=making.guests("A", "B", "C"))
    services.keep_terms(now=making.AFTER)
    second.refresh_from_db()
    assert second.state == State.HELD
    late = NOW + dt.timedelta(days=34)
    services.keep_terms(now=late)
    second.refresh_from_db()
    assert (second.state, month(rm2).used) == (State.EXPIRED, 0)
    with pytest.raises(NotAllowed):
        making.report(second, making.bill("2000.00"), now=late)
    with pytest.raises(NotAllowed):
        services.reopen(event_id=second.pk, actor=head, now=late, reason="Was abroad")
    services.reopen(event_id=second.pk, actor=centre, now=late, reason="Was abroad")
    assert month(rm2).used == Decimal(3000)
    assert making.report(second, making.bill("2000.00"), now=late).paid == Decimal(2000)


def test_no_report_no_payment_and_no_receipt_no_payment(bank, rm2, head):
    event = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    with pytest.raises(NotAllowed, match="No report, no payment"):
        services.file_claim(event_id=event.pk, actor=rm2, now=making.AFTER, slips=[])
    event = making.report(event, making.bill("2000.00"))
    with pytest.raises(RuleBroken, match="No receipt, no payment"):
        services.file_claim(event_id=event.pk, actor=rm2, now=making.AFTER, slips=[])
    with pytest.raises(RuleBroken, match="do not add up"):
        services.file_claim(event_id=event.pk, actor=rm2, now=making.AFTER, slips=[making.slip(event, amount=Decimal("1999.99"))])
    with pytest.raises(NotAllowed, match="time to claim is over"):
        making.claimed(event, now=making.AFTER + dt.timedelta(days=30))


def test_a_receipt_is_paid_once_across_all_staff(bank, rm2, rm, head):
    making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")))
    other = making.report(making.ask(rm, making.client(bank, "rm", "Other"), 1800), making.bill("1234.00"))
    with pytest.raises(RuleBroken) as seen:
        services.file_claim(
            event_id=other.pk, actor=rm, now=making.AFTER, slips=[making.slip(other, " kt 88213", merchant="HARBOUR garden")]
        )
    assert seen.value.code == "receipt_seen"
    other.refresh_from_db()
    assert other.state == State.REPORTED


def test_finance_types_the_total_and_counts_heads_and_never_checks_its_own(bank, rm2, head, finance):
    event = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")))
    with pytest.raises(RuleBroken) as wrong:
        services.verify_claim(event_id=event.pk, actor=finance, now=making.AFTER, total=Decimal("1234.10"), heads=4)
    assert set(wrong.value.fields) == {"total", "heads"}
    with pytest.raises(NotAllowed):
        services.verify_claim(event_id=event.pk, actor=rm2, now=making.AFTER, total=event.billed, heads=3)
    services.query_claim(event_id=event.pk, actor=finance, now=making.AFTER, reason="The picture shows four plates")
    event.refresh_from_db()
    services.file_claim(
        event_id=event.pk,
        actor=rm2,
        now=making.AFTER,
        slips=[making.slip(event, amount=Decimal("1100.00"))],
        bill=making.bill("1100.00"),
    )
    event.refresh_from_db()
    assert (event.state, event.paid, month(rm2).used) == (State.CLAIMED, Decimal(1100), Decimal(1100))
    assert making.verified(event, finance).state == State.VERIFIED


def test_a_posting_balances_is_paid_and_a_claw_back_restores_every_balance(bank, rm2, head, finance):
    own = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")), "A-1")
    card = making.approved(rm2, making.client(bank, name="Card Ltd"), 2100, head, venue="Elsewhere", kind="golf")
    card = making.claimed(making.report(card, making.bill("2500.00"), means="corporate_card"), "A-2")
    for event in (own, card):
        making.verified(event, finance)
    with pytest.raises(NotAllowed):
        services.post_claims(actor=head, now=making.AFTER)
    (batch,) = services.post_claims(actor=finance, now=making.AFTER)
    assert (batch.period, batch.total) == ("2026-03", Decimal("1234.00") + card.paid)
    text = services.posting_file(batch).decode("utf-8-sig").splitlines()
    assert len(text) == 1 + batch.lines.count()
    assert ",receivable,1221-10,190.00,0.00," in "\n".join(text)
    with pytest.raises(RuleBroken, match="No checked claim"):
        services.post_claims(actor=finance, now=making.AFTER)
    services.pay_batch(batch_id=batch.pk, actor=finance, now=making.AFTER)
    with pytest.raises(RuleBroken, match="paid already"):
        services.pay_batch(batch_id=batch.pk, actor=finance, now=making.AFTER)
    services.claw_back(event_id=card.pk, actor=finance, now=making.AFTER, reason="The receipt was altered")
    card.refresh_from_db()
    assert (card.state, card.paid, month(rm2).used) == (State.CLAWED_BACK, 0, Decimal("1234.00"))
    sums: dict[str, Decimal] = {}
    for line in PostingLine.objects.filter(request=card):
        sums[line.account] = sums.get(line.account, Decimal(0)) + line.debit - line.credit
    assert set(sums.values()) == {Decimal(0)}
    assert list(_unbalanced_books()) == []
    assert list(_wrong_month_sums()) == []


def test_a_claim_of_a_closed_month_posts_into_the_next_period_but_uses_its_own_month(bank, rm2, head, finance):
    event = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")))
    making.verified(event, finance)
    (batch,) = services.post_claims(actor=finance, now=dt.datetime(2026, 4, 20, 2, tzinfo=dt.UTC))
    assert (batch.period, month(rm2).used, month(rm2, "2026-04").used) == ("2026-04", Decimal("1234.00"), 0)


def test_what_is_not_claimed_in_time_is_free_again(bank, rm2, head):
    event = making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00"))
    services.keep_terms(now=NOW + dt.timedelta(days=25))
    event.refresh_from_db()
    assert (event.paid, event.own_reason, month(rm2).used) == (0, "late", 0)


def test_what_is_carried_away_leaves_the_bill_and_waits_in_the_gift_register(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 1800)
    event = making.report(event, making.bill("1234.00"), carried=(Carried("A bottle of wine", Decimal("480.00"), "Ms Yau"),))
    kept = TakenHome.objects.get(request=event)
    assert (kept.value, event.billed) == (Decimal("480.00"), Decimal("1234.00"))
    gift = Gift.objects.get(source_type="hospitality.hospitalityrequest", source_id=event.pk)
    assert (gift.person, gift.what, gift.value, gift.state, gift.level) == ("Ms Yau", "A bottle of wine", kept.value, "requested", "TH")


def test_a_report_stands_on_the_timeline_without_an_amount(bank, rm2, head):
    event = making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00"))
    row = TimelineRow.objects.get(kind="hospitality")
    assert row.company_id == event.company_id
    assert "1234" not in f"{row.title}{row.facts}"
    assert not Outbox.objects.filter(args__icontains="1234").exists()


def test_a_step_that_does_not_follow_is_refused(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 1800)
    with pytest.raises(NotAllowed):
        services.approve(event_id=event.pk, actor=head, now=NOW)
    making.report(event, making.bill("1234.00"))
    with pytest.raises((NotAllowed, InvalidTransition)):
        making.report(event, making.bill("1234.00"))
