import datetime as dt

import pytest

from crm.companies.choices import AddressKind, IdentifierKind, NameKind
from crm.companies.rules import NewIdentifier
from prospects.directories.headings import Field, recognise
from prospects.directories.mapping import BadCondition, Condition, Mapping, RefusedRow, RowFacts, propose, to_facts
from prospects.directories.mapping.exchanges import exchange_in, exchange_named
from prospects.directories.mapping.values import country_of, date_of, email_of, officers_in, website_of


def facts(fields: dict[Field, str], **choices: object) -> RowFacts | RefusedRow:
    """What a row says whose columns are called after the fields they feed."""
    columns = tuple(field.value for field in fields)
    mapping = Mapping(columns=columns, fields={field.value: field for field in fields}, **choices)
    return to_facts(mapping, list(fields.values()))


def taken(fields: dict[Field, str], **choices: object) -> RowFacts:
    found = facts(fields, **choices)
    assert isinstance(found, RowFacts), found
    return found


def refused(fields: dict[Field, str], **choices: object) -> RefusedRow:
    found = facts(fields, **choices)
    assert isinstance(found, RefusedRow), found
    return found


# Headings


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Stock Code", Field.STOCK_CODE),
        ("ＳＴＯＣＫ　ＣＯＤＥ", Field.STOCK_CODE),
        ("股份代號", Field.STOCK_CODE),
        ("证券代码", Field.STOCK_CODE),
        ("Tel. No.", Field.PHONE),
        ("E-mail\naddress", Field.EMAIL),
        ("電話(Tel)", Field.PHONE),
        ("公司名稱 Company Name", Field.NAME),
        ("公司名稱/Company Name", Field.NAME),
        ("Phone 2", Field.PHONE),
        ("Contact / Phone", Field.PHONE),
        ("Contact / Name", None),
        ("Chairman / Name", Field.CHAIRMAN),
        ("Company / Name", Field.NAME),
        ("法人代表", Field.LEGAL_REPRESENTATIVE),
        ("統一編號", Field.TW_UBN),
        ("统一社会信用代码", Field.USCC),
        ("過戶電話", None),
        ("Board Lot", None),
        ("", None),
    ],
)
def test_headings_are_recognised_in_three_scripts(heading, field):
    found = recognise(heading)

    assert (found[0] if found else None) == field


# Proposals


def test_a_column_called_name_goes_by_the_script_of_its_values():
    english = propose(["Name"], [["Harbour Trading Limited"], ["Lantau Foods Limited"]], "a.csv")
    chinese = propose(["Name"], [["海港貿易有限公司"], ["大嶼山食品有限公司"]], "a.csv")

    assert english.fields == {"Name": Field.NAME_EN}
    assert chinese.fields == {"Name": Field.NAME_ZH}


def test_two_names_in_two_scripts_stand_side_by_side():
    mapping = propose(["公司名稱 / English", "公司名稱 / 中文"], [["Harbour Trading Limited", "海港貿易有限公司"]], "a.csv")

    assert list(mapping.fields.values()) == [Field.NAME_EN, Field.NAME_ZH]


def test_the_lesser_of_two_names_becomes_a_short_name_unless_it_says_the_same():
    rows = [["铁大大", "宁波西铁供应链管理有限公司", "宁波西铁供应链管理有限公司"]]

    assert propose(["名称", "公司名称", "企业名称"], rows, "a.csv").fields == {"名称": Field.SHORT_NAME, "公司名称": Field.NAME_ZH}


def test_values_give_away_what_no_heading_says():
    rows = [
        [
            "KYG217651051",
            "913302040933533733",
            "a@firm-a.com",
            "www.firm-a.com",
            "0001.HK",
            "Harbour Trading Limited",
            "http://quotes.com/1",
        ],
        ["HK0002007356", "91440300676666021L", "b@firm-b.com", "www.firm-b.com", "0002.HK", "Lantau Foods Limited", "http://quotes.com/2"],
        [
            "HK0003000038",
            "91310105324634376N",
            "c@firm-c.com",
            "www.firm-c.com",
            "0003.HK",
            "Peak Tram Supplies Ltd",
            "http://quotes.com/3",
        ],
    ]
    mapping = propose([f"c{n}" for n in range(7)], rows, "a.csv")

    assert mapping.fields == {
        "c0": Field.ISIN,
        "c1": Field.USCC,
        "c2": Field.EMAIL,
        "c3": Field.WEBSITE,
        "c4": Field.STOCK_CODE,
        "c5": Field.NAME_EN,
    }


def test_telephones_of_eight_digits_are_not_taken_for_registrations():
    rows = [["Harbour Trading Limited", f"25{n:06}"] for n in range(40)]

    assert propose(["Company", "c1"], rows, "a.csv").fields == {"Company": Field.NAME_EN}


@pytest.mark.parametrize(
    ("file_name", "columns", "rows", "exchange"),
    [
        ("list.csv", ["Symbol", "Name"], [["AAPL", "Apple"], ["BRK.B", "Berkshire Hathaway"]], "US"),
        ("list.csv", ["Stock Code", "Name"], [["00001", "CK"], ["00005", "HSBC"]], "HKEX"),
        ("HKEX_list.csv", ["Code", "Name"], [["1", "CK"], ["5", "HSBC"]], "HKEX"),
        ("list.csv", ["Code", "Name"], [["1", "CK"], ["5", "HSBC"]], ""),
        ("list.csv", ["公司代號", "公司名稱", "統一編號"], [["1101", "臺灣水泥", "11913502"]], "TWSE"),
        ("t187ap03_O.csv", ["公司代號", "公司名稱", "統一編號"], [["1240", "茂生農經", "22099131"]], "TPEX"),
        ("list.csv", ["代码", "名称"], [["600000", "浦发银行"], ["000001", "平安银行"]], ""),
        ("list.csv", ["Code", "Name", "MIC"], [["1101", "Taiwan Cement", "XTAI"]], ""),
        ("list.csv", ["symbol", "name"], [["0001.HK", "CK"], ["600000.SS", "SPDB"]], ""),
    ],
)
def test_the_exchange_is_told_from_file_name_companions_and_shape(file_name, columns, rows, exchange):
    assert propose(columns, rows, file_name).exchange == exchange


def test_dates_are_month_first_only_where_they_cannot_be_read_otherwise():
    def day_first(*dates: str) -> bool:
        return propose(["Name", "Listing Date"], [["Firm", date] for date in dates], "a.csv").day_first

    assert day_first("01/03/2023", "02/04/2023")
    assert day_first("31/03/2023", "02/04/2023")
    assert not day_first("03/31/2023", "02/04/2023")


def test_a_mapping_is_kept_as_json_and_fits_the_same_header_only():
    mapping = propose(["Stock Code", "Company Name", "Notes"], [["00001", "CK Limited", "x"]], "a.csv")
    again = Mapping.from_json(mapping.to_json())

    assert again == mapping
    assert again.fingerprint == mapping.fingerprint
    assert mapping.fits(["STOCK CODE", "Company name", "Notes"])
    assert not mapping.fits(["Company Name", "Stock Code", "Notes"])
    assert mapping.on(["STOCK CODE", "Company name", "Notes"]).fields["Company name"] == Field.NAME_EN
    with pytest.raises(ValueError, match="another header"):
        mapping.on(["Company Name"])


def test_a_mapping_without_a_name_says_so():
    assert not propose(["Price", "Volume"], [["1", "2"]], "a.csv").has_name
    assert propose(["Name of Securities"], [["CKH HOLDINGS"]], "a.csv").has_name


# Rows


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


# Values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1120814", dt.date(2023, 8, 14)),
        ("112/08/14", dt.date(2023, 8, 14)),
        ("民國112年8月14日", dt.date(2023, 8, 14)),
        ("0990101", dt.date(2010, 1, 1)),
        ("19501229", dt.date(1950, 12, 29)),
        ("2023-03-01", dt.date(2023, 3, 1)),
        ("2023/3/1", dt.date(2023, 3, 1)),
        ("2023年3月1日", dt.date(2023, 3, 1)),
        ("2023-03-01 00:00:00", dt.date(2023, 3, 1)),
        ("01/03/2023", dt.date(2023, 3, 1)),
        ("12/31/2023", dt.date(2023, 12, 31)),
        ("1 March 2023", dt.date(2023, 3, 1)),
        ("Mar 1, 2023", dt.date(2023, 3, 1)),
        ("1970-01-01", None),
        ("2023-02-30", None),
        ("9999999", None),
        ("1888 (1910)", None),
        ("", None),
    ],
)
def test_days_are_read_as_lists_write_them(text, day):
    assert date_of(text) == day


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("張安平", ["張安平"]),
        ("何  鈞", ["何鈞"]),
        ("黃釗凱、李清田", ["黃釗凱", "李清田"]),
        ("蔡俊嶔/陳坤鎕", ["蔡俊嶔", "陳坤鎕"]),
        ("(代理)江瑜", ["江瑜"]),
        ("賴伯峰先生", ["賴伯峰"]),
        ("總裁: 魏哲家", ["魏哲家"]),
        ("鈞鼎投資股份有限公司(代表人張德照)", ["張德照"]),
        ("博智投資股份有限公司", []),
        ("慧德實業有限公司代表人宋和業", ["宋和業"]),
        ("暫缺", []),
        ("新任者俟最近期董事會召開後再另行公告", []),
        ("李乾&#29641;", ["李乾\u73c9"]),
        ("Vilhelm Robert Wessman", ["Vilhelm Robert Wessman"]),
        ("GE LI(李革)", ["GE LI"]),
    ],
)
def test_officers_are_persons_without_titles_and_remarks(text, names):
    assert officers_in(text) == names


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.acc.com.tw", "http://www.acc.com.tw"),
        ("HTTPS://Firm.com/a?b=c", "https://firm.com/a?b=c"),
        ("http:// www.firm.com", "http://www.firm.com"),
        ("http://例子.公司", "http://例子.公司"),
        ("javascript:alert(1)", ""),
        ("http", ""),
        ("221.224.159.210", ""),
    ],
)
def test_web_addresses_are_http_or_nothing(text, address):
    assert website_of(text) == address


def test_mail_addresses_are_found_among_others():
    assert email_of("service＠firm.com.tw") == "service@firm.com.tw"
    assert email_of("jean@firm.com.tw;eunice@firm.com.tw") == "jean@firm.com.tw"
    assert email_of("firm.com.tw") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("Hong Kong", "HK"), ("KY 開曼群島", "KY"), ("中國", "CN"), ("美国", "US"), ("P.R.C.", "CN"), ("us", "US"), ("Atlantis", "")],
)
def test_countries_are_known_in_three_scripts(text, code):
    assert country_of(text) == code


def test_exchanges_are_known_by_many_names():
    assert [exchange_named(name) for name in ("XHKG", "聯交所", "Shanghai Stock Exchange", "NASDAQ", "nowhere")] == [
        "HKEX",
        "HKEX",
        "SSE",
        "US",
        "",
    ]
    assert exchange_in("HKEX and NYSE dual listings") == ""
    assert exchange_in("new gems of the twse") == "TWSE"


# Conditions

COLUMNS = ["Stock Code", "Category", "Sub-Category"]


@pytest.mark.parametrize(
    ("text", "row", "chosen"),
    [
        ("Category=Equity", ["1", "Equity", ""], True),
        ("Category=Equity", ["1", "equity ", ""], True),
        ("Category=Equity", ["1", "Equity Warrants", ""], False),
        ("category = Equity, Trust", ["1", "Trust", ""], True),
        ("Category!=Equity", ["1", "Equity", ""], False),
        ("Category!=Equity,Trust", ["1", "Debt", ""], True),
        ("Sub-Category=", ["1", "Equity", ""], True),
        ("Sub-Category!=", ["1", "Equity", ""], False),
        ('Category="Equity, listed"', ["1", "Equity, listed", ""], True),
        ("Sub-Category=x", ["1"], False),
    ],
)
def test_rows_are_chosen_by_a_condition(text, row, chosen):
    assert Condition.parse(text).on(COLUMNS)(row) is chosen


def test_an_unknown_column_is_answered_with_those_that_exist():
    with pytest.raises(BadCondition) as caught:
        Condition.parse("Kind=Equity").on(COLUMNS)

    assert str(caught.value) == "There is no column “Kind”. The columns are: Stock Code, Category, Sub-Category."


@pytest.mark.parametrize("text", ["", "Category", "=Equity", "!=Equity"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(BadCondition, match="no condition"):
        Condition.parse(text)
