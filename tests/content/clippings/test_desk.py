"""The editors' desk: publish, withdraw and tag by a real browser session; what follows from it; who gets in; and that no deal is there."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from content.clippings.models import Clipping, Mention, Source
from crm.kernel.outbox import deliver_pending
from crm.kernel.worklist import TimelineRow
from crm.staff.choices import Role
from crm.staff.models import Post, User
from tests import cast
from tests.companies.making import browser, company, covered, text
from tests.content.making import DAY, FERRY, MILL, clip, fresh, ids, searched, source, states, wrong_stories
from tests.content.making import text as body_of

pytestmark = pytest.mark.django_db

EDITORS = {name for name, (role, _grade, _unit) in cast.PEOPLE.items() if role == Role.EDIT}


def desk(name: str, *args: Any, of: str = "clipping") -> str:
    return reverse(f"wagtailsnippets_clippings_{of}:{name}", args=args)


def sent(clipping: Clipping, **changes: Any) -> dict[str, Any]:
    """The form of the desk as it is shown, with changes."""
    local = clipping.published_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    data = {name: getattr(clipping, name) for name in ("title", "body", "quote", "author", "page", "url", "language", "event", "klass")}
    return data | {"source": clipping.source_id, "published_at": f"{local:%Y-%m-%d %H:%M}", "sectors": clipping.sectors} | changes


def publish(who: Any, clipping: Clipping, **changes: Any) -> None:
    """Press "Publish" on the clipping's page at the desk."""
    answer = who.post(desk("edit", clipping.pk), sent(clipping, **changes) | {"action-publish": "action-publish"})
    assert answer.status_code == 302, text(answer)
    assert deliver_pending() == 0


def withdraw(who: Any, clipping: Clipping) -> None:
    assert who.post(desk("unpublish", clipping.pk)).status_code == 302
    assert deliver_pending() == 0


@pytest.fixture
def who(bank, embedded):
    """The editor's browser."""
    return browser(bank.editor)


def test_what_waits_stands_in_the_inbox_and_its_page_shows_near_copies(bank, who):
    held = clip("A third mill", body_of(*MILL))
    waiting = clip("Walls rise", body_of(*MILL, "Says Ann."), by=bank.rm, publish=False)
    inbox = text(who.get(desk("list"), {"live": "false"}))
    assert "Walls rise" in inbox
    assert "A third mill" not in inbox
    page = text(who.get(desk("edit", waiting.pk)))
    assert held.get_absolute_url() in page
    assert "No near copy is held." in text(who.get(desk("edit", clip("A new ferry", publish=False).pk)))


def test_to_publish_lets_readers_search_stories_and_timelines_have_it(bank, who):
    named = covered(bank, "Yuet Tat Textiles Limited")
    head = clip("A third mill", body_of(*MILL))
    waiting = clip("Walls rise", body_of(*MILL, "Yuet Tat Textiles Limited said so."), by=bank.rm, publish=False)
    deliver_pending()
    assert ids(searched(bank.lobby, "walls")) == [head.pk]
    publish(who, waiting)
    held = fresh(waiting)
    assert (held.live, held.head_id, fresh(head).similar) == (True, head.pk, 1)
    assert states(held) == {named.pk: "linked"}
    assert browser(bank.lobby).get(held.get_absolute_url()).status_code == 200
    assert ids(searched(bank.lobby, "textiles", flat=True)) == [held.pk]
    assert held.history.first().history_user == bank.editor
    assert wrong_stories() == []


def test_to_withdraw_takes_it_from_readers_search_stories_and_timelines(bank, who):
    named = covered(bank, "Yuet Tat Textiles Limited")
    head = clip("A third mill", body_of(*MILL, "Yuet Tat Textiles Limited said so."))
    copy = clip("Walls rise", body_of(*MILL, "Yuet Tat Textiles Limited told us."))
    deliver_pending()
    assert TimelineRow.objects.get(company=named, kind="clipping").subject_id == head.pk
    withdraw(who, head)
    assert browser(bank.lobby).get(head.get_absolute_url()).status_code == 404
    assert ids(searched(bank.lobby, "mill OR walls", flat=True)) == [copy.pk]
    assert fresh(copy).head_id is None
    assert TimelineRow.objects.get(company=named, kind="clipping").subject_id == copy.pk
    assert searched(bank.lobby, "walls").hits[0].shown.copies == 0
    assert wrong_stories() == []


def test_to_withdraw_a_copy_leaves_its_story_right(bank, who):
    head, copy = clip("A third mill", body_of(*MILL)), clip("Walls rise", body_of(*MILL, "Says Ann."))
    deliver_pending()
    withdraw(who, copy)
    assert copy.history.filter(live=False).last().history_user == bank.editor
    assert (fresh(copy).live, fresh(copy).head_id, fresh(head).similar) == (False, None, 0)
    assert wrong_stories() == []


def test_tags_by_an_editor_are_shown_and_narrow_the_search(bank, who):
    held = clip("A third mill", body_of(*MILL))
    deliver_pending()
    publish(who, held, event="litigation", sectors=["Energy"], klass="I")
    held = fresh(held)
    assert (held.event, held.klass, held.sectors) == ("litigation", "I", ["Energy"])
    assert ids(searched(bank.rm, "mill", filters={"event": ["litigation"]})) == [held.pk]
    assert searched(bank.lobby, "mill").total == 0
    assert browser(bank.lobby).get(held.get_absolute_url()).status_code == 404


def test_a_corrected_text_is_read_for_companies_and_searched_anew(bank, who):
    named = company(bank, "Yuet Tat Textiles Limited")
    held = clip("A third mill", body_of(*MILL))
    deliver_pending()
    publish(who, held, body="Yuet Tat Textiles Limited denies it.")
    assert states(held) == {named.pk: "linked"}
    assert ids(searched(bank.rm, "denies")) == [held.pk]
    assert searched(bank.rm, "Dongjiang").total == 0


def test_a_draft_of_what_is_published_is_read_by_nobody_until_it_is_published(bank, who):
    held = clip("A third mill", body_of(*MILL))
    deliver_pending()
    assert who.post(desk("edit", held.pk), sent(held, title="A fourth mill")).status_code == 302
    deliver_pending()
    assert "fourth" not in text(browser(bank.rm).get(held.get_absolute_url()))
    assert searched(bank.rm, "fourth").total == 0
    publish(who, held, title="A fourth mill")
    assert ids(searched(bank.rm, "fourth")) == [held.pk]


def test_a_draft_that_waited_while_the_story_moved_on_breaks_nothing_when_it_is_published(bank, who):
    head, copy = clip("A third mill", body_of(*MILL)), clip("Walls rise", body_of(*MILL, "Says Ann."))
    deliver_pending()
    for clipping in (head, copy):
        assert who.post(desk("edit", clipping.pk), sent(clipping, title=f"{clipping.title} soon")).status_code == 302
    later = clip("Mortar", body_of(*MILL, "Says Bob."))
    withdraw(who, head)
    versions = {clipping.pk: fresh(clipping).version for clipping in (head, copy, later)}
    for clipping in (copy, head):
        Clipping.objects.get(pk=clipping.pk).latest_revision.publish(user=bank.editor)
        assert deliver_pending() == 0
        assert wrong_stories() == []
        assert fresh(clipping).version > versions[clipping.pk]
    assert fresh(head).title == "A third mill soon"
    assert searched(bank.rm, "soon", flat=True).total_flat == 2


def test_an_editor_writes_a_clipping_and_holds_it_once(bank, who):
    paper = source()
    data = sent(Clipping(title="By hand", body=FERRY[0], source=paper, published_at=cast.NOW, klass="P"), **{"action-publish": "1"})
    assert who.post(desk("add"), data).status_code == 302
    assert deliver_pending() == 0
    held = Clipping.objects.get()
    assert (held.live, held.added_by, held.quote) == (True, bank.editor, FERRY[0])
    assert ids(searched(bank.lobby, "ferry")) == [held.pk]
    again = who.post(desk("add"), data)
    assert "This clipping is held already." in text(again)
    assert Clipping.objects.count() == 1


def test_no_deal_is_made_at_the_desk(bank, who):
    held = clip("A third mill", publish=False)
    answer = who.post(desk("edit", held.pk), sent(held, klass="D") | {"action-publish": "1"})
    assert answer.status_code == 200
    assert (fresh(held).klass, fresh(held).live) == ("P", False)


def test_a_source_is_weighed_and_licensed_at_the_desk(bank, who):
    paper = source()
    data = {
        "name": paper.name,
        "weight": "2.0",
        "language": "en",
        "licensed": "on",
        "feed_url": "https://post.example/rss",
        "feed_minutes": "45",
    }
    assert who.post(desk("edit", paper.pk, of="source"), data).status_code == 302
    paper.refresh_from_db()
    assert (str(paper.weight), paper.licensed, paper.publishes_directly) == ("2.0", True, False)
    assert paper.feed_next_at is not None
    assert paper.history.first().history_user == bank.editor


def places(clipping: Clipping, paper: Source) -> dict[str, str]:
    """Every address of the desk that might show or touch a clipping."""
    of_one = ("edit", "delete", "usage", "history", "history_results", "unpublish", "workflow_history")
    found = {name: desk(name, clipping.pk) for name in of_one}
    found |= {"list": desk("list"), "list_results": desk("list_results"), "source usage": desk("usage", paper.pk, of="source")}
    found["compare"] = desk("revisions_compare", clipping.pk, "live", "latest")
    found["cancel"] = desk("confirm_workflow_cancellation", clipping.pk)
    chooser = "/cms/snippets/choose/clippings/clipping/"
    found |= {"choose": chooser, "choose_results": f"{chooser}results/", "chosen": f"{chooser}chosen/{clipping.pk}/"}
    found["chosen_multiple"] = f"{chooser}chosen-multiple/?id={clipping.pk}"
    found |= {f"bulk {act}": f"/cms/bulk/clippings/clipping/{act}/?next=%2F&id={clipping.pk}" for act in ("delete", "publish", "unpublish")}
    found |= {"search": f"{desk('list')}?q=Quailfeather", "home": "/cms/", "export": f"{desk('list')}?export=csv"}
    return found


def whole(answer: Any) -> str:
    """A page or a file."""
    return b"".join(answer).decode()


def test_no_deal_is_at_the_desk_and_none_is_touched_from_there(bank, who):
    deal = clip("Quailfeather", by=bank.rm, klass="D", publish=False)
    deal.save_revision(user=bank.rm)
    before = fresh(deal)
    told, wrong = {}, {}
    for name, address in places(deal, deal.source).items():
        answers = [who.get(address, follow=True), who.post(address, follow=True)]
        told[name] = [answer.status_code for answer in answers]
        if any("Quailfeather" in whole(answer).replace("q=Quailfeather", "").replace('value="Quailfeather"', "") for answer in answers):
            wrong[name] = told[name]
    assert wrong == {}
    after = fresh(deal)
    assert (after.live, after.title, after.version, after.klass) == (before.live, before.title, before.version, "D")
    assert {name: told[name][0] for name in ("edit", "history", "unpublish", "usage")} == dict.fromkeys(
        ("edit", "history", "unpublish", "usage"), 404
    )


def test_nobody_else_gets_in(bank):
    waiting = clip("Quailfeather", publish=False)
    one_of_each_role = {role: name for name, (role, _grade, _unit) in cast.PEOPLE.items()}
    for name in one_of_each_role.values():
        person = browser(bank.people[name])
        answers = {place: person.get(address).status_code for place, address in places(waiting, waiting.source).items()}
        if name in EDITORS:
            assert answers["list"] == answers["edit"] == 200
        else:
            assert set(answers.values()) == {404}, name
            assert person.post(desk("unpublish", waiting.pk)).status_code == 404


def test_nothing_that_was_published_is_deleted(bank, who):
    held = clip("A third mill", at=cast.NOW - DAY)
    for address in (desk("delete", held.pk), f"/cms/bulk/clippings/clipping/delete/?id={held.pk}&next=%2F"):
        who.post(address)
    assert Clipping.objects.filter(pk=held.pk).exists()
    assert not Mention.objects.exists()


@pytest.fixture
def colleague(bank, embedded):
    """Another editor's browser."""
    user = User.objects.create(username="editor2", name_en="Second Editor")
    Post.objects.create(user=user, role=Role.EDIT, grade=0, unit=bank.head_office, from_at=cast.NOW - 365 * DAY)
    return browser(user)


def act(who: Any, clipping: Clipping, action: str) -> Any:
    """Press one of the workflow's buttons on the clipping's page."""
    told = {"action-workflow-action": "True", "workflow-action-name": action, "workflow-action-extra-data": '{"comment": "Name the mill"}'}
    answer = who.post(desk("edit", clipping.pk), sent(clipping) | told)
    assert deliver_pending() == 0
    return answer


def test_another_editor_publishes_what_one_hands_over_and_nobody_their_own(bank, who, colleague):
    waiting = clip("A third mill", body_of(*MILL), by=bank.editor, publish=False)
    assert who.post(desk("edit", waiting.pk), sent(waiting) | {"action-submit": "True"}).status_code == 302
    assert fresh(waiting).current_workflow_state.requested_by == bank.editor
    assert "Approve and publish" not in text(who.get(desk("edit", waiting.pk)))
    act(who, waiting, "approve")
    assert not fresh(waiting).live
    assert "A third mill" in text(colleague.get(reverse("wagtailadmin_home")))
    assert "Approve and publish" in text(colleague.get(desk("edit", waiting.pk)))
    act(colleague, waiting, "approve")
    assert fresh(waiting).live
    assert ids(searched(bank.lobby, "mill")) == [waiting.pk]


def test_who_is_asked_for_changes_hears_why_and_hands_it_over_again(bank, who, colleague):
    waiting = clip("A third mill", body_of(*MILL), by=bank.editor, publish=False)
    who.post(desk("edit", waiting.pk), sent(waiting) | {"action-submit": "True"})
    act(colleague, waiting, "reject")
    state = fresh(waiting).current_workflow_state
    assert (fresh(waiting).live, state.status, state.current_task_state.comment) == (False, "needs_changes", "Name the mill")
    who.post(desk("edit", waiting.pk), sent(waiting, title="The Dongjiang mill") | {"action-submit": "True"})
    act(colleague, fresh(waiting), "approve")
    assert (fresh(waiting).live, fresh(waiting).title) == (True, "The Dongjiang mill")


def test_what_is_published_leaves_the_workflow(bank, who, colleague):
    waiting = clip("A third mill", body_of(*MILL), by=bank.editor, publish=False)
    who.post(desk("edit", waiting.pk), sent(waiting) | {"action-submit": "True"})
    publish(who, waiting)
    assert fresh(waiting).current_workflow_state is None


def test_the_search_box_of_the_desk_searches_all_of_rapport(bank, who):
    answer = who.get("/cms/pages/", {"q": "紡織 mill"})
    assert (answer.status_code, answer["Location"]) == (302, f"/search/?{urlencode({'q': '紡織 mill'})}")
    assert who.get("/cms/pages/").status_code == 404
    assert browser(bank.rm).get("/cms/pages/", {"q": "mill"}).status_code == 404
