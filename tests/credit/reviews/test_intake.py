"""The intake: the nearest to its limit first, its head, its pages, and the card of one pack beside it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credit.packs.models import Pack
from credit.reviews import selectors
from credit.reviews.queue import Queue, card_of
from crm.kernel.files import StoredFile
from tests.cast import NOW
from tests.credit import making, reviewing
from tests.credit.handoff import making as handing

DAY = dt.timedelta(days=1)
INTAKE = "/credit/intake/"


def numbers(answer) -> list[str]:
    return [row.number for row in answer.context["page"].rows]


@pytest.fixture
def three(bank):
    """Handed off 4, 1 and 6 working days ago; the last has twelve days, the others seven."""
    names = (("Silver Bay Marine", "銀灣海事"), ("Kam Shan Weaving", "金山織造"), ("Po Tat Electrical", "寶達電器"))
    found = []
    for (name, name_zh), days, segment in zip(names, (6, 1, 8), ("sme", "sme", "corporate"), strict=True):
        company = making.company(bank, name=name, name_zh=name_zh)
        found.append(reviewing.handed(bank, of=company, now=NOW - days * DAY, segment=segment))
    return found


def test_the_nearest_to_its_limit_stands_first_by_share_and_not_by_age(bank, three, browse):
    four, one, six = three
    queue = Queue.of(list(selectors.intake(bank.analyst).select_related("centre", "review")), now=NOW)
    assert [round(queue.clocks[pack.pk].days) for pack in (four, one, six)] == [4, 1, 6]
    assert list(queue.clocks) == [four.pk, six.pk, one.pk]
    assert numbers(browse(bank.analyst).get(INTAKE)) == [four.number, six.number, one.number]
    by_age = browse(bank.analyst).get(INTAKE, {"sort": "age"})
    assert numbers(by_age) == [six.number, four.number, one.number]


def test_the_head_counts_what_is_late_stopped_and_not_assigned(bank, three, browse):
    late = reviewing.handed(bank, of=making.company(bank, name="Wing Kee", name_zh="榮記"), now=NOW - 20 * DAY)
    asked = reviewing.in_review(bank)
    reviewing.ask(bank, asked)
    answer = browse(bank.analyst).get(INTAKE)
    words = answer.content.decode()
    for told in ("5 packs", "1 over the clock", "1 stopped", "4 not yet assigned"):
        assert told in words
    assert numbers(answer)[0] == late.number
    assert "1 pack ·" in browse(bank.analyst).get(INTAKE, {"stopped": "true"}).content.decode()


def test_the_queue_is_paged_by_places(bank, three, browse, monkeypatch):
    monkeypatch.setattr("credit.reviews.views.reviewing.Intake.page_size", 2)
    browser = browse(bank.analyst)
    first = browser.get(INTAKE)
    page = first.context["page"]
    assert (len(page.rows), page.next, page.previous) == (2, "2", None)
    last = browser.get(INTAKE, {"cursor": "2"})
    assert (numbers(last), last.context["page"].previous) == ([three[1].number], "0")
    assert numbers(browser.get(INTAKE, {"cursor": "last"})) == numbers(last)
    for wrong in ("99", "-1", "x", "２"):
        assert numbers(browser.get(INTAKE, {"cursor": wrong}))[:1] in (numbers(first)[:1], numbers(last)[:1])


def test_the_card_tells_who_handed_it_off_its_clock_and_its_seal(bank, browse):
    pack, seal = handing.endorsed(bank)
    card = card_of(Pack.objects.select_related("company", "centre").get(pk=pack.pk), now=NOW)
    assert card.seal_stands
    assert card.matching == len(card.papers) > 0
    words = browse(bank.analyst).get(INTAKE, {"pack": pack.pk}).content.decode()
    for told in (seal.short, f"{len(card.papers)} of {len(card.papers)} papers match.", "Rm Lau", "Head Lau", "Open pack"):
        assert told in words
    file = StoredFile.objects.get(pk=seal.documents.first().file_id)
    file.path.unlink()
    part = browse(bank.co1).get(reverse("reviews:intake_card", args=[pack.pk]), headers={"hx-request": "true"}).content.decode()
    assert "The seal stands." in part
    assert f"{len(card.papers) - len(card.papers)} of {len(card.papers)} papers match." in part
    assert "Changed" in part
    assert browse(bank.rm).get(reverse("reviews:intake_card", args=[pack.pk])).status_code == 403


def test_a_pack_that_is_not_in_the_intake_has_no_card_there(bank, three, browse):
    draft = making.pack(bank)
    words = browse(bank.analyst).get(INTAKE, {"pack": draft.pk}).content.decode()
    assert draft.number not in words
    assert browse(bank.analyst).get(reverse("reviews:intake_card", args=[draft.pk])).status_code == 404


def test_the_intake_costs_the_same_for_three_packs_and_for_six(bank, three, browse):
    browser = browse(bank.analyst)
    browser.get(INTAKE)
    with CaptureQueriesContext(connection) as few:
        browser.get(INTAKE)
    for name, name_zh in (("Ah Fai", "阿輝"), ("Bing Sutt", "冰室"), ("Cha Chaan", "茶餐")):
        reviewing.handed(bank, of=making.company(bank, name=name, name_zh=name_zh), now=NOW - DAY)
    with CaptureQueriesContext(connection) as more:
        browser.get(INTAKE)
    assert len(more) == len(few) <= 26, "\n".join(query["sql"][:120] for query in more)
