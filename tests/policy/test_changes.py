"""A figure changes by two people, from a day on, and what held stands (domain 1.2, 5.1; invariants 7, 43)."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.policy import selectors, services
from crm.policy.choices import ChangeState
from crm.policy.models import Figure, FigureChange
from crm.staff.models import LeaveCover, Post
from tests.cast import fresh
from tests.policy.making import approve, propose
from tests.visits.test_races import one_after_the_other

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]
TODAY = dt.date(2026, 3, 4)
DAY = dt.timedelta(days=1)


def limit(on=TODAY, jurisdiction="HK", person=None):
    return selectors.table("test.limit", jurisdiction=jurisdiction, on=on, person=person)


def test_an_approved_change_begins_on_its_day_and_ends_the_row_before(bank, now):
    change = approve(propose(bank.ho, now, {"RM": "9,000", "SRM": "16000.5"}, effective_from=TODAY + 10 * DAY), bank.ho2, now)
    assert change.state == ChangeState.APPROVED
    assert change.before == {"RM": "8000.00", "SRM": "15000.00"}
    assert (limit()["RM"], limit(TODAY + 9 * DAY)["RM"], limit(TODAY + 10 * DAY)["RM"]) == ("8000.00", "8000.00", "9000.00")
    assert limit(TODAY + 10 * DAY) == {"ARM": "3000.00", "RM": "9000.00", "SRM": "16000.50", "TH": "25000.00", "RCH": "40000.00"}
    old, new = Figure.objects.filter(table="test.limit", key="RM", jurisdiction="").order_by("effective_from")
    assert (old.effective_to, new.effective_from, new.effective_to) == (TODAY + 10 * DAY, TODAY + 10 * DAY, None)
    assert (new.set_by, new.approved_by, new.change) == (bank.ho, bank.ho2, change)
    assert new.history.get().history_user == bank.ho2
    assert (old.history.latest().history_user, old.history.latest().history_change_reason) == (bank.ho2, "Dearer dinners")


def test_a_jurisdiction_keeps_its_own_figure_when_the_one_for_everywhere_changes(bank, now):
    approve(propose(bank.ho, now, {"RM": 9000}), bank.ho2, now)
    assert (limit()["RM"], limit(jurisdiction="CN")["RM"]) == ("9000.00", "5000.00")
    approve(propose(bank.ho, now, {"SRM": 9000}, jurisdiction="CN"), bank.ho2, now)
    assert (limit()["SRM"], limit(jurisdiction="CN")["SRM"]) == ("15000.00", "9000.00")


def test_a_change_before_one_that_is_to_come_ends_where_that_begins(bank, now):
    approve(propose(bank.ho, now, {"RM": 10000}, effective_from=TODAY + 30 * DAY), bank.ho2, now)
    approve(propose(bank.ho, now, {"RM": 9000}, effective_from=TODAY + 10 * DAY), bank.ho2, now)
    days = [limit(TODAY + count * DAY)["RM"] for count in (9, 10, 29, 30)]
    assert days == ["8000.00", "9000.00", "9000.00", "10000.00"]
    again = propose(bank.ho, now, {"RM": 9500}, effective_from=TODAY + 10 * DAY)
    with pytest.raises(RuleBroken, match="begins on that day already"):
        approve(again, bank.ho2, now)
    assert FigureChange.objects.get(pk=again.pk).state == ChangeState.PROPOSED


def test_a_change_approved_after_its_day_begins_on_the_day_of_the_approval(bank, now):
    change = approve(propose(bank.ho, now, {"RM": 9000}), bank.ho2, now + 3 * DAY)
    assert change.effective_from == TODAY + 3 * DAY
    assert (limit(TODAY + 2 * DAY)["RM"], limit(TODAY + 3 * DAY)["RM"]) == ("8000.00", "9000.00")


def test_what_held_in_the_past_is_not_proposed_anew(bank, now):
    with pytest.raises(RuleBroken) as refusal:
        propose(bank.ho, now, {"RM": 9000}, effective_from=TODAY - DAY)
    assert set(refusal.value.fields) == {"effective_from"}


@pytest.mark.parametrize("name", ["arm", "rm", "head", "centre", "compliance", "finance", "auditor", "admin", "approver"])
def test_only_head_office_proposes_for_everybody(bank, now, name):
    with pytest.raises(NotAllowed, match="Only head office proposes"):
        propose(bank.people[name], now, {"RM": 9000})


@pytest.mark.parametrize("name", ["compliance", "auditor"])
def test_who_only_reads_changes_does_not_decide_them(bank, now, name):
    with pytest.raises(NotAllowed, match="Only head office decides"):
        approve(propose(bank.ho, now, {"RM": 9000}), bank.people[name], now)


@pytest.mark.parametrize("name", ["rm", "head", "centre", "admin"])
def test_a_change_for_everybody_is_not_there_for_the_centres(bank, now, name):
    with pytest.raises(FigureChange.DoesNotExist):
        approve(propose(bank.ho, now, {"RM": 9000}), bank.people[name], now)


def test_who_proposed_it_does_not_decide_it(bank, now):
    change = propose(bank.ho, now, {"RM": 9000})
    with pytest.raises(NotAllowed, match="another person decides"):
        approve(change, bank.ho, now)
    with pytest.raises(NotAllowed, match="another person decides"):
        services.refuse_change(change_id=change.pk, actor=bank.ho, now=now, reason="No")
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureChange.objects.filter(pk=change.pk).update(state="approved", decided_by=bank.ho, decided_at=now)


def test_a_decided_change_is_not_decided_again(bank, now):
    change = propose(bank.ho, now, {"RM": 9000})
    services.refuse_change(change_id=change.pk, actor=bank.ho2, now=now, reason="Too dear")
    assert (FigureChange.objects.get().remark, limit()["RM"]) == ("Too dear", "8000.00")
    with pytest.raises(InvalidTransition):
        approve(change, bank.ho2, now)
    with pytest.raises(InvalidTransition):
        services.withdraw_change(change_id=change.pk, actor=bank.ho, now=now)


def test_a_refusal_says_why(bank, now):
    with pytest.raises(RuleBroken) as refusal:
        services.refuse_change(change_id=propose(bank.ho, now, {"RM": 9000}).pk, actor=bank.ho2, now=now, reason=" ")
    assert set(refusal.value.fields) == {"reason"}


def test_only_the_proposer_withdraws(bank, now):
    change = propose(bank.ho, now, {"RM": 9000})
    with pytest.raises(NotAllowed, match="Only who proposed it"):
        services.withdraw_change(change_id=change.pk, actor=bank.ho2, now=now)
    assert services.withdraw_change(change_id=change.pk, actor=bank.ho, now=now).state == ChangeState.WITHDRAWN
    with pytest.raises(InvalidTransition):
        approve(change, bank.ho2, now)


@pytest.mark.parametrize(
    ("values", "more", "fields"),
    [
        ({"RM": "-1"}, {}, {"RM"}),
        ({"RM": "1.005"}, {}, {"RM"}),
        ({"RM": "much"}, {}, {"RM"}),
        ({"RM": 1.5}, {}, {"RM"}),
        ({"RM": True}, {}, {"RM"}),
        ({"RM": None}, {}, {"RM"}),
        ({"RM": "8000"}, {}, {"RM"}),
        ({"XX": "9000"}, {}, {"XX"}),
        ({"RM": "9000"}, {"reason": "  "}, {"reason"}),
        ({}, {}, set()),
        ({"RM": "2.5"}, {"table": "test.matrix"}, {"RM"}),
        ({"RM": "none"}, {"table": "test.matrix"}, {"RM"}),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(bank, now, values, more, fields):
    with pytest.raises(RuleBroken) as refusal:
        propose(bank.ho, now, values, **more)
    assert set(refusal.value.fields) == fields
    assert not FigureChange.objects.exists()


def test_a_word_that_stands_for_a_number_is_taken(bank, now):
    approve(propose(bank.ho, now, {"RCH": "any"}, table="test.matrix"), bank.ho2, now)
    assert selectors.table("test.matrix", jurisdiction="HK", on=TODAY)["RCH"] == "any"


def test_the_same_figures_are_not_proposed_twice(bank, now):
    propose(bank.ho, now, {"RM": 9000})
    with pytest.raises(RuleBroken, match="waits for a decision"):
        propose(bank.ho2, now, {"RM": 9500, "SRM": 20000})
    propose(bank.ho2, now, {"SRM": 20000})


def test_a_table_that_nobody_contributed_is_not_there(bank, now):
    Figure.objects.create(table="test.unknown", key="RM", value=1, effective_from=TODAY)
    with pytest.raises(Figure.DoesNotExist):
        propose(bank.ho, now, {"RM": 2}, table="test.unknown")


def test_the_database_keeps_a_figure_that_two_people_set(bank, now):
    approve(propose(bank.ho, now, {"RM": 9000}), bank.ho2, now)
    row = Figure.objects.filter(key="RM", approved_by=bank.ho2)
    for change in ({"value": "1.00"}, {"effective_from": TODAY - DAY}, {"key": "SRM"}, {"set_by": bank.centre}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            row.update(**change)
    assert row.update(effective_to=TODAY + DAY) == 1


def test_one_key_has_one_open_row(bank):
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(table="test.limit", key="RM", value="1.00", effective_from=TODAY)


def test_the_second_head_office_finds_the_change_among_its_work_until_it_is_decided(bank, now):
    change = propose(bank.ho, now, {"RM": 9000})
    Post.objects.filter(user=bank.ho2).update(unit=bank.trade)  # head office sits in departments too
    item = WorkItem.objects.for_deciders(fresh(bank.ho2)).open().get()
    assert (item.subject_id, str(item)) == (change.pk, "Limit a month: new figures from 2026-03-04")
    assert not WorkItem.objects.for_deciders(bank.centre).open().exists()
    approve(change, bank.ho2, now)
    assert not WorkItem.objects.open().exists()


def test_a_simulation_says_what_would_have_been_in_90_days(bank, now):
    change = propose(bank.ho, now, {"": 9}, table="test.simulated")
    assert selectors.simulation(change, on=TODAY) == ["{'': 9}  90 days"]


# One person's own figures


@pytest.fixture
def deputy(bank):
    """The head of another centre, who keeps the desk of the centre's head today."""
    Post.objects.filter(user=bank.outhead).update(role="RCH", grade=5, unit=bank.far_centre)
    today = timezone.localdate()
    LeaveCover.objects.create(
        principal=bank.centre, deputy=bank.outhead, made_by=bank.centre, reason="x", from_on=today, to_on=today + 3 * DAY
    )
    return fresh(bank.outhead)


def test_who_keeps_the_centre_heads_desk_decides_in_their_place(bank, now, deputy):
    change = propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk)
    assert [item.subject_id for item in WorkItem.objects.for_deciders(deputy).open()] == [change.pk]
    assert approve(change, deputy, now).decided_by == deputy


def test_a_deputy_decides_neither_what_the_principal_proposed_nor_for_head_office(bank, now, deputy):
    own = propose(bank.centre, now, {"RM": 6000}, person_id=bank.rm2.pk)
    with pytest.raises(NotAllowed, match="centre head or head office"):
        approve(own, deputy, now)
    with pytest.raises(FigureChange.DoesNotExist):
        approve(propose(bank.ho, now, {"RM": 9000}), deputy, now)


def test_without_the_cover_the_other_centres_head_finds_nothing(bank, now, deputy):
    change = propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk)
    LeaveCover.objects.update(ended_at=now, ended_by=bank.centre)
    with pytest.raises(FigureChange.DoesNotExist):
        approve(change, fresh(deputy), now)


def test_a_team_head_lowers_and_the_centre_head_approves(bank, now):
    change = propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk)
    assert WorkItem.objects.for_deciders(bank.centre).open().get().subject_id == change.pk
    approve(change, bank.centre, now)
    assert (limit(person=bank.rm2.pk)["RM"], limit(person=bank.sibling.pk)["RM"], limit()["RM"]) == ("6000.00", "8000.00", "8000.00")
    assert limit(person=bank.rm2.pk)["SRM"] == "15000.00"


def test_a_lowering_never_gives_more_than_the_grade_has_on_that_day(bank, now):
    approve(propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk), bank.centre, now)
    approve(propose(bank.ho, now, {"RM": 4000}, effective_from=TODAY + DAY), bank.ho2, now)
    assert (limit(person=bank.rm2.pk)["RM"], limit(TODAY + DAY, person=bank.rm2.pk)["RM"]) == ("6000.00", "4000.00")


def test_more_than_the_grade_is_for_head_office_and_both_of_them(bank, now):
    for name in ("head", "centre"):
        with pytest.raises(NotAllowed, match="more than their grade"):
            propose(bank.people[name], now, {"RM": 9000}, person_id=bank.rm2.pk)
    change = propose(bank.ho, now, {"RM": 9000}, person_id=bank.rm2.pk)
    assert change.is_raise
    with pytest.raises(NotAllowed, match="more than their grade"):
        approve(change, bank.centre, now)
    approve(change, bank.ho2, now)
    assert (limit(person=bank.rm2.pk)["RM"], limit()["RM"]) == ("9000.00", "8000.00")


def test_a_lowering_that_became_a_raise_meanwhile_is_not_approved_by_a_centre_head(bank, now):
    lowering = propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk)
    approve(propose(bank.ho, now, {"RM": 4000}), bank.ho2, now)
    for name in ("centre", "ho"):
        with pytest.raises(NotAllowed, match="more than their grade"):
            approve(lowering, bank.people[name], now)


def test_an_own_figure_ends_by_two_people(bank, now):
    approve(propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk), bank.centre, now)
    approve(propose(bank.head, now, {"RM": None}, person_id=bank.rm2.pk, effective_from=TODAY + DAY), bank.centre, now)
    assert (limit(person=bank.rm2.pk)["RM"], limit(TODAY + DAY, person=bank.rm2.pk)["RM"]) == ("6000.00", "8000.00")
    with pytest.raises(RuleBroken, match="no figure of their own"):
        propose(bank.head, now, {"RM": None}, person_id=bank.rm2.pk, effective_from=TODAY + DAY)


@pytest.mark.parametrize(
    ("by", "person"), [("head2", "rm2"), ("head", "sibling"), ("outhead", "rm2"), ("head", "centre"), ("centre", "outsider")]
)
def test_others_than_their_heads_propose_nothing_for_a_person(bank, now, by, person):
    with pytest.raises(NotAllowed, match="proposed by their heads"):
        propose(bank.people[by], now, {"RM": 6000}, person_id=bank.people[person].pk)


@pytest.mark.parametrize("by", ["rm", "compliance", "finance"])
def test_who_heads_nobody_proposes_nothing_for_a_person(bank, now, by):
    with pytest.raises(NotAllowed, match="proposed by their heads"):
        propose(bank.people[by], now, {"RM": 6000}, person_id=bank.rm2.pk)


def test_nobody_changes_their_own_figures(bank, now):
    for name, key in (("ho", "HO"), ("head", "TH")):
        with pytest.raises(NotAllowed, match="their own figures"):
            propose(bank.people[name], now, {key: 1000}, person_id=bank.people[name].pk)
    change = propose(bank.ho, now, {"RCH": 30000}, person_id=bank.centre.pk)
    with pytest.raises(NotAllowed, match="their own figures"):
        approve(change, bank.centre, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureChange.objects.filter(pk=change.pk).update(state="approved", decided_by=bank.centre, decided_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureChange.objects.filter(pk=change.pk).update(proposed_by=bank.centre)


def test_a_centre_head_does_not_approve_what_head_office_or_they_proposed(bank, now):
    by_office = propose(bank.ho, now, {"RM": 6000}, person_id=bank.rm2.pk)
    with pytest.raises(NotAllowed, match="centre head or head office"):
        approve(by_office, bank.centre, now)
    services.withdraw_change(change_id=by_office.pk, actor=bank.ho, now=now)
    own = propose(bank.centre, now, {"RM": 6000}, person_id=bank.rm2.pk)
    with pytest.raises(NotAllowed, match="another person decides"):
        approve(own, bank.centre, now)
    approve(own, bank.ho, now)
    assert limit(person=bank.rm2.pk)["RM"] == "6000.00"


def test_a_person_gets_a_figure_of_a_grade_that_they_hold(bank, now):
    with pytest.raises(RuleBroken, match="does not hold this grade"):
        propose(bank.head, now, {"SRM": 6000}, person_id=bank.rm2.pk)


def test_a_table_without_figures_of_one_person_takes_none(bank, now):
    with pytest.raises(NotAllowed, match="no figures for one person"):
        propose(bank.ho, now, {"": 3}, table="test.simulated", person_id=bank.rm2.pk)


def test_a_lowering_in_the_persons_own_jurisdiction_is_measured_by_its_row(bank, now):
    with pytest.raises(NotAllowed, match="more than their grade"):
        propose(bank.outhead, now, {"RM": 6000}, person_id=bank.outsider.pk)
    assert propose(bank.outhead, now, {"RM": 4000}, person_id=bank.outsider.pk).before == {"RM": "5000.00"}


def test_who_lost_the_post_proposes_and_decides_nothing(bank, now):
    change = propose(bank.ho, now, {"RM": 9000})
    bank.ho2.posts.update(to_at=now)
    with pytest.raises(FigureChange.DoesNotExist):
        approve(change, fresh(bank.ho2), now)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_wins(bank, now):
    change = propose(bank.ho, now, {"RM": 6000}, person_id=bank.rm2.pk)
    answers = one_after_the_other(lambda: approve(change, bank.ho2, now), lambda: approve(change, fresh(bank.ho2), now))
    assert [type(answer) for answer in answers] == [FigureChange, InvalidTransition], answers
    assert Figure.objects.filter(person=bank.rm2).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_one_figure_approved_at_once_leave_one_of_a_day(bank, now):
    first = propose(bank.ho, now, {"RM": 9000})
    second = propose(bank.ho2, now, {"RM": 9500, "SRM": 20000}, effective_from=TODAY, jurisdiction="CN")
    FigureChange.objects.filter(pk=second.pk).update(jurisdiction="")
    answers = one_after_the_other(lambda: approve(first, bank.ho2, now), lambda: approve(second, bank.ho, now))
    assert [type(answer) for answer in answers] == [FigureChange, RuleBroken], answers
    assert limit()["RM"] == "9000.00"
    assert limit()["SRM"] == "15000.00"
