"""The analyser: what counts as the same text, and where it stood."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.text import fold, fold_straight, fold_with_offsets, has_han, initials, strip_controls, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("裕達紡織有限公司", "裕达纺织有限公司"),
        ("滙豐銀行", "汇丰银行"),
        ("衞生署", "卫生署"),
        ("台北101大樓", "臺北101大楼"),
        ("綫裏", "线里"),
        ("ＡＢＣ　Ｌｔｄ．", "abc ltd."),
        ("Société Générale", "SOCIETE GENERALE"),
        ("Société", "Société"),
        ("Løvenskiold & Straße", "lovenskiold & strasse"),
        ("İstanbul", "istanbul"),
        ("渣打\u200b銀\ufeff行", "渣打银行"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("㈱東芝", "(株)东芝"),
    ],
)
def test_two_spellings_of_one_name_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("裕達") != fold("恒達")
    assert fold("ガ") != fold("カ")
    assert fold("Chan") != fold("Chang")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_offsets_belong_to_the_folded_text_and_never_run_backwards(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert "".join(fold(text[start:end]) for start, end in pairwise(sorted({0, *offsets}))) == folded


@pytest.mark.parametrize("block", [range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2A6E0)])
def test_every_chinese_character_folds_to_exactly_one(block):
    text = "".join(chr(code) for code in block if unicodedata.category(chr(code)) == "Lo")
    assert len(fold(text)) == len(text)


def test_a_hit_in_the_folded_text_is_found_in_the_original():
    text = "Ｓｏｃｉété ﬁnance 滙豐銀行宣布"
    folded, offsets = fold_with_offsets(text)
    start = folded.index("汇丰")
    assert text[offsets[start] : offsets[start + 2]] == "滙豐"
    start = folded.index("finance")
    assert text[offsets[start] : offsets[start + 7]] == "ﬁnance"


def test_chinese_is_cut_into_overlapping_pairs_and_latin_words_stay_whole():
    assert tokens("渣打銀行 (HK) Q3-2026") == ["渣打", "打银", "银行", "行", "hk", "q3", "2026"]
    assert tokens("中") == ["中"]
    assert tokens("TCL科技") == ["tcl", "科技", "技"]
    assert tokens(" ,。 ") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("裕達紡織", "ydfz"), ("重慶長江銀行", "cqcjyh"), ("TCL科技", "tclkj"), ("中國 3 號基金", "zg3hjj"), ("Yau Tat", "yautat"), ("", "")],
)
def test_initials_are_those_a_person_would_type(text, expected):
    assert initials(text) == expected


@pytest.mark.parametrize(("name", "expected"), [("曾國強", "zgq"), ("單偉", "sw"), ("單于明", "cym"), ("查良鏞", "zly"), ("解曉東", "xxd")])
def test_family_names_are_read_as_family_names(name, expected):
    assert initials(name, person=True) == expected


def test_han_is_told_from_other_scripts():
    assert has_han("ABC 裕達")
    assert has_han("𠮷")
    assert not has_han("Yau Tat ガラス 100")


def test_controls_are_stripped_and_layout_stays():
    assert strip_controls("a\x00b\u202ec\u200bd\te\r\nf\rg\ud800") == "abcd\te\nf\ng"
    assert strip_controls("裕達 👩\u200d💼") == "裕達 👩\u200d💼"


@pytest.mark.parametrize("text", ["裕達" * 25_000, "a" * 50_000, "か" + "\u3099" * 50_000, "-(" * 25_000, "é" * 50_000, "\u0301" * 50_000])
def test_analysing_fifty_thousand_characters_comes_to_an_end(text, ended_after_10_cpu_seconds):
    fold(text)
    fold_with_offsets(text)
    tokens(text)
    strip_controls(text)


_WRITTEN = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["裕達紡織（集團）有限公司", "…", "\u200b", "ß", "ﬃ", "é", "ガ", "ｶﾞ", "🙂", "\ud800", "Ａ", "Yau Tat ", "臺灣", "각"]),
)


@given(st.lists(_WRITTEN, max_size=40))
def test_a_long_text_folds_as_its_pieces_do(pieces):
    """From a hundred characters on all are looked up at once: twice, since the first time they are learnt."""
    text = " ".join(pieces)
    by_piece = " ".join(map(fold, pieces))
    for _ in range(2):
        assert fold(text) == by_piece
        assert fold("裕達" * 60 + " " + text) == "裕达" * 60 + " " + by_piece


@given(st.lists(_WRITTEN, max_size=40))
def test_a_text_that_folds_straight_has_its_offsets_where_they_were(pieces):
    for text in ("".join(pieces), "裕達" * 60 + "".join(pieces)):
        folded, is_straight = fold_straight(text)
        assert folded == fold(text)
        if is_straight:
            assert fold_with_offsets(text) == (folded, list(range(len(text) + 1)))
            assert [fold(character) for character in text] == list(folded)


def test_texts_of_odd_characters_do_not_fold_straight():
    assert fold_straight("裕達紡織 Yau Tat é🙂") == ("裕达纺织 yau tat e🙂", True)
    assert not any(fold_straight(text)[1] for text in ("…", "\u200b", "ß", "ｶﾞ", "裕達" * 60 + "…"))
