"""Headings that are recognised, and the mapping that is proposed from them."""

import pytest

from prospects.directories.headings import Field, recognise
from prospects.directories.mapping import Mapping, propose


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
