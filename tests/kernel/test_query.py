"""The query language: what is understood, what is refused and where, and what the pure matcher says."""

import datetime as dt
from contextlib import suppress

import pytest

from crm.kernel.highlights import highlighted, snippet
from crm.kernel.query import (
    And,
    DocumentTokens,
    Field,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Term,
    bind,
    index_tokens,
    leaves,
    matches,
    parse,
    required_terms,
)
from crm.web.templatetags.marks import marked


def document(title: str, body: str = "", **fields: frozenset) -> DocumentTokens:
    return DocumentTokens(index_tokens(title), index_tokens(body), dt.date(2026, 3, 4), fields)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bank", Term("bank")),
        ("Bank ＬＯＡＮ", And((Term("bank"), Term("loan")))),
        ("bank AND loan OR café", Or((And((Term("bank"), Term("loan"))), Term("cafe")))),
        ("bank (loan OR NOT rate)", And((Term("bank"), Or((Term("loan"), Not(Term("rate"))))))),
        ("NOT NOT bank", Term("bank")),
        ("銀行", Term("银行")),
        ("渣打銀行", Phrase(("渣打", "打银", "银行"))),
        ("行", Prefix("行")),
        ("A股", Phrase(("a", "股"), open_end=True)),
        ("tcl科技*", Phrase(("tcl", "科技"))),
        ("tex*", Prefix("tex")),
        ('"hong kong"', Phrase(("hong", "kong"))),
        ("「渣打」 “a b”", And((Term("渣打"), Phrase(("a", "b"))))),
        ("don't", Phrase(("don", "t"))),
        ("bank & loan", And((Term("bank"), Term("loan")))),
        ("http://bank", Phrase(("http", "bank"))),
        ("(（bank）)", Term("bank")),
        ('source:"Harbour  DAILY"', Field("source", "Harbour  DAILY", key="harbour daily")),
        ("after:2026-03", Field("after", "2026-03", day=dt.date(2026, 3, 1))),
        ("LANG：zh", Field("lang", "zh", key="zh")),
    ],
)
def test_a_query_is_understood(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("", 0, "nothing"),
        ("!!! …", 0, "nothing"),
        ("*", 0, "beginning"),
        ("bank * * *", 5, "beginning"),
        ("a*", 0, "two letters"),
        ("ba*nk", 2, "only at the end"),
        ('bank "loan', 5, "not closed"),
        ("bank (loan", 5, "not closed"),
        ("bank) loan", 4, "closes none"),
        ("()", 0, "hold nothing"),
        ("bank OR", 5, "behind"),
        ("AND bank", 0, "before"),
        ("bank AND OR loan", 9, "before"),
        ("NOT", 0, "behind"),
        ("(NOT)", 1, "behind"),
        ("sauce:x", 0, "no field"),
        ("source: x", 7, "needs a value"),
        ('source:""', 7, "needs a value"),
        ("lang:fr", 0, "en, zh"),
        ("after:yesterday", 0, "no day"),
        ("before:2026-02-30", 0, "no day"),
        ("(" * 500, 20, "deep"),
        ("x" * 50_000, 2_000, "50000"),
        (" ".join(["word"] * 51), 250, "50"),
    ],
)
def test_a_wrong_query_says_what_is_wrong_and_where(text, position, word):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert word in str(caught.value)


def test_two_thousand_characters_of_anything_are_answered_or_refused():
    for piece in ("NOT ", "(", ")", '"', "*", "銀", "a:", "source:", "𠮷", "\x00", "ﾊﾞ", " OR "):
        for text in (piece * (2_000 // len(piece)), "bank " + piece * 100):
            with suppress(QueryError):
                assert parse(text[:2_000])


@pytest.mark.parametrize("query", ["銀行", "银行", "渣打銀行", "A股", "行A", "打", "HSBC", "hsbc 渣打", "ｈｓ*", '"銀行 A股"', "NOT 匯豐"])
def test_what_stands_in_the_text_is_found(query):
    assert matches(parse(query), document("渣打银行A股 HSBC"))


@pytest.mark.parametrize("query", ["銀渣", "渣行", "HSB", "股A", '"HSBC 渣打"', "NOT 銀行", "銀行 匯豐"])
def test_what_does_not_stand_there_is_not(query):
    assert not matches(parse(query), document("渣打銀行A股 HSBC"))


def test_a_phrase_does_not_run_from_the_title_into_the_text():
    assert not matches(parse('"bank loan"'), document("bank", "loan"))


def test_companies_are_matched_by_who_bears_the_name():
    query = bind(parse('company:"Yau Tat" OR suggested:x'), {"Yau Tat": [3], "x": [4]}.get)
    assert [matches(query, document("", company=frozenset((pk,)))) for pk in (3, 4)] == [True, False]
    assert matches(query, document("", suggested=frozenset((4,))))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("bank", {"bank"}),
        ("bank OR loan", {"bank", "loan"}),
        ("(bank OR loan) 銀行", {"银行"}),
        ("bank OR tex*", set()),
        ("NOT bank", set()),
        ("NOT bank loan", {"loan"}),
        ("A股", {"a"}),
    ],
)
def test_the_terms_of_which_one_must_stand_there(text, terms):
    assert required_terms(parse(text)) == terms


def test_hits_are_marked_in_the_original_spelling():
    query = parse("渣打銀行 OR cafe OR tex*")
    text = "ＣＡＦÉ at 渣打银行 and Textiles"
    found = highlighted(query, text)
    assert [text[start:end] for start, end in found.spans] == ["ＣＡＦÉ", "渣打银行", "Textiles"]
    assert list(leaves(query)) == [Phrase(("渣打", "打银", "银行")), Term("cafe"), Prefix("tex")]


def test_what_must_not_stand_there_is_not_marked():
    assert highlighted(parse("bank NOT loan"), "bank loan").spans == ((0, 4),)


def test_a_snippet_shows_where_most_of_the_query_stands():
    text = "bank " + "filler words here " * 60 + "the bank gave a loan at a rate. " + "more of it " * 60
    piece = snippet(parse("bank loan rate"), text)
    assert "bank gave a loan at a rate" in piece.text
    assert piece.text.startswith("…")
    assert piece.text.endswith("…")
    assert [piece.text[start:end] for start, end in piece.spans] == ["bank", "loan", "rate"]
    assert len(piece.text) < 240


def test_a_text_without_a_hit_shows_its_beginning():
    assert snippet(parse("bank"), "No word\nof it").text == "No word of it"


def test_marked_text_is_escaped_before_it_is_marked():
    text = marked(highlighted(parse("bank OR script"), "<script>bank & 'co'</script>"))
    assert text == "&lt;<mark>script</mark>&gt;<mark>bank</mark> &amp; &#x27;co&#x27;&lt;/<mark>script</mark>&gt;"
    assert marked("<b>") == "&lt;b&gt;"
