"""Whom clippings name: found by the machine, answered by people, and followed as names come and go."""

import pytest

from content.clippings import services
from content.clippings.models import Clipping, Mention, Ruling
from content.clippings.services.linking import relink
from crm.companies.choices import NameKind
from crm.companies.models import CompanyName
from crm.companies.services import add_name
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.outbox import deliver_pending
from crm.kernel.worklist import TimelineRow
from tests import cast
from tests.companies.making import company, covered
from tests.content.making import DAY, MILL, clip, fresh, ids, searched, states, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def golden(bank):
    """Two companies that share a short name."""
    return company(bank, "Golden Harbour (Hong Kong) Limited"), company(bank, "Golden Harbour Holdings Limited")


def rule(clipping: Clipping, of, *, meant: bool, actor, now=cast.NOW) -> Ruling:
    mention = Mention.objects.get(clipping=clipping, company=of)
    return services.rule_on_mention(mention_id=mention.pk, meant=meant, actor=actor, now=now)


def test_a_full_name_links_and_says_where_it_stands(bank):
    yuet_tat = company(bank, "Yuet Tat Textiles Limited")
    clipping = clip("A third mill", f"{MILL[0]} Yuet Tat Textiles Limited said so.")
    mention = Mention.objects.get()
    assert (mention.company, mention.state, mention.in_title, mention.text) == (yuet_tat, "linked", False, "Yuet Tat Textiles Limited")
    assert clipping.body[mention.start : mention.end] == mention.text
    assert mention.published_at == clipping.published_at


def test_the_headline_counts_before_the_text(bank):
    company(bank, "Yuet Tat Textiles Limited")
    clip("Yuet Tat Textiles opens a mill", "Yuet Tat Textiles Limited said so.")
    mention = Mention.objects.get()
    assert (mention.in_title, mention.start) == (True, 0)


def test_a_name_of_two_owners_is_suggested_for_both(golden):
    clipping = clip("Golden Harbour rises", "Shares of Golden Harbour rose.")
    assert states(clipping) == dict.fromkeys([one.pk for one in golden], "suggested")
    assert set(Mention.objects.values_list("reason", flat=True)) == {"several"}


def test_a_yes_holds_for_the_whole_story_and_for_later_clippings(bank, golden):
    body = text(*MILL, "Shares of Golden Harbour rose.")
    first, copy = clip("One", body), clip("Two", text("Dongguan.", body))
    assert copy.head_id == first.pk
    rule(copy, golden[0], meant=True, actor=bank.rm)
    assert [states(row)[golden[0].pk] for row in (first, copy)] == ["confirmed"] * 2
    later = clip("Golden Harbour falls", "Shares of Golden Harbour fell.")
    assert states(later)[golden[0].pk] == "linked"


def test_a_no_holds_for_the_whole_story_and_for_later_clippings(bank, golden):
    body = text(*MILL, "Shares of Golden Harbour rose.")
    first, copy = clip("One", body), clip("Two", text("Dongguan.", body))
    rule(first, golden[0], meant=False, actor=bank.rm)
    assert [states(row)[golden[0].pk] for row in (first, copy)] == ["refused"] * 2
    later = clip("Golden Harbour falls", "Shares of Golden Harbour fell.")
    assert golden[0].pk not in states(later)
    assert golden[1].pk in states(later)


@pytest.mark.parametrize(("meant", "state"), [(True, "confirmed"), (False, "refused")])
def test_no_machine_undoes_what_a_person_said(bank, golden, meant, state):
    clipping = clip("Golden Harbour rises", "Shares of Golden Harbour rose.")
    rule(clipping, golden[0], meant=meant, actor=bank.rm)
    CompanyName.objects.filter(company=golden[0]).delete()
    for _time in range(2):
        relink([clipping.pk], now=cast.NOW)
        services.settle([clipping.pk], actor=None, now=cast.NOW)
    assert states(clipping)[golden[0].pk] == state
    assert Mention.objects.get(clipping=clipping, company=golden[0]).ruled_by == bank.rm


def test_the_newest_answer_counts_and_all_are_kept(bank, golden):
    clipping = clip("Golden Harbour rises")
    rule(clipping, golden[0], meant=True, actor=bank.rm)
    rule(clipping, golden[0], meant=False, actor=bank.head, now=cast.NOW + DAY)
    assert states(clipping)[golden[0].pk] == "refused"
    assert [(one.actor, one.before, one.answer) for one in Ruling.objects.order_by("pk")] == [
        (bank.rm, "suggested", True),
        (bank.head, "confirmed", False),
    ]
    assert golden[0].pk not in states(clip("Golden Harbour falls"))


def test_the_same_answer_twice_is_refused_in_a_sentence(bank, golden):
    clipping = clip("Golden Harbour rises")
    rule(clipping, golden[0], meant=True, actor=bank.rm)
    with pytest.raises(RuleBroken, match="said so already"):
        rule(clipping, golden[0], meant=True, actor=bank.rm2)
    assert Ruling.objects.count() == 1


def test_who_may_not_rule_is_refused(bank, golden):
    clipping = clip("Golden Harbour rises")
    for name in cast.PEOPLE:
        if name in ("arm", "rm2", "rm", "head", "centre", "sibling", "head2", "outsider", "outhead", "editor"):
            continue
        with pytest.raises((NotAllowed, Mention.DoesNotExist)):
            rule(clipping, golden[0], meant=True, actor=bank.people[name])
    assert not Ruling.objects.exists()


def test_nobody_rules_on_what_they_do_not_see(bank, golden):
    deal = clip("Golden Harbour rises", klass="D", by=bank.rm, publish=False)
    waiting = clip("Golden Harbour falls", by=bank.rm, publish=False)
    for clipping in (deal, waiting):
        with pytest.raises(Mention.DoesNotExist):
            rule(clipping, golden[0], meant=True, actor=bank.rm2)
        rule(clipping, golden[0], meant=True, actor=bank.rm)


def test_a_name_that_comes_is_met_by_the_next_clipping(bank):
    mill = company(bank, "Blue Kiln Ceramics Limited")
    assert states(clip("Yuet Tat opens a mill", "Yuet Tat Textiles Limited said so.")) == {}
    later = company(bank, "Yuet Tat Textiles Limited")
    both = clip("Of mills", "Yuet Tat Textiles Limited met Blue Kiln Ceramics Limited.")
    assert states(both) == {later.pk: "linked", mill.pk: "linked"}


def test_a_name_that_goes_is_met_no_more(bank):
    gone = company(bank, "Yuet Tat Textiles Limited")
    clipping = clip("Of mills", "Yuet Tat Textiles Limited said so.")
    CompanyName.objects.filter(company=gone).delete()
    assert states(clip("Of looms", "Yuet Tat Textiles Limited said nothing.")) == {}
    relink([clipping.pk], now=cast.NOW)
    assert states(clipping) == {}


def test_a_company_that_gets_a_name_is_found_in_the_archive(bank, embedded):
    early = clip("盈輝擴產", "盈輝電子在東莞擴充產能。", at=cast.NOW - 300 * DAY)
    other = clip("A new ferry", "Nothing of the kind.")
    deliver_pending()
    shining = covered(bank, "Shining Electronics Limited")
    deliver_pending()
    assert states(early) == {}
    add_name(company_id=shining.pk, text="盈輝電子有限公司", kind=NameKind.LEGAL, actor=bank.rm, now=cast.NOW)
    assert deliver_pending() == 0
    assert states(early) == {shining.pk: "linked"}
    assert states(other) == {}
    assert fresh(early).version > early.version
    assert ids(searched(bank.rm, 'company:"Shining Electronics"')) == [early.pk]
    assert TimelineRow.objects.filter(company=shining, subject_id=early.pk, kind="clipping").exists()


def test_the_archive_is_asked_for_a_simplified_name_in_traditional_papers(bank, embedded):
    early = clip("盈輝擴產", "盈輝電子在東莞擴充產能。")
    deliver_pending()
    shining = company(bank, "盈辉电子有限公司")
    deliver_pending()
    assert states(early) == {shining.pk: "linked"}


def test_a_clipping_stands_on_the_timeline_of_whom_somebody_looks_after(bank):
    client, stranger = covered(bank, "Yuet Tat Textiles Limited"), company(bank, "Blue Kiln Ceramics Limited")
    body = "Yuet Tat Textiles Limited met Blue Kiln Ceramics Limited."
    public = clip("Of mills", body)
    clip("Of looms", f"{body} In confidence.", klass="I")
    clip("Of wheels", f"{body} Not yet.", publish=False)
    assert list(TimelineRow.objects.filter(kind="clipping").values_list("company_id", "subject_id")) == [(client.pk, public.pk)]
    rule(public, client, meant=False, actor=bank.rm)
    assert not TimelineRow.objects.filter(kind="clipping").exists()
    assert states(public)[stranger.pk] == "linked"
