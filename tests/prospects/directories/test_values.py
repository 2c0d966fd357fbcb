"""Single values of lists, and the conditions by which rows are chosen."""

import datetime as dt

import pytest

from crm.companies.rules import website_of
from prospects.directories.mapping import BadCondition, Condition
from prospects.directories.mapping.exchanges import exchange_in, exchange_named
from prospects.directories.mapping.values import country_of, date_of, email_of, officers_in


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
