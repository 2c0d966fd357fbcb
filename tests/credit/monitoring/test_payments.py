"""Payments out of loans: modes, splitting, three people, payees outside the contract (domain 7.6, scenario 14)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from credit.decisions import services as decisions
from credit.flags.models import Flag
from credit.payments import rules, services
from credit.payments.contributions import _not_by_three
from credit.payments.models import Payment
from credit.payments.rules import Asked
from credit.payments.services import Entry
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit import making as packs
from tests.credit.monitoring import making

pytestmark = pytest.mark.django_db
MILLION = Decimal(1_000_000)


def live(bank, *, by="outsider", code="CN-WC", amount="30000000", currency="CNY", of=None):
    """Of a mainland client; the threshold is ten million."""
    company = of or making.client(bank, by).company
    made = packs.pack(bank, company, by=by)
    packs.facility(bank, made, code, amount, by=by, currency=currency)
    packs.sealed(made, state="available")
    return made


@pytest.fixture
def pack(bank):
    return live(bank)


def entry(amount=4 * MILLION, **values):
    told = {
        "purpose": "Two lathes", "payee": "Futian Lathes Limited", "account": "6222 0212", "contract": "FL-88",
        "contract_party": "FUTIAN LATHES LTD", "contract_amount": 40 * MILLION,
    }  # fmt: skip
    return Entry(amount=Decimal(amount), **told | values)


def asked(bank, pack, amount=4 * MILLION, *, by="analyst", now=NOW, **values):
    return services.ask_payment(pack_id=pack.pk, entry=entry(amount, **values), actor=fresh(bank.people[by]), now=now)


def codes():
    return sorted(Flag.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("amount", "together", "mode", "split"),
    [
        (10_000_000, 0, "self", False),
        (10_000_001, 0, "trustee", False),
        (4_000_000, 8_000_000, "trustee", True),
        (4_000_000, 6_000_000, "self", False),
    ],
)
def test_the_threshold_decides_alone_and_together(amount, together, mode, split):
    judged = rules.judge(Asked(Decimal(amount), Decimal(together), 10 * MILLION))
    assert (judged.mode, judged.is_split) == (mode, split)


def test_a_new_relationship_or_the_banks_word_is_a_trustee_payment():
    assert rules.judge(Asked(Decimal(1), Decimal(0), None, is_new=True)).grounds == ("new",)
    assert rules.judge(Asked(Decimal(1), Decimal(0), None, bank_decides=True)).mode == "trustee"
    assert rules.judge(Asked(10 * MILLION, 10 * MILLION, None)).mode == "self"


def test_three_payments_of_four_million_to_one_payee_within_five_days_are_split(bank, pack):
    days = (NOW, NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=6))  # Wednesday, Thursday, and the Tuesday after
    modes = [asked(bank, pack, now=day).mode for day in days]
    assert modes == ["self", "self", "trustee"]
    assert codes() == ["RF-17"]
    assert Payment.objects.get(is_split=True).grounds == ["together"]


def test_a_day_later_they_are_not_added_and_other_payees_never(bank, pack):
    asked(bank, pack)
    asked(bank, pack)
    assert asked(bank, pack, account="7777", payee="Shajing Tools", contract_party="Shajing Tools", contract="ST-1").mode == "self"
    assert asked(bank, pack, now=NOW + dt.timedelta(days=7)).mode == "self"
    assert codes() == []


def test_ten_million_and_one_is_paid_by_the_bank_through_three_people(bank, pack):
    payment = asked(bank, pack, 10_000_001)
    assert payment.mode == "trustee"
    with pytest.raises(NotAllowed, match="Credit administration"):
        services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.analyst), now=NOW)
    with pytest.raises(NotAllowed, match="not checked"):
        services.pay(payment_id=payment.pk, actor=fresh(bank.ops), now=NOW)
    services.check_payment(payment_id=payment.pk, note="Contract and invoice agree", actor=fresh(bank.cad), now=NOW)
    services.pay(payment_id=payment.pk, actor=fresh(bank.ops), now=NOW)
    payment.refresh_from_db()
    assert (payment.state, payment.maker, payment.checker, payment.executor) == ("paid", bank.analyst, bank.cad, bank.ops)
    assert not WorkItem.objects.open().filter(subject_type="payments.payment").exists()
    assert not [*_not_by_three()]


def test_the_database_refuses_one_person_in_two_parts_and_to_forget_a_payment(bank, pack):
    payment = asked(bank, pack)
    for change in ({"checker": bank.analyst}, {"executor": bank.analyst}, {"state": "paid"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_payment")


def test_a_payee_outside_the_contract_is_rejected_with_rf_18_and_an_own_name_with_rf_15(bank, pack):
    assert asked(bank, pack, contract_party="Somebody Else Ltd").state == "rejected"
    assert codes() == ["RF-18"]
    own = {"payee": "Lok Sang Trading", "contract_party": "Lok Sang Trading", "account": "1"}
    assert asked(bank, pack, **own).state == "rejected"
    assert codes() == ["RF-15", "RF-18"]
    assert asked(bank, pack, **own, is_related=True).state == "asked"
    assert asked(bank, pack, 30 * MILLION - 4 * MILLION).state == "asked"  # what was rejected counts for nothing


@pytest.mark.parametrize(
    ("code", "purpose", "raised"),
    [
        ("CN-WC", "Shares of a listed company", True),
        ("CN-WC", "認購股票", True),
        ("CN-WC", "认购理财产品", True),
        ("CN-WC", "Deposit for a flat", True),
        ("CN-WC", "Shareware licences, flatbed lorries", False),
        ("CN-PF", "土地出让金", False),
    ],
)
def test_what_no_loan_pays_for_raises_rf_16_and_waits_for_the_checker(bank, code, purpose, raised):
    proof = {"equity_planned": MILLION, "equity_paid": MILLION, "certificate": "C1", "progress_percent": 100} if code == "CN-PF" else {}
    payment = asked(bank, live(bank, code=code), purpose=purpose, **proof)
    assert (codes(), payment.state) == (["RF-16"] if raised else [], "asked")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"purpose": " "}, "purpose"),
        ({"amount": 5, "contract_amount": Decimal(4)}, "amount"),
        ({"amount": 30_000_001}, "amount"),
    ],
)
def test_what_is_missing_or_beyond_contract_or_approval_is_refused(bank, pack, values, field):
    with pytest.raises(RuleBroken) as refusal:
        asked(bank, pack, **values)
    assert field in refusal.value.fields


def test_nothing_is_drawn_under_a_limit_whose_annual_review_is_overdue(bank, pack):
    payment = asked(bank, pack)
    decisions.suspend(pack_id=pack.pk, reason="The annual review is overdue.", actor=None, now=NOW)
    for step in (
        lambda: asked(bank, pack),
        lambda: services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.cad), now=NOW),
    ):
        with pytest.raises(RuleBroken, match="The limit is suspended: nothing more is drawn under it"):
            step()


def test_nothing_is_asked_checked_or_paid_while_limits_are_suspended(bank, pack):
    payment = asked(bank, pack)
    client = pack.company.client
    flag = making.flag(bank, client, "RF-24", by="compliance")
    for step in (
        lambda: asked(bank, pack),
        lambda: services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.cad), now=NOW),
    ):
        with pytest.raises(RuleBroken, match="suspended"):
            step()
    making.close(bank, flag, "co1")
    making.close(bank, flag, "compliance2")
    assert services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.cad), now=NOW).state == "checked"


def test_in_hong_kong_the_threshold_is_for_term_loans_alone(bank):
    term = live(bank, by="rm", code="TL", currency="HKD")
    assert asked(bank, term, 5_000_001).mode == "trustee"
    other = live(bank, by="rm", code="TR", currency="HKD", of=term.company)
    assert asked(bank, other, 5_000_001, account="9").mode == "self"


def test_a_fifth_of_the_borrowers_own_payments_asks_for_a_voucher_which_its_manager_brings(bank, pack):
    drawn = [rules.needs_voucher(f"DR-2026-{n:05d}", key=b"k" * 32, percent=20) for n in range(5_000)]
    assert 900 < sum(drawn) < 1_100
    payment = asked(bank, pack, 1)
    Payment.objects.filter(pk=payment.pk).update(needs_voucher=True)
    services.check_payment(payment_id=payment.pk, note="Seen", actor=fresh(bank.cad), now=NOW)
    services.pay(payment_id=payment.pk, actor=fresh(bank.ops), now=NOW)
    item = WorkItem.objects.open().get(kind="payment_voucher")
    assert (item.assignee, item.due_at.date()) == (bank.outsider, dt.date(2026, 4, 14))
    told = {"payment_id": payment.pk, "note": "Receipt", "actor": fresh(bank.outsider), "now": NOW}
    with pytest.raises(RuleBroken, match="voucher"):
        services.bring_voucher(file_id=None, **told)


def _on_today(browse, bank, payment):
    """Whom Today and the tasks tell of it: the queues of the whole bank are each holder's of the role."""
    told = {who for who in ("analyst", "cad", "ops", "compliance") if payment.number in browse(bank.people[who]).get("/").content.decode()}
    assert told == {who for who in told if payment.number in browse(bank.people[who]).get("/tasks/").content.decode()}
    return told


def test_a_payment_goes_its_way_on_its_pages(bank, pack, browse):
    where = reverse("payments:payment_ask", args=[pack.pk])
    form = {
        "amount": "10000001", "purpose": "Lathes", "payee": "Futian Lathes", "account": "62", "contract": "FL",
        "contract_party": "Futian Lathes", "contract_amount": "12000000",
    }  # fmt: skip
    assert browse(bank.analyst).post(where, form).status_code == 302
    payment = Payment.objects.get()
    assert _on_today(browse, bank, payment) == {"cad"}
    browse(bank.cad).post(reverse("payments:payment_check", args=[payment.pk]), {"note": "All agree"})
    assert _on_today(browse, bank, payment) == {"ops"}
    browse(bank.ops).post(reverse("payments:payment_pay", args=[payment.pk]), {})
    assert _on_today(browse, bank, payment) == set()
    page = browse(bank.outsider).get(payment.get_absolute_url()).content.decode()
    assert "Trustee payment" in page
    assert "Paid" in page
    assert browse(bank.rm).get(payment.get_absolute_url()).status_code == 404
    assert payment.number in browse(bank.ops).get(reverse("payments:payment_list")).content.decode()
    paper = SimpleUploadedFile("r.png", b"\x89PNG\r\n\x1a\n" + b"0" * 32, "image/png")
    refused = browse(bank.outsider).post(reverse("payments:voucher_bring", args=[payment.pk]), {"evidence": paper})
    assert refused.status_code == 403


def test_the_api_asks_checks_and_pays(bank, pack):
    body = {
        "amount": "5", "purpose": "Lathes", "payee": "Futian Lathes", "account": "62", "contract": "FL", "contract_party": "Futian Lathes",
        "contract_amount": "12",
    }  # fmt: skip
    made = ask(bank.analyst, f"payments/packs/{pack.pk}", body)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert ask(bank.cad, f"payments/{pk}/check", {"note": "All agree"}).json()["state"] == "checked"
    assert ask(bank.ops, f"payments/{pk}/pay", {}).json()["executor"] == "ops"
    assert ask(bank.rm, f"payments/{pk}").status_code == 404
