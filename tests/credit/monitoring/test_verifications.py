"""A bill is transcribed, asked about and settled; what it gives away raises its flag; nobody is tipped off (domain 7.5, scenario 13)."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from credit.flags import services as flags
from credit.flags.models import Flag
from credit.verifications import services
from credit.verifications.contributions import _unflagged, _without_hash
from credit.verifications.models import Step, Verification
from credit.verifications.rules import Paper
from crm.figures.models import Bill
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.notifications.models import Mail, Notification
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit.monitoring import making
from tests.crm.figures import making as figures

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "CSQU3054383", "CSQU3054384"


@pytest.fixture
def client(bank):
    of = making.client(bank)
    making.pack_in(bank, of, "available")
    return of


def paper(**values):
    told = {
        "number": "OOLU-2501234", "reference": "LS-0423", "amount": Decimal(3_060_000), "currency": "HKD", "scac": "oolu",
        "vessel": "Ever Dawn", "load_port": "Yantian", "discharge_port": "Los Angeles", "on_board_on": dt.date(2026, 2, 20),
        "contact": "verify@ocean-check.example", "containers": (RIGHT,),
    }  # fmt: skip
    return Paper(**told | values)


def opened(bank, of, *, kind="bill", **values):
    return services.open_verification(client_id=of.pk, kind=kind, paper=paper(**values), actor=fresh(bank.analyst), now=NOW)


def contact(bank, **values):
    told = {
        "kind": "bill", "name": "OOCL documents", "scac": "OOLU", "channel": "mail", "address": "docs@oocl.example",
        "source": "The carrier's published list", "checked_on": NOW.date(), "is_used": True,
    }  # fmt: skip
    return services.keep_contact(actor=fresh(bank.editor), now=NOW, **told | values)


def sent(bank, case, **values):
    whom = contact(bank, **values)
    return services.send(verification_id=case.pk, contact_id=whom.pk, message="Did you issue it?", actor=fresh(bank.analyst), now=NOW)


def settle(bank, case, result, **values):
    told = {"message": "We did not issue this bill.", "channel": "mail", "name": "A. Chen", "told_at": NOW + dt.timedelta(hours=1)}
    return services.settle(
        verification_id=case.pk, result=result, actor=fresh(bank.analyst), now=NOW + dt.timedelta(hours=2), **told | values
    )


def codes():
    return sorted(Flag.objects.values_list("code", flat=True))


def test_a_bill_is_sent_the_same_day_chased_after_one_and_given_up_after_three(bank, client):
    case = opened(bank, client)
    assert case.ground == "first"
    assert [row.due_at for row in WorkItem.objects.open().filter(kind="check_send")] == [dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)]
    case = sent(bank, case)
    assert (case.chase_at.day, case.reply_by.day) == (5, 9)
    services.chase(verification_id=case.pk, message="Again.", actor=fresh(bank.analyst), now=case.chase_at)
    assert services.watch(now=case.reply_by - dt.timedelta(minutes=1)) == 0
    assert services.watch(now=case.reply_by) == 1
    assert services.watch(now=case.reply_by) == 0
    case.refresh_from_db()
    assert (case.state, case.result) == ("done", "no_reply")
    assert codes() == ["RF-05"]
    assert not [*_unflagged(), *_without_hash()]


def test_a_denied_bill_raises_rf_03_suspends_and_alerts_and_tips_nobody_off(bank, client):
    case = sent(bank, opened(bank, client))
    settle(bank, case, "not_issued")
    assert codes() == ["RF-03"]
    step = Step.objects.get(act="settle")
    assert step.sha256 == hashlib.sha256(b"We did not issue this bill.").hexdigest()
    assert (step.channel, step.name) == ("mail", "A. Chen")
    alerted = {row.user.username for row in Notification.objects.all()}
    assert alerted == {"co1", "co2", "approver", "compliance", "compliance2"}
    assert {mail.to.username for mail in Mail.objects.all()} <= alerted
    for name in ("rm", "head", "arm", "cad", "ops", "lobby", "finance"):
        user = fresh(bank.people[name])
        assert not Verification.objects.visible_to(user).exists(), name
        assert not Flag.objects.visible_to(user).exists(), name
        assert not WorkItem.objects.visible_to(user).exists(), name
        titles = [row.title for row in TimelineRow.objects.of_company(client.company_id, user=user)]
        assert not [title for title in titles if "OOLU" in title or "RF-" in title], name
        assert ask(bank.people[name], f"verifications/{case.pk}").status_code == 404
        assert ask(bank.people[name], "verifications").status_code == 403
    assert client.company.packs.get().state == "suspended"


def test_after_an_empty_office_every_open_bill_is_put_up_for_today_once_and_filled_in_from_the_paper(bank, client):
    figures.state(client, "bills", making.TODAY - dt.timedelta(days=20), **bill("OOLU-1", "LS-1"))  # repaid since
    file = figures.file("bills", making.TODAY)
    for number, deal in (("OOLU-2501234", "LS-0423"), ("OOLU-2501235", "LS-0424")):
        Bill.objects.create(client=client, on=making.TODAY, file=file, **bill(number, deal))
    opened(bank, client, number="OOLU-2501235", reference="LS-0424")
    making.flag(bank, client, "RF-02")
    making.flag(bank, client, "RF-01")
    case = Verification.objects.get(opened_by=None)
    assert (case.number, case.ground, case.state, case.amount) == ("OOLU-2501234", "flagged", "open", Decimal("3060000.00"))
    item = WorkItem.objects.open().get(kind="check_send", subject_id=case.pk)
    assert (item.role, item.due_at) == ("CA", dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC))
    assert not WorkItem.objects.visible_to(fresh(bank.rm)).filter(kind="check_send").exists()
    filled = opened(bank, client, containers=(WRONG,))
    assert (filled.pk, filled.vessel, filled.ground, filled.is_to_be_transcribed) == (case.pk, "Ever Dawn", "flagged", False)
    assert "RF-04" in codes()
    with pytest.raises(RuleBroken, match="already"):
        opened(bank, client)


def bill(number, deal):
    cents = {"amount": 3_060_000_00, "amount_hkd": 3_060_000_00}
    return {"reference": deal, "number": number, "scac": "OOLU", "currency": "HKD", **cents}


def test_a_denied_bill_has_the_legal_department_called_in_within_the_hour(bank, client):
    settle(bank, sent(bank, opened(bank, client)), "not_issued")
    flag = Flag.objects.get()
    items = WorkItem.objects.open().filter(subject_type="flags.flag", subject_id=flag.pk)
    hour = flag.raised_at + dt.timedelta(minutes=60)
    assert {(item.kind, item.role, item.due_at) for item in items} == {
        ("flag_alert", "CO", hour), ("flag_alert", "COMP", hour), ("flag_legal", "COMP", hour)
    }  # fmt: skip
    flags.watch(now=hour)
    assert {item.role for item in items.filter(kind="flag_late")} == {"HO"}
    told = {"flag_id": flag.pk, "act": "legal", "note": "Ms Ho of legal rang at once.", "now": NOW}
    with pytest.raises(NotAllowed, match="Credit approvers and compliance"):
        flags.answer(actor=fresh(bank.analyst), **told)
    flags.answer(actor=fresh(bank.compliance), **told)
    assert not items.filter(kind="flag_legal").exists()
    plain = making.flag(bank, client, "RF-01")
    with pytest.raises(NotAllowed, match="not called in"):
        flags.answer(actor=fresh(bank.compliance), **told | {"flag_id": plain.pk})


def test_a_check_digit_that_does_not_fit_raises_rf_04_at_once(bank, client):
    case = opened(bank, client, containers=(RIGHT, WRONG))
    assert codes() == ["RF-04"]
    assert [flag.code for flag in case.flags.all()] == ["RF-04"]


def test_the_same_bill_or_invoice_for_another_deal_raises_rf_09_on_every_client(bank, client):
    opened(bank, client, invoice="INV 77")
    with pytest.raises(RuleBroken, match="already"):
        opened(bank, client)
    opened(bank, client, number="OOLU9", reference="LS-0424", invoice="inv-77")
    assert codes() == ["RF-09"]
    other = making.client(bank, name="Tai Wo Garments", name_zh="太和製衣")
    making.pack_in(bank, other, "available")
    opened(bank, other, reference="TW-1")
    assert sorted(Flag.objects.filter(code="RF-09").values_list("client_id", flat=True)) == [client.pk, other.pk]


def test_a_ship_that_was_elsewhere_raises_rf_07(bank, client):
    case = opened(bank, client)
    services.note_ship(verification_id=case.pk, agrees=False, note="Positions: in Busan.", actor=fresh(bank.analyst), now=NOW)
    assert codes() == ["RF-07"]


@pytest.mark.parametrize("address", ["verify@ocean-check.example", "https://www.ocean-check.example/bl"])
def test_the_papers_own_contact_is_never_asked(bank, client, address):
    case = opened(bank, client)
    with pytest.raises(RuleBroken, match="names this contact itself"):
        sent(bank, case, address=address)
    with pytest.raises(RuleBroken, match="directory"):
        sent(bank, case, scac="MAEU", address="docs@maersk.example")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"name": " "}, "name"),
        ({"told_at": None}, "told_at"),
        ({"told_at": NOW - dt.timedelta(days=1)}, "told_at"),
    ],
)
def test_an_answer_has_channel_name_and_time(bank, client, values, field):
    case = sent(bank, opened(bank, client))
    with pytest.raises(RuleBroken) as refusal:
        settle(bank, case, "genuine", **values)
    assert field in refusal.value.fields


def test_a_web_page_alone_confirms_nothing_and_nobody_writes_no_reply(bank, client):
    case = opened(bank, client)
    with pytest.raises(RuleBroken, match="Nobody was asked"):
        settle(bank, case, "genuine")
    sent(bank, case)
    with pytest.raises(RuleBroken, match="web page"):
        settle(bank, case, "genuine", channel="web")
    with pytest.raises(RuleBroken, match="time alone"):
        settle(bank, case, "no_reply")
    assert settle(bank, case, "genuine").result == "genuine"
    assert codes() == []


def test_other_papers_go_the_same_way_without_a_ship(bank, client):
    case = opened(bank, client, kind="land", number="Lot 88", reference="P-1")
    assert (case.scac, case.containers, case.ground) == ("", [], "chosen")
    settle(bank, case, "unchecked")
    assert codes() == []


def test_others_than_the_credit_department_verify_nothing(bank, client):
    for name in ("rm", "cad", "compliance", "editor"):
        with pytest.raises(NotAllowed):
            services.open_verification(client_id=client.pk, kind="bill", paper=paper(), actor=fresh(bank.people[name]), now=NOW)


def test_steps_are_never_changed_and_cases_never_deleted(bank, client):
    opened(bank, client)
    for statement in (
        "DELETE FROM verifications_verification",
        "UPDATE verifications_step SET message = 'x'",
        "DELETE FROM verifications_step",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_bill_is_verified_on_its_pages_from_paper_to_answer(bank, client, browse):
    browser = browse(bank.analyst)
    where = f"{reverse('verifications:verification_open')}?company={client.company_id}"
    told = {
        "kind": "bill", "number": "OOLU-1", "reference": "LS-1", "amount": "100", "currency": "USD", "scac": "OOLU", "vessel": "Ever Dawn",
        "load_port": "Yantian", "discharge_port": "Los Angeles", "on_board_on": "2026-02-20", "containers": "CSQUO054383",
    }  # fmt: skip
    assert "Is the O a 0" in browser.post(where, told).content.decode()
    browser.post(where, told | {"containers": "csqu 305438 3"})
    case = Verification.objects.get()
    whom = contact(bank)
    browser.post(reverse("verifications:send", args=[case.pk]), {"directory_contact": whom.pk, "message": "Did you issue it?"})
    page = browser.get(case.get_absolute_url()).content.decode()
    assert "The check digit agrees" in page
    assert "OOCL documents" in page
    assert browse(bank.rm).get(case.get_absolute_url()).status_code == 404
    assert browse(bank.rm).get(reverse("verifications:verification_list")).status_code == 403
    assert "OOLU-1" in browse(bank.centre).get(reverse("verifications:verification_list")).content.decode()


def test_the_api_samples_opens_sends_and_settles(bank, client):
    query = f"verifications/sampling?client_id={client.pk}&reference=LS-1&amount=5"
    assert ask(bank.analyst, query).json() == {"verify": True, "ground": "first"}
    body = {
        "client_id": client.pk, "kind": "bill", "number": "OOLU-1", "reference": "LS-1", "amount": "5", "currency": "HKD", "scac": "OOLU",
        "vessel": "Ever Dawn", "load_port": "Yantian", "discharge_port": "Los Angeles", "on_board_on": "2026-02-20", "containers": [RIGHT],
    }  # fmt: skip
    made = ask(bank.analyst, "verifications", body)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    whom = contact(bank)
    assert ask(bank.analyst, f"verifications/{pk}/send", {"directory_contact_id": whom.pk, "message": "?"}).status_code == 200
    told = {"result": "unchecked", "message": "A house bill."}
    assert ask(bank.analyst, f"verifications/{pk}/settle", told).json()["result"] == "unchecked"
    assert [row["name"] for row in ask(bank.analyst, "verifications/directory").json()["items"]] == ["OOCL documents"]
