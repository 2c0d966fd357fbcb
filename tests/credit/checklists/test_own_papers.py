"""Papers of the bank's own: proposed by one, approved by another, dated, and never in what is sealed (domain 6.3, 6.4; invariant 43)."""

import datetime as dt

import pytest
from django.utils import translation

from credit.checklists import selectors, services
from credit.checklists.choices import EditionState, ItemState, WaiverAct
from credit.checklists.models import OwnPaper
from credit.checklists.parts import content
from credit.handoff.pdf import _papers
from credit.packs import services as packs
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.cast import NOW
from tests.credit import filing, making

DAY = dt.timedelta(days=1)


def needs(version):
    selectors.forget(version)
    return {item.code: item.need for item in selectors.items_of(version)}


def term_loan(bank, name="Amber Tide", **values):
    pack = making.pack(bank, making.company(bank, name=name, name_zh=name))
    making.facility(bank, pack, type_code="TL", **values)
    return pack


def test_a_new_pack_asks_for_it_from_its_day_on_where_its_conditions_hold(bank):
    filing.own_paper(bank, approved_by="ho")
    filing.own_paper(bank, code="B02", approved_by="ho", on=filing.TODAY + DAY)
    assert {code: need for code, need in needs(making.draft(term_loan(bank))).items() if code[0] == "B"} == {"B01": "required"}
    overdraft = making.pack(bank, making.company(bank, name="Other", name_zh="他"))
    making.facility(bank, overdraft, type_code="OD")
    assert "B01" not in needs(making.draft(overdraft))


def test_conditions_of_several_kinds_must_all_hold(bank):
    filing.own_paper(bank, approved_by="ho", client_types=("listed",))
    filing.own_paper(bank, code="B02", approved_by="ho", jurisdiction="CN")
    filing.own_paper(bank, code="B03", approved_by="ho", jurisdiction="", facility_types=(), securities=("property",))
    filing.own_paper(bank, code="B04", approved_by="ho", jurisdiction="", facility_types=(), client_types=("company", "listed"))
    found = needs(making.draft(term_loan(bank)))
    assert [code for code in found if code.startswith("B")] == ["B04"]


@pytest.mark.parametrize(
    ("asked_of", "asked"), [("companies", {"Wing Tai"}), ("people", {"Chan Tai Man"}), ("guarantors", {"Wing Tai", "Chan Tai Man"})]
)
def test_asked_of_guarantors_it_stands_under_each_that_is_meant_and_not_under_the_borrower(bank, asked_of, asked):
    filing.own_paper(bank, approved_by="ho", asked_of=asked_of)
    pack = term_loan(bank)
    making.party(bank, pack, company_id=making.company(bank, name="Wing Tai", name_zh="榮泰").pk, role="guarantor")
    making.party(bank, pack, person_name="Chan Tai Man", role="primary")
    making.party(bank, pack, person_name="Lee Siu Ming", role="security")
    version = making.draft(pack)
    items = [item for item in selectors.items_of(version) if item.code == "B01"]
    assert {str(item.party) for item in items} == asked
    headings = {
        heading.label for heading in selectors.headings(version, filing.TODAY) if any(line.item.code == "B01" for line in heading.lines)
    }
    assert headings == {f"Guarantors: {name}" for name in asked}
    making.sealed(pack, now=NOW)
    waiting = filing.own_paper(bank, code="B02", asked_of=asked_of)
    other = term_loan(bank, "Two")
    making.party(bank, other, person_name="Ho Ka Yan", role="guarantor")
    making.sealed(other, now=NOW)
    effect = selectors.effect_of(waiting, since=filing.TODAY, until=filing.TODAY)
    assert (effect.packs, effect.asked) == (2, 1 if asked_of == "companies" else 2)


def test_what_was_asked_of_the_borrower_and_is_asked_of_guarantors_now_moves_in_an_open_draft(bank):
    filing.own_paper(bank, approved_by="ho")
    pack = term_loan(bank)
    making.party(bank, pack, person_name="Chan Tai Man", role="guarantor")
    filing.own_paper(bank, approved_by="ho", asked_of="people")
    making.facility(bank, pack, type_code="OD")
    assert [str(item.party) for item in selectors.items_of(making.draft(pack)) if item.code == "B01"] == ["Chan Tai Man"]


def test_one_proposes_and_another_of_head_office_approves(bank):
    own = filing.own_paper(bank, by="ho")
    with pytest.raises(NotAllowed, match="another person decides"):
        services.approve_paper(paper_id=own.pk, actor=bank.ho, now=NOW)
    with pytest.raises(NotAllowed, match="Only head office"):
        services.approve_paper(paper_id=own.pk, actor=bank.compliance, now=NOW)
    assert WorkItem.objects.open().filter(subject_type="checklists.ownpaper", subject_id=own.pk).exists()
    assert services.approve_paper(paper_id=own.pk, actor=bank.ho2, now=NOW + 2 * DAY).effective_from == filing.TODAY + 2 * DAY
    assert not WorkItem.objects.open().filter(subject_type="checklists.ownpaper").exists()
    with pytest.raises(InvalidTransition):
        services.refuse_paper(paper_id=own.pk, reason="No", actor=bank.ho2, now=NOW)
    assert [row.state for row in own.history.order_by("pk")] == [EditionState.PROPOSED, EditionState.APPROVED]


def test_a_refused_or_withdrawn_one_is_asked_of_nobody(bank):
    refused, taken_back = filing.own_paper(bank), filing.own_paper(bank, code="B02")
    with pytest.raises(RuleBroken, match="Say why"):
        services.refuse_paper(paper_id=refused.pk, reason=" ", actor=bank.ho, now=NOW)
    services.refuse_paper(paper_id=refused.pk, reason="H22 covers it", actor=bank.ho, now=NOW)
    with pytest.raises(NotAllowed, match="Only who proposed it"):
        services.withdraw_paper(paper_id=taken_back.pk, actor=bank.ho, now=NOW)
    services.withdraw_paper(paper_id=taken_back.pk, actor=bank.editor, now=NOW)
    assert not {"B01", "B02"} & set(needs(making.draft(term_loan(bank))))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "B1"}, "A code is a letter"),
        ({"code": "H10"}, "This code is the book"),
        ({"names": ("Fire", "", "消防")}, "all three languages"),
        ({"group": "guarantor"}, "one of those listed"),
        ({"asked_of": "somebody"}, "one of those listed"),
        ({"need": "off"}, "one of those listed"),
        ({"facility_types": ("XX",)}, "one of those listed"),
        ({"valid_days": 0}, "whole number from 1"),
        ({"effective_from": filing.TODAY - DAY}, "What held in the past stays"),
        ({"ends": True}, "does not ask for this paper"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(bank, changes, said):
    with pytest.raises(RuleBroken, match=said):
        services.propose_paper(edition=filing.edition(**changes), actor=bank.editor, now=NOW)
    assert not OwnPaper.objects.exists()


def test_a_second_change_of_the_same_paper_waits_for_the_first_and_one_without_a_change_is_none(bank):
    own = filing.own_paper(bank)
    with pytest.raises(RuleBroken, match="waits for a decision already"):
        filing.own_paper(bank, by="ho")
    services.approve_paper(paper_id=own.pk, actor=bank.ho, now=NOW)
    with pytest.raises(RuleBroken, match="stands so already"):
        filing.own_paper(bank)
    with pytest.raises(NotAllowed, match="Content editors and head office"):
        filing.own_paper(bank, by="head", need="drawdown")


def test_what_is_sealed_keeps_the_paper_as_it_was_and_the_version_opened_next_takes_the_change(bank):
    filing.own_paper(bank, approved_by="ho")
    pack = term_loan(bank)
    filing.receive(bank, pack, "B01")
    version = making.draft(pack)
    making.sealed(pack)
    filing.own_paper(bank, approved_by="ho", names=("Fire certificate", "消防證", "消防证"), need="conditional")
    before = content(version)["papers"]["B01"]
    assert (before["need"], before["called"]["en"], before["valid_until"]) == ("required", "Fire safety certificate", "2026-06-02")
    with translation.override("zh-hant"):
        assert any("消防證書" in row for row in _papers(content(version))["tables"][0]["rows"])
    opened = packs.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    after = opened.papers.get(code="B01")
    assert (after.need, after.name, after.state) == ("conditional", "Fire certificate", ItemState.RECEIVED)
    version.refresh_from_db()
    assert version.papers.get(code="B01").name == "Fire safety certificate"


def test_one_that_ends_is_asked_no_more_from_that_day_on(bank):
    filing.own_paper(bank, approved_by="ho")
    filing.own_paper(bank, approved_by="ho", ends=True, on=filing.TODAY + 7 * DAY)
    assert set(selectors.own_in_force(on=filing.TODAY + 6 * DAY)) == {"B01"}
    assert selectors.own_in_force(on=filing.TODAY + 7 * DAY) == {}


def test_its_own_level_waives_it_and_its_own_days_make_it_old(bank):
    filing.own_paper(bank, approved_by="ho", waived_by="never")
    filing.own_paper(bank, code="B02", approved_by="ho", valid_days=None)
    pack = term_loan(bank)
    filing.receive(bank, pack, "B01", "B02")
    assert filing.item(pack, "B01").valid_until == filing.TODAY + 90 * DAY
    assert filing.item(pack, "B02").valid_until is None
    until = filing.TODAY + 9 * DAY
    with pytest.raises(NotAllowed, match="Nobody waives"):
        services.ask_waiver(item_id=filing.item(pack, "B01").pk, until=until, reason="Late", actor=bank.rm, now=NOW)
    waiver = services.ask_waiver(item_id=filing.item(pack, "B02").pk, until=until, reason="Late", actor=bank.rm, now=NOW)
    assert str(waiver) == "B02 Fire safety certificate"
    services.decide_waiver(waiver_id=waiver.pk, act=WaiverAct.APPROVE, actor=bank.head, now=NOW)
    assert filing.item(pack, "B02").state == ItemState.WAIVED


def test_the_last_quarter_is_counted_under_what_is_proposed(bank):
    for name, kind in (("One", "TL"), ("Two", "TL"), ("Three", "OD")):
        pack = making.pack(bank, making.company(bank, name=name, name_zh=name))
        making.facility(bank, pack, type_code=kind)
        making.sealed(pack, now=NOW)
    old = term_loan(bank, "Four")
    making.sealed(old, now=NOW - 91 * DAY)
    own = filing.own_paper(bank)
    effect = selectors.effect_of(own, since=filing.TODAY - 90 * DAY, until=filing.TODAY)
    assert (effect.packs, effect.asked) == (3, 2)
    own.client_types = ["listed"]
    assert selectors.effect_of(own, since=filing.TODAY - 90 * DAY, until=filing.TODAY).asked == 0


def test_the_pages_propose_show_and_decide_it(bank, browse):
    editor, ho = browse(bank.editor), browse(bank.ho)
    sent = {
        "code": "b01", "name_en": "Fire safety certificate", "name_hant": "消防證書", "name_hans": "消防证书",
        "group": "facility",
        "asked_of": "borrower",
        "need": "required", "source": "client", "waived_by": "TH", "facility_types": ["TL"], "effective_from": "2099-01-01",
        "reason": "New rule",
    }  # fmt: skip
    answer = editor.post("/credit/own-papers/new/", sent)
    own = OwnPaper.objects.get()
    assert answer.url == f"/credit/own-papers/{own.pk}/"
    page = ho.get(answer.url).content.decode()
    assert "0 of 0 packs handed off would have been asked for it" in page
    assert "Fire safety certificate" in ho.get("/approvals/").content.decode()
    assert ho.post(f"{answer.url}approve/", {}).status_code == 302
    assert "B01 Fire safety certificate" in editor.get("/credit/own-papers/").content.decode()
    change = editor.get(f"/credit/own-papers/new/?of={own.pk}").content.decode()
    assert 'value="消防證書"' in change
    filing.own_paper(bank, on=dt.date(2099, 2, 1), jurisdiction="", names=("Fire proof", "消防證書", "消防证书"))
    page = ho.get(f"/credit/own-papers/{OwnPaper.objects.latest('pk').pk}/").content.decode()
    assert "<del>Fire safety certificate</del> <b>Fire proof</b>" in page
