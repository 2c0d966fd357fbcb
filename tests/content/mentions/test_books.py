"""Books: names added since, what people answered, versions."""

from content.mentions import NameBook, NameEntry

BASE = [NameEntry(1, "Yau Tat Textiles Limited", "full"), NameEntry(2, "裕達紡織有限公司", "full"), NameEntry(3, "渣灣", "alias")]
LATE = [NameEntry(4, "Yau Tat Textiles Holdings Limited", "full"), NameEntry(5, "渣灣銀行", "alias"), NameEntry(5, "HKEX:55", "code")]
TEXT = "Yau Tat Textiles; 渣灣銀行; 裕达纺织; 渣湾; Yau Tat Textiles Holdings Limited; 0055.HK"


def told(book: NameBook, text: str = TEXT, **options):
    return [(one.company_id, one.start, one.end, one.kind, one.reason) for one in book.find("", text, **options)]


def test_names_added_since_are_found_as_if_built_together():
    assert told(NameBook.build(BASE).extended(LATE)) == told(NameBook.build([*BASE, *LATE]))


def test_a_book_may_be_extended_again_and_is_itself_left_as_it_was():
    book = NameBook.build(BASE)
    before = told(book)
    assert told(book.extended(LATE[:1]).extended(LATE[1:])) == told(NameBook.build([*BASE, *LATE]))
    assert told(book) == before


def test_a_name_added_since_makes_another_owner_of_an_older_one():
    book = NameBook.build(BASE).extended(LATE[:1])
    assert [(one.company_id, one.kind) for one in book.find("", "Yau Tat Textiles")] == [(1, "suggestion"), (4, "suggestion")]


def test_the_longest_match_is_taken_over_both_parts():
    book = NameBook.build(LATE).extended(BASE)
    assert [one.text for one in book.find("", "渣灣銀行和渣灣")] == ["渣灣銀行", "渣灣"]


def test_the_version_tells_names_and_common_words_apart_and_not_their_order():
    version = NameBook.build(BASE).version
    assert NameBook.build(reversed(BASE)).version == version
    assert NameBook.build(BASE[:2]).version != version
    assert NameBook.build(BASE).extended(LATE).version != version
    assert NameBook.build(BASE, {"yau tat textiles": 9}, held=100).version != version


def test_a_refused_name_is_off_and_a_confirmed_one_a_link():
    book = NameBook.build([NameEntry(1, "Prime Holdings Limited", "full"), NameEntry(2, "裕達紡織有限公司", "full")])
    text = "Prime fell, 裕達紡織 rose"
    assert [one.kind for one in book.find("", text)] == ["suggestion", "link"]
    ruled = {(1, "prime"): True, (2, "裕达纺织"): False}
    assert [(one.company_id, one.kind, one.reason) for one in book.find("", text, ruled=ruled)] == [(1, "link", "confirmed")]


def test_an_answer_is_kept_under_the_pattern_of_the_finding():
    book = NameBook.build([*BASE, *LATE])
    for one in book.find("", TEXT):
        again = book.find("", TEXT, ruled={(one.company_id, one.pattern): False})
        assert (one.company_id, one.start) not in {(other.company_id, other.start) for other in again}


def test_a_shared_name_confirmed_for_one_company_is_no_longer_suggested_for_the_others():
    book = NameBook.build([NameEntry(1, "Golden Harbour Limited", "full"), NameEntry(2, "Golden Harbour Holdings Limited", "full")])
    assert [one.company_id for one in book.find("", "Golden Harbour rose", ruled={(2, "golden harbour"): True})] == [2]
    refused = book.find("", "Golden Harbour rose", ruled={(2, "golden harbour"): False})
    assert [(one.company_id, one.kind) for one in refused] == [(1, "suggestion")]


def test_a_refused_code_is_off():
    book = NameBook.build(LATE)
    assert book.find("", "0055.HK", ruled={(5, "hkex:00055"): False}) == []
