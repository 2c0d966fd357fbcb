"""Feeds on their schedule, from a site on loopback: asked for once, 304, failures that wait longer, and recovery."""

import datetime as dt
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from content.capture.services import COLLECT, ask_for_due_feeds, collect
from content.clippings.models import Clipping, Source
from crm.kernel.outbox import Outbox
from tests import cast
from tests.companies.making import browser, text
from tests.content.capture.inputs import feed, page
from tests.content.capture.sites import Site, answering, on_loopback
from tests.content.making import FERRY, MILL

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
RSS = "application/rss+xml"


def item(title: str, body: str, link: str, at: dt.datetime = cast.NOW - 60 * MINUTE) -> str:
    return f"<title>{title}</title><link>{link}</link><pubDate>{format_datetime(at)}</pubDate><description>{body}</description>"


MILL_ITEM = item("A third mill", MILL[0], "https://post.example/mill")
FERRY_ITEM = item("A new ferry", FERRY[0], "https://post.example/ferry")


@pytest.fixture
def paper(db, site: Site) -> Source:
    """A source whose feed is on the site."""
    return Source.objects.create(name="The Harbour Post", feed_url=site.address("/rss"), feed_minutes=30)


def serve(site: Site, *items: str, **headers: str) -> None:
    site.paths["/rss"] = answering(feed(*items).encode(), Content_Type=RSS, **headers)


def read(paper: Source, now: dt.datetime = cast.NOW) -> Any:
    """Collect it; the source is as it stands afterwards."""
    report = collect(paper.pk, now=now, allow=on_loopback)
    paper.refresh_from_db()
    return report


def test_due_feeds_are_asked_for_once(paper):
    later = Source.objects.create(name="Later", feed_url="https://later.example/", feed_next_at=cast.NOW + MINUTE)
    Source.objects.create(name="No feed")
    assert ask_for_due_feeds(now=cast.NOW) == 1
    assert ask_for_due_feeds(now=cast.NOW) == 0
    assert [row.args for row in Outbox.objects.filter(task=COLLECT)] == [{"source_id": paper.pk}]
    assert ask_for_due_feeds(now=cast.NOW + MINUTE) == 1
    assert Outbox.objects.filter(task=COLLECT).last().args == {"source_id": later.pk}


def test_a_feed_whose_reader_died_is_asked_for_again(paper):
    assert ask_for_due_feeds(now=cast.NOW) == 1
    assert ask_for_due_feeds(now=cast.NOW + 10 * MINUTE) == 1


def test_what_is_new_of_a_feed_is_published_and_its_next_read_set(site, paper, bank):
    serve(site, MILL_ITEM, FERRY_ITEM)
    report = read(paper)
    assert (report.read, report.created) == (2, 2)
    assert (paper.feed_read_at, paper.feed_next_at, paper.feed_failures, paper.feed_error) == (cast.NOW, cast.NOW + 30 * MINUTE, 0, "")
    held = Clipping.objects.visible_to(bank.lobby).get(title="A third mill")
    assert (held.source, held.url, held.published_at) == (paper, "https://post.example/mill", cast.NOW - 60 * MINUTE)
    assert paper.history.count() == 1
    again = read(paper, now=cast.NOW + 30 * MINUTE)
    assert (again.created, again.unchanged) == (0, 2)


def test_an_unchanged_feed_is_no_failure_and_is_asked_for_by_its_marks(site, paper):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        unchanged = handler.headers["If-None-Match"] == '"1"' and handler.headers["If-Modified-Since"] == "then"
        body = b"" if unchanged else feed(MILL_ITEM).encode()
        answering(body, 304 if unchanged else 200, Content_Length="", **({} if unchanged else {"ETag": '"1"', "Last_Modified": "then"}))(
            handler
        )

    site.paths["/rss"] = answer
    assert read(paper).created == 1
    for times in (1, 2):
        now = cast.NOW + times * 30 * MINUTE
        assert read(paper, now=now) is None
        assert (paper.feed_failures, paper.feed_error, paper.feed_read_at) == (0, "", now)
        assert (paper.feed_next_at, paper.feed_etag, paper.feed_modified) == (now + 30 * MINUTE, '"1"', "then")
    assert len(site.asked) == 3


def test_each_failure_waits_longer_and_says_why_up_to_a_day(site, paper, bank):
    site.paths["/rss"] = answering(b"gone", 500)
    waits = []
    for _time in range(9):
        assert read(paper) is None
        waits.append((paper.feed_next_at - cast.NOW) / MINUTE)
    assert waits == [60, 120, 240, 480, 960, 1440, 1440, 1440, 1440]
    assert paper.feed_failures == 9
    assert paper.feed_error == "The site answered with the code 500 instead of the page."
    assert paper.feed_read_at is None
    assert paper.feed_error in text(browser(bank.editor).get("/cms/snippets/clippings/source/"))


def test_a_feed_that_answers_again_recovers(site, paper):
    site.paths["/rss"] = answering(b"gone", 404)
    read(paper)
    read(paper)
    serve(site, MILL_ITEM)
    assert read(paper, now=cast.NOW + 60 * MINUTE).created == 1
    assert (paper.feed_failures, paper.feed_error, paper.feed_next_at) == (0, "", cast.NOW + 90 * MINUTE)


@pytest.mark.parametrize(
    "body", [page(list(MILL)), "<html><body>Please sign in</body></html>", "", "Not found", "<rss><channel></channel></rss>"]
)
def test_what_is_no_feed_is_a_failure_and_no_clipping(site, paper, body):
    site.paths["/rss"] = answering(body.encode(), Content_Type="text/html", ETag='"1"')
    assert read(paper) is None
    assert not Clipping.objects.exists()
    assert (paper.feed_failures, paper.feed_etag) == (1, "")
    assert paper.feed_error.endswith(".")


def test_a_site_that_is_not_there_and_one_inside_the_bank_are_failures(paper):
    Source.objects.filter(pk=paper.pk).update(feed_url="http://127.0.0.1:9/rss")
    assert read(paper) is None
    assert paper.feed_error == "The site 127.0.0.1 cannot be reached."
    assert collect(paper.pk, now=cast.NOW) is None
    paper.refresh_from_db()
    assert "private network" in paper.feed_error or "usual ports" in paper.feed_error


def test_a_broken_entry_costs_only_itself(site, paper):
    serve(site, MILL_ITEM, "<title></title>", FERRY_ITEM)
    report = read(paper)
    assert (report.read, report.created, report.refused) == (3, 2, 1)
    assert paper.feed_failures == 0


def test_a_corrected_entry_updates(site, paper):
    serve(site, MILL_ITEM)
    read(paper)
    serve(site, item("A third mill", f"{MILL[0]} Corrected.", "https://post.example/mill"))
    report = read(paper)
    assert (report.updated, report.created) == (1, 0)
    assert Clipping.objects.get().body.endswith("Corrected.")


def test_a_source_that_waits_for_an_editor_fills_the_inbox(site, paper, bank):
    Source.objects.filter(pk=paper.pk).update(publishes_directly=False)
    serve(site, MILL_ITEM)
    read(paper)
    assert not Clipping.objects.visible_to(bank.rm).exists()
    assert Clipping.objects.visible_to(bank.editor).count() == 1


def test_an_address_that_an_editor_mends_is_read_at_once_and_without_old_marks(site, paper, bank):
    Source.objects.filter(pk=paper.pk).update(feed_etag='"1"', feed_modified="then", feed_failures=9, feed_next_at=cast.NOW + 500 * MINUTE)
    data = {
        "name": paper.name,
        "weight": "1",
        "language": "",
        "feed_url": site.address("/other"),
        "feed_minutes": "30",
        "publishes_directly": "on",
    }
    assert browser(bank.editor).post(f"/cms/snippets/clippings/source/edit/{paper.pk}/", data).status_code == 302
    paper.refresh_from_db()
    assert (paper.feed_etag, paper.feed_modified, paper.feed_failures) == ("", "", 0)
    assert ask_for_due_feeds(now=paper.feed_next_at) == 1
