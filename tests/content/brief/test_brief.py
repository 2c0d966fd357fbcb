"""A person's brief: what stands in it and what does not, what its buttons do, the reading task, and what it costs."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.brief import selectors, services
from content.brief.choices import READING, Why
from content.brief.models import Dismissal, ReadingDay
from content.clippings.choices import Class, MentionState
from content.clippings.models import Clipping
from crm.companies.choices import CoverageKind
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.models import Post
from tests.cast import NOW, Bank, fresh
from tests.companies.making import text
from tests.content.brief.making import DAY, HOUR, mention, story
from tests.visits import making

HTMX = {"HX-Request": "true"}
TODAY = dt.date(2026, 3, 4)


def titles(user: Any) -> list[tuple[str, str]]:
    return [(told.why, told.clip.clipping.title) for told in selectors.brief_of(fresh(user), now=NOW).stories]


@pytest.fixture
def client(bank: Bank) -> Any:
    company = making.company("Yau Tat Textiles", "裕達紡織")
    company.sector = "Consumer Discretionary"
    company.save()
    making.cover(bank, "rm", company)
    return company


@pytest.fixture
def prospect(bank: Bank) -> Any:
    company = making.company("Harbour Precision", "海港精密")
    making.cover(bank, "rm", company, CoverageKind.PROSPECT)
    return company


def test_the_brief_holds_own_clients_own_prospects_own_sectors_and_competitors(bank: Bank, client: Any, prospect: Any) -> None:
    story("A rival lends to groups", event="competitor", at=NOW - HOUR)
    story("Cotton dearer again", sectors=["Consumer Discretionary"], at=NOW - 2 * HOUR)
    story("Harbour Precision picks banks", prospect, at=NOW - 3 * HOUR)
    story("Yau Tat and Harbour Precision agree", prospect, client, at=NOW - 5 * HOUR)
    story("Yau Tat wins an order", client, at=NOW - 4 * HOUR)
    story("Weather stays fine", sectors=["Energy"])
    assert titles(bank.rm) == [
        (Why.CLIENT, "Yau Tat wins an order"),
        (Why.CLIENT, "Yau Tat and Harbour Precision agree"),
        (Why.PROSPECT, "Harbour Precision picks banks"),
        (Why.SECTOR, "Cotton dearer again"),
        (Why.COMPETITOR, "A rival lends to groups"),
    ]
    assert titles(bank.rm2) == [(Why.COMPETITOR, "A rival lends to groups")]


def test_a_team_heads_brief_is_the_teams_and_another_teams_is_not(bank: Bank, client: Any) -> None:
    story("Yau Tat wins an order", client)
    assert titles(bank.head) == [(Why.CLIENT, "Yau Tat wins an order")]
    assert titles(bank.head2) == []
    assert titles(bank.centre) == []


def test_only_what_was_printed_since_last_evening_is_news(bank: Bank, client: Any) -> None:
    evening = dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)  # Tuesday 18:00 in Hong Kong
    story("At six", client, at=evening)
    story("Before six", client, at=evening - dt.timedelta(seconds=1))
    assert titles(bank.rm) == [(Why.CLIENT, "At six")]


def test_what_the_reader_may_not_see_stands_in_no_brief(bank: Bank, client: Any) -> None:
    story("A deal", client, klass=Class.DEAL, added_by=bank.rm2)
    story("Waiting", client, live=False)
    head = story("Told first", client, at=NOW - 2 * HOUR)
    story("Told again", client, head=head)
    Clipping.objects.filter(pk=head.pk).update(similar=1)
    story("Internal", client, klass=Class.INTERNAL, at=NOW - 3 * HOUR)
    assert titles(bank.rm) == [(Why.CLIENT, "Told first"), (Why.CLIENT, "Internal")]


def test_a_company_that_may_be_meant_is_not_yet_named(bank: Bank, client: Any) -> None:
    mention(story("Yau something"), client, state=MentionState.SUGGESTED)
    mention(story("Another Yau"), client, state=MentionState.REFUSED)
    assert titles(bank.rm) == []


def test_coverage_that_ended_is_no_longer_own(bank: Bank, client: Any) -> None:
    story("Yau Tat wins an order", client)
    client.coverage.update(to_at=NOW - DAY)
    assert titles(bank.rm) == []


def test_own_news_is_found_below_a_thousand_others(bank: Bank, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "WEIGHED", 2)
    story("Yau Tat wins an order", client, at=NOW - 9 * HOUR)
    for number in range(4):
        story(f"Rival {number}", event="competitor", at=NOW - HOUR - number * dt.timedelta(minutes=1))
    assert [title for _why, title in titles(bank.rm)] == ["Yau Tat wins an order", "Rival 0", "Rival 1"]


# Not relevant


def test_a_story_put_aside_leaves_the_brief_of_that_person_alone(bank: Bank, client: Any) -> None:
    told = story("Yau Tat wins an order", client)
    services.put_aside(clipping_id=told.pk, actor=bank.rm, now=NOW)
    services.put_aside(clipping_id=told.pk, actor=bank.rm, now=NOW + HOUR)
    assert titles(bank.rm) == []
    assert titles(bank.head) == [(Why.CLIENT, "Yau Tat wins an order")]
    row = Dismissal.objects.get()
    assert (row.person, row.at) == (bank.rm, NOW)
    assert not Dismissal.objects.visible_to(bank.head).exists()


def test_a_story_put_aside_stays_away_under_another_head(bank: Bank, client: Any) -> None:
    first = story("Told first", client)
    services.put_aside(clipping_id=first.pk, actor=bank.rm, now=NOW)
    second = story("Told earlier elsewhere", client, at=NOW - 2 * HOUR, similar=1)
    Clipping.objects.filter(pk=first.pk).update(head=second)
    assert titles(bank.rm) == []


def test_a_follower_put_aside_is_its_story_put_aside(bank: Bank, client: Any) -> None:
    head = story("Told first", client, similar=1)
    follower = story("Told again", head=head)
    assert services.put_aside(clipping_id=follower.pk, actor=bank.rm, now=NOW).clipping == head


def test_stories_like_one_put_aside_stand_lower(bank: Bank, client: Any) -> None:
    old = story("A bond of last week", client, at=NOW - 7 * DAY, event="bond", paper="Bond Weekly")
    story("Yau Tat issues a bond", client, at=NOW - HOUR, event="bond", paper="Bond Weekly")
    story("Yau Tat wins an order", client, at=NOW - 3 * HOUR, event="contract")
    assert [title for _why, title in titles(bank.rm)] == ["Yau Tat issues a bond", "Yau Tat wins an order"]
    services.put_aside(clipping_id=old.pk, actor=bank.rm, now=NOW)
    assert [title for _why, title in titles(bank.rm)] == ["Yau Tat wins an order", "Yau Tat issues a bond"]
    assert [title for _why, title in titles(bank.head)] == ["Yau Tat issues a bond", "Yau Tat wins an order"]


def test_what_is_hidden_cannot_be_put_aside_and_who_has_no_brief_is_refused(bank: Bank) -> None:
    hidden = story("A deal", klass=Class.DEAL, added_by=bank.rm2)
    with pytest.raises(Clipping.DoesNotExist):
        services.put_aside(clipping_id=hidden.pk, actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed):
        services.put_aside(clipping_id=story("Seen").pk, actor=bank.finance, now=NOW)
    assert not Dismissal.objects.exists()


# Reading


def test_each_relationship_manager_gets_the_days_reading_once(bank: Bank) -> None:
    given = services.set_reading(now=NOW)
    people = set(Post.objects.filter(role__in=("ARM", "RM", "SRM")).values_list("user__username", flat=True))
    assert given == len(people) == 5
    assert set(ReadingDay.objects.values_list("person__username", flat=True)) == people
    assert set(WorkItem.objects.values_list("kind", "due_at", "state")) == {(READING, NOW, WorkState.OPEN)}
    assert services.set_reading(now=NOW + HOUR) == 0
    assert WorkItem.objects.count() == 5


def test_nobody_reads_before_six_or_when_the_centre_is_closed(bank: Bank) -> None:
    assert services.set_reading(now=dt.datetime(2026, 3, 3, 21, 59, tzinfo=dt.UTC)) == 0  # 05:59
    assert services.set_reading(now=dt.datetime(2026, 3, 7, 1, tzinfo=dt.UTC)) == 0  # Saturday
    assert services.set_reading(now=dt.datetime(2026, 3, 3, 22, tzinfo=dt.UTC)) == 5


def test_what_was_left_unread_is_dropped_the_next_day(bank: Bank) -> None:
    services.set_reading(now=NOW)
    services.finish_reading(actor=bank.rm2, now=NOW)
    services.set_reading(now=NOW + DAY)
    states = {day.isoformat(): state for day, state in _days(bank.rm)}
    assert states == {"2026-03-04": WorkState.DROPPED, "2026-03-05": WorkState.OPEN}
    assert dict(_days(bank.rm2))[TODAY] == WorkState.DONE


def _days(user: Any) -> list[tuple[dt.date, str]]:
    days = dict(ReadingDay.objects.filter(person=user).values_list("pk", "day"))
    return [(days[key], state) for key, state in WorkItem.objects.filter(assignee=user).values_list("subject_id", "state")]


def test_done_is_done_once_closes_the_work_and_is_counted_for_oneself(bank: Bank) -> None:
    for back in (2, 1):
        ReadingDay.objects.create(person=bank.rm, day=TODAY - back * DAY, done_at=NOW - back * DAY if back == 2 else None)
    ReadingDay.objects.create(person=bank.rm, day=TODAY - 30 * DAY, done_at=NOW - 30 * DAY)
    services.set_reading(now=NOW)
    services.finish_reading(actor=bank.rm, now=NOW - HOUR)
    day = services.finish_reading(actor=bank.rm, now=NOW)
    assert (day.day, day.done_at) == (TODAY, NOW - HOUR)
    item = WorkItem.objects.get(assignee=bank.rm)
    assert (item.state, item.closed_by, item.closed_at) == (WorkState.DONE, bank.rm, NOW - HOUR)
    reading = selectors.reading_of(bank.rm, now=NOW)
    assert (reading.today, reading.read, reading.days) == (day, 2, 3)
    assert selectors.reading_of(bank.head, now=NOW).days == 0
    assert not ReadingDay.objects.visible_to(bank.auditor).exists()


def test_whoever_reads_before_the_task_is_set_gets_none(bank: Bank) -> None:
    services.finish_reading(actor=bank.rm, now=NOW - 5 * HOUR)
    services.set_reading(now=NOW)
    assert not WorkItem.objects.filter(assignee=bank.rm).exists()


def test_one_tap_on_today_says_done_and_another_takes_it_back(bank: Bank, browse: Any) -> None:
    services.set_reading(now=NOW)
    item, browser = WorkItem.objects.get(assignee=bank.rm), browse(bank.rm)
    day = ReadingDay.objects.get(person=bank.rm)
    assert day.get_absolute_url() in text(browser.get("/"))
    assert browser.get(day.get_absolute_url()).url == "/news/brief/"
    assert browser.post(f"/tasks/{item.pk}/done/", headers=HTMX).status_code == 200
    day.refresh_from_db()
    assert day.done_at == NOW
    with pytest.raises(RuleBroken):
        services.tick_reading(item_id=item.pk, actor=bank.rm, now=NOW)
    assert browser.post(f"/tasks/{item.pk}/reopen/", headers=HTMX).status_code == 200
    day.refresh_from_db()
    assert day.done_at is None
    with pytest.raises(WorkItem.DoesNotExist):
        services.tick_reading(item_id=item.pk, actor=bank.rm2, now=NOW)


def test_who_has_no_brief_has_no_reading(bank: Bank) -> None:
    with pytest.raises(NotAllowed):
        services.finish_reading(actor=bank.finance, now=NOW)
    assert not ReadingDay.objects.exists()


# Pages


def test_the_page_shows_stories_by_why_with_minutes_and_what_one_tap_does(bank: Bank, browse: Any, client: Any) -> None:
    stranger = making.company("Blue Kiln Ceramics", "")
    story("Yau Tat wins an order", client, read_minutes=4)
    story("Blue Kiln moves its plant", stranger, event="competitor", read_minutes=3, at=NOW - 2 * HOUR)
    page = text(browse(bank.rm).get("/news/brief/"))
    assert "2 stories" in page
    assert "7 min to read" in page
    assert page.index("Your clients") < page.index("Yau Tat wins") < page.index("Competitors") < page.index("Blue Kiln moves")
    assert page.count("Make it a prospect") == 1
    assert page.count("Add a call task") == page.count("Not relevant") == 2


def test_make_it_a_prospect_opens_the_form_filled_in(bank: Bank, browse: Any) -> None:
    stranger, browser = making.company("Blue Kiln Ceramics", ""), browse(bank.rm)
    story("Blue Kiln moves its plant", stranger, event="competitor")
    url = re.search(r'href="(/prospects/add/[^"]+)"', text(browser.get("/news/brief/")))
    assert url
    page = browser.get(url[1].replace("&amp;", "&"))
    assert page.context["company"] == stranger
    assert page.context["form"].initial["source"] == "CLIP"
    assert page.context["form"].initial["source_detail"] == "Harbour Journal: Blue Kiln moves its plant"


def test_add_a_call_task_opens_the_form_filled_in_and_comes_back(bank: Bank, browse: Any, client: Any) -> None:
    story("Yau Tat wins an order", client)
    browser = browse(bank.rm)
    url = re.search(r'href="(/tasks/add/\?title=[^"]+)"', text(browser.get("/news/brief/")))
    assert url
    address = url[1].replace("&amp;", "&")
    title = browser.get(address).context["form"].initial["title"]
    assert title == "Call about: Yau Tat wins an order"
    done = browser.post(address, {"title": title, "due_at": "2026-03-05T10:00"})
    assert done.url == "/news/brief/"
    assert WorkItem.objects.get().company == client


def test_not_relevant_is_one_tap(bank: Bank, browse: Any, client: Any) -> None:
    told, browser = story("Yau Tat wins an order", client), browse(bank.rm)
    page = text(browser.post(f"/news/brief/stories/{told.pk}/not-relevant/", follow=True))
    assert "stories like it stand lower" in page
    assert "Yau Tat wins an order" not in page
    assert "Nothing new since last evening." in page


def test_done_reading_is_one_tap_and_opening_the_page_is_none(bank: Bank, browse: Any, client: Any) -> None:
    browser = browse(bank.rm)
    assert "Done reading" in text(browser.get("/news/brief/"))
    assert not ReadingDay.objects.exists()
    page = text(browser.post("/news/brief/done/", follow=True))
    assert "Read for today" in page
    assert "Read on 1 of 1 day in the last 30 days. Only you see this." in page


def test_today_has_the_card_and_loads_its_stories_apart(bank: Bank, browse: Any, client: Any) -> None:
    for number in range(6):
        story(f"Yau Tat {number}", client, at=NOW - number * HOUR)
    browser = browse(bank.rm)
    page = text(browser.get("/"))
    assert 'hx-get="/news/brief/card/"' in page
    assert "Yau Tat 0" not in page
    card = text(browser.get("/news/brief/card/", headers=HTMX))
    assert ["Yau Tat 3" in card, "Yau Tat 4" in card, "All 6 stories" in card] == [True, False, True]
    assert "/news/brief/card/" not in text(browse(bank.finance).get("/"))


@pytest.mark.parametrize("path", ["/news/brief/", "/news/brief/card/"])
def test_the_brief_costs_the_same_statements_however_much_was_printed(bank: Bank, browse: Any, client: Any, path: str) -> None:
    browser = browse(bank.rm)
    story("Yau Tat wins an order", client)

    def cost() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    few = cost()
    for number in range(30):
        more = making.company(f"Company {number}", "")
        making.cover(bank, "rm", more)
        story(f"Story {number}", more, making.company(f"Stranger {number}", ""), event="competitor", sectors=["Energy"])
        services.put_aside(clipping_id=story(f"Old {number}", at=NOW - DAY).pk, actor=bank.rm, now=NOW)
    assert cost() == few <= 15
