"""Near copies become one story: within two weeks, of one class, published; and who stands for it when one goes."""

import pytest

from content.clippings.models import Clipping, StoryBand
from content.clippings.services import settle, sweep_bands
from tests import cast
from tests.content.making import DAY, FERRY, MILL, clip, fresh, source, text, wrong_stories

pytestmark = pytest.mark.django_db

NEAR = (text(*MILL), text(*MILL, "Reporting by our own staff."), text("Dongguan, Monday.", *MILL))


def withdraw(clipping: Clipping) -> None:
    """As the desk does."""
    Clipping.objects.get(pk=clipping.pk).unpublish()
    settle([clipping.pk], actor=None, now=cast.NOW)


def test_a_near_copy_joins_the_story_and_the_first_that_was_held_stays_its_head():
    first = clip("A third mill", NEAR[0])
    second = clip("Walls rise at the river", NEAR[1], of="The Evening Wire", at=cast.NOW - DAY)
    other = clip("A new ferry", text(*FERRY))
    assert second.head_id == first.pk
    assert (fresh(first).head_id, fresh(first).similar) == (None, 1)
    assert (other.head_id, other.similar) == (None, 0)
    assert wrong_stories() == []


def test_near_copies_of_one_batch_join_each_other():
    held = [clip("One", NEAR[0]), clip("Two", NEAR[1]), clip("Three", NEAR[2])]
    assert [row.head_id for row in held] == [None, held[0].pk, held[0].pk]
    assert fresh(held[0]).similar == 2
    assert wrong_stories() == []


@pytest.mark.parametrize(("days", "joins"), [(14, True), (-14, True), (15, False), (-15, False)])
def test_a_story_lasts_two_weeks(days, joins):
    first = clip("A third mill", NEAR[0])
    second = clip("A third mill", NEAR[1], at=cast.NOW + days * DAY)
    assert second.head_id == (first.pk if joins else None)


def test_a_story_never_spans_classes():
    public = clip("A third mill", NEAR[0])
    internal = clip("A third mill", NEAR[1], klass="I")
    again = clip("A third mill", NEAR[2], klass="I")
    assert internal.head_id is None
    assert again.head_id == internal.pk
    assert fresh(public).similar == 0


def test_what_is_not_published_has_no_story():
    first = clip("A third mill", NEAR[0])
    waiting = clip("A third mill", NEAR[1], publish=False)
    assert waiting.head_id is None
    assert fresh(first).similar == 0


def test_deals_have_no_story(bank):
    held = [
        clip(f"Deal {place}", body, klass="D", by=bank.rm, publish=publish)
        for place, (body, publish) in enumerate(zip(NEAR, (True, True, False), strict=True))
    ]
    assert [row.head_id for row in held] == [None] * 3
    assert [fresh(row).similar for row in held] == [0] * 3


def test_two_headlines_without_a_text_are_no_near_copies():
    assert clip("A third mill for Dongguan opens").head_id is None
    assert clip("A third mill for Dongguan opened").head_id is None


def test_withdrawing_the_head_hands_the_story_to_the_eldest_of_the_others():
    head = clip("One", NEAR[0])
    younger = clip("Two", NEAR[1])
    elder = clip("Three", NEAR[2], at=cast.NOW - DAY)
    withdraw(head)
    assert (fresh(elder).head_id, fresh(elder).similar) == (None, 1)
    assert fresh(younger).head_id == elder.pk
    assert (fresh(head).similar, fresh(head).live) == (0, False)
    assert wrong_stories() == []


def test_withdrawing_one_of_the_others_leaves_the_head_with_fewer():
    head, other = clip("One", NEAR[0]), clip("Two", NEAR[1])
    withdraw(other)
    assert fresh(other).head_id is None
    assert fresh(head).similar == 0
    assert wrong_stories() == []


def test_to_settle_twice_is_to_settle_once():
    head, other = clip("One", NEAR[0]), clip("Two", NEAR[1])
    withdraw(head)
    settle([head.pk], actor=None, now=cast.NOW)
    settle([other.pk], actor=None, now=cast.NOW)
    assert [fresh(row).similar for row in (head, other)] == [0, 0]
    assert wrong_stories() == []


def test_several_of_one_story_are_settled_together():
    held = [clip("One", NEAR[0]), clip("Two", NEAR[1]), clip("Three", NEAR[2])]
    settle([row.pk for row in held], actor=None, now=cast.NOW)
    heads = [fresh(row) for row in held if fresh(row).head_id is None]
    assert [row.similar for row in heads] == [2]
    assert wrong_stories() == []


def test_what_is_withdrawn_and_published_again_comes_back_into_the_story():
    head, other = clip("One", NEAR[0]), clip("Two", NEAR[1])
    withdraw(head)
    Clipping.objects.filter(pk=head.pk).update(live=True)
    settle([head.pk], actor=None, now=cast.NOW)
    assert fresh(head).head_id == other.pk
    assert fresh(other).similar == 1
    assert wrong_stories() == []


def test_what_is_reclassified_leaves_the_story():
    head, other = clip("One", NEAR[0]), clip("Two", NEAR[1])
    Clipping.objects.filter(pk=head.pk).update(klass="I")
    settle([head.pk], actor=None, now=cast.NOW)
    assert fresh(head).head_id is None
    assert fresh(other).head_id is None
    assert wrong_stories() == []


def test_search_is_told_of_a_new_count():
    head = clip("One", NEAR[0])
    clip("Two", NEAR[1])
    assert fresh(head).version > head.version


@pytest.mark.parametrize("error", ["count", "chain", "class", "withdrawn"])
def test_the_invariant_finds_a_planted_error(error):
    head, other, far = clip("One", NEAR[0]), clip("Two", NEAR[1]), clip("A new ferry", text(*FERRY))
    assert wrong_stories() == []
    rows = Clipping.objects
    if error == "count":
        rows.filter(pk=head.pk).update(similar=2)
    elif error == "chain":
        rows.filter(pk=head.pk).update(head=far, similar=0)
    elif error == "class":
        rows.filter(pk=other.pk).update(klass="I")
    else:
        rows.filter(pk=head.pk).update(live=False)
    assert wrong_stories()
    assert source().clippings.count() == 3


def test_bands_of_old_clippings_are_swept_and_new_ones_kept():
    old = clip("Long ago", text(*MILL), at=cast.NOW - 90 * DAY)
    new = clip("Now", text(*FERRY))
    assert set(StoryBand.objects.values_list("clipping_id", flat=True)) == {old.pk, new.pk}
    Clipping.objects.update(created_at=cast.NOW - 2 * DAY)
    assert sweep_bands(now=cast.NOW) > 0
    assert set(StoryBand.objects.values_list("clipping_id", flat=True)) == {new.pk}
