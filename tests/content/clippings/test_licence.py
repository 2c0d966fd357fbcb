"""Of a source that is not licensed readers see title, quote and link; the whole text is found all the same (domain 2.8)."""

import pytest

from content.clippings.rules import QUOTE_LENGTH, quote_of
from crm.kernel.outbox import deliver_pending
from tests.companies.making import ask, browser, covered, text
from tests.content.making import FERRY, MILL, clip, ids, searched, source
from tests.content.making import text as body_of

pytestmark = pytest.mark.django_db

LATE = "Far down the page stands quailfeather beside Yuet Tat Textiles Limited."
READERS = ("rm", "lobby", "editor", "compliance", "auditor")


@pytest.fixture
def papers(bank, embedded):
    """The same length of text from a paper without a licence and from one with it; and whom both name."""
    named = covered(bank, "Yuet Tat Textiles Limited")
    source("The Licensed Wire", licensed=True)
    without = clip("A third mill", body_of(*MILL, LATE), of="The Harbour Post", url="https://post.example/mill")
    licensed = clip("A new ferry", body_of(*FERRY, LATE), of="The Licensed Wire")
    deliver_pending()
    return without, licensed, named


@pytest.mark.parametrize("name", READERS)
def test_no_reader_sees_more_than_the_quote_on_any_surface(bank, papers, name):
    without, _licensed, named = papers
    person, who = bank.people[name], browser(bank.people[name])
    exported = b"".join(who.post("/news/", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    seen = {
        "page": text(who.get(without.get_absolute_url())),
        "list": text(who.get("/news/")),
        "panel": text(who.get(f"/news/of/{named.pk}/")),
        "api": text(ask(person, f"clippings/{without.pk}")),
        "api list": text(ask(person, "clippings")),
        "export": exported,
    }
    quote = without.quote
    assert 0 < len(quote) <= QUOTE_LENGTH
    assert {where for where, shown in seen.items() if quote not in " ".join(shown.split())} == set()
    beyond = [MILL[3], MILL[4], "quailfeather"]
    assert {where for where, shown in seen.items() for piece in beyond if piece in shown} == set()
    assert "https://post.example/mill" in seen["page"]


@pytest.mark.parametrize("name", READERS)
def test_what_the_quote_leaves_out_is_found_and_not_shown(bank, papers, name):
    without, licensed, _named = papers
    found = searched(bank.people[name], "quailfeather")
    assert ids(found) == sorted([without.pk, licensed.pk])
    snippets = {hit.id: hit.snippet.text for hit in found.hits}
    assert "quailfeather" not in snippets[without.pk]
    assert snippets[without.pk].strip("… ") in without.quote
    assert "quailfeather" in snippets[licensed.pk]
    answer = ask(bank.people[name], "search?q=quailfeather&kind=clipping").json()
    assert ["quailfeather" in str(item) for item in sorted(answer["items"], key=lambda item: item["id"])] == [False, True]


def test_the_whole_text_of_a_licensed_paper_is_read(bank, papers):
    _without, licensed, _named = papers
    assert "quailfeather" in text(browser(bank.lobby).get(licensed.get_absolute_url()))
    assert "quailfeather" in ask(bank.lobby, f"clippings/{licensed.pk}").json()["text"]
    assert ask(bank.lobby, f"clippings/{papers[0].pk}").json()["text"] == ""


def test_a_licence_that_ends_closes_the_text(bank, papers):
    _without, licensed, _named = papers
    source("The Licensed Wire", licensed=False)
    assert "quailfeather" not in text(browser(bank.lobby).get(licensed.get_absolute_url()))
    assert "quailfeather" not in str(ask(bank.lobby, f"clippings/{licensed.pk}").json())
    assert "quailfeather" not in str([hit.snippet for hit in searched(bank.lobby, "quailfeather").hits])


def test_a_company_that_the_hidden_part_names_is_told_without_its_words(bank, papers):
    without, _licensed, named = papers
    page = text(browser(bank.rm).get(without.get_absolute_url()))
    assert named.name_en in page
    assert "<mark>" not in page


def test_a_quote_that_an_archive_brings_is_no_longer_than_the_law_allows(papers):
    given = clip("Of looms", body_of(*MILL[::-1]), quote="x" * 1000)
    assert len(given.quote) <= QUOTE_LENGTH


@pytest.mark.parametrize("body", ["", "Short.", "a" * 301, "句。" * 400, "word " * 400, "A. " * 20 + "b" * 600])
def test_a_quote_is_the_beginning_and_never_over_three_hundred_characters(body):
    quote = quote_of(body)
    assert len(quote) <= QUOTE_LENGTH
    assert " ".join(body.split()).startswith(quote.removesuffix("…"))
