"""What is thought through before a visit, who is sent a copy after it, when somebody arrived, and whose word weighs what."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from crm.companies.models import Company
from crm.kernel.errors import RuleBroken, StaleVersion
from crm.notifications.models import Notification
from crm.visits import selectors, services
from crm.visits.models import Visit
from crm.visits.rules import Preparation
from crm.visits.searching import text_of
from tests.cast import NOW, Bank
from tests.visits import making

DAY = dt.timedelta(days=1)
LOG, PLAN = "/visits/log/?company={}", "/visits/plan/?company={}"


def sent(**more: Any) -> dict[str, Any]:
    return {"kind": "visit", "happened_at": "2026-03-04T09:00", "where": "", "summary": "They need a line in US dollars.", **more}


def shown(browser: Browser, visit: Visit, part: str = "") -> str:
    return browser.get(f"{visit.get_absolute_url()}{part}").content.decode()


# Before the visit


def test_a_plan_says_who_leads_what_is_wanted_and_what_is_not_raised(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser = browse(bank.rm)
    form = browser.get(PLAN.format(yau_tat.pk)).content.decode()
    assert "More: who leads, facts wanted, what not to raise" in form
    plan = {
        "planned_at": "2026-03-05T11:00",
        "kind": "visit",
        "objective": "Settle the LC",
        "colleagues": [bank.arm.pk],
        "lead": bank.arm.pk,
    }
    answer = browser.post(PLAN.format(yau_tat.pk), {**plan, "facts_wanted": "Orders of the year", "not_to_raise": "The brother’s suit"})
    assert answer.status_code == 302
    visit = Visit.objects.get()
    assert (visit.lead, visit.facts_wanted, visit.not_to_raise) == (bank.arm, "Orders of the year", "The brother’s suit")
    notes, history = shown(browser, visit, "note/"), shown(browser, visit, "history/")
    for text in ("Arm Lau", "Orders of the year", "The brother’s suit"):
        assert text in notes
        assert text in history
    assert "The brother’s suit" in browser.get(f"/visits/log/?planned={visit.pk}").content.decode()


def test_what_was_prepared_stays_when_the_visit_is_logged(bank: Bank, yau_tat: Company) -> None:
    planned = making.plan(bank.rm, yau_tat, preparation=Preparation(facts_wanted="Orders", not_to_raise="The suit"))
    visit = services.log_visit(
        actor=bank.rm, now=NOW + DAY, company_id=yau_tat.pk, entry=making.entry(NOW + DAY / 2), planned_id=planned.pk
    )
    assert (visit.facts_wanted, visit.not_to_raise) == ("Orders", "The suit")
    visit.refresh_from_db()
    assert visit.is_prepared


def test_who_leads_goes_along(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.plan(bank.rm, yau_tat, preparation=Preparation(lead_id=bank.arm.pk))
    assert "has to go along" in str(refusal.value.fields["lead"])
    assert not Visit.objects.exists()
    assert making.plan(bank.rm, yau_tat, preparation=Preparation(lead_id=bank.rm.pk)).lead is None


@pytest.mark.parametrize("field", ["facts_wanted", "not_to_raise"])
@pytest.mark.parametrize(("text", "words"), [("An STR", "must not stand"), ("可疑交易", "must not stand"), ("x" * 2001, "longer than")])
def test_what_is_prepared_is_scanned_as_every_free_text(bank: Bank, yau_tat: Company, field: str, text: str, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.plan(bank.rm, yau_tat, preparation=Preparation(**{field: text}))
    assert words in str(refusal.value.fields[field])
    planned = making.plan(bank.rm, yau_tat)
    moved = {"visit_id": planned.pk, "actor": bank.rm, "now": NOW, "version": 1, "planned_at": NOW + DAY, "objective": "Later"}
    with pytest.raises(RuleBroken) as refusal:
        services.replan_visit(**moved, preparation=Preparation(**{field: text}))
    assert words in str(refusal.value.fields[field])


def test_the_preparation_is_changed_with_the_plan_and_a_stale_change_is_refused(bank: Bank, yau_tat: Company, browse: Any) -> None:
    planned = making.plan(bank.rm, yau_tat, colleague_ids=(bank.arm.pk,))
    browser, address = browse(bank.rm), f"{planned.get_absolute_url()}replan/"
    opened = browser.get(address).content.decode()
    assert "Arm Lau" in opened
    values = {"planned_at": "2026-03-05T11:00", "objective": "Later", "lead": bank.arm.pk, "not_to_raise": "The suit", "version": 1}
    assert browser.post(address, values).status_code == 302
    planned.refresh_from_db()
    assert (planned.lead, planned.not_to_raise, planned.version) == (bank.arm, "The suit", 2)
    with pytest.raises(StaleVersion) as stale:
        services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=1, planned_at=NOW + DAY, objective="Again")
    assert stale.value.current["not_to_raise"] == "The suit"


def test_who_does_not_see_the_visit_sees_nothing_of_the_preparation(bank: Bank, yau_tat: Company, browse: Any) -> None:
    visit = making.plan(bank.rm, yau_tat, preparation=Preparation(not_to_raise="The suit"))
    assert "The suit" in text_of(visit)
    for who, status in (("head", 200), ("rm2", 404), ("outsider", 404)):
        for part in ("", "note/", "history/"):
            answer = browse(bank.people[who]).get(f"{visit.get_absolute_url()}{part}")
            assert answer.status_code == status, (who, part)


# After the visit


def test_a_copy_is_told_in_the_language_of_whom_it_tells(bank: Bank, yau_tat: Company, browse: Any) -> None:
    bank.head.language = "zh-hant"
    bank.head.save()
    assert browse(bank.rm).post(LOG.format(yau_tat.pk), sent(copies=[bank.head.pk])).status_code == 302
    assert Notification.objects.get().title.startswith("Rm Lau 抄送了一份拜訪記錄給您：")


def test_a_copy_tells_those_who_may_read_the_note_once(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser = browse(bank.rm)
    assert "Copy to" in browser.get(LOG.format(yau_tat.pk)).content.decode()
    assert browser.post(LOG.format(yau_tat.pk), sent(copies=[bank.head.pk])).status_code == 302
    visit = Visit.objects.get()
    assert visit.copied_to == "Head Lau"
    told = Notification.objects.get()
    assert (told.user, told.url, told.kind) == (bank.head, visit.get_absolute_url(), "visits.copied")
    assert told.title == "Rm Lau sent you a visit note: Yau Tat Textiles"
    assert "Head Lau" in shown(browser, visit)
    assert "Head Lau" in shown(browser, visit, "history/")
    change = {**sent(copies=[bank.head.pk, bank.people["centre"].pk]), "version": visit.version}
    assert browser.post(f"{visit.get_absolute_url()}edit/", change).status_code == 302
    assert sorted(Notification.objects.values_list("user__username", flat=True)) == ["centre", "head"]
    visit.refresh_from_db()
    assert visit.copied_to == "Centre Lau, Head Lau"


@pytest.mark.parametrize("who", ["rm2", "outsider", "analyst", "finance", "admin"])
def test_somebody_who_may_not_read_it_gets_no_copy_and_nothing_is_kept(bank: Bank, yau_tat: Company, who: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.log(bank.rm, yau_tat, copy_ids=(bank.people[who].pk,))
    assert "may not read notes on this company" in str(refusal.value.fields["copies"])
    assert not Visit.objects.exists()
    assert not Notification.objects.exists()


def test_nobody_at_all_is_no_addressee(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.log(bank.rm, yau_tat, copy_ids=(999_999,))
    assert "who work here" in str(refusal.value.fields["copies"])


def test_who_went_along_may_get_one(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, colleague_ids=(bank.outsider.pk,), copy_ids=(bank.outsider.pk,))
    assert [copy.user for copy in visit.copies.all()] == [bank.outsider]


def test_whoever_the_form_offers_may_read_the_note(bank: Bank, yau_tat: Company) -> None:
    for who in ("rm", "head", "centre"):
        offered = list(selectors.copy_readers(yau_tat, user=bank.people[who], now=NOW))
        assert offered
        assert bank.people[who] not in offered
        making.log(bank.people[who], yau_tat, copy_ids=tuple(person.pk for person in offered))
        assert bank.rm2 not in offered


def test_the_form_of_a_change_keeps_the_copies_and_saves_no_version(bank: Bank, yau_tat: Company, browse: Any) -> None:
    visit = making.log(bank.rm, yau_tat, copy_ids=(bank.head.pk,))
    page = browse(bank.rm).get(f"{visit.get_absolute_url()}edit/")
    assert page.context["form"]["copies"].value() == [bank.head.pk]


# Arrival and weights


def test_the_page_and_the_api_show_when_and_how_near_somebody_checked_in(bank: Bank, yau_tat: Company, browse: Any) -> None:
    where = {"latitude": Decimal("22.319300"), "longitude": Decimal("114.169400"), "accuracy_m": 25}
    visit = making.log(bank.rm, yau_tat, checked_in_at=making.hk(4, 9) + dt.timedelta(minutes=2), **where)
    page = shown(browse(bank.rm), visit)
    assert "Checked in" in page
    assert "09:02" in page
    assert "within 25 m of 22.31930, 114.16940" in page
    assert "Checked in" not in shown(browse(bank.rm), making.log(bank.rm, yau_tat))


def test_weights_are_given_on_the_form_folded_away(bank: Bank, yau_tat: Company, browse: Any) -> None:
    yau, tong = making.contact(yau_tat), making.contact(yau_tat, "Mr Tong")
    browser = browse(bank.rm)
    page = browser.get(LOG.format(yau_tat.pk)).content.decode()
    assert page.index("<details") < page.index(f'name="weight_{yau.pk}"')
    told = {f"weight_{yau.pk}": "decides", f"weight_{tong.pk}": "informed", "weight_new": "influences"}
    browser.post(LOG.format(yau_tat.pk), sent(met=[yau.pk], met_new="Ann Wong, CFO", **told))
    visit = Visit.objects.get()
    assert {(str(one), one.weight) for one in visit.attendees.all()} == {("Ms Yau", "decides"), ("Ann Wong", "influences")}
    form = browser.get(f"{visit.get_absolute_url()}edit/").context["form"]
    assert (form[f"weight_{yau.pk}"].value(), form["weight_new"].value()) == ("decides", "influences")
    change = sent(met=[yau.pk], met_new="Ann Wong, CFO", version=visit.version, weight_new="influences", **{f"weight_{yau.pk}": "informed"})
    browser.post(f"{visit.get_absolute_url()}edit/", change)
    visit.refresh_from_db()
    assert {(str(one), one.weight) for one in visit.attendees.all()} == {("Ms Yau", "informed"), ("Ann Wong", "influences")}


def test_a_wrong_weight_opens_the_fold(bank: Bank, yau_tat: Company, browse: Any) -> None:
    yau = making.contact(yau_tat)
    answer = browse(bank.rm).post(LOG.format(yau_tat.pk), sent(met=[yau.pk], **{f"weight_{yau.pk}": "rules"}))
    assert answer.status_code == 422
    assert '<details class="more" open>' in answer.content.decode()


def test_a_signal_seen_at_a_clients_is_flagged_from_the_visits_page(bank: Bank, yau_tat: Company, browse: Any) -> None:
    raising = "/credit/flags/raise/?company={}"
    assert raising.format(yau_tat.pk) in shown(browse(bank.rm), making.log(bank.rm, yau_tat))
    prospect = making.company("Wah Kong Logistics", "")
    making.cover(bank, "rm", prospect, "prospect")
    assert raising.format(prospect.pk) not in shown(browse(bank.rm), making.log(bank.rm, prospect))
