"""The editors' lists: what waits and what is published, tagged, published and withdrawn many at a time."""

from typing import Any

import pytest
from django.urls import reverse

from content.clippings.models import Clipping
from content.clippings.services import Tags, publish_clipping, tag_clipping
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.outbox import deliver_pending
from tests import cast
from tests.companies.making import browser, covered, text
from tests.content.making import FERRY, MILL, clip, fresh, ids, searched, states, wrong_stories
from tests.content.making import text as body_of

pytestmark = pytest.mark.django_db
KEY = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
NOTHING = {"event": "", "klass": "", "language": ""}


def send(who: Any, name: str, chosen: list[Clipping], key: str = KEY, **data: Any) -> Any:
    """The second answer of an act on many rows; what follows from it is settled."""
    answer = who.post(reverse(f"clippings:{name}"), {"selected": [row.pk for row in chosen], "submission": key, **data})
    assert deliver_pending() == 0
    return answer


@pytest.fixture
def who(bank: cast.Bank, embedded: None) -> Any:
    """The editor's browser."""
    return browser(bank.editor)


def test_the_inbox_shows_what_waits_and_what_it_copies_and_no_deal(bank, who, django_assert_max_num_queries):
    held = clip("A third mill", body_of(*MILL))
    clip("Walls rise", body_of(*MILL, "Says Ann."), by=bank.rm, publish=False)
    clip("A new ferry", body_of(*FERRY), by=bank.rm, publish=False)
    clip("A listing in June", by=bank.editor, klass="D")
    who.get(reverse("clippings:inbox_published"))  # the session is written
    with django_assert_max_num_queries(9):
        page = text(who.get(reverse("clippings:inbox")))
    assert "Walls rise" in page
    assert "A new ferry" in page
    assert page.count(held.get_absolute_url()) == 1
    assert "A listing in June" not in page
    assert "A third mill" in text(who.get(reverse("clippings:inbox_published")))


def test_chosen_clippings_are_published_and_readers_search_and_stories_have_them(bank, who):
    named = covered(bank, "Yuet Tat Textiles Limited")
    head = clip("A third mill", body_of(*MILL))
    copy = clip("Walls rise", body_of(*MILL, "Yuet Tat Textiles Limited said so."), by=bank.rm, publish=False)
    ferry = clip("A new ferry", body_of(*FERRY), by=bank.rm, publish=False)
    answer = send(who, "inbox_publish", [copy, ferry])
    assert "2 rows done." in text(answer)
    assert (fresh(copy).live, fresh(copy).head_id, fresh(head).similar, fresh(ferry).live) == (True, head.pk, 1, True)
    assert states(copy) == {named.pk: "linked"}
    assert ids(searched(bank.lobby, "ferry")) == [ferry.pk]
    assert fresh(ferry).latest_revision.user == bank.editor
    assert fresh(ferry).history.first().history_user == bank.editor
    assert wrong_stories() == []
    undone = who.post(reverse("clippings:inbox_publish"), {"undo": KEY})
    assert deliver_pending() == 0
    assert "2 rows taken back." in text(undone)
    assert searched(bank.lobby, "ferry").total == 0
    assert (fresh(copy).live, fresh(head).similar) == (False, 0)


def test_tags_are_written_on_many_what_is_left_out_stays_and_it_can_be_taken_back(bank, who):
    mill = clip("A third mill", body_of(*MILL), event="plant", sectors=("Materials",))
    ferry = clip("A new ferry", body_of(*FERRY))
    deliver_pending()
    send(who, "published_tag", [mill, ferry], **NOTHING | {"klass": "I", "sectors": ["Energy"]})
    assert [(row.event, row.klass, row.sectors) for row in (fresh(mill), fresh(ferry))] == [
        ("plant", "I", ["Materials", "Energy"]),
        ("", "I", ["Energy"]),
    ]
    assert searched(bank.lobby, "ferry OR mill").total == 0
    assert set(ids(searched(bank.rm, "ferry OR mill", filters={"sector": ["Energy"]}))) == {mill.pk, ferry.pk}
    assert fresh(mill).latest_revision.content["klass"] == "I"
    who.post(reverse("clippings:published_tag"), {"undo": KEY})
    assert deliver_pending() == 0
    assert [(row.event, row.klass, row.sectors) for row in (fresh(mill), fresh(ferry))] == [("plant", "P", ["Materials"]), ("", "P", [])]
    assert set(ids(searched(bank.lobby, "ferry OR mill"))) == {mill.pk, ferry.pk}


def test_a_tag_on_what_waits_publishes_nothing(bank, who):
    waiting = clip("A new ferry", body_of(*FERRY), by=bank.rm, publish=False)
    send(who, "inbox_tag", [waiting], **NOTHING | {"event": "contract", "sectors": []})
    assert (fresh(waiting).event, fresh(waiting).live) == ("contract", False)
    assert ids(searched(bank.editor, "ferry", filters={"event": ["contract"]})) == [waiting.pk]
    assert searched(bank.lobby, "ferry").total == 0


def test_no_tag_at_all_is_asked_for_again(bank, who):
    answer = send(who, "inbox_tag", [clip("A new ferry", publish=False)], **NOTHING)
    assert answer.status_code == 422
    assert "Choose at least one tag." in text(answer)


def test_withdrawn_ones_leave_readers_and_come_back_to_the_inbox(bank, who):
    held = clip("A third mill", body_of(*MILL))
    deliver_pending()
    send(who, "published_withdraw", [held])
    assert browser(bank.lobby).get(held.get_absolute_url()).status_code == 404
    assert searched(bank.lobby, "mill").total == 0
    assert "A third mill" in text(who.get(reverse("clippings:inbox")))


def test_each_that_is_refused_says_why_and_the_others_are_done(bank, who):
    waiting, drafted = clip("A new ferry", publish=False), clip("A third mill", body_of(*MILL))
    drafted.title = "A fourth mill"
    drafted.save_revision()
    assert fresh(drafted).has_unpublished_changes
    answer = text(send(who, "published_tag", [drafted], **NOTHING | {"event": "plant"}))
    assert "A draft of it waits at the desk" in answer
    assert fresh(drafted).title == "A third mill"
    with pytest.raises(RuleBroken, match="has these tags already"):
        tag_clipping(clipping_id=waiting.pk, tags=Tags(klass="P"), actor=bank.editor)
    publish_clipping(clipping_id=drafted.pk, actor=bank.editor)
    assert fresh(drafted).title == "A fourth mill"
    with pytest.raises(RuleBroken, match="published already"):
        publish_clipping(clipping_id=drafted.pk, actor=bank.editor)


def test_only_editors_and_never_a_deal(bank, embedded):
    waiting, deal = clip("A new ferry", by=bank.rm, publish=False), clip("A listing in June", by=bank.editor, klass="D")
    for url in ("inbox", "inbox_published", "inbox_publish", "published_withdraw"):
        assert browser(bank.rm).get(reverse(f"clippings:{url}")).status_code == 403
    with pytest.raises(NotAllowed, match="Only content editors"):
        publish_clipping(clipping_id=waiting.pk, actor=bank.rm)
    with pytest.raises(NotAllowed, match="Deals stay with whoever added them"):
        tag_clipping(clipping_id=deal.pk, tags=Tags(klass="P"), actor=bank.editor)
    answer = send(browser(bank.editor), "inbox_publish", [deal])
    assert answer.status_code == 422
    assert "Choose at least one row." in text(answer)
