"""Which papers are asked for, by what the borrower is, where, for which facilities and securities (domain 6.3, 6.4)."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from credit.checklists import book, rules
from credit.checklists.choices import ItemState, Need
from tests.credit import filing, making

FIGURES = rules.Figures(
    needs={code: row["need"] for code, row in book._file()["item"].items()},
    above={"H20": Decimal(5_000_000), "F50": Decimal(50_000_000)},
)


def codes(**values) -> dict[str, str]:
    asked = {
        "jurisdiction": "HK", "client_types": ("company",), "segment": "corporate", "papers": frozenset(), "securities": (),
        "guarantors": (), "total": Decimal(1_000_000),
    } | values  # fmt: skip
    return {code: need for (code, party), need in rules.wanted(rules.Asked(**asked), FIGURES).items() if party is None}


def test_the_book_holds_every_code_of_the_domain_in_three_languages():
    wanted = [*(f"H{n:02d}" for n in range(1, 25)), *(f"N{n:02d}" for n in range(1, 21)), *(f"F{n:02d}" for n in range(1, 57))]
    papers = book.papers()
    assert set(wanted) <= set(papers)
    assert all(paper.en and paper.hant and paper.hans for paper in papers.values())


def test_a_company_of_hong_kong_is_asked_for_the_24_and_one_of_the_mainland_for_the_20():
    assert list(codes()) == [f"H{n:02d}" for n in range(1, 25)]
    assert list(codes(jurisdiction="CN")) == [f"N{n:02d}" for n in range(1, 21)]
    assert {code for code, need in codes().items() if need == Need.CONDITIONAL} == {"H14", "H20", "H21", "H22"}
    assert codes()["H18"] == Need.DRAWDOWN


@pytest.mark.parametrize(
    ("papers", "first", "last"),
    [("working", 1, 4), ("term", 5, 10), ("trade", 11, 18), ("export", 19, 23), ("receivables", 24, 28), ("guarantee", 29, 33),
     ("fx", 34, 37), ("acceptance", 38, 41), ("discount", 42, 45), ("property", 46, 50)],
)  # fmt: skip
def test_each_facility_adds_its_own(papers, first, last):
    assert set(codes(papers=frozenset({papers}))) - set(codes()) == {f"F{n:02d}" for n in range(first, last + 1)}


@pytest.mark.parametrize(
    ("kind", "code"),
    [("deposit", "F51"), ("shares", "F52"), ("machinery", "F53"), ("receivables", "F54"), ("floating", "F55"), ("sfgs", "F56")],
)
def test_each_security_adds_its_own(kind, code):
    assert set(codes(securities=((kind, Decimal(1)),))) - set(codes()) == {code}


def test_what_the_borrower_is_adds_and_takes_away():
    partnership = codes(client_types=("partnership",))
    assert {"X01", "X02", "X03", "X04", "H02", "H08"} <= set(partnership)
    assert not {"H03", "H04", "H05", "H07", "H18"} & set(partnership)
    for kind, code in (("listed", "X14"), ("young", "X21"), ("overseas", "X34"), ("cn_subsidiary", "X42"), ("institution", "X52"),
                       ("state_owned", "X61")):  # fmt: skip
        found = codes(client_types=("company", kind))
        assert code in found
        assert "H03" in found


def test_conditions_that_we_can_tell_make_a_paper_required():
    assert codes(total=Decimal("5000000.00"))["H20"] == Need.CONDITIONAL
    assert codes(total=Decimal("5000000.01"))["H20"] == Need.REQUIRED
    assert codes(client_types=("young",))["H21"] == Need.REQUIRED
    assert codes(jurisdiction="CN", segment="sme")["N20"] == Need.REQUIRED
    for value, need in ((Decimal(50_000_000), Need.CONDITIONAL), (Decimal("50000000.01"), Need.REQUIRED)):
        assert codes(securities=(("property", value),))["F50"] == need


def test_each_guarantor_brings_its_own_and_a_spouse_independent_advice():
    asked = rules.Asked("HK", ("company",), "sme", frozenset(), (), ((7, False, False), (8, True, False), (9, True, True)), Decimal(0))
    found = rules.wanted(asked, FIGURES)
    assert [code for code, party in found if party == 7] == [f"H{n:02d}" for n in range(2, 12)] + ["H18"]
    assert found["G04", 8] == Need.CONDITIONAL
    assert found["G04", 9] == Need.REQUIRED


def test_a_search_is_good_on_its_thirtieth_day_and_expired_on_the_next():
    validity = {"search": 30, "statements": 60, "management": 180, "valuation": 90}
    made = dt.date(2026, 3, 4)
    for code, days in (("H06", 30), ("H12", 60), ("H11", 180), ("F46", 90)):
        until = rules.valid_until(SimpleNamespace(own=None, paper=book.papers()[code]), made, validity)
        assert until == made + dt.timedelta(days=days)
        item = SimpleNamespace(state=ItemState.CHECKED, valid_until=until, waived_until=None)
        assert rules.standing(item, until) == ItemState.CHECKED
        assert rules.standing(item, until + dt.timedelta(days=1)) == ItemState.EXPIRED
    assert rules.valid_until(SimpleNamespace(own=None, paper=book.papers()["H03"]), made, validity) is None


def test_a_waiver_that_ran_out_waives_nothing():
    item = SimpleNamespace(state=ItemState.WAIVED, valid_until=None, waived_until=dt.date(2026, 3, 31))
    assert rules.standing(item, dt.date(2026, 3, 31)) == ItemState.WAIVED
    assert rules.standing(item, dt.date(2026, 4, 1)) == ItemState.MISSING


@pytest.mark.parametrize(("held", "of", "fine"), [(16, 20, True), (15, 20, False), (17, 21, True), (16, 21, False), (0, 0, True)])
def test_eighty_per_cent_are_counted_exactly(held, of, fine):
    assert rules.enough((held, of), 80) is fine


def test_the_checklist_follows_what_the_draft_asks_for(bank):
    pack = making.pack(bank)
    version = making.draft(pack)
    assert version.papers.count() == 24
    making.facility(bank, pack, "TR", "30000000")
    assert version.papers.filter(code__startswith="F").count() == 8
    assert filing.item(pack, "H20").need == Need.REQUIRED
    guarantor = making.party(bank, pack, person_name="Chan Tai Man")
    assert set(guarantor.papers.values_list("code", flat=True)) == {"G01", "G02", "G03", "G04"}
    making.services.remove_party(pack_id=pack.pk, party_id=guarantor.pk, actor=bank.rm, now=making.NOW)
    assert not version.papers.filter(code__startswith="G").exists()


def test_a_paper_that_came_is_kept_aside_while_it_is_not_asked_for(bank):
    pack = making.pack(bank)
    row = making.facility(bank, pack, "TR", "30000000")
    filing.receive(bank, pack, "F11")
    making.services.remove_facility(pack_id=pack.pk, facility_id=row.pk, actor=bank.rm, now=making.NOW)
    kept = making.draft(pack).papers.filter(code__startswith="F")
    assert [(one.code, one.is_wanted, one.state) for one in kept] == [("F11", False, ItemState.RECEIVED)]
    making.facility(bank, pack, "LC", "1000000")
    assert filing.item(pack, "F11").is_wanted


def test_the_bank_changes_its_checklist_by_policy(bank):
    from crm.policy.models import Figure

    Figure.objects.filter(table="checklists.items", key="H09").update(value="off")
    Figure.objects.filter(table="checklists.items", key="H14").update(value="required")
    pack = making.pack(bank)
    assert not making.draft(pack).papers.filter(code="H09").exists()
    assert filing.item(pack, "H14").need == Need.REQUIRED
