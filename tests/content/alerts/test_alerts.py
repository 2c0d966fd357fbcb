"""Alerts find what their owners may see, once a story, and tell of it once: when it is due, at most so many, in their language."""

import datetime as dt
from typing import Any

import pytest

from content.alerts import selectors, services
from content.alerts.choices import Pace
from content.alerts.models import Alert, AlertHit
from content.alerts.services import AlertTerms, finding
from content.clippings.choices import Class
from content.clippings.models import Clipping
from content.clippings.services import Draft, add_clippings
from crm.kernel import contributions
from crm.kernel.contributions import CompanyNames
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.outbox import deliver_pending
from crm.kernel.query import QueryError
from crm.notifications.models import Mail
from crm.staff.models import Post
from tests.cast import NOW, Bank, fresh
from tests.companies.making import text
from tests.content.brief.making import DAY, HOUR, source, story
from tests.visits import making

HTMX = {"HX-Request": "true"}


def keep(user: Any, query: str, name: str = "", **terms: Any) -> Alert:
    terms = {"pace": Pace.AT_ONCE, **terms}
    return services.keep_alert(terms=AlertTerms(name or query[:80], query, **terms), actor=user)


def find(*clippings: Clipping, now: dt.datetime = NOW) -> int:
    return services.find_stories([clipping.pk for clipping in clippings], now=now)


def hits() -> list[tuple[str, str]]:
    return sorted(AlertHit.objects.values_list("alert__name", "clipping__title"))


# Keeping


def test_an_alert_is_its_owners_own(bank: Bank) -> None:
    alert = keep(bank.rm, "  cotton   yarn ")
    assert (alert.owner, alert.query, alert.cap, alert.is_on) == (bank.rm, "cotton yarn", 20, True)
    assert list(Alert.objects.visible_to(bank.rm)) == [alert]
    for other in (bank.rm2, bank.head, bank.auditor, bank.admin):
        assert not Alert.objects.visible_to(other).exists()
        with pytest.raises(Alert.DoesNotExist):
            services.remove_alert(alert_id=alert.pk, actor=other)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"cap": 0}, "cap"),
        ({"cap": 101}, "cap"),
        ({"pace": "weekly"}, "cap"),
        ({"quiet_from": dt.time(22)}, "quiet_to"),
        ({"quiet_to": dt.time(7)}, "quiet_to"),
        ({"name": "taken"}, "name"),
    ],
)
def test_terms_that_make_no_sense_are_refused(bank: Bank, terms: dict[str, Any], field: str) -> None:
    keep(bank.rm, "cotton", "taken")
    with pytest.raises(RuleBroken) as refusal:
        services.keep_alert(terms=AlertTerms(**{"name": "fine", "query": "cotton", **terms}), actor=bank.rm)
    assert field in refusal.value.fields
    assert Alert.objects.count() == 1


def test_a_query_must_be_well_formed_and_its_keeper_a_reader(bank: Bank) -> None:
    with pytest.raises(QueryError):
        keep(bank.rm, "cotton AND (", "name")
    with pytest.raises(NotAllowed):
        keep(bank.admin, "cotton")


def test_nobody_keeps_more_than_a_hundred(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.alerts.rules.MOST_ALERTS", 2)
    keep(bank.rm, "cotton")
    keep(bank.rm, "yarn")
    with pytest.raises(RuleBroken, match="2 alerts already"):
        keep(bank.rm, "silk")
    keep(bank.rm2, "silk")


def test_a_change_makes_what_waits_due_by_the_new_terms_and_needs_the_version_seen(bank: Bank) -> None:
    alert = keep(bank.rm, "cotton", pace=Pace.DAILY)
    find(story("Cotton dearer"))
    assert AlertHit.objects.get().due_at == dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
    terms = AlertTerms("cotton", "cotton", Pace.AT_ONCE)
    changed = services.change_alert(alert_id=alert.pk, version=1, terms=terms, actor=bank.rm, now=NOW)
    assert (changed.version, AlertHit.objects.get().due_at) == (2, NOW)
    with pytest.raises(StaleVersion):
        services.change_alert(alert_id=alert.pk, version=1, terms=terms, actor=bank.rm, now=NOW)


# Finding


def test_alerts_find_what_they_look_for_and_say_why(bank: Bank) -> None:
    keep(bank.rm, "棉纱 OR cotton")
    keep(bank.rm2, "silk")
    assert find(story("本地棉紗價格上升"), story("Weather stays fine")) == 1
    assert hits() == [("棉纱 OR cotton", "本地棉紗價格上升")]
    assert AlertHit.objects.get().why == "棉紗"


def test_a_story_is_found_once_however_often_it_is_printed_or_told_of(bank: Bank) -> None:
    keep(bank.rm, "cotton")
    first = story("Cotton dearer")
    assert [find(first), find(first)] == [1, 0]
    again = story("Cotton dearer again", head=first)
    assert find(again) == 0
    best = story("Cotton dearer, says the wire", similar=1)
    Clipping.objects.filter(pk=first.pk).update(head=best)
    assert find(best) == 0
    assert len(hits()) == 1


def test_nobody_is_told_what_they_may_not_see(bank: Bank) -> None:
    for user in (bank.rm, bank.rm2, bank.compliance, bank.ops):
        keep(user, "cotton", user.username)
    find(
        story("Cotton deal", klass=Class.DEAL, added_by=bank.rm),
        story("Cotton inside", klass=Class.INTERNAL),
        story("Cotton for all"),
        story("Cotton waits", live=False),
    )
    found = hits()
    assert [title for name, title in found if name == "rm"] == ["Cotton deal", "Cotton for all", "Cotton inside"]
    assert [title for name, title in found if name == "rm2"] == ["Cotton for all", "Cotton inside"]
    assert [title for name, title in found if name == "compliance"] == ["Cotton deal", "Cotton for all", "Cotton inside"]
    assert [title for name, title in found if name == "ops"] == ["Cotton for all"]


def test_who_has_left_is_told_nothing(bank: Bank) -> None:
    keep(bank.rm, "cotton")
    Post.objects.filter(user=bank.rm).update(to_at=NOW - DAY)
    assert find(story("Cotton dearer")) == 0


def test_old_papers_are_no_news_and_switched_off_alerts_are_silent(bank: Bank) -> None:
    keep(bank.rm, "cotton", "on")
    keep(bank.rm, "cotton", "off", is_on=False)
    assert find(story("Cotton of last week", at=NOW - 4 * DAY), story("Cotton of Monday", at=NOW - 2 * DAY)) == 1
    assert hits() == [("on", "Cotton of Monday")]


def test_the_book_follows_its_alerts(bank: Bank) -> None:
    alert = keep(bank.rm, "cotton")
    assert find(story("Cotton")) == 1
    services.change_alert(alert_id=alert.pk, version=1, terms=AlertTerms("a", "silk"), actor=bank.rm, now=NOW)
    assert find(story("Cotton and more")) == 0
    assert find(story("Silk")) == 1
    services.remove_alert(alert_id=alert.pk, actor=bank.rm)
    assert find(story("Silk again")) == 0
    assert len(finding._state.book) == 0


def test_a_company_is_looked_for_by_whom_the_clipping_names(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    company = making.company("Yau Tat Textiles", "裕達紡織")
    names = CompanyNames(lambda _user, name: [company.pk] if name == "Yau Tat" else [], lambda _user, ids: {})
    monkeypatch.setitem(contributions._registry, CompanyNames, [names])
    keep(bank.rm, 'company:"Yau Tat"', "them")
    assert find(story("Orders rise", company), story("Yau Tat in the headline alone")) == 1
    assert hits() == [("them", "Orders rise")]
    assert AlertHit.objects.get().why == "Yau Tat"


def test_what_is_published_is_looked_at_in_the_background(bank: Bank, still: None) -> None:
    keep(bank.rm, "cotton")
    draft = Draft("Cotton dearer", "By the bale.", NOW - HOUR)
    add_clippings(source_id=source().pk, drafts=[draft], actor=None, now=NOW)
    add_clippings(source_id=source().pk, drafts=[Draft("Cotton waits", "", NOW)], actor=None, now=NOW, publish=False)
    assert deliver_pending() == 0
    assert hits() == [("cotton", "Cotton dearer")]


# Telling


def tell(now: dt.datetime = NOW) -> int:
    return services.tell_due(now=now)


def test_each_owner_gets_one_mail_with_all_that_is_due_and_never_again(bank: Bank) -> None:
    keep(bank.rm, "cotton")
    keep(bank.rm, "silk")
    keep(bank.rm2, "silk")
    clippings = [story("Cotton dearer"), story("Silk cheaper")]
    find(*clippings)
    assert [tell(), tell(), tell(NOW + DAY)] == [2, 0, 0]
    assert {mail.to for mail in Mail.objects.all()} == {bank.rm, bank.rm2}
    message = Mail.objects.get(to=bank.rm)
    assert (message.kind, message.deliver_at) == ("alerts", NOW)
    assert message.subject == "2 new stories for your alerts"
    assert message.body.index("Cotton dearer") < message.body.index("Silk cheaper")
    assert f"http://127.0.0.1:8000/news/{clippings[0].pk}/" in message.body
    assert "Why: Cotton" in message.body


def test_nothing_is_told_before_it_is_due(bank: Bank) -> None:
    keep(bank.rm, "cotton", pace=Pace.HOURLY)
    keep(bank.rm, "cotton", "daily", pace=Pace.DAILY)
    find(story("Cotton dearer"), now=NOW + 5 * dt.timedelta(minutes=1))
    assert [tell(NOW + 59 * dt.timedelta(minutes=1)), tell(NOW + HOUR)] == [0, 1]
    assert AlertHit.objects.untold().get().alert.name == "daily"
    morning = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
    assert [tell(morning - dt.timedelta(seconds=1)), tell(morning)] == [0, 1]
    assert Mail.objects.count() == 2


def test_a_mail_lists_as_many_as_its_owner_wants(bank: Bank) -> None:
    keep(bank.rm, "cotton", cap=2)
    find(*(story(f"Cotton {number}", at=NOW - number * dt.timedelta(minutes=1)) for number in range(42)))
    tell()
    body = Mail.objects.get().body
    assert [f"Cotton {number}\n" in body for number in range(4)] == [True, True, False, False]
    assert "and 40 more" in body


def test_the_mail_is_in_the_owners_language_and_keeps_a_deal_to_itself(bank: Bank) -> None:
    bank.rm.language = "zh-hant"
    bank.rm.save()
    keep(bank.rm, "cotton")
    find(story("Cotton house for sale", klass=Class.DEAL, added_by=bank.rm))
    tell()
    assert "Cotton house" not in Mail.objects.get().body
    assert "/news/" in Mail.objects.get().body


def test_what_was_withdrawn_meanwhile_is_not_mailed(bank: Bank) -> None:
    keep(bank.rm, "cotton")
    find(story("Cotton dearer"))
    Clipping.objects.update(live=False)
    assert tell() == 1
    assert not Mail.objects.exists()


def test_what_was_found_stands_on_today_and_its_mail_is_read_in_the_application_too(bank: Bank, browse: Any) -> None:
    keep(bank.rm, "cotton")
    find(story("Cotton dearer"))
    assert tell() == 1
    assert "Cotton dearer" in text(browse(bank.rm).get(Mail.objects.get().get_absolute_url()))
    assert browse(bank.rm2).get(Mail.objects.get().get_absolute_url()).status_code == 404
    page = text(browse(bank.rm).get("/"))
    assert "Cotton dearer" in page
    assert "why: Cotton" in page
    assert "Cotton dearer" not in text(browse(bank.rm2).get("/"))


# Pages


def test_the_list_shows_ones_own_alerts_and_what_they_found(bank: Bank, browse: Any) -> None:
    keep(bank.rm, "cotton", "Cotton watch")
    keep(bank.rm2, "cotton", "Of another")
    find(story("Cotton dearer"))
    page = text(browse(bank.rm).get("/news/alerts/"))
    assert "Cotton watch" in page
    assert "1 story in 30 days" in page
    assert "why: Cotton" in page
    assert "Of another" not in page
    assert "No alerts yet" in text(browse(bank.head).get("/news/alerts/"))


def test_what_is_hidden_later_leaves_the_list(bank: Bank, browse: Any) -> None:
    keep(bank.rm, "cotton")
    find(story("Cotton dearer"))
    Clipping.objects.update(live=False)
    assert "Cotton dearer" not in text(browse(bank.rm).get("/news/alerts/"))
    assert selectors.on_today(user=fresh(bank.rm), now=NOW) is None


def test_a_search_is_kept_changed_and_removed(bank: Bank, browse: Any) -> None:
    browser = browse(bank.rm)
    form = browser.get("/news/alerts/add/?query=cotton+yarn").context["form"]
    assert (form["name"].value(), form["query"].value()) == ("cotton yarn", "cotton yarn")
    sent = {"name": "Cotton", "query": "cotton yarn", "pace": "daily", "cap": 5, "is_on": "on", "quiet_from": "22:00", "quiet_to": "07:00"}
    assert browser.post("/news/alerts/add/", sent).url == "/news/alerts/"
    alert = Alert.objects.get()
    assert (alert.owner, alert.cap, alert.quiet_from) == (bank.rm, 5, dt.time(22))
    assert browser.post("/news/alerts/add/", sent | {"name": "Other", "query": 'cotton "'}).status_code == 422
    assert browser.post("/news/alerts/add/", sent | {"name": "Other", "quiet_to": ""}).status_code == 422
    url = alert.get_absolute_url()
    assert browser.get(url).context["form"]["quiet_from"].value() == dt.time(22)
    changed = {"name": "Cotton", "query": "silk", "pace": "at_once", "cap": 5, "version": 1}
    assert browser.post(url, changed).url == "/news/alerts/"
    alert.refresh_from_db()
    assert (alert.query, alert.is_on, alert.quiet_from) == ("silk", False, None)
    assert browse(bank.rm2).get(url).status_code == 404
    assert browser.post(f"{url}remove/").url == "/news/alerts/"
    assert not Alert.objects.exists()


def test_the_preview_counts_stories_by_day_or_says_what_is_wrong(bank: Bank, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def count(user: Any, kind: str, query: str, since: dt.datetime, now: dt.datetime) -> tuple[int, list[dt.datetime]]:
        asked.append((user, kind, query, now - since))
        return 14, [NOW] * 3 + [NOW - DAY] * 10 + [NOW - 29 * DAY]

    monkeypatch.setattr("crm.kernel.ports._day_counters", [count])
    preview = selectors.preview_of(bank.rm, "cotton", now=NOW)
    assert preview is not None
    assert asked == [(bank.rm, "clipping", "cotton", 29 * DAY)]
    assert (preview.total, preview.busiest, len(preview.days), preview.days[0], preview.days[-2:]) == (14, 10, 30, 1, [10, 3])
    page = text(browse(bank.rm).get("/news/alerts/preview/?query=cotton", headers=HTMX))
    assert "This would have sent 14 stories in the last 30 days, at most 10 a day." in page


def test_the_preview_asks_the_search_engine_for_what_the_reader_may_see(bank: Bank, browse: Any, settings: Any, tmp_path: Any) -> None:
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "search"
    add = {"source_id": source().pk, "actor": bank.rm2, "now": NOW}
    drafts = [Draft(f"Cotton {number} dearer by the bale", "", NOW - number * 10 * DAY) for number in range(5)]
    add_clippings(drafts=drafts, **add)
    add_clippings(drafts=[Draft("Cotton house for sale", "", NOW)], klass=Class.DEAL, **add)
    assert deliver_pending() == 0
    browser = browse(bank.rm)
    page = text(browser.get("/news/alerts/preview/?query=cotton", headers=HTMX))
    assert "This would have sent 3 stories in the last 30 days, at most 1 a day." in page
    assert "not closed" in text(browser.get('/news/alerts/preview/?query=cotton"', headers=HTMX))
    found = text(browser.get("/search/?q=cotton"))
    assert 'href="/news/alerts/add/?query=cotton"' in found
    assert "Keep this as an alert" not in text(browser.get("/search/?q=cotton&source=Harbour+Journal"))
