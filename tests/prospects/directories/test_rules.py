"""Which value stands: what a list says, what another list says, what a person typed."""

import datetime as dt

import pytest

from crm.companies.choices import NameKind
from prospects.directories.rules import Held, Row, RowKeys, Statement, merge
from tests.prospects.directories.loading import FEBRUARY, JANUARY, MARCH

LEGAL, SHORT = NameKind.LEGAL.value, NameKind.SHORT.value


def said(phone="", *, names=(), as_of=JANUARY, key="A:1", addresses=(), officers=(), keys=()):
    values = {"phone": phone} if phone else {}
    statement = Statement(values=values, names=tuple(names), keys=tuple(keys), addresses=tuple(addresses), officers=tuple(officers))
    return Row(1, key, as_of, statement)


def held(phone=""):
    return Held(values={"phone": phone})


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ([("L", said("1", as_of=FEBRUARY)), ("L", said("2", as_of=JANUARY))], "1"),
        ([("L", said("1", as_of=JANUARY)), ("L", said("2", as_of=FEBRUARY))], "2"),
        ([("L", said("1")), ("L", said("2"))], "2"),
        ([("L", said("1", as_of=FEBRUARY)), ("M", said("2", as_of=JANUARY))], "1"),
        ([("L", said("1", as_of=JANUARY)), ("M", said("2", as_of=FEBRUARY))], "2"),
        ([("L", said("1")), ("M", said("2")), ("L", said("1"))], "2"),
        ([("L", said("1")), ("M", said("2", as_of=FEBRUARY)), ("L", said("1", as_of=MARCH))], "1"),
        ([("L", said("1")), ("L", said("2", key="A:1~other"))], "1"),
        ([("L", said("", as_of=FEBRUARY)), ("L", said("2", as_of=JANUARY))], ""),
    ],
    ids=[
        "an older list of the source changes nothing",
        "a newer list of the source overwrites",
        "a corrected list of the same day overwrites",
        "another source of an older day changes nothing",
        "another source of a newer day overwrites",
        "the same list again does not take back what another said the same day",
        "the list of a newer day does",
        "another row of the same list and day changes nothing",
        "an older list does not fill what the newer one left empty",
    ],
)
def test_a_value_of_a_list_stands_until_a_newer_one_says_otherwise(steps, stands):
    company = held()
    for source, row in steps:
        merge(company, row, source)
    assert company.values["phone"] == stands


def test_a_value_that_a_person_typed_stands_whatever_lists_say():
    company = held("typed")
    changes = merge(company, said("listed", as_of=MARCH), "L")
    assert company.values["phone"] == "typed"
    assert not changes
    assert changes.says_new


def test_a_value_that_a_person_corrected_after_a_list_stands():
    company = held()
    merge(company, said("listed"), "L")
    company.values["phone"] = "corrected"
    merge(company, said("listed", as_of=MARCH), "L")
    assert company.values["phone"] == "corrected"


def test_a_value_that_a_person_emptied_stays_empty_until_the_list_says_something_else():
    company = held()
    merge(company, said("1"), "L")
    company.values["phone"] = ""
    merge(company, said("1", as_of=FEBRUARY), "L")
    assert company.values["phone"] == ""
    merge(company, said("2", as_of=MARCH), "L")
    assert company.values["phone"] == "2"


def test_the_same_row_again_changes_nothing_and_says_nothing_new():
    company = held()
    row = said("1", names=[(LEGAL, "Yau Tat Limited")], officers=[("Chan", "Chairman")], addresses=[("office", "1 Road", "")])
    merge(company, row, "L")
    changes = merge(company, row, "L")
    assert (bool(changes), changes.says_new) == (False, False)


def test_a_row_that_renames_its_company_makes_the_old_name_a_former_one():
    company = held()
    merge(company, said(names=[(LEGAL, "Yau Tat Limited")]), "L")
    merge(company, said(names=[(LEGAL, "Wing On Limited")], as_of=FEBRUARY), "L")
    assert company.names == {"Yau Tat Limited": "former", "Wing On Limited": "legal"}


def test_another_spelling_of_a_registered_name_is_no_former_name_and_no_new_one_from_elsewhere():
    company = held()
    merge(company, said(names=[(LEGAL, "Yau Tat Limited")]), "L")
    merge(company, said(names=[(LEGAL, "YAU TAT LTD")], as_of=FEBRUARY), "M")
    assert company.names == {"Yau Tat Limited": "legal"}
    merge(company, said(names=[(LEGAL, "Yau Tat Ltd.")], as_of=FEBRUARY), "L")
    assert company.names == {"Yau Tat Limited": "alias", "Yau Tat Ltd.": "legal"}


def test_a_short_name_never_takes_the_place_of_a_registered_one():
    company = held()
    merge(company, said(names=[(LEGAL, "Yau Tat Textiles Limited")]), "L")
    merge(company, said(names=[(SHORT, "YT TEX")], as_of=MARCH), "M")
    assert company.names == {"Yau Tat Textiles Limited": "legal", "YT TEX": "short"}


def test_the_name_in_the_other_script_is_added_as_a_registered_one():
    company = held()
    merge(company, said(names=[(LEGAL, "Yau Tat Limited")]), "L")
    merge(company, said(names=[(LEGAL, "裕達有限公司")]), "M")
    assert company.names == {"Yau Tat Limited": "legal", "裕達有限公司": "legal"}


def test_a_registered_name_that_a_person_typed_stays():
    company = held()
    company.names = {"Yau Tat Limited": LEGAL}
    merge(company, said(names=[(LEGAL, "Wing On Limited")], as_of=MARCH), "L")
    assert company.names == {"Yau Tat Limited": "legal", "Wing On Limited": "alias"}


def test_officers_and_addresses_that_a_list_no_longer_names_go_and_others_stay():
    company = held()
    company.officers = {("Typed", "Director")}
    merge(company, said(officers=[("Chan", "Chairman"), ("Ho", "CFO")], addresses=[("office", "1 Road", "")]), "L")
    merge(company, said(officers=[("Ho", "CFO")]), "M")
    merge(company, said(officers=[("Lee", "Chairman")], addresses=[("office", "2 Road", "")], as_of=FEBRUARY), "L")
    assert company.officers == {("Typed", "Director"), ("Ho", "CFO"), ("Lee", "Chairman")}
    assert company.addresses == {("office", "2 Road", "")}


def test_numbers_are_added_but_for_those_of_other_companies():
    company = held()
    changes = merge(company, said(keys=[("isin", "", "A"), ("isin", "", "B")]), "L", foreign={("isin", "", "B")})
    assert company.keys == {("isin", "", "A")}
    assert changes.keys == [("isin", "", "A")]


def test_a_number_that_a_person_took_away_does_not_come_back_until_the_row_says_another():
    company, wrong, right = held(), ("stock", "HKEX", "00005"), ("stock", "HKEX", "00700")
    merge(company, said(keys=[wrong]), "L")
    company.keys.clear()
    assert not merge(company, said(keys=[wrong], as_of=FEBRUARY), "L").keys
    assert merge(company, said(keys=[wrong, right], as_of=MARCH), "L").keys == [right]
    assert merge(company, said(keys=[wrong]), "M").keys == [wrong], "another list's word is its own"


@pytest.mark.parametrize("kind", [LEGAL, SHORT])
def test_a_name_that_a_person_took_away_does_not_come_back_until_the_row_says_another(kind):
    company = held()
    merge(company, said(names=[(kind, "Hongkong Bank")]), "L")
    company.names = {"Tencent Holdings Limited": LEGAL}
    assert not merge(company, said(names=[(kind, "Hongkong Bank")], as_of=FEBRUARY), "L").names
    merge(company, said(names=[(kind, "Goose Factory")], as_of=MARCH), "L")
    assert "Goose Factory" in company.names


def test_a_registered_name_that_a_person_took_away_leaves_its_script_without_one():
    company = held()
    merge(company, said(names=[(LEGAL, "Tencent Holdings Limited"), (LEGAL, "匯豐控股")]), "L")
    del company.names["匯豐控股"]
    merge(company, said(names=[(LEGAL, "Tencent Holdings Limited"), (LEGAL, "匯豐控股")], as_of=FEBRUARY), "L")
    assert company.names == {"Tencent Holdings Limited": "legal"}


def test_a_statement_survives_its_source_record():
    statement = Statement(
        values={"phone": "1", "listed_on": dt.date(2020, 5, 1)},
        names=((LEGAL, "裕達"),),
        keys=(("stock", "HKEX", "00881"),),
        addresses=(("office", "1 Road", ""),),
        officers=(("Chan", "Chairman"),),
        details={"fax": "2"},
    )
    assert Statement.from_json(statement.to_json()) == statement
    assert Statement.from_json({"Board lot": "500"}).values == {}


def test_rows_of_one_number_are_told_apart_by_name_and_rows_of_both_by_count():
    keys = RowKeys()
    stock = ("stock", "HKEX", "00881")
    rows = [Statement({}, ((LEGAL, name),), (stock,)) for name in ("Yau Tat", "Wing On", "Wing On")]
    rows += [Statement({}, ((LEGAL, "Yau Tat Limited"),)), Statement({}, ((LEGAL, "Yau Tat Ltd"),))]
    given = [keys.key_of(row) for row in rows]
    assert given[0] == "stock:HKEX:00881"
    assert len(set(given)) == 5
    again = RowKeys()
    assert [again.key_of(row) for row in rows] == given
