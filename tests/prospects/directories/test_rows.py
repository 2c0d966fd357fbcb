"""A row becomes facts, or is refused with its reason."""

import datetime as dt

import pytest

from crm.companies.choices import AddressKind, IdentifierKind, NameKind
from crm.companies.rules import NewIdentifier
from prospects.directories.headings import Field
from prospects.directories.mapping import Mapping, RefusedRow, RowFacts, to_facts
from tests.prospects.directories.mapped import refused, taken


def test_a_full_row_becomes_facts():
    row = taken(
        {
            Field.NAME_EN: "Harbour Trading Limited",
            Field.NAME_ZH: "海港貿易有限公司",
            Field.SHORT_NAME: "HARBOUR TRAD",
            Field.FORMER_NAME: "Old Harbour Limited",
            Field.STOCK_CODE: "881",
            Field.ISIN: "kyg 217651051",
            Field.ADDRESS: "8 Queen's Road\nCentral",
            Field.PHONE: "2521 1234",
            Field.FAX: "2521 9999",
            Field.EMAIL: "info@harbour.example; ir@harbour.example",
            Field.WEBSITE: "WWW.Harbour.Example/About",
            Field.COUNTRY: "香港",
            Field.CHAIRMAN: "Chan Tai Man",
            Field.INCORPORATED_ON: "1988-03-01",
            Field.LISTED_ON: "1/3/1999",
            Field.CURRENCY: "HKD",
            Field.CATEGORY: "Equity",
        },
        exchange="HKEX",
    )

    company = row.company
    assert [(name.text, name.kind) for name in company.names] == [
        ("Harbour Trading Limited", NameKind.LEGAL),
        ("海港貿易有限公司", NameKind.LEGAL),
        ("HARBOUR TRAD", NameKind.SHORT),
        ("Old Harbour Limited", NameKind.FORMER),
    ]
    assert row.keys == ((IdentifierKind.STOCK, "HKEX", "00881"), (IdentifierKind.ISIN, "", "KYG217651051"))
    assert (company.addresses[0].text_en, company.addresses[0].kind) == ("8 Queen's Road Central", AddressKind.OFFICE)
    assert (company.country, company.phone, company.officers) == ("HK", "2521 1234", (("Chan Tai Man", "chairman"),))
    assert (company.email, company.website) == ("info@harbour.example", "http://www.harbour.example/About")
    assert (company.incorporated_on, company.listed_on) == (dt.date(1988, 3, 1), dt.date(1999, 3, 1))
    assert (row.category, row.details, row.warnings) == ("Equity", {"fax": "2521 9999", "currency": "HKD"}, ())


def test_facts_survive_the_staging_table():
    row = taken(
        {
            Field.NAME: "海港貿易有限公司",
            Field.USCC: "913302040933533733",
            Field.ADDRESS: "寧波市",
            Field.CHAIRMAN: "陳大文",
            Field.LISTED_ON: "2001-02-03",
            Field.AS_OF: "1120814",
            Field.WEBSITE: "none yet",
        }
    )

    again = RowFacts.from_json(row.to_json())

    assert (again.company, again.details, again.as_of) == (row.company, row.details, dt.date(2023, 8, 14))
    assert [(one.column, one.value, one.reason) for one in again.warnings] == [
        (one.column, one.value, str(one.reason)) for one in row.warnings
    ]
    assert again.warnings


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.USCC, "913302040933533734"),
        (Field.USCC, "330214000048633"),
        (Field.ISIN, "KYG217651052"),
        (Field.LEI, "529900T8BM49AURSDO56"),
        (Field.TW_UBN, "11913503"),
        (Field.BR_NUMBER, "1234"),
        (Field.CR_NUMBER, "12"),
        (Field.CIK, "12345678901"),
        (Field.STOCK_CODE, "ABC123.HK"),
    ],
)
def test_a_number_that_cannot_be_right_refuses_the_row(field, value):
    problems = refused({Field.NAME: "Firm Limited", field: value}, exchange="HKEX").problems

    assert [(problem.column, problem.value) for problem in problems] == [(field.value, value)]
    assert str(problems[0].reason)


@pytest.mark.parametrize("field", [Field.TW_UBN, Field.USCC, Field.CIK])
def test_a_number_of_zeros_is_no_number(field):
    assert taken({Field.NAME: "Firm Limited", field: "00000000"}).company.identifiers == ()


@pytest.mark.parametrize("name", ["", "...", "?????有限公司", "海港\ufffd易有限公司", "x" * 201])
def test_a_row_without_a_sound_name_is_refused(name):
    assert refused({Field.NAME: name, Field.PHONE: "2521 1234"}).problems[0].column == "name"


@pytest.mark.parametrize(
    "name", ["=cmd()", '=HYPERLINK("http://evil")', "@SUM(1) Ltd", "=A1!B2", "=cmd|' /C calc'!A0", "cmd|' /C x'!A0", "＝SUM（1）"]
)
def test_a_name_that_looks_like_a_formula_is_refused(name):
    (problem,) = refused({Field.NAME: name, Field.PHONE: "2521 1234"}).problems
    assert (problem.column, problem.value, problem.reason) == ("name", name, "The name looks like a formula.")


@pytest.mark.parametrize(
    "name", ["=1 Limited", "@Home (HK) Limited"[1:], "@Home Limited", "+One (HK) Limited", "-Zeta Ltd", "Alpha|Beta Ltd", "Yahoo! (HK)"]
)
def test_a_name_with_an_odd_first_character_is_no_formula(name):
    assert taken({Field.NAME: name}).company.names[0].text == name


FOOTERS = [
    "Total", "Total: 2,582", "TOTAL 2,582", "Grand total", "Total number of companies 12", "合計", "合计：12", "總計 12 家", "总计",
    "End of list", "*** End of the list ***", "Source: HKEX", "Data source: HKEX, 2026", "Note: as of today", "Notes 1: as of today",
    "資料來源：港交所", "数据来源 上交所", "註：截至今日", "注1：截至今日", "備註: 無",
]  # fmt: skip


@pytest.mark.parametrize("name", FOOTERS)
def test_a_total_or_note_under_the_list_is_no_company(name):
    mapping = {Field.STOCK_CODE: "", Field.NAME: name, Field.PHONE: ""}
    assert refused(mapping).problems[0].reason == "This is a total or a note of the list, not a company."
    assert taken(mapping | {Field.PHONE: "2521 1234"})


@pytest.mark.parametrize(
    "name",
    ["Total Energies SE", "Totally Limited", "Source Markets Limited", "Notebook Ltd", "註冊處有限公司", "合計科技有限公司", "Endo Ltd"],
)
def test_a_company_whose_name_begins_like_a_note_is_taken_though_nothing_else_is_said_of_it(name):
    assert taken({Field.NAME: name}).company.names[0].text == name


def test_a_name_without_any_letter_is_refused_but_a_short_name_in_figures_stays():
    assert refused({Field.NAME: "12,345", Field.PHONE: "2521 1234"}).problems[0].reason == "The name holds no letter."
    assert taken({Field.NAME: "360 Security Inc", Field.SHORT_NAME: "360"}).company.names[1].text == "360"


@pytest.mark.parametrize("day", ["31/12/9999", "2027-06-03", "31/12/1799"])
def test_a_listing_date_that_cannot_be_is_refused(day):
    (problem,) = refused({Field.NAME: "Firm Limited", Field.LISTED_ON: day}).problems
    assert (problem.column, problem.value) == ("listed_on", day)
    assert problem.reason == "A listing date lies between the year 1800 and a year from today."


@pytest.mark.parametrize("day", ["2027-06-01", "1/1/1800", "2026-01-01"])
def test_a_listing_that_is_announced_or_long_ago_is_taken(day):
    assert taken({Field.NAME: "Firm Limited", Field.LISTED_ON: day}).company.listed_on


@pytest.mark.parametrize("exchange", ["HKEX", ""])
def test_a_stock_code_in_digits_that_are_not_ours_is_refused(exchange):
    assert refused({Field.NAME: "Firm", Field.STOCK_CODE: "90²"}, exchange=exchange).problems[0].column == "stock_code"


def test_a_former_name_alone_names_no_company():
    assert refused({Field.NAME: "", Field.FORMER_NAME: "Old Harbour Limited"})


def test_a_row_with_more_cells_than_the_header_is_refused():
    mapping = Mapping(columns=("Name", "City"), fields={"Name": Field.NAME, "City": Field.CITY})

    assert isinstance(to_facts(mapping, ["Firm", "Hong Kong", ""]), RowFacts)
    found = to_facts(mapping, ["Firm", " Inc", "Hong Kong"])
    assert isinstance(found, RefusedRow)
    assert found.problems[0].value == "Hong Kong"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.INCORPORATED_ON, "some day"),
        (Field.LISTED_ON, "31/02/2020"),
        (Field.EMAIL, "info at firm"),
        (Field.WEBSITE, "javascript:alert(1)"),
        (Field.COUNTRY, "Atlantis"),
        (Field.CITY, "x" * 90),
    ],
)
def test_a_soft_value_that_cannot_be_read_is_kept_as_text_with_a_warning(field, value):
    row = taken({Field.NAME: "Firm Limited", field: value})

    assert row.details[field.value] == value
    assert [warning.column for warning in row.warnings] == [field.value]


@pytest.mark.parametrize("founded", ["1888 (1910)", "1902", "1888年"])
def test_a_year_of_foundation_is_kept_and_nobody_is_warned(founded):
    row = taken({Field.NAME: "Firm Limited", Field.INCORPORATED_ON: founded})

    assert (row.company.incorporated_on, row.details, row.warnings) == (None, {"incorporated_on": founded}, ())


def test_a_code_names_its_own_exchange_before_the_column_and_the_choice():
    def scope(code: str, exchange: str = "", choice: str = "TWSE") -> str:
        row = taken({Field.NAME: "Firm", Field.STOCK_CODE: code, Field.EXCHANGE: exchange}, exchange=choice)
        return ":".join(row.keys[0][1:])

    assert scope("0001.HK") == "HKEX:00001"
    assert scope("SH600000") == "SSE:600000"
    assert scope("700", "Hong Kong Stock Exchange") == "HKEX:00700"
    assert scope("1101") == "TWSE:1101"
    assert scope("000001", choice="") == "SZSE:000001"
    assert scope("BRK-B", choice="US") == scope("BRK.B", choice="US")


def test_a_code_without_an_exchange_is_no_key():
    row = taken({Field.NAME: "Firm", Field.STOCK_CODE: "1101"})

    assert (row.keys, row.details["stock_code"]) == ((), "1101")
    assert row.warnings


def test_the_code_of_a_delisted_company_is_no_key_since_codes_are_given_out_again():
    row = taken({Field.NAME: "Firm", Field.STOCK_CODE: "0011.HK", Field.DELISTED: "True"})

    assert (row.keys, row.details["delisted"]) == ((), "0011.HK")


def test_two_counters_of_one_company_share_their_isin():
    first = taken({Field.SHORT_NAME: "BAY AREA DEV", Field.STOCK_CODE: "00737", Field.ISIN: "KYG8088A1085"}, exchange="HKEX")
    second = taken({Field.SHORT_NAME: "BAY AREA DEV-R", Field.STOCK_CODE: "80737", Field.ISIN: "KYG8088A1085"}, exchange="HKEX")

    assert set(first.keys) & set(second.keys) == {(IdentifierKind.ISIN, "", "KYG8088A1085")}


@pytest.mark.parametrize(
    ("name", "category", "is_security"),
    [
        ("CSOP Hong Kong Dollar Money Market ETF", "", True),
        ("China Universal CSI 300 Index Fund (LOF)", "", True),
        ("Firm Limited", "Equity Warrants", True),
        ("Firm Limited", "Equity", False),
        ("天弘基金管理有限公司", "", False),
        ("Fund Management Limited", "", False),
    ],
)
def test_funds_and_warrants_are_told_from_companies(name, category, is_security):
    assert taken({Field.NAME: name, Field.CATEGORY: category}).is_security is is_security


def test_the_industry_numbers_of_taiwan_become_words():
    row = {Field.NAME: "臺灣水泥", Field.STOCK_CODE: "1101", Field.INDUSTRY: "01"}

    assert taken(row, exchange="TWSE").company.industry == "水泥工業"
    assert taken(row | {Field.STOCK_CODE: "00001"}, exchange="HKEX").company.industry == "01"


def test_an_address_in_the_other_script_than_its_column_finds_its_place():
    row = taken({Field.NAME: "Firm", Field.ADDRESS_ZH: "Grand Pavilion, West Bay Road", Field.ADDRESS_EN: ""})

    assert (row.company.addresses[0].text_en, row.company.addresses[0].text_zh) == ("Grand Pavilion, West Bay Road", "")


def test_country_and_law_follow_from_the_register_of_a_number():
    mainland = taken({Field.NAME: "宁波西铁", Field.USCC: "913302040933533733"}).company
    taiwan = taken({Field.NAME: "臺灣水泥", Field.TW_UBN: "11913502", Field.COUNTRY: "KY 開曼群島"}).company

    assert (mainland.country, mainland.jurisdiction) == ("CN", "CN")
    assert (taiwan.country, taiwan.jurisdiction) == ("KY", "")
    assert taken({Field.NAME: "Firm", Field.BR_NUMBER: "12345678"}).company.jurisdiction == "HK"


def test_facts_hold_numbers_in_the_form_of_the_companies():
    row = taken({Field.NAME: "Firm", Field.USCC: "9133 0204 0933 5337 33"})

    assert row.company.identifiers == (NewIdentifier(IdentifierKind.USCC, "913302040933533733"),)
