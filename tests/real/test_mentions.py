"""The companies named in real texts, measured against labels that others made: see `mention_figures` and `mention_sets` for how."""

from collections import defaultdict

import pytest

from content.mentions import NameBook, entries, layers
from crm.kernel.text import fold, has_han
from tests.real.mention_figures import DATA, is_right, listed_book, listed_in_chinese, measured, sentences
from tests.real.mention_sets import abbreviations, english_news, listed_in_america, name_pairs

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real texts are not beside this checkout (../shared/data)")


@pytest.mark.parametrize(("half", "recall"), [(0, 0.92), (1, 0.84)])
def test_companies_in_everyday_chinese(half, recall):
    figures = measured(row for row in sentences() if row.half == half)
    assert figures.precision >= 0.985
    assert figures.strict >= 0.92
    assert figures.recall["listed"] >= recall
    assert figures.shown["listed"] >= 0.99
    assert figures.shown["derived"] >= 0.98


def test_the_names_of_the_list_are_linked_and_shown_as_often_as_was_asked_for():
    figures = measured(sentences())
    assert figures.precision > 0.98
    assert figures.recall["listed"] > 0.85
    assert figures.shown["listed"] > 0.95
    assert figures.counts["listed gold"] > 300


def test_answers_of_people_on_one_half_of_the_texts_make_the_other_half_better():
    """Half of the sentences are answered as the labels say: a name that meant its company four times in five is confirmed, one that never
    did is refused. A confirmed name links wherever it stands, so that recall is bought with some precision.
    """
    answers = defaultdict(list)
    asked, others = ([row for row in sentences() if row.half == half] for half in (0, 1))
    for row in asked:
        for one in listed_book().find("", row.text):
            if one.reason != "code":
                answers[one.company_id, one.pattern].append(is_right(one, row.labels))
    ruled = {key: any(said) for key, said in answers.items() if not any(said) or sum(said) >= 0.8 * len(said)}
    before, after = measured(others), measured(others, ruled)
    assert after.recall["derived"] >= before.recall["derived"] + 0.1
    assert after.precision >= 0.93


def test_companies_in_english_news():
    counted = english_news()
    assert counted["texts"] == 500
    assert counted["gold"] == 17
    assert counted["linked"] >= 12
    assert counted["listed gold"] == 14
    assert counted["listed shown"] == 13
    assert counted["links"] <= 20
    assert counted["wrong"] <= 2


def test_another_spelling_of_a_name_is_linked_to_its_company_and_other_companies_hardly_ever():
    counted = name_pairs()
    assert counted[True, "link"] / counted[True, "all"] >= 0.28
    assert counted[False, "link"] / counted[False, "all"] <= 0.1


def test_abbreviations_have_to_be_held_as_aliases():
    counted = abbreviations()
    assert counted["all"] > 70
    assert counted["derived"] / counted["all"] < 0.05
    assert counted["linked"] / counted["all"] > 0.9
    assert counted["shown"] / counted["all"] > 0.98


def test_a_book_of_many_small_parts_and_late_names_finds_in_real_texts_what_one_of_two_parts_finds(monkeypatch):
    names = listed_in_chinese()
    monkeypatch.setattr(layers, "_MOST_PATTERNS", 2_000)
    small = NameBook.build(names[:-500]).extended(names[-500:])
    for row in sentences()[::4]:
        assert small.find(row.text, row.text) == listed_book().find(row.text, row.text)


def test_the_end_of_a_real_name_is_found_by_its_last_word_as_by_the_whole_rule():
    for entry in (*listed_in_america(), *listed_in_chinese()):
        folded = " ".join(fold(entry.name).split())
        rule, quick = (entries._END_ZH, entries._end_of_chinese) if has_han(folded) else (entries._END_EN, entries._end_of_english)
        match, start = rule.search(folded), quick(folded)
        assert (match is None) == (start < 0)
        assert match is None or entries._without_joints(folded[: match.start()]) == entries._without_joints(folded[:start])
