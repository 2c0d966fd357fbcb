"""The book answers as the pure matcher does, and looks at few alerts."""

import datetime as dt
import random

import pytest

from content.alerts.book import AlertBook, Laid
from content.alerts.reasons import Reasons
from crm.kernel.query import DocumentTokens, Phrase, index_tokens, matches, parse

WORDS = ("cotton", "yarn", "bank", "bond", "渣打", "渣打銀行", "上市", "銀行", "發展", "港")
FIELDS = {"source": frozenset(("ledger",)), "event": frozenset(("bond",)), "lang": frozenset(("en",))}


def document(title: str, body: str = "") -> DocumentTokens:
    return DocumentTokens(index_tokens(title), index_tokens(body), dt.date(2026, 3, 4), FIELDS)


def some_query(chance: random.Random, depth: int = 0) -> str:
    kind = chance.randrange(8 if depth < 3 else 4)
    word = chance.choice(WORDS)
    if kind == 0:
        return f'"{word} {chance.choice(WORDS)}"'
    if kind == 1:
        return chance.choice(["source:ledger", "source:other", "event:bond", "after:2026-03-01", "before:2026-03-01", "lang:zh"])
    if kind == 2:
        return f"{word[:2]}*" if word.isascii() else word
    if kind == 3:
        return word
    left, right = some_query(chance, depth + 1), some_query(chance, depth + 1)
    return {4: f"({left} AND {right})", 5: f"({left} OR {right})", 6: f"({left} {right})", 7: f"(NOT {left})"}[kind]


def test_the_book_finds_what_the_matcher_finds_and_nothing_else() -> None:
    chance = random.Random(11)
    queries = {key: parse(some_query(chance)) for key in range(1_500)}
    frequency = {token: chance.randrange(50) for word in WORDS for token in index_tokens(word)}
    books = AlertBook(queries.items()), AlertBook(queries.items(), frequency)
    met = 0
    for _ in range(60):
        title, body = ("".join(f"{chance.choice(WORDS)} " for _ in range(chance.randrange(size))) for size in (3, 9))
        one = document(title, body)
        expected = [key for key, query in queries.items() if matches(query, one)]
        assert books[0].met_by(one) == books[1].met_by(one) == expected
        met += len(expected)
    assert met > 5_000


@pytest.mark.parametrize(
    ("phrase", "open_end", "stands"),
    [
        (("cotton", "yarn"), False, True),
        (("cotton", "ya"), True, True),
        (("cotton", "ya"), False, False),
        (("yarn", "cotton"), False, False),
        (("cotton",), False, True),
        (("prices", "rose", "again"), False, False),
    ],
)
def test_phrases_stand_side_by_side_in_one_text(phrase: tuple[str, ...], open_end: bool, stands: bool) -> None:
    one = document("Cotton yarn prices", "rose again")
    query = Phrase(phrase, open_end)
    assert Laid(one).meets(query) is matches(query, one) is stands


def test_an_alert_is_kept_by_its_rarest_word() -> None:
    book = AlertBook([(1, parse("bank trampoline"))], {"bank": 900, "trampoline": 1})
    assert book._by_key.keys() == {"trampoline"}
    book.put(1, parse("(bank OR bond) yarn"))
    assert {token for token, keys in book._by_key.items() if keys} == {"yarn"}
    book.drop(1)
    assert not any(book._by_key.values())
    assert len(book) == 0


def test_a_query_without_a_word_it_needs_is_always_asked() -> None:
    book = AlertBook([(1, parse("NOT cotton")), (2, parse("event:bond"))])
    assert book.met_by(document("Weather")) == [1, 2]
    assert book.met_by(document("Cotton")) == [2]


def test_the_reason_is_in_the_words_of_the_paper_and_in_those_of_the_filters() -> None:
    reasons = Reasons("渣打銀行 lends", "The Bank lends against Cotton Yarn")
    assert (
        reasons.why(parse('渣打银行 "cotton yarn" lend* NOT sugar source:ledger after:2026-01-01'))
        == "渣打銀行 · Cotton Yarn · lends · ledger"
    )
    assert reasons.why(parse("sugar OR cotton")) == "Cotton"
    assert reasons.why(parse("NOT sugar")) == ""
