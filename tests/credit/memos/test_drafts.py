"""What is typed into a section or a memo is kept on the server for its writer alone, and writes over nobody's save (domain 6.5)."""

import datetime as dt

from credit.packs import services as packs
from crm.kernel import drafts
from crm.kernel.drafts import Draft
from tests.cast import NOW
from tests.credit import making as base
from tests.credit import reviewing
from tests.credit.memos import making


def opened(bank, browse, by="rm"):
    pack = making.writing(bank)
    row = making.section(base.draft(pack), 4)
    return pack, row, browse(bank.people[by]), f"/credit/sections/{row.pk}/"


def pause(browser, url, text, *, version=1, seen=0, **more):
    return browser.post(url, {"text": text, "version": version, "draft_seen": seen, "draft": "keep", **more})


def test_a_pause_keeps_what_was_typed_and_another_device_of_the_writer_goes_on_with_it(bank, browse):
    pack, row, phone, url = opened(bank, browse)
    first = pause(phone, url, "Forty shops,\r\nand ").json()
    assert first["seen"] == 1
    assert first["said"].startswith("Draft saved ")
    assert pause(phone, url, "Forty shops,\r\nand hotels", seen=1, is_done="on").json()["seen"] == 2
    row.refresh_from_db()
    assert (row.text, row.edits, row.is_done) == ("", 1, False)
    html = browse(bank.rm).get(url).content.decode()
    assert "Forty shops,\nand hotels</textarea>" in html
    assert "checked" in html.partition('name="is_done"')[2][:60]
    assert "is in the form" in html
    assert 'data-keep="2"' in html
    assert "Your draft is not saved" in browse(bank.rm).get(f"/credit/packs/{pack.pk}/application/").content.decode()


def test_nobody_else_sees_a_draft_and_it_is_not_in_the_courses_of_the_pack(bank, browse):
    pack, _row, browser, url = opened(bank, browse)
    before = pack.events.count()
    pause(browser, url, "Only for myself yet")
    for name in ("head", "centre"):
        assert "Only for myself" not in browse(bank.people[name]).get(url).content.decode()
        assert "Your draft is not saved" not in browse(bank.people[name]).get(f"/credit/packs/{pack.pk}/application/").content.decode()
    assert pack.events.count() == before
    assert not Draft.objects.visible_to(bank.head).exists()


def test_saving_ends_the_draft_and_discarding_gives_it_up(bank, browse):
    _pack, row, browser, url = opened(bank, browse)
    pause(browser, url, "First")
    assert browser.post(url, {"text": "First, whole", "version": 1, "draft_seen": 1}).status_code == 302
    assert not Draft.objects.exists()
    pause(browser, url, "Second", version=2)
    assert browser.post(url, {"text": "Second", "draft": "discard", "draft_seen": 1}).url == url
    assert not Draft.objects.exists()
    row.refresh_from_db()
    assert (row.text, row.edits) == ("First, whole", 2)


def test_what_somebody_else_saved_meanwhile_is_told_and_not_written_over(bank, browse):
    _pack, row, browser, url = opened(bank, browse)
    assert pause(browser, url, "Mine").json()["told"] == ""
    making.write(bank, row, "The head's", by="head")
    assert "Somebody else saved this meanwhile" in pause(browser, url, "Mine, longer", seen=1).json()["told"]
    row.refresh_from_db()
    assert row.text == "The head's"
    page = browser.get(url).content.decode()
    assert "Somebody else saved this since you began your draft" in page
    assert "The head&#x27;s" in page
    assert "Mine, longer</textarea>" in page
    refused = browser.post(url, {"text": "Mine, longer", "version": 1, "draft_seen": 2})
    assert refused.status_code == 409
    assert Draft.objects.get().typed["text"] == ["Mine, longer"]


def test_two_devices_of_one_writer_do_not_write_over_each_other(bank, browse):
    _pack, _row, phone, url = opened(bank, browse)
    desk = browse(bank.rm)
    pause(phone, url, "On the train")
    assert pause(desk, url, "On the train").json()["seen"] == 1, "what was sent as the page was left is sent again"
    moved = pause(desk, url, "At the desk")
    assert moved.status_code == 409
    assert "You went on with this draft elsewhere" in moved.json()["said"]
    assert desk.post(url, {"text": "At the desk, saved", "version": 1, "draft_seen": 0}).status_code == 302
    assert Draft.objects.get().typed["text"] == ["On the train"]


def test_typing_back_to_what_stands_leaves_no_draft(bank, browse):
    _pack, row, browser, url = opened(bank, browse)
    making.write(bank, row, "Two lines\nstand", done=False)
    pause(browser, url, "Two lines\r\nstand!", version=2)
    assert pause(browser, url, "Two lines\r\nstand", version=2, seen=1).json() == {"seen": 0, "said": "", "told": ""}
    assert not Draft.objects.exists()


def test_a_sealed_version_takes_no_draft_and_the_next_one_takes_the_writers_along(bank, browse):
    pack, row, browser, url = opened(bank, browse)
    making.written(bank, pack)
    row.refresh_from_db()
    pause(browser, url, "Half a thought", version=row.edits)
    base.sealed(pack)
    assert pause(browser, url, "More", version=row.edits, seen=1).status_code == 403
    opened_version = packs.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    page = browser.get(f"/credit/sections/{opened_version.sections.get(code=4).pk}/").content.decode()
    assert "Half a thought</textarea>" in page
    assert "Compare both" not in page


def test_too_much_is_refused_with_a_sentence(bank, browse):
    _pack, _row, browser, url = opened(bank, browse)
    answer = pause(browser, url, "信" * (drafts.MOST_CHARACTERS + 1))
    assert answer.status_code == 422
    assert "too long to be kept" in answer.json()["said"]


def test_the_analysts_memo_is_kept_too_and_a_save_of_the_analyst_before_is_not_written_over(bank, browse):
    pack = reviewing.in_review(bank, authorship="B")
    analyst, url = browse(bank.analyst), f"/credit/packs/{pack.pk}/review/memo/"
    analyst.post(f"/credit/packs/{pack.pk}/review/memo/start/", {})
    pause(analyst, url, "Margins hold")
    assert "Margins hold</textarea>" in browse(bank.analyst).get(url).content.decode()
    assert "Margins hold" not in browse(bank.co1).get(f"/credit/packs/{pack.pk}/").content.decode()
    assert analyst.post(url, {"text": "Margins hold.", "version": 1, "draft_seen": 1}).status_code == 302
    stale = analyst.post(url, {"text": "Other", "version": 1})
    assert stale.status_code == 409
    assert "Margins hold." in stale.content.decode()


def test_drafts_that_nobody_went_on_with_are_forgotten(bank):
    typed = drafts.Typed({"text": ["Old"]}, 1, 0)
    drafts.keep("memos:section_update:1", typed, actor=bank.rm, now=NOW - dt.timedelta(days=91))
    drafts.keep("memos:section_update:2", typed, actor=bank.rm, now=NOW - dt.timedelta(days=89))
    assert drafts.forget_old(now=NOW) == 1
