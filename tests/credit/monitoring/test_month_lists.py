"""The borrower's list of a month's payments, and what backs payments for fixed assets (domain 7.6)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credit.flags.models import Flag
from credit.payments import rules, services
from credit.payments.models import MonthList, Payment
from credit.payments.rules import Listed
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit.monitoring.test_payments import MILLION, asked, live

pytestmark = pytest.mark.django_db
APRIL = NOW + dt.timedelta(days=40)  # 13 April 2026
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def pack(bank):
    return live(bank)


def paid(bank, pack, amount=4 * MILLION, *, now=NOW, **values):
    payment = asked(bank, pack, amount, now=now, **values)
    services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.cad), now=now)
    return services.pay(payment_id=payment.pk, actor=fresh(bank.ops), now=now)


def bring(bank, owed, lines, *, by="outsider", now=APRIL, **values):
    return services.bring_list(list_id=owed.pk, lines=lines, actor=fresh(bank.people[by]), now=now, **values)


def test_the_first_payment_by_the_borrower_makes_one_list_of_the_month_due_ten_working_days_after_its_end(bank, pack):
    paid(bank, pack)
    paid(bank, pack, 1, account="9", contract="C2", now=NOW + dt.timedelta(days=1))
    paid(bank, pack, 10_000_001, account="7", contract="C3")  # the bank's own payment is on nobody's list
    owed = MonthList.objects.get()
    assert (owed.month, owed.due_at.date()) == (MARCH, dt.date(2026, 4, 14))
    item = WorkItem.objects.open().get(kind="payment_list")
    assert (item.assignee, item.due_at) == (bank.outsider, owed.due_at)
    assert not owed.is_late(owed.due_at)
    assert owed.is_late(owed.due_at + dt.timedelta(seconds=1))


def test_a_payment_of_another_month_is_on_another_list(bank, pack):
    paid(bank, pack)
    paid(bank, pack, 1, account="9", contract="C2", now=APRIL)
    assert list(MonthList.objects.order_by("month").values_list("month", flat=True)) == [MARCH, dt.date(2026, 4, 1)]


def test_it_is_brought_by_the_manager_or_credit_once_the_month_is_over_and_keeps_its_first_day(bank, pack):
    paid(bank, pack)
    owed = MonthList.objects.get()
    with pytest.raises(NotAllowed, match="month is not over"):
        bring(bank, owed, "2026-03-04; Futian Lathes; 4000000", now=NOW)
    for name in ("ops", "cad"):
        with pytest.raises(NotAllowed, match="manager and the credit department"):
            bring(bank, owed, "2026-03-04; Futian Lathes; 4000000", by=name)
    with pytest.raises(MonthList.DoesNotExist):
        bring(bank, owed, "2026-03-04; Futian Lathes; 4000000", by="rm")
    bring(bank, owed, "2026-03-04;Futian Lathes Ltd;4,000,000.00;Two lathes\n\n")
    assert not WorkItem.objects.open().filter(kind="payment_list").exists()
    again = bring(bank, owed, "2026/3/4\tFutian Lathes\t4000000", by="analyst", now=APRIL + dt.timedelta(days=9))
    assert (again.brought_at, again.brought_by, again.is_late(APRIL + dt.timedelta(days=9))) == (APRIL, bank.outsider, False)
    assert again.history.filter(history_change_reason="brought").count() == 2


def test_a_line_to_the_own_group_or_for_shares_raises_its_flag_once(bank, pack):
    paid(bank, pack)
    owed = MonthList.objects.get()
    lines = f"2026-03-04; {pack.company}; 100000; Stock\n2026-03-05; Futian Broker; 5; 申購理財產品\n2026-03-06; Ho Ltd; 5; Shares, class A"
    bring(bank, owed, lines)
    assert {flag.code: flag.events.count() for flag in Flag.objects.all()} == {"RF-15": 1, "RF-16": 2}
    bring(bank, owed, lines)
    assert Flag.objects.get(code="RF-16").events.count() == 2
    bring(bank, owed, f"{lines}\n2026-03-07; Futian Homes; 9; 購房")
    assert Flag.objects.get(code="RF-16").events.count() == 3


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "Enter the payments"),
        ("4 March; Hung; 5", "Line 1 begins with no day"),
        ("2026-02-30; Hung; 5", "Line 1 begins with no day"),
        ("2026-03-04; Hung; 5\n2026-03-05; ; 5", "Line 2 names no payee"),
        ("2026-03-04; Hung; 1e3", "Line 1 has no amount"),
        ("2026-03-04; Hung; 0", "Line 1 has no amount"),
        ("2026-04-01; Hung; 5", "Line 1 is of another month"),
        ("2026-03-04; Hung; 5\n" * 501, "500 payments at most"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(bank, pack, lines, sentence):
    paid(bank, pack)
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        bring(bank, MonthList.objects.get(), lines)
    assert "lines" in refusal.value.fields


def test_a_list_is_compared_with_what_was_paid_by_payee_and_amount_each_once():
    listed = [Listed(MARCH, name, Decimal(amount)) for name, amount in (("FUTIAN LATHES LTD", 4), ("Somebody", 4), ("Futian Lathes", 5))]
    paid_out = [("DR-1", "Futian Lathes Limited", Decimal(4)), ("DR-2", "Futian Lathes Limited", Decimal(4))]
    found = rules.compare(listed, paid_out)
    assert found.left_out == ["DR-2"]
    assert found.unknown == listed[1:]


def test_the_list_goes_its_way_on_its_pages_and_through_the_api(bank, pack, browse):
    payment = paid(bank, pack)
    Payment.objects.filter(pk=payment.pk).update(needs_voucher=True)
    owed = MonthList.objects.get()
    MonthList.objects.filter(pk=owed.pk).update(month=dt.date(2026, 2, 1), due_at=NOW - dt.timedelta(days=1))
    Payment.objects.filter(pk=payment.pk).update(paid_at=dt.datetime(2026, 2, 9, tzinfo=dt.UTC))
    mine = browse(bank.outsider)
    page = mine.get(owed.get_absolute_url()).content.decode()
    assert "The list has not come yet" in page
    assert "In the sample" in page
    paper = SimpleUploadedFile("list.png", b"\x89PNG\r\n\x1a\n" + b"0" * 32, "image/png")
    form = {"lines": "2026-02-09; Futian Lathes; 4000000\n2026-02-10; Cantonese Kitchen; 88", "evidence": paper, "version": owed.version}
    assert mine.post(reverse("payments:list_bring", args=[owed.pk]), form).status_code == 302
    page = browse(bank.analyst).get(owed.get_absolute_url()).content.decode()
    for shown in ("The list and what was paid out differ", "Cantonese Kitchen", "Not found", "Named", "list.png"):
        assert shown in page
    assert browse(bank.ops).get(reverse("payments:list_paper", args=[owed.pk])).headers["Content-Disposition"].startswith("attachment")
    assert payment.number in browse(bank.ops).get(owed.get_absolute_url()).content.decode()
    rows = ask(bank.ops, "payments/lists").json()["items"]
    assert (rows[0]["id"], rows[0]["is_late"], len(rows[0]["lines"])) == (owed.pk, True, 2)
    answer = ask(bank.analyst, f"payments/lists/{owed.pk}", {"lines": "2026-02-09; Futian Lathes; 4000000"})
    assert (answer.status_code, len(answer.json()["lines"])) == (200, 1)
    late = browse(bank.head).get(f"{reverse('payments:list_list')}?late=true").content.decode()
    assert "2026" not in late or pack.number not in late
    assert pack.number in browse(bank.outhead).get(f"{reverse('payments:list_list')}?late=true").content.decode()


BACKED = {"equity_planned": 10 * MILLION, "equity_paid": Decimal(4_000_000), "certificate": "PC-3", "progress_percent": 40}


def test_a_fixed_asset_loan_is_paid_out_with_equity_in_proportion_and_certified_progress(bank):
    works = live(bank, code="CN-FA", amount="30000000")
    payment = asked(bank, works, 12 * MILLION, **BACKED)
    assert (payment.proof.certificate, payment.proof.equity_paid) == ("PC-3", 4_000_000)
    with pytest.raises(RuleBroken, match=r"4,000,000\.33 is needed first") as refusal:
        asked(bank, works, 1, account="9", contract="C2", **BACKED)
    assert "equity_paid" in refusal.value.fields
    with pytest.raises(RuleBroken, match="40 per cent"):
        asked(bank, works, 1, account="9", contract="C2", **BACKED | {"equity_paid": 5 * MILLION})


@pytest.mark.parametrize("missing", ["equity_planned", "equity_paid", "certificate", "progress_percent"])
def test_without_equity_or_certificate_nothing_is_asked_for_a_fixed_asset(bank, missing):
    works = live(bank, code="CN-FA", amount="30000000")
    with pytest.raises(RuleBroken) as refusal:
        asked(bank, works, 1, **BACKED | {missing: "" if missing == "certificate" else None})
    assert missing in refusal.value.fields


def test_other_loans_ask_for_neither(bank, pack, browse):
    assert not hasattr(asked(bank, pack), "proof")
    assert "Equity and progress" not in browse(bank.analyst).get(reverse("payments:payment_ask", args=[pack.pk])).content.decode()
    works = live(bank, code="CN-PF", amount="30000000", of=pack.company)
    assert "Equity and progress" in browse(bank.analyst).get(reverse("payments:payment_ask", args=[works.pk])).content.decode()
