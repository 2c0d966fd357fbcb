"""Stock codes: found where something marks them, never as bare numbers."""

import pytest

from content.mentions import NameBook, NameEntry
from content.mentions.codes import marked_codes

BOOK = NameBook.build(
    NameEntry(company, code, "code")
    for company, code in (
        (5, "HKEX:00005"), (600, "600000.SH"), (1, "000001.SZ"), (2330, "TWSE:2330"), (7, "NASDAQ:AAPL"), (8, "BRK.B US"), (700, "0700.HK"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "company", "written"),
    [
        ("匯豐 0005.HK 收市", 5, "0005.HK"),
        ("(5.HK)", 5, "5.HK"),
        ("（００００５．ＨＫ）", 5, "００００５．ＨＫ"),
        ("HKEX: 5", 5, "HKEX: 5"),
        ("SEHK:5", 5, "SEHK:5"),
        ("港交所：5", 5, "港交所：5"),
        ("編號 00005 的股份", 5, "00005"),
        ("(Stock code: 0005)", 5, "Stock code: 0005"),
        ("股份代號：00005", 5, "股份代號：00005"),
        ("Tencent (700 HK)", 700, "700 HK"),
        ("700 HK Equity)", 700, "700 HK"),
        ("浦發銀行（600000.SH）", 600, "600000.SH"),
        ("股票代码600000，", 600, "股票代码600000"),
        ("SH600000", 600, "SH600000"),
        ("深發展（000001.sz）", 1, "000001.sz"),
        ("2330.TW", 2330, "2330.TW"),
        ("台積電 (2330-TW) 漲", 2330, "2330-TW"),
        ("Apple (NASDAQ: AAPL) fell", 7, "NASDAQ: AAPL"),
        ("NYSE:BRK.B", 8, "NYSE:BRK.B"),
    ],
)
def test_a_marked_code_links(text, company, written):
    assert [(one.company_id, one.text, one.kind, one.reason) for one in BOOK.find("", text)] == [(company, written, "link", "code")]


@pytest.mark.parametrize(
    "text",
    [
        "5 banks",
        "2330 people",
        "600000 元",
        "HK$5",
        "HK$0.005",
        "page (5)",
        "10.5.HK",
        "1,00005",
        "2330 TWD",
        "00005678",
        "aapl",
        "5 HK dollars",
        "2330-twenty",
    ],
)
def test_a_bare_number_never_links(text):
    assert BOOK.find("", text) == []


def test_a_number_in_brackets_counts_right_behind_a_name_of_its_company():
    book = NameBook.build([NameEntry(5, "裕達紡織有限公司", "full"), NameEntry(5, "HKEX:5", "code"), NameEntry(6, "HKEX:6", "code")])
    assert [(one.text, one.kind) for one in book.find("", "裕達紡織（5）及裕達紡織（6）")] == [
        ("裕達紡織", "link"),
        ("5", "link"),
        ("裕達紡織", "link"),
    ]


def test_a_code_of_two_companies_only_suggests():
    book = NameBook.build([NameEntry(1, "HKEX:5", "code"), NameEntry(2, "TWSE:0005", "code")])
    assert {(one.company_id, one.kind) for one in book.find("", "股票代號：0005")} == {(1, "suggestion"), (2, "suggestion")}


def test_a_code_that_names_no_exchange_is_left_out_of_the_book():
    assert NameBook.build([NameEntry(1, "2330", "code")]).find("", "2330.TW") == []


def test_a_code_is_kept_under_one_form_however_it_is_written():
    assert {one.pattern for one in BOOK.find("", "0005.HK, HKEX: 5, 00005")} == {"hkex:00005"}


def test_texts_without_marks_cost_no_search():
    assert list(marked_codes("profits rose by 2330 and 600000")) == []
