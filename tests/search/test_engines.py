"""Both engines find, count and order alike; what a reader may not see changes nothing."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch

from crm.kernel.query import bind, matches, parse
from search import services
from search.engines.base import Asked, EngineDown, key_of, order_of, published_at, row_of
from search.engines.chosen import engine as chosen
from search.engines.elastic import Elastic
from search.engines.tantivy import Tantivy
from tests.search.papers import DAY, Papers, as_tokens, contributed, invented, paper
from tests.servers import elasticsearch_url

TODAY = DAY.date().toordinal()
QUERIES = [
    *("bank", "銀行", "银行", "渣打", "渣打銀行", "cotton yarn", '"cotton yarn"', "A股", "行", "棉", "tex*", "hs*", "ＨＳＢＣ"),
    *("bank OR 銀行", "bank NOT loan", "NOT bank", "(bank OR 银行) AND (price OR 价格)", "銀行 NOT (貸款 OR hsbc)", "HSBC 香港"),
    *("source:海港财经", 'source:"harbour daily" bank', "sector:textiles 銀行", "event:court", "lang:zh", "lang:en price"),
    *("after:2026-01", "before:2025-06-15 bank", "after:2025-12-01 before:2026-02 銀行", "company:3", "suggested:4 银行"),
    *("nosuchword", "company:99", "法院违约", '"港 A股"', '"hong kong" macau'),
]  # fmt: skip


def asked(text: str, **facts) -> Asked:
    return Asked(bind(parse(text), lambda name: [int(name)]), facts.pop("scope", frozenset(("bank",))), TODAY, **facts)


def all_ids(engine, question: Asked) -> list[int]:
    """Every page, one after the other."""
    ids: list[int] = []
    after = None
    for _page in range(200):
        answer = engine.search(Asked(**{**vars(question), "after": after}))
        ids += [hit.id for hit in answer.hits]
        after = answer.next
        if after is None:
            return ids
    raise AssertionError("no end of pages")


@pytest.mark.parametrize("text", QUERIES)
def test_an_engine_finds_what_the_matcher_says(engine_of_many, text):
    engine, made = engine_of_many
    question = asked(text, limit=1_000)
    expected = {one.id for one in made if matches(question.query, as_tokens(one))}
    flat = engine.search(Asked(**{**vars(question), "flat": True}))
    assert {hit.id for hit in flat.hits} == expected
    assert (flat.total_flat, flat.total) == (len(expected), sum(one.is_head for one in made if one.id in expected))
    assert {hit.id for hit in engine.search(question).hits} == {one.id for one in made if one.id in expected and one.is_head}


def test_most_of_the_questions_find_something(engine_of_many):
    engine, _made = engine_of_many
    found = [engine.search(asked(text)).total > 0 for text in QUERIES]
    assert sum(found) >= len(QUERIES) - 3


def _elastic(papers, cluster) -> Elastic:
    made = Elastic(*cluster)
    made.rebuild_and_swap(services._all_rows(), lambda index: None)
    return made


@pytest.mark.parametrize("filters", [{}, {"source": ["Harbour Daily", "海港財經"]}, {"company": [3, 4], "language": ["en"]}])
def test_the_two_engines_agree(papers, cluster, tmp_path, filters):
    papers.add(*invented(400))
    elastic, tantivy = _elastic(papers, cluster), Tantivy(tmp_path / "search")
    tantivy.rebuild_and_swap(services._all_rows(), lambda index: None)
    same, compared = 0, 0
    for text in QUERIES:
        for flat in (False, True):
            by_date = asked(text, filters=filters, sort="date", facets=True, flat=flat, limit=1_000)
            one, other = tantivy.search(by_date), elastic.search(by_date)
            assert (one.total, one.total_flat, one.facets) == (other.total, other.total_flat, other.facets), text
            assert [hit.order for hit in one.hits] == [hit.order for hit in other.hits], text
        best = asked(text, filters=filters)
        first, second = ({hit.id for hit in each.search(best).hits} for each in (tantivy, elastic))
        same, compared = same + len(first & second), compared + max(len(first), len(second))
    assert same >= 0.95 * compared


@pytest.fixture(params=["tantivy", "elasticsearch"], scope="module")
def engine_of_many(request, tmp_path_factory):
    """An engine with the invented papers, built once for the questions of this module."""
    made = invented(300)
    papers = Papers()
    papers.add(*made)
    if request.param == "tantivy":
        engine = Tantivy(tmp_path_factory.mktemp("many") / "search")
    else:
        url = elasticsearch_url() or pytest.skip("no Elasticsearch: set RAPPORT_TEST_ELASTICSEARCH_URL, or start one on loopback")
        engine = Elastic(url, f"rapport-test-many-{uuid.uuid4().hex}")
    with contributed(papers):
        engine.rebuild_and_swap(services._all_rows(), lambda index: None)
    yield engine, made
    if request.param == "elasticsearch":
        client = Elasticsearch(url)
        for name in client.indices.get(index=f"{engine.alias}*").body:
            client.indices.delete(index=name)
        client.close()


def test_200_words_that_a_reader_may_not_see_are_found_nowhere(papers, engine):
    open_ones = [paper(number, f"open bank {number}", "loan", days=number, sectors=["Retail"], companies=[1]) for number in range(1, 41)]
    papers.add(*open_ones)
    services.rebuild()
    questions = [asked(text, facets=True, limit=100, sort="date") for text in ("bank", "loan OR canary*", "NOT nothing", "company:1")]
    before = [chosen().search(question) for question in questions]
    for number in range(1, 201):
        scope = frozenset((("reach", "owner:7", "team:8", "centre:9", "unit:3", "role:HO", "person:5", "wall:2")[number % 8],))
        papers.add(
            paper(
                1_000 + number, f"canary{number} bank 密語{number}", f"loan secret{number}", scope=scope, source=f"S{number}", companies=[1]
            )
        )
    services.mend()
    assert chosen().search(asked("canary*", scope=None)).total == 200
    assert [chosen().search(question) for question in questions] == before
    for number in range(1, 201):
        for text in (f"canary{number}", f"secret{number}", f"source:S{number}"):
            answer = chosen().search(asked(text, facets=True, flat=True))
            assert (answer.total, answer.total_flat, list(answer.hits)) == (0, 0, [])
            assert not any(answer.facets.values())


def test_nobody_without_tokens_finds_anything(papers, engine):
    papers.add(paper(1, "bank"))
    services.rebuild()
    answer = engine.search(asked("bank", scope=frozenset(), facets=True))
    assert (answer.total, answer.total_flat, list(answer.hits)) == (0, 0, [])
    assert not any(answer.facets.values())


def test_a_document_of_several_scopes_is_found_by_whoever_holds_one(papers, engine):
    papers.add(paper(1, "bank", scope=frozenset(("team:4", "owner:9"))))
    services.rebuild()
    assert [engine.search(asked("bank", scope=frozenset(held))).total for held in (["owner:9", "bank"], ["team:4"], ["team:9"])] == [
        1,
        1,
        0,
    ]


@pytest.mark.parametrize("sort", ["date", "relevance"])
def test_pages_hold_every_hit_once_and_in_one_order(papers, engine, sort):
    papers.add(*(paper(number, "bank loan", "bank " * (number % 5), days=number // 7) for number in range(1, 121)))
    services.rebuild()
    whole = [hit.id for hit in engine.search(asked("bank", sort=sort, limit=1_000)).hits]
    assert all_ids(engine, asked("bank", sort=sort, limit=7)) == whole
    assert sorted(whole) == list(range(1, 121))


def test_a_page_stays_where_it_was_when_newer_ones_come(papers, engine):
    papers.add(*(paper(number, "bank", days=number) for number in range(1, 31)))
    services.rebuild()
    first = engine.search(asked("bank", sort="date", limit=10))
    papers.add(paper(99, "bank", days=0))
    services.mend()
    second = engine.search(asked("bank", sort="date", limit=10, after=first.next))
    assert [hit.id for hit in second.hits] == list(range(11, 21))
    assert second.total == 31


def test_by_date_means_by_the_second_and_never_ties(papers, engine):
    papers.add(*(paper(number, "bank", days=1) for number in (5, 3, 9)), paper(1, "bank", days=0), paper(2, "bank", days=-40_000))
    services.rebuild()
    assert [hit.id for hit in engine.search(asked("bank", sort="date")).hits] == [2, 1, 9, 5, 3]
    assert published_at(order_of(DAY)) == DAY


def test_title_recency_and_source_lift_a_hit(papers, engine):
    text = "cotton order plant court"
    papers.add(
        paper(1, text, "bank bank", days=10),
        paper(2, "bank cotton order plant", "court and more", days=10),
        paper(3, text, "bank bank", days=300),
        paper(4, text, "bank bank", days=10, source_weight=1.2),
    )
    services.rebuild()
    assert [hit.id for hit in engine.search(asked("bank")).hits] == [2, 4, 1, 3]


def test_facets_count_stories_or_every_copy(papers, engine):
    papers.add(
        paper(1, "bank", story="a", sectors=["Retail"], companies=[4]),
        paper(2, "bank", story="a", is_head=False, source="Copy Press", sectors=["Retail"], companies=[4, 5]),
        paper(3, "bank", days=40, event="court", language="zh-hant"),
    )
    services.rebuild()
    heads, flat = (engine.search(asked("bank", facets=True, flat=flat)) for flat in (False, True))
    assert (heads.total, heads.total_flat, flat.total, flat.total_flat) == (2, 3, 2, 3)
    assert heads.facets == {
        "kind": [("paper", 2)],
        "source": [("Harbour Daily", 2)],
        "sector": [("Retail", 1)],
        "event": [("court", 1)],
        "language": [("en", 1), ("zh-hant", 1)],
        "month": [(202603, 1), (202601, 1)],
        "company": [(4, 1)],
    }
    assert flat.facets["source"] == [("Harbour Daily", 2), ("Copy Press", 1)]
    assert flat.facets["company"] == [(4, 2), (5, 1)]


@pytest.mark.django_db
def test_a_change_replaces_what_stood_there_and_an_older_version_does_not(papers, engine):
    papers.add(paper(1, "cotton", version=3))
    services.rebuild()
    papers.add(paper(1, "silk", version=4))
    services.index_documents("paper", [1])
    assert [engine.search(asked(word)).total for word in ("cotton", "silk")] == [0, 1]
    papers.add(paper(1, "wool", version=2))
    services.index_documents("paper", [1])
    assert [engine.search(asked(word)).total for word in ("silk", "wool")] == [1, 0]


def test_a_long_word_and_a_long_text_are_found(papers, engine):
    papers.add(paper(1, "x" * 500, "銀行" * 20_000))
    services.rebuild()
    assert [engine.search(asked(text)).total for text in ("x" * 500, "x" * 64 + "*", "行銀", "銀" * 3)] == [1, 1, 1, 0]


def test_days_begin_at_the_banks_midnight(papers, engine):
    papers.add(paper(1, "bank"))
    papers.change(1, published_at=dt.datetime(2026, 3, 3, 16, 30, tzinfo=dt.UTC))
    services.rebuild()
    found = [engine.search(asked(f"bank {text}")).total for text in ("after:2026-03-04", "before:2026-03-04", "after:2026-03-05")]
    assert found == [1, 0, 0]


def test_without_an_index_the_engine_says_so(engine):
    assert not engine.is_ready()
    with pytest.raises(EngineDown):
        engine.search(asked("bank"))


def test_a_cluster_that_does_not_answer_is_down(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(EngineDown) as caught:
        chosen().search(asked("bank"))
    assert "127.0.0.1" not in str(caught.value)


def test_what_another_process_wrote_or_swapped_is_seen(papers, embedded):
    papers.add(paper(1, "bank"))
    services.rebuild()
    assert embedded.search(asked("bank")).total == 1
    other = Tantivy(embedded.root)
    other.index([row_of(paper(2, "bank"), 7)], [key_of(7, 1)])
    assert [hit.id for hit in embedded.search(asked("bank")).hits] == [2]
    other.rebuild_and_swap(services._all_rows(), lambda index: None)
    assert [hit.id for hit in embedded.search(asked("bank")).hits] == [1]
    assert sorted(path.name for path in embedded.root.iterdir() if path.is_dir()) == [embedded.current().path.name]


def test_writers_wait_for_each_other(papers, embedded):
    services.rebuild()
    writers = [Tantivy(embedded.root) for _writer in range(4)]
    with ThreadPoolExecutor(4) as pool:
        wanted = [(writers[number % 4], number) for number in range(1, 21)]
        list(pool.map(lambda pair: pair[0].index([row_of(paper(pair[1], "bank"), 7)]), wanted))
    assert embedded.search(asked("bank")).total == 20
