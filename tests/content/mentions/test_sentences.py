"""What the sentence says of a Chinese name: brief ones that it makes a link, and names that belong to something longer."""

import pytest

from content.mentions import NameBook, NameEntry
from content.mentions.words import cuts_a_word, is_everyday

BRIEF = NameBook.build([NameEntry(1, "裕達恒企業有限公司", "full"), NameEntry(1, "裕達恒", "short"), NameEntry(2, "渣灣", "short")])


def told(book: NameBook, body: str) -> list[tuple[str, str, str]]:
    return [(one.text, one.kind, one.reason) for one in book.find("", body)]


def book_of(name: str, kind: str = "full") -> NameBook:
    return NameBook.build([NameEntry(1, name, kind)])


@pytest.mark.parametrize(
    "text",
    [
        "裕達恒公布業績",
        "昨日，裕達恒的股價上升",
        "零售巨頭裕達恒面臨訴訟",
        "收購裕達恒、永和及其他",
        "美國裕達恒今日公告",
        "據裕達恒一位員工說",
        "裕達恒去年虧損",
        "裕達恒ceo辭職",
        "裕達恒A今日公告",
        "裕達恒 0.5 億元",
        "裕達恒北京二月報告",
        "裕達恒喀布爾7月18日電",
        "裕達恒上海2月19日電",
        "裕達恒公司",
    ],
)
def test_a_brief_name_that_is_given_links_where_it_stands_free(text):
    assert told(BRIEF, text)[0] == ("裕達恒", "link", "short")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("王裕達恒先生", "brief"),
        ("裕達恒爾茲抵港", "brief"),
        ("裕達恒中國表示，需求甚大", "brief"),
        ("所謂“裕達恒”，是一種拳法", "brief"),
        ("裕達恒WCG北京賽區名次", "brief"),
        ("裕達恒集團公布業績", "longer"),
        ("裕達恒銀行公布業績", "longer"),
    ],
)
def test_a_brief_name_that_something_joins_only_suggests(text, reason):
    assert told(BRIEF, text) == [("裕達恒", "suggestion", reason)]


def test_a_brief_name_that_links_at_one_place_links_at_the_others():
    assert [one[1:] for one in told(BRIEF, "王裕達恒先生；裕達恒公布業績")] == [("link", "short")] * 2
    found = BRIEF.find("王裕達恒先生", "裕達恒公布業績")
    assert [(one.in_title, one.kind, one.reason) for one in found] == [(True, "link", "together"), (False, "link", "short")]


def test_two_characters_that_are_given_link_and_two_that_remain_do_not():
    assert told(BRIEF, "渣灣宣布加息") == [("渣灣", "link", "short")]
    assert told(book_of("渣灣股份有限公司"), "渣灣宣布加息") == [("渣灣", "suggestion", "brief")]


@pytest.mark.parametrize(("text", "kind"), [("渣灣股份宣布", "link"), ("渣灣集團宣布", "suggestion"), ("渣灣公司宣布", "suggestion")])
def test_the_form_that_two_characters_lack_makes_them_the_company_and_another_does_not(text, kind):
    assert told(book_of("渣灣股份有限公司"), text)[0][1] == kind


@pytest.mark.parametrize("name", ["新聞", "農產品", "機器人", "園林"])
def test_a_brief_name_that_is_a_word_only_suggests_wherever_it_stands(name):
    found = told(book_of(name, "short"), f"昨日，{name}的發布會在北京舉行")
    assert [one[1] for one in found] == ["suggestion"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("興業銀行股份有限公司", "法國興業銀行在北京開業"),
        ("東方集團股份有限公司", "光耀東方集團出資"),
    ],
)
def test_a_name_made_of_a_word_is_anothers_behind_a_country_or_another_name(name, text):
    assert [one[1:] for one in told(book_of(name), text)] == [("suggestion", "longer")]
    assert [one[1] for one in told(book_of(name), text[2:])] == ["link"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("裕達建築有限公司", "裕達建築設計學院院長"),
        ("金橋科技有限公司", "金橋科技產業基地落成"),
        ("裕達鋼鐵有限公司", "裕達鋼鐵工業協會表示"),
        ("上海銀行股份有限公司", "上海銀行間同業拆放利率走高"),
        ("渣灣銀行股份有限公司", "渣灣銀行業協會表示"),
    ],
)
def test_what_is_named_after_a_trade_is_no_company(name, text):
    assert {one[1] for one in told(book_of(name), text)} == {"suggestion"}


def test_a_sister_closed_by_another_form_is_not_the_company():
    assert told(book_of("渣灣啤酒股份有限公司"), "渣灣啤酒集團表示") == [("渣灣啤酒", "suggestion", "longer")]
    assert told(book_of("渣灣啤酒集團股份有限公司"), "渣灣啤酒集團表示")[0][1] == "link"


@pytest.mark.parametrize("name", ["中國電影股份有限公司", "北京文化股份有限公司", "美國航空公司"])
def test_a_place_and_a_trade_are_a_company_only_where_they_do_what_companies_do(name):
    short = name.removesuffix("公司").removesuffix("股份有限")
    assert told(book_of(name), f"{short}的歷史") == [(short, "suggestion", "common")]
    assert told(book_of(name), f"{short}宣布派息") == [(short, "link", "short")]


def test_a_bank_that_is_given_so_is_one_bank_and_a_trade_is_not():
    assert told(book_of("農業銀行", "short"), "農業銀行正在重返農村") == [("農業銀行", "link", "short")]
    assert told(book_of("農業科技", "short"), "農業科技正在重返農村") == [("農業科技", "suggestion", "common")]


def test_a_longer_name_that_begins_inside_a_shorter_one_is_the_one_meant():
    book = NameBook.build([NameEntry(1, "如興", "short"), NameEntry(2, "興業銀行股份有限公司", "full")])
    assert told(book, "比如興業銀行兌換禮券") == [("興業銀行", "link", "short")]
    assert told(book, "如興宣布派息") == [("如興", "link", "short")]


def test_latin_names_need_no_capital_among_chinese_and_words_are_suggested_there():
    assert told(book_of("Hangwo Limited"), "使用hangwo支付") == [("hangwo", "link", "short")]
    assert told(book_of("Visa Inc."), "通过visa卡支付") == [("visa", "suggestion", "common")]
    assert told(book_of("Visa Inc."), "a visa for China") == []


def test_everyday_words_are_known_and_names_of_well_known_companies_are_none():
    assert all(map(is_everyday, ("新闻", "昨日", "农产品", "机器人")))
    assert not any(map(is_everyday, ("花旗", "英特尔", "裕达", "")))


def test_a_name_cuts_a_word_that_it_shares_letters_with():
    assert cuts_a_word("昨日上午", 1, 3)
    assert not cuts_a_word("在渣湾的", 1, 3)
