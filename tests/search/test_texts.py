"""The page, the API and the commands over texts; the feed; rebuild and check; an engine that is down."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from crm.kernel import outbox
from crm.kernel.contributions import ReaderTokens
from crm.kernel.outbox import Outbox
from crm.kernel.reactions import INDEX_TASK, reindex
from crm.kernel.searchable import owned_tokens, reader_tokens
from search import reading, services, tasks
from search.engines.base import key_of, row_of
from search.engines.chosen import engine as chosen
from search.reading import Wanted, find
from tests import cast
from tests.companies.making import company
from tests.search.papers import KIND, invented, marks, paper

pytestmark = pytest.mark.django_db


def command(capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = 0
    try:
        call_command(*words)
    except SystemExit as end:
        code = int(end.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def browser(bank):
    client = Client()
    client.force_login(bank.rm)
    return client


@pytest.fixture
def some(papers, engine):
    """Seven papers."""
    papers.add(
        paper(1, "渣打銀行擴張 <b>A股</b>", "香港銀行業。" * 30, days=1, language="zh-hant", source="海港財經"),
        paper(2, "渣打银行", "上海的银行", days=2, language="zh-hans"),
        paper(3, "Harbour Bank lends", "A bank lends to cotton mills", days=3, sectors=["Textiles"]),
        paper(4, "Bank of cotton", "", days=4, story="x", event="court"),
        paper(5, "Bank of cotton, again", "", days=4, story="x", is_head=False),
        paper(6, "Bank secret", "canary", scope=frozenset(("role:HO",))),
        paper(7, "Bank wall", "canary", scope=frozenset(("wall:1",))),
    )
    services.rebuild()
    return papers


def found(user, text: str, **facts) -> list[int]:
    return [hit.id for hit in find(user, Wanted(text, sort="date", **facts), now=cast.NOW).hits]


@pytest.mark.parametrize("text", ["銀行", "银行", "渣打", "渣打銀行", "行"])
def test_either_script_finds_both(bank, some, text):
    assert found(bank.rm, text) == [1, 2]


def test_everybody_finds_what_the_tokens_let_through(bank, some):
    assert found(bank.rm, "bank") == [3, 4]
    assert found(bank.ho, "bank") == [6, 3, 4]
    assert found(None, "bank", flat=True) == [7, 6, 3, 5, 4]


def test_whoever_holds_no_post_finds_nothing(bank, some, django_user_model):
    nobody = django_user_model.objects.create(username="nobody", name_en="Nobody")
    results = find(nobody, Wanted("bank", facets=True), now=cast.NOW)
    assert (results.total, results.total_flat, list(results.hits)) == (0, 0, [])


def test_a_wall_is_passed_by_who_stands_within(bank, some, monkeypatch):
    monkeypatch.setattr(reading, "of", _with(reading.of, ReaderTokens, ReaderTokens(lambda user: ["wall:1"] if user == bank.rm else [])))
    assert found(bank.rm, "canary") == [7]
    assert found(bank.rm2, "canary") == []


def _with(of, kind, contribution):
    return lambda asked: [contribution] if asked is kind else of(asked)


def test_a_hit_that_was_hidden_meanwhile_is_not_shown(bank, some):
    some.change(3, scope=frozenset(("role:HO",)))
    assert found(bank.rm, "bank") == [4]


@pytest.mark.parametrize("name", list(cast.PEOPLE))
def test_the_tokens_of_owned_rows_say_what_the_reach_says(bank, name):
    actor = bank.people[name].actor
    for owner in ("rm", "sibling", "outsider", "head"):
        for team, centre in (("team", "centre"), ("team2", "centre"), ("far_team", "far_centre")):
            row = _Owned(bank.people[owner].pk, bank.units[team].pk, bank.units[centre].pk)
            assert bool(owned_tokens(row) & reader_tokens(actor)) == actor.reach().covers(row)


class _Owned:
    def __init__(self, owner_id: int, team_id: int, centre_id: int) -> None:
        self.owner_id, self.team_id, self.centre_id = owner_id, team_id, centre_id


def test_a_company_is_found_by_any_of_its_names(bank, papers, engine):
    made = company(bank, "Yau Tat Textiles Limited", "裕達紡織有限公司", "Golden Loom")
    papers.add(paper(1, "one", companies=[made.pk]), paper(2, "two", suggested=[made.pk]))
    services.rebuild()
    for name in ('"Yau Tat Textiles"', "裕达纺织", '"golden loom"'):
        assert found(bank.rm, f"company:{name}") == [1]
        assert found(bank.rm, f"suggested:{name}") == [2]
    assert found(bank.rm, "company:nobody") == []
    results = find(bank.rm, Wanted("one", facets=True), now=cast.NOW)
    assert results.facets["company"] == [(made.pk, "Yau Tat Textiles Limited", 1)]


def test_hits_are_marked_in_the_text_as_it_was_written(bank, some):
    hit = find(bank.rm, Wanted("银行 A股"), now=cast.NOW).hits[0]
    assert (marks(hit.title), set(marks(hit.snippet))) == (["銀行", "A股"], {"銀行"})


def test_the_page_shows_texts_facets_and_marks_and_escapes_them(browser, some):
    page = browser.get("/search/", {"q": "銀行"}).content.decode()
    assert "渣打<mark>銀行</mark>擴張 &lt;b&gt;A股&lt;/b&gt;" in page
    assert 'name="source" value="海港財經"' in page
    assert 'href="/papers/2/"' in page
    narrowed = browser.get("/search/", {"q": "銀行", "source": "海港財經"}).content.decode()
    assert 'href="/papers/2/"' not in narrowed
    assert 'value="海港財經" checked' in narrowed


def test_the_page_goes_on_where_it_stopped(browser, papers, engine):
    papers.add(*(paper(number, f"bank {number}", days=number) for number in range(1, 46)))
    services.rebuild()
    seen, address = [], "/search/?q=bank&sort=date"
    for _page in range(3):
        results = browser.get(address).context["texts"]["results"]
        seen += [hit.id for hit in results.hits]
        address = f"/search/?q=bank&sort=date&after={results.next}"
    assert (seen, results.next, results.total) == (list(range(1, 46)), "", 45)


@pytest.mark.parametrize(
    "address",
    [
        *("q=((((", 'q="', "q=*", "q=a:b", "q=bank&after=x", "q=bank&after=nan_1_700000", "q=bank&after=1.0_9_9999999"),
        "q=bank&month=x&company=-1",
    ],
)
def test_a_bad_address_is_answered_with_a_sentence(browser, some, address):
    assert browser.get(f"/search/?{address}").status_code == 200


def test_fifty_thousand_characters_are_refused_in_words(browser, some):
    page = browser.get("/search/", {"q": "x" * 50_000})
    assert page.status_code == 200
    assert "50000 characters" in page.content.decode().replace(",", "")


def test_the_page_still_shows_names_when_the_engine_is_down(browser, bank, papers, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    company(bank, "Golden Loom")
    page = browser.get("/search/", {"q": "golden"}).content.decode()
    assert "Golden Loom" in page
    assert "does not answer" in page


def test_what_changes_while_the_engine_is_down_is_found_when_it_is_up(bank, papers, settings, tmp_path, caplog):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    papers.add(paper(1, "bank"))
    reindex(KIND, [1])
    Outbox.objects.update(attempts=19)
    assert outbox.deliver_pending() == 1
    row = Outbox.objects.get(task=INDEX_TASK)
    assert (row.done_at, row.failure, row.attempts) == (None, "EngineDown", 0)
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "search"
    Outbox.objects.update(leased_until=None)
    assert outbox.deliver_pending() == 0
    assert found(bank.rm, "bank") == [1]


def test_one_commit_takes_along_what_else_waits(bank, papers, engine):
    services.rebuild()
    papers.add(*(paper(number, "bank") for number in range(1, 11)))
    for number in range(1, 11):
        reindex(KIND, [number])
    first = Outbox.objects.order_by("pk").first()
    assert outbox.lease(first.pk, now=timezone.now())
    assert outbox.run(first.pk)
    assert not Outbox.objects.filter(done_at=None).exists()
    assert find(bank.rm, Wanted("bank"), now=cast.NOW).total == 10


def test_many_ids_are_cut_into_tasks_of_five_hundred(papers):
    reindex(KIND, range(1, 1_202))
    assert [len(row.args["ids"]) for row in Outbox.objects.order_by("pk")] == [500, 500, 201]


def test_what_is_gone_from_the_database_is_gone_from_the_index(bank, some):
    del some.held[3]
    reindex(KIND, [3])
    assert outbox.deliver_pending() == 0
    assert found(bank.rm, "bank") == [4]


def test_check_names_the_differences_and_mends_them(bank, some, capsys):
    assert command(capsys, "search_check", "--json")[:2] == (0, '{"missing": 0, "stale": 0, "extra": 0}\n')
    del some.held[1]
    some.change(3, title="Lender")
    some.add(paper(20, "new bank"), paper(21, "other bank"))
    code, out, _err = command(capsys, "search_check", "--json")
    assert (code, json.loads(out)) == (1, {"missing": 2, "stale": 1, "extra": 1})
    assert command(capsys, "search_check")[0] == 0
    assert set(found(bank.rm, "bank")) == {20, 21, 3, 4}
    assert found(bank.rm, "擴張") == []


def test_documents_of_a_kind_that_is_no_more_are_taken_out(some):
    stray = some.documents([2])[0]
    chosen().index([{**row_of(stray, 5), "kind": "stray"}])
    assert services.mend().extra == [key_of(5, 2)]
    assert services.mend().is_clean


def test_the_old_index_answers_until_the_new_one_stands_and_no_change_is_lost(bank, some):
    seen = []

    def batches():
        for rows in services._all_rows():
            yield rows
            seen.append(found(bank.rm, "bank"))
            some.add(paper(30, "late bank", days=0))
            services.index_documents(KIND, [30])

    chosen().rebuild_and_swap(batches(), lambda index: services._mend(index, services.compare(index)))
    assert seen == [[3, 4]]
    assert found(bank.rm, "bank") == [30, 3, 4]
    assert services.mend().is_clean


def test_a_rebuild_that_fails_leaves_the_old_index(bank, some):
    def failing():
        yield []
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        chosen().rebuild_and_swap(failing(), lambda index: None)
    assert found(bank.rm, "bank") == [3, 4]


def test_an_index_of_another_stamp_is_built_anew_by_the_worker(bank, some, monkeypatch):
    assert not tasks.keep()
    monkeypatch.setattr("search.engines.tantivy.FULL_STAMP", "other")
    monkeypatch.setattr("search.engines.elastic.STAMP", "other")
    assert not chosen().is_ready()
    assert tasks.keep()
    assert found(bank.rm, "bank") == [3, 4]
    assert tasks.mend() == {"missing": 0, "stale": 0, "extra": 0}


def test_the_command_prints_what_the_contract_says(bank, some, capsys):
    code, out, _err = command(capsys, "search", "bank", "--as", "rm", "--json", "--facets", "--sort", "date")
    answer = json.loads(out)
    assert (code, answer["total"], answer["total_clippings"]) == (0, 2, 3)
    assert [hit["id"] for hit in answer["hits"]] == [3, 4]
    assert {"kind", "id", "title", "score", "snippet", "published"} <= set(answer["hits"][0])
    assert answer["facets"]["event"] == [{"value": "court", "name": "court", "count": 1}]
    flat = json.loads(command(capsys, "search", "bank", "--as", "rm", "--json", "--flat")[1])
    assert (flat["total"], len(flat["hits"])) == (3, 3)
    assert json.loads(command(capsys, "search", "bank", "--kind", "none", "--json")[1])["total"] == 0
    assert "Harbour Bank lends" in command(capsys, "search", "bank", "--facets")[1]


@pytest.mark.parametrize("words", [["(bank"], ["bank", "--as", "nobody"], ["bank", "--limit", "1001"]])
def test_the_command_ends_with_2_for_what_it_cannot_use(bank, some, capsys, words):
    code, out, err = command(capsys, "search", *words, "--json")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_the_commands_end_with_1_when_the_engine_is_down(papers, settings, capsys):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    for words in (["search", "bank"], ["search_rebuild"], ["search_check"]):
        assert command(capsys, *words)[0] == 1


def test_the_api_answers_as_the_page(bank, some, capsys):
    call_command("create_token", "rm", "--scope", "read", "--json")
    token = json.loads(capsys.readouterr().out)["token"]
    client = Client(headers={"authorization": f"Bearer {token}"})
    answer = client.get("/api/v1/search", {"q": "bank", "facets": "1", "limit": 1, "sort": "date"}).json()
    assert ([item["id"] for item in answer["items"]], answer["total"]) == ([3], 2)
    onward = client.get("/api/v1/search", {"q": "bank", "limit": 1, "sort": "date", "cursor": answer["next"]}).json()
    assert ([item["id"] for item in onward["items"]], onward["next"]) == ([4], None)
    assert client.get("/api/v1/search?q=bank&sector=Textiles&sector=Retail").json()["total"] == 1
    wrong = client.get("/api/v1/search", {"q": "(bank"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_query")
    for address in ("q=bank&limit=9999", "q=bank&sort=x", "q=bank&cursor=x", "q="):
        assert client.get(f"/api/v1/search?{address}").status_code == 422
    assert Client().get("/api/v1/search?q=bank").status_code == 401


def test_the_api_says_when_the_engine_is_down(bank, papers, settings, capsys):
    call_command("create_token", "rm", "--scope", "read", "--json")
    token = json.loads(capsys.readouterr().out)["token"]
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = Client(headers={"authorization": f"Bearer {token}"}).get("/api/v1/search", {"q": "bank"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "search_down")


def test_a_page_of_hits_costs_a_fixed_number_of_statements(bank, papers, engine, django_assert_num_queries):
    papers.add(*invented(60))
    services.rebuild()
    rm = cast.fresh(bank.rm)
    assert rm.actor.posts
    with django_assert_num_queries(1):  # the names of the companies in the facet
        find(rm, Wanted("bank OR 銀行", facets=True), now=cast.NOW)
