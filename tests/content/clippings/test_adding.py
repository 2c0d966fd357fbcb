"""What becomes of clippings that come in: new ones, known ones, copies, corrections; and whose they stay."""

import pytest

from content.capture.services import add_pasted
from content.clippings import services
from content.clippings.models import Clipping, Copy
from content.clippings.services import Draft, add_clippings
from crm.companies.models import Company
from crm.kernel.errors import NotAllowed
from tests import cast
from tests.companies import making
from tests.content.making import DAY, FERRY, MILL, clip, fresh, source, text

pytestmark = pytest.mark.django_db

ADDRESS = "https://post.example/mill"


def draft(title: str = "A third mill", body: str = text(*MILL), **facts) -> Draft:
    return Draft(**({"title": title, "body": body, "published_at": cast.NOW} | facts))


def add(*drafts: Draft, of: str = "The Harbour Post", actor=None, **facts) -> services.Added:
    return add_clippings(source_id=source(of).pk, drafts=drafts, actor=actor, now=cast.NOW, **facts)


def test_what_came_before_is_unchanged_and_leads_to_what_is_held():
    (first,) = add(draft(url=ADDRESS)).rows.values()
    again = add(draft(url=ADDRESS))
    assert (again.unchanged, again.created, again.rows[0].pk) == ([0], [], first.pk)
    assert fresh(first).version == 1
    assert Clipping.objects.count() == 1


def test_an_exact_copy_elsewhere_is_kept_as_a_line_and_known_again():
    (first,) = add(draft()).rows.values()
    copy = add(draft(title="Walls rise"), of="The Evening Wire")
    assert (copy.duplicates, copy.rows[0].pk) == ([0], first.pk)
    assert Copy.objects.get().source.name == "The Evening Wire"
    again = add(draft(title="Walls rise"), of="The Evening Wire")
    assert (again.unchanged, again.duplicates) == ([0], [])
    assert again.rows[0].pk == first.pk
    assert (Clipping.objects.count(), Copy.objects.count()) == (1, 1)


def test_a_copy_in_the_other_script_is_an_exact_copy():
    add(draft(title="裕達建廠", body="裕達紡織週一宣布在東莞開設第三間工廠，集團主席表示會聘請四百名員工。"))
    copy = add(draft(title="裕达建厂", body="裕达纺织周一宣布在东莞开设第三间工厂，集团主席表示会聘请四百名员工。"), of="The Evening Wire")
    assert copy.duplicates == [0]


def test_a_copy_in_other_punctuation_and_width_is_an_exact_copy():
    add(draft(title="裕達建廠", body="裕達紡織宣布，在東莞開設第３間工廠。"))
    assert add(draft(title="建廠", body="裕達紡織宣布 在東莞開設第3間工廠"), of="The Evening Wire").duplicates == [0]


def test_two_copies_in_one_batch_are_one_clipping():
    added = add(draft(), draft(title="Walls rise", url=ADDRESS))
    assert (added.created, added.duplicates) == ([0], [1])
    assert added.rows[1].pk == added.rows[0].pk


def test_a_corrected_text_under_the_same_address_and_headline_updates():
    (first,) = add(draft(url=ADDRESS)).rows.values()
    added = add(draft(url=ADDRESS, body=text(*FERRY), author="A. Reporter"))
    held = fresh(first)
    assert (added.updated, added.created) == ([0], [])
    assert (held.body, held.author, held.version) == (text(*FERRY), "A. Reporter", 2)
    assert held.quote.startswith("A new ferry")
    assert add(draft(url=ADDRESS, body=text(*FERRY))).unchanged == [0]


def test_a_corrected_text_does_not_undo_what_an_editor_wrote(bank):
    (first,) = add(draft(url=ADDRESS)).rows.values()
    held = fresh(first)
    held.body = "By hand."
    held.save_revision(user=bank.editor).publish(user=bank.editor)
    services.settle([held.pk], actor=bank.editor, now=cast.NOW)
    version = fresh(held).version
    for body in (text(*MILL), text(*FERRY)):
        added = add(draft(url=ADDRESS, body=body))
        assert (added.unchanged, added.updated) == ([0], [])
    assert (fresh(held).body, fresh(held).version) == ("By hand.", version)


def test_another_headline_at_the_same_address_is_another_clipping():
    add(draft(url=ADDRESS))
    assert add(draft(title="A new ferry", body=text(*FERRY), url=ADDRESS)).created == [0]


def test_the_same_words_on_another_day_without_an_address_are_a_copy():
    add(draft())
    assert add(draft(published_at=cast.NOW - 3 * DAY)).duplicates == [0]


def test_a_deal_and_the_paper_do_not_know_each_other(bank):
    deal = clip("A third mill", text(*MILL), klass="D", by=bank.rm, url=ADDRESS)
    paper = add(draft(url=ADDRESS))
    assert paper.created == [0]
    add(draft(url=ADDRESS, body=text(*FERRY)))
    assert fresh(deal).body == text(*MILL)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_two_deals_with_one_text_do_not_know_each_other(bank, address):
    mine = clip("A third mill", text(*MILL), klass="D", by=bank.rm, url=address, publish=False)
    theirs = clip("A third mill", text(*MILL), klass="D", by=bank.outsider, url=address, publish=False)
    assert mine.pk != theirs.pk
    assert clip("A third mill", text(*MILL), klass="D", by=bank.rm, url=address, publish=False).pk == mine.pk


def test_a_colleague_corrects_nothing_that_is_published(bank):
    held = clip("A third mill", text(*MILL), url=ADDRESS)
    added = add(draft(url=ADDRESS, body="Quite another text, as somebody would like to read it."), actor=bank.rm, publish=False)
    assert fresh(held).body == text(*MILL)
    assert added.updated == []


def test_a_colleague_corrects_nothing_that_another_brought(bank):
    held = clip("A third mill", text(*MILL), url=ADDRESS, by=bank.outsider, publish=False)
    added = add(draft(url=ADDRESS, body="Quite another text."), actor=bank.rm, publish=False)
    assert fresh(held).body == text(*MILL)
    assert added.rows[0].added_by == bank.rm


def test_what_the_paper_prints_is_published_although_a_colleague_brought_it_before(bank):
    waiting = clip("A third mill", text(*MILL), by=bank.rm, publish=False)
    add(draft(), of="The Evening Wire")
    assert Clipping.objects.visible_to(bank.lobby).count() == 1
    assert not fresh(waiting).live


def test_a_colleague_who_brings_what_another_brought_sees_their_own(bank):
    clip("A third mill", text(*MILL), by=bank.rm, publish=False)
    added = add(draft(), actor=bank.outsider, publish=False)
    assert Clipping.objects.visible_to(bank.outsider).filter(pk=added.rows[0].pk).exists()


def test_what_an_editor_withdrew_stays_withdrawn_when_another_paper_prints_it():
    held = clip("A third mill", text(*MILL))
    held.unpublish()
    assert add(draft(), of="The Evening Wire").duplicates == [0]
    assert not fresh(held).live


def test_a_correction_by_another_class_leaves_the_first_alone(bank):
    internal = clip("A third mill", text(*MILL), klass="I", url=ADDRESS)
    assert add(draft(url=ADDRESS, body=text(*FERRY))).created == [0]
    assert fresh(internal).body == text(*MILL)


def test_the_same_paste_a_second_and_third_time_leads_to_what_is_held(bank):
    held = clip("A third mill", text(*MILL))
    for _time in range(3):
        found = add_pasted(
            title="Walls rise", text=text(*MILL), source_name="The Evening Wire", published_at=None, actor=bank.rm, now=cast.NOW
        )
        assert found.pk == held.pk


def test_who_may_not_add_is_refused(bank):
    for name in ("lobby", "auditor", "admin", "centre"):
        with pytest.raises(NotAllowed):
            add_pasted(title="A", text="B", source_name="", published_at=None, actor=bank.people[name], now=cast.NOW)
    assert Clipping.objects.count() == 0


def test_what_comes_without_words_of_its_own_gets_a_quote_language_and_event():
    source("華文報", language="zh-hant")
    held = clip("裕達紡織被起訴", "裕達紡織被起訴。" * 60, of="華文報")
    assert (held.language, held.event) == ("zh-hant", "litigation")
    assert len(held.quote) <= 300
    assert held.quote.endswith("。")


def test_a_clipping_without_sectors_takes_those_of_the_companies_that_it_names(bank):
    making.client_of(bank, "Yau Tat Textiles Limited", "裕達紡織有限公司")
    Company.objects.update(sector="Materials")
    named = add(Draft("Yau Tat Textiles Limited expands", "More looms.", cast.NOW)).rows[0]
    nobody = add(Draft("Rain is forecast", "It may last.", cast.NOW)).rows[0]
    told = add(Draft("Yau Tat Textiles Limited lists", "Soon.", cast.NOW, sectors=("Financials",))).rows[0]
    found = {row.pk: row.sectors for row in Clipping.objects.all()}
    assert (found[named.pk], found[nobody.pk], found[told.pk]) == (["Materials"], [], ["Financials"])
