"""Names that are a little off: which stretch of a name was meant, and that the ranges of keys lead to it."""

import re

import pytest

from crm.kernel.names.keys import search_keys
from crm.kernel.names.spelling import key_ranges, likely

MILL, CRANE, LOOM = "Yau Tat Textiles Limited", "Harbour Crane Works (HK) Ltd", "裕達紡織有限公司"

MEANT = [
    *(("habour", CRANE, "Harbour"), ("harbuor", CRANE, "Harbour"), ("harbourr", CRANE, "Harbour"), ("harvour", CRANE, "Harbour")),
    *(("har bour", CRANE, "Harbour"), ("crame", CRANE, "Crane"), ("yautat", MILL, "Yau Tat"), ("yau tatt", MILL, "Yau Tat")),
    *(("YAU TAT TEXTLIES", MILL, "Yau Tat Textiles"), ("ytt", MILL, "Yau Tat Textiles")),
    *(("ydfz", LOOM, "裕達紡織"), ("yuda fangzhi", LOOM, "裕達紡織"), ("yudafang", LOOM, "裕達紡織")),
    *(("裕達紡識", LOOM, "裕達紡織"), ("裕大纺织", LOOM, "裕達紡織"), ("裕紡織", LOOM, "裕達紡織"), ("玉達紡織", LOOM, "裕達紡織")),
    *(("裕大", LOOM, "裕達"), ("達裕紡織", LOOM, "裕達紡織"), ("裕紡達織", LOOM, "裕達紡織"), ("裕太紡", LOOM, "裕達紡")),
]


@pytest.mark.parametrize(("typed", "name", "text"), MEANT)
def test_the_stretch_that_was_meant_is_given_as_it_is_written(typed, name, text):
    assert likely(typed, name).text == text


@pytest.mark.parametrize(("typed", "name", "_text"), MEANT)
def test_a_key_of_the_name_lies_in_a_range(typed, name, _text):
    keys = [key for _kind, key in search_keys(name)]
    assert any(low <= key < high and fits(key, pattern) for low, high, pattern in key_ranges(typed) for key in keys)


def fits(key: str, pattern: str) -> bool:
    """As LIKE."""
    return re.fullmatch(pattern.replace("_", ".").replace("%", ".*"), key) is not None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("harbour", CRANE), ("HARBOUR CRANE", CRANE), ("裕达", LOOM), ("裕達紡織", LOOM), ("紡織", LOOM)),
        *(("bridge", CRANE), ("tak", MILL), ("yau", MILL), ("港島", LOOM), ("d", LOOM), ("", MILL), ("123456", MILL), ("yd", LOOM)),
    ],
)
def test_what_stands_in_the_name_or_is_unlike_it_is_nothing_to_offer(typed, name):
    assert likely(typed, name) is None


@pytest.mark.parametrize(
    ("typed", "name"), [("chan tia man", "CHAN Tai Man"), ("ctm", "CHAN Tai Man"), ("zgq", "曾國強"), ("zengguoqiang", "曾國強")]
)
def test_a_person_is_meant_by_spelling_initials_and_reading(typed, name):
    assert likely(typed, name, is_person=True).text == name


@pytest.mark.parametrize("typed", ["", "a", "12345678", "x" * 500, "長" * 300, "%_", "\x00", "ａ", "한글", "𠮷𠮷𠮷"])
def test_no_text_breaks_it_or_costs_more_than_a_thousand_ranges(typed):
    assert len(key_ranges(typed)) < 1_000
    assert likely(typed, MILL) is None
    assert likely(typed, LOOM) is None
