"""What a text for a client may hold: fields, braces, phrases however they are spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.contributions import PaperField
from crm.papers.rules import Phrases, Place, Slot, faults, hits, place_of, spoken, tidy, written
from tests.papers.making import PHRASES

ALLOWED = ("company_name", "date")


def said(text: str) -> list[tuple[str, str, int, int]]:
    return [
        (fault.kind.value, fault.what, fault.place.line, fault.place.column) for fault in faults(text, allowed=ALLOWED, phrases=PHRASES)
    ]


def test_allowed_fields_and_plain_words_are_taken():
    assert said("{{ date }}\nTo {{company_name}}: 50% off, isn’t it?") == []


def test_an_unknown_field_is_refused_with_its_name_its_place_and_the_allowed_ones():
    (fault,) = faults("Hello\nyou {{ tier }}", allowed=ALLOWED, phrases=PHRASES)
    assert (fault.kind.value, fault.what, fault.place.line, fault.place.column) == ("field", "tier", 2, 5)
    for word in ("tier", "company_name, date", "line 2, character 5"):
        assert word in str(fault.sentence)


def test_a_restricted_field_is_refused_in_the_same_words_as_one_that_does_not_exist():
    secret, nonsense = (faults("{{ " + name + " }}", allowed=ALLOWED, phrases=PHRASES)[0] for name in ("decision_level", "jabberwocky_xy"))
    assert str(secret.sentence).replace("decision_level", "") == str(nonsense.sentence).replace("jabberwocky_xy", "")
    assert secret.kind == nonsense.kind


@pytest.mark.parametrize("klass", ["I", "R", "D", "T", ""])
def test_no_field_of_another_class_than_p_or_k_can_be_offered(klass):
    with pytest.raises(ValueError, match="only P and K"):
        PaperField("tier", "Tier", klass, str, {})


@pytest.mark.parametrize(
    "text",
    ["{decision_level}", "{% if date %}", "{{ date", "date }}", "{{ {date} }}", "｛｛ date ｝｝", "{{{ date }}}", "{{\ndate }}", "{# x #}"],
)
def test_braces_that_are_no_field_are_refused(text):
    assert {kind for kind, *_rest in said(text)} == {"form"}


@pytest.mark.parametrize("inside", ["", "date|upper", "date.year", "date()", "company_name date", "__class__", "日期", "0"])
def test_nothing_but_one_name_stands_between_braces(inside):
    assert [kind for kind, *_rest in said("{{ " + inside + " }}")] == ["form"]


@pytest.mark.parametrize(
    "text",
    [
        "通融权限",
        "通融權限",
        "通 融 權 限",
        "通融\n權限",
        "通\u200b融\u2060權\ufeff限",
        "通·融「權」限",
        "審批权限",
        "Concession Authority",
        "ＣＯＮＣＥＳＳＩＯＮ　ＡＵＴＨＯＲＩＴＹ",
        "concéssion\nauthority",
        "c-o-n-c-e-s-s-i-o-n authority",
        "conсession аuthority",  # Cyrillic с and а
        "it is within\nmy limits",
        "concession\u3164authority",
        "通融{{ date }}權限",
    ],
)
def test_a_phrase_is_found_however_it_is_spelt(text):
    assert [kind for kind, *_rest in said(f"Dear client\n{text}!")] == ["phrase"]


def test_the_place_of_a_phrase_is_that_in_the_text_as_it_was_written():
    assert said("Dear client\n我行的通\u200b融\n權限") == [("phrase", "通融 權限", 2, 4)]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Our team head has approved it", True),
        ("Approval by the Team Head", True),
        ("總部已於昨日批准", True),
        ("批准來自總部", True),
        ("Our team head sends regards", False),
        ("The plan was approved", False),
        ("Steam heads approved by the boiler office", False),
        ("The team head will call you. " + "Meanwhile the harbour is busy. " * 3 + "All was approved.", False),
    ],
)
def test_a_level_is_refused_beside_a_word_of_deciding_only(text, refused):
    assert bool(said(text)) is refused


def test_honest_words_about_limits_and_rights_are_taken():
    for text in ("Your credit limit is HKD 1 million", "貴公司的權利及限額", "融通貨物，通行權限制", "authority of the port"):
        assert said(text) == []


def test_every_fault_is_told_in_order_of_place():
    assert [kind for kind, *_rest in said("{{ tier }}\n通融權限 }\n{{ kyc }}")] == ["field", "phrase", "form", "field"]


def test_a_value_is_plain_text_and_never_read_for_fields():
    paper = written("To {{ company_name }}.", {"company_name": "{{ date }} <b>\n\u202eX"})
    assert paper.text == "To {{ date }} <b> X."


def test_a_line_of_fields_of_which_nothing_is_known_is_left_out():
    text = "{{ date }}\n{{ company_name }}\nRoom {{ date }}\n\nYours"
    assert written(text, {"date": "", "company_name": "Yau"}).text == "Yau\nRoom \n\nYours"


def test_a_name_that_says_a_phrase_is_told_by_its_field_and_the_templates_own_words_are_not():
    paper = written("Dear\nall of {{ company_name }}", {"company_name": "通融權限有限公司"})
    (fault,) = spoken(paper, PHRASES)
    assert (fault.what, fault.place.line, fault.place.column) == ("通融權限", 2, 8)
    assert "company_name" in str(fault.sentence)
    (own,) = spoken(written("通融權限 {{ company_name }}", {"company_name": "Yau"}), PHRASES)
    assert "company_name" not in str(own.sentence)


def test_a_list_keeps_its_lines_where_it_stands_alone_and_nowhere_else():
    values = {"papers": "- one\r\n\n  - two \u202e- three"}
    assert written("Send:\n{{ papers }}\nThank you", values, {"papers"}).text == "Send:\n- one\n- two - three\nThank you"
    assert written("Send {{ papers }} soon", values, {"papers"}).text == "Send - one - two - three soon"
    assert written("{{ papers }}", values).text == "- one - two - three"
    assert written("A\n{{ papers }}\nB", {"papers": " \n "}, {"papers"}).text == "A\nB"
    (found,) = spoken(written("{{ papers }}", {"papers": "- a\n- 通融權限"}, {"papers"}), PHRASES)
    assert found.place == Place(2, 3)


def test_a_phrase_that_forms_only_across_a_value_is_found_when_written():
    assert spoken(written("通融{{ date }}", {"date": "權限"}), PHRASES)


def test_texts_are_kept_with_single_line_feeds_and_without_what_nobody_sees():
    assert tidy(" a\r\nb\rc\u200b\x07 ") == "a\nb\nc"


@given(st.text(alphabet="ab{}｛｝ \n權限通融ｗ\u200b", max_size=40))
def test_no_text_breaks_the_rules_and_places_lie_within(text):
    for fault in faults(text, allowed=ALLOWED, phrases=PHRASES):
        lines = text.split("\n")
        assert 1 <= fault.place.line <= len(lines)
        assert 1 <= fault.place.column <= len(lines[fault.place.line - 1]) + 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_phrase_is_found_between_any_words(before, after):
    text = f"{before}\n通融權限\n{after}"
    assert any(text[start:end].replace("\n", "").startswith("通") for start, end, _words in hits(text, Phrases(words=("通融权限",))))


def test_slots_left_out_and_places_count_from_one():
    assert hits("通融{{x}}權限", PHRASES, [Slot("x", 2, 7)])[0][:2] == (0, 9)
    assert place_of("a\nbc", 3).line == 2
    assert place_of("a\nbc", 3).column == 2
