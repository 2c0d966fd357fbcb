"""What the book finds, in three scripts: links, suggestions, and what it leaves alone."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.mentions import NameBook, NameEntry
from crm.kernel.text import fold


def book_of(*names: tuple[int, str, str], **options) -> NameBook:
    return NameBook.build([NameEntry(*name) for name in names], **options)


def told(book: NameBook, body: str, title: str = "", **options) -> list[tuple[int, str, str, str]]:
    return [(found.company_id, found.text, found.kind, found.reason) for found in book.find(title, body, **options)]


YAU_TAT = (
    (1, "Yau Tat Textiles (Holdings) Co., Ltd. 裕達紡織（集團）有限公司", "full"),
    (2, "Standard Harbour Bank Limited", "full"),
    (2, "渣灣銀行", "alias"),
    (2, "渣灣", "alias"),
    (2, "HKEX:2888", "code"),
)


@pytest.mark.parametrize(
    ("text", "company", "written", "reason"),
    [
        ("Profits of YAU TAT TEXTILES (HOLDINGS) CO., LTD. fell", 1, "YAU TAT TEXTILES (HOLDINGS) CO., LTD.", "full"),
        ("Profits of Yau Tat Textiles fell", 1, "Yau Tat Textiles", "short"),
        ("Profits of Yau Tat Textiles Holdings Company, Limited fell", 1, "Yau Tat Textiles Holdings", "full"),
        ("裕達紡織（集團）有限公司公布業績", 1, "裕達紡織（集團）有限公司", "full"),
        ("裕达纺织集团有限公司公布业绩", 1, "裕达纺织集团有限公司", "full"),
        ("裕達紡織公布業績", 1, "裕達紡織", "short"),
        ("裕达纺织公布业绩", 1, "裕达纺织", "short"),
        ("ＳＴＡＮＤＡＲＤ Harbour Bank 加息", 2, "ＳＴＡＮＤＡＲＤ Harbour Bank", "short"),
        ("Standard\nHarbour   Bank Limited", 2, "Standard\nHarbour   Bank Limited", "full"),
        ("昨日渣湾加息", 2, "渣湾", "listed"),
    ],
)
def test_a_name_is_found_in_every_script_width_and_case(text, company, written, reason):
    assert told(book_of(*YAU_TAT), text) == [(company, written, "link", reason)]


def test_the_longest_of_the_leftmost_names_counts_and_nothing_inside_it():
    assert [one[1] for one in told(book_of(*YAU_TAT), "渣灣銀行與渣灣")] == ["渣灣銀行", "渣灣"]


def test_latin_names_end_where_words_end_and_chinese_names_anywhere():
    book = book_of((1, "Hang Wo Bank Limited", "full"), (2, "宏和銀行", "alias"))
    assert told(book, "Hang Wo Bankers and Shang Wo Bank and 3Hang Wo Bank") == []
    assert [one[0] for one in told(book, "到Hang Wo Bank存款，宏和銀行行長說")] == [1, 2]


def test_a_longer_name_that_does_not_end_there_hides_no_shorter_one():
    book = book_of((1, "Hang Wo Limited", "full"), (2, "Hang Wo Bank Limited", "full"))
    assert [(one[0], one[1]) for one in told(book, "the Hang Wo bankers")] == [(1, "Hang Wo")]


def test_nothing_is_stripped_to_under_four_latin_or_two_chinese_characters():
    book = book_of((1, "ABC Holdings Limited", "full"), (2, "安集團有限公司", "full"))
    assert [one[1] for one in told(book, "ABC and ABC Holdings and 安 and 安集团")] == ["ABC Holdings", "安集团"]


def test_a_very_short_alias_counts_letter_for_letter():
    book = book_of((1, "CLP", "alias"), (2, "3M", "alias"))
    assert [one[1] for one in told(book, "CLP, clp, Clp; 3M 3m")] == ["CLP", "3M"]


GOLDEN = ((4, "Golden Harbour (Hong Kong) Limited", "full"), (5, "Golden Harbour Holdings Limited", "full"), (5, "HKEX:00444", "code"))


def test_two_owners_of_a_name_only_suggest():
    assert told(book_of(*GOLDEN), "Shares of Golden Harbour rose") == [
        (4, "Golden Harbour", "suggestion", "several"),
        (5, "Golden Harbour", "suggestion", "several"),
    ]


@pytest.mark.parametrize("other", ["Golden Harbour Holdings Limited", "Golden Harbour Holdings Ltd.", "0444.HK", "股份代號：444"])
def test_another_name_of_one_owner_in_the_same_clipping_makes_the_link(other):
    found = told(book_of(*GOLDEN), f"Shares of Golden Harbour rose. {other} said so.")
    assert (5, "Golden Harbour", "link", "together") in found
    assert {one[0] for one in found} == {5}


def test_the_title_settles_what_the_body_leaves_open():
    found = book_of(*GOLDEN).find("Golden Harbour Holdings Limited: 業績", "Golden Harbour rose")
    assert [(one.in_title, one.company_id, one.kind) for one in found] == [(True, 5, "link"), (False, 5, "link")]


def test_two_owners_that_are_both_named_leave_the_short_name_open():
    text = "Golden Harbour Holdings Limited sued Golden Harbour (Hong Kong) Limited. Golden Harbour rose."
    assert [one[3] for one in told(book_of(*GOLDEN), text)] == ["full", "full", "several", "several"]


def test_a_legal_form_behind_a_shared_name_tells_whose_it_is():
    assert told(book_of((1, "Summit Ltd", "full"), (2, "Summit Holdings Ltd", "full")), "Summit Limited said") == [
        (1, "Summit", "link", "full")
    ]


def test_a_name_that_the_bank_holds_is_stronger_than_one_stripped_from_another():
    book = book_of((1, "Wing Shun Trading Limited", "full"), (1, "Wing Shun", "alias"), (2, "Wing Shun Limited", "full"))
    assert told(book, "Wing Shun said") == [(1, "Wing Shun", "link", "listed")]


@pytest.mark.parametrize(
    ("held", "text"), [("Yau Tat Limited", "Yau Tat International Holdings said"), ("Yau Tat Holdings Limited", "Yau Tat Co. Ltd. said")]
)
def test_a_holding_and_what_it_holds_are_not_one_company(held, text):
    assert told(book_of((1, held, "full")), text) == [(1, "Yau Tat", "suggestion", "longer")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Prime Holdings Limited", "Prime rose"),
        ("Frontier Group plc", "FRONTIER fell"),
        ("長江實業有限公司", "長江水位"),
        ("联合控股有限公司", "联合声明"),
    ],
)
def test_common_words_need_a_person(name, text):
    assert [one[2:] for one in told(book_of((1, name, "full")), text)] == [("suggestion", "common")]


def test_a_common_latin_word_in_small_letters_is_no_name_at_all():
    assert told(book_of((1, "Prime Holdings Limited", "full")), "the prime rate, and prime again") == []


def test_the_full_name_is_no_common_word():
    assert told(book_of((1, "Prime Holdings Limited", "full")), "Prime Holdings Limited said") == [
        (1, "Prime Holdings Limited", "link", "full")
    ]


@pytest.mark.parametrize("counts", [{"yau tat": 21}, lambda name: 21 if name == "yau tat" else 0])
def test_a_short_name_in_more_than_two_in_a_thousand_clippings_needs_a_person(counts):
    entry = (1, "Yau Tat Limited", "full")
    assert told(book_of(entry, counts=counts, held=10_000), "Yau Tat said")[0][3] == "common"
    assert told(book_of(entry, counts=counts, held=10_500), "Yau Tat said")[0][3] == "short"


def test_a_book_counts_the_clippings_that_its_names_stand_in():
    book = book_of(*YAU_TAT)
    assert book.count(["裕達紡織，裕达纺织", "裕達紡織", "nothing"]) == {"裕达纺织": 2}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("Brinker Limited", "Nancy Brinker left", "longer"),
        ("Brinker Limited", "Brinker left, said Nancy Brinker", "longer"),
        ("Citizens Limited", "of Citizens for Responsibility", "longer"),
        ("Woodland Limited", "The Woodland Foundation", "longer"),
        ("Forward Air Limited", "forward air controllers", "small"),
        ("裕達有限公司", "裕達昨日", "brief"),
        ("裕達紡織有限公司", "裕達紡織銀行", "longer"),
        ("裕達紡織有限公司", "《追夢裕達紡織》上映", "longer"),
        ("福斯特有限公司", "馬克·福斯特執導", "longer"),
        ("日上有限公司", "21日上午", "longer"),
    ],
)
def test_what_may_be_something_else_only_suggests(name, text, reason):
    found = told(book_of((1, name, "full")), text)
    assert {one[2] for one in found} == {"suggestion"}
    assert {one[3] for one in found} == {reason}


def test_a_brief_chinese_name_links_beside_its_code_its_legal_form_or_its_full_name():
    book = book_of((1, "裕達股份有限公司", "full"), (1, "HKEX:321", "code"))
    assert told(book, "裕達（321）昨日")[0] == (1, "裕達", "link", "together")
    assert told(book, "裕達股份昨日")[0][2] == "link"
    assert told(book, "裕達股份有限公司說，裕達昨日")[1] == (1, "裕達", "link", "together")


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("Woodland Posts Record Profit for Half Year", "", "link"),
        ("Harrison Woodland Leaves Hollywood After Decades", "", "suggestion"),
        ("Woodland Foundation gives a million to schools", "", "suggestion"),
        ("Woodland Foundation gives a million to schools", "Shares of Woodland rose.", "link"),
    ],
)
def test_in_a_headline_of_capitals_the_word_behind_a_name_says_nothing(title, body, kind):
    found = book_of((1, "Woodland Limited", "full")).find(title, body)
    assert [one.kind for one in found if one.in_title] == [kind]


def test_a_former_name_links():
    assert told(book_of((1, "Far Glory Trading Limited", "former")), "Far Glory Trading Limited") == [
        (1, "Far Glory Trading Limited", "link", "full")
    ]


def test_words_of_a_trade_alone_are_nobodys_name():
    assert [one[3] for one in told(book_of((1, "軟件公司", "full")), "一家軟件公司")] == ["common"]
    assert told(book_of((1, "3M 公司", "full")), "这家公司") == []


def test_offsets_count_characters_of_the_original():
    title, body = "Straße 🙂 ﬃ：裕達紡織", "ﬁrst\u200b of  裕達紡織\n（集團）有限公司 and Yau  Tat\tTextiles"
    found = book_of(*YAU_TAT).find(title, body)
    assert [(one.text, (title if one.in_title else body)[one.start : one.end]) for one in found] == [
        ("裕達紡織", "裕達紡織"),
        ("裕達紡織", "裕達紡織"),
        ("Yau  Tat\tTextiles", "Yau  Tat\tTextiles"),
    ]


def test_a_text_without_names_has_no_findings():
    assert book_of(*YAU_TAT).find("", "") == []
    assert NameBook.build([]).find("Yau Tat", "裕達紡織") == []


BOOK = book_of(*YAU_TAT)
PIECES = ["裕達紡織", "裕达纺织（集团）有限公司", "Yau Tat  Textiles", "YAU TAT\nTEXTILES", "ｙａｕ ｔａｔ ｔｅｘｔｉｌｅｓ"]
PIECES += ["渣灣", "2888.HK", "ß", "ﬃ", "\u200b", "é", "🙂", " ", "\t ", "，", "x"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.sampled_from(PIECES), max_size=12))
@example(title=[], body=["\u200b", "\u200b", "渣灣", "\u200b", "渣灣"])
def test_what_is_found_always_reads_as_the_name_and_overlaps_nothing(title, body):
    texts = {True: "".join(title), False: "".join(body)}
    found = BOOK.find(texts[True], texts[False])
    for one in found:
        written = texts[one.in_title][one.start : one.end]
        assert written == one.text
        assert one.reason == "code" or " ".join(fold(written).split()) == one.pattern
    spans = sorted({(not one.in_title, one.start, one.end) for one in found})
    assert all(before[0] != behind[0] or before[2] <= behind[1] for before, behind in pairwise(spans))
    plain = texts[False].count("渣灣")
    assert sum(one.pattern == "渣湾" and not one.in_title for one in found) == plain
