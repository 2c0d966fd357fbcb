"""One deputy keeps the desk of who is away: dated, of the same grade or a higher one, and never further (domain 1.2, "Delegation")."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from crm.kernel import todo
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.staff import services
from crm.staff.actor import covered as kept_by
from crm.staff.choices import Role
from crm.staff.models import LeaveCover, Post, User
from crm.staff.selectors import deputies_for
from tests.cast import fresh
from tests.visits.test_races import one_after_the_other

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now, timezone.get_default_timezone())


def name(bank, by, principal, deputy, today, *, first=0, last=6, now=None, reason="Annual leave"):
    absence = services.Absence(bank.people[principal].pk, bank.people[deputy].pk, today + first * DAY, today + last * DAY, reason)
    return services.name_deputy(actor=bank.people[by], now=now or timezone.now(), absence=absence)


def covered(user):
    return [(post.user.username, post.role) for post in fresh(user).actor.covered_posts]


def test_the_deputy_keeps_the_desk_from_the_first_day_to_the_last(bank, today):
    cover = name(bank, "head", "head", "head2", today)
    assert covered(bank.head2) == [("head", "TH")]
    assert (covered(bank.head), covered(bank.centre)) == ([], [])
    assert cover.history.get().history_user == bank.head
    for first, last, kept in ((0, 0, 1), (-3, 0, 1), (1, 3, 0), (-3, -1, 0)):
        LeaveCover.objects.update(from_on=today + first * DAY, to_on=today + last * DAY)
        assert len(covered(bank.head2)) == kept, (first, last)


def test_the_days_are_those_of_the_principals_centre(bank):
    cover = LeaveCover.objects.create(
        principal=bank.head, deputy=bank.head2, made_by=bank.head, reason="x", from_on=dt.date(2026, 3, 5), to_on=dt.date(2026, 3, 5)
    )
    kept = []
    for hour in (15, 16, 39, 40):  # midnight in Hong Kong is 16:00 UTC
        at = dt.datetime(2026, 3, 4, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
        kept.append([post.pk for post in kept_by(Post, fresh(bank.head2).actor, at)])
    assert kept == [[], [bank.post("head").pk], [bank.post("head").pk], []]
    assert cover.principal == bank.head


def test_authority_is_the_lower_of_both_and_of_ones_own_posts_the_own(bank, today):
    name(bank, "head", "head", "centre", today)
    actor = fresh(bank.centre).actor
    kept = actor.covered_posts[0]
    assert [actor.authority_for(post) for post in (kept, bank.post("centre"), bank.post("head2"))] == [4, 5, 0]
    assert [post.role for post in actor.deciding_posts] == ["RCH", "TH"]


def test_a_credit_approver_keeps_the_desk_of_one_of_the_same_or_a_lower_grade(bank, today):
    name(bank, "co1", "co1", "co2", today)
    actor = fresh(bank.co2).actor
    assert actor.authority_for(actor.covered_posts[0]) == 1
    with pytest.raises(RuleBroken, match="same role with the same grade"):
        name(bank, "co2", "co2", "co1", today)


@pytest.mark.parametrize(
    ("principal", "deputy"),
    [("centre", "head"), ("head", "rm"), ("head", "compliance"), ("ho", "centre"), ("compliance", "ho"), ("finance", "cad")],
)
def test_a_lower_grade_or_another_role_is_no_deputy(bank, today, principal, deputy):
    with pytest.raises(RuleBroken) as refusal:
        name(bank, principal, principal, deputy, today)
    assert set(refusal.value.fields) == {"deputy"}


@pytest.mark.parametrize(("principal", "deputy"), [("head", "ho"), ("ho", "ho2"), ("compliance", "compliance2"), ("cad", "cad2")])
def test_the_same_role_or_a_higher_head_is_a_deputy(bank, today, principal, deputy):
    name(bank, principal, principal, deputy, today)
    assert [who for who, _role in covered(bank.people[deputy])] == [principal]


def test_nobody_is_their_own_deputy(bank, today):
    with pytest.raises(RuleBroken, match="their own deputy"):
        name(bank, "head", "head", "head", today)
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveCover.objects.create(principal=bank.head, deputy=bank.head, made_by=bank.head, reason="x", from_on=today, to_on=today)


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 3, "from_on"), (3, 2, "to_on"), (0, 30, "to_on")])
def test_days_that_are_past_turned_round_or_too_many_are_refused(bank, today, first, last, field):
    with pytest.raises(RuleBroken) as refusal:
        name(bank, "head", "head", "head2", today, first=first, last=last)
    assert set(refusal.value.fields) == {field}
    name(bank, "head", "head", "head2", today, last=29)


def test_a_cover_says_why(bank, today):
    with pytest.raises(RuleBroken) as refusal:
        name(bank, "head", "head", "head2", today, reason=" ")
    assert set(refusal.value.fields) == {"reason"}


def test_two_covers_of_one_person_share_no_day_and_one_person_keeps_several_desks(bank, today):
    name(bank, "head", "head", "head2", today, last=5)
    for first, last in ((0, 0), (5, 9), (0, 20)):
        with pytest.raises(RuleBroken, match="covered already"):
            name(bank, "head", "head", "centre", today, first=first, last=last)
    name(bank, "head", "head", "centre", today, first=6, last=9)
    name(bank, "outhead", "outhead", "head2", today)
    assert sorted(covered(bank.head2)) == [("head", "TH"), ("outhead", "TH")]


@pytest.mark.parametrize("by", ["centre", "ho", "ho2"])
def test_the_head_names_the_deputy_of_who_cannot(bank, today, by):
    cover = name(bank, by, "head", "head2", today)
    assert (cover.made_by, covered(bank.head2)) == (bank.people[by], [("head", "TH")])


@pytest.mark.parametrize(
    ("by", "principal"),
    [("rm", "head"), ("head2", "head"), ("centre", "outhead"), ("ho", "compliance"), ("admin", "head"), ("head", "centre")],
)
def test_others_name_nobody(bank, today, by, principal):
    with pytest.raises(NotAllowed, match="named by the person who is away"):
        name(bank, by, principal, "compliance2" if principal == "compliance" else "ho", today)


@pytest.mark.parametrize("who", ["rm", "analyst", "editor", "auditor", "admin"])
def test_who_decides_nothing_has_no_deputy(bank, today, who):
    with pytest.raises(NotAllowed, match="needs a deputy"):
        name(bank, who, who, "head", today)


def test_a_kept_desk_is_passed_on_to_nobody(bank, today):
    name(bank, "head", "head", "head2", today)
    name(bank, "head2", "head2", "outhead", today)
    assert covered(bank.outhead) == [("head2", "TH")]
    assert covered(bank.head2) == [("head", "TH")]


def test_a_cover_that_is_ended_gives_nothing_from_that_moment_and_frees_the_days(bank, today, now):
    cover = name(bank, "head", "head", "head2", today)
    services.end_cover(cover_id=cover.pk, actor=bank.head, now=now)
    assert covered(bank.head2) == []
    with pytest.raises(InvalidTransition):
        services.end_cover(cover_id=cover.pk, actor=bank.head, now=now)
    name(bank, "head", "head", "centre", today)


@pytest.mark.parametrize("by", ["head", "head2", "centre", "ho"])
def test_the_two_and_the_heads_end_a_cover(bank, today, now, by):
    cover = name(bank, "head", "head", "head2", today)
    assert services.end_cover(cover_id=cover.pk, actor=bank.people[by], now=now).ended_by == bank.people[by]


@pytest.mark.parametrize("by", ["compliance", "admin"])
def test_who_only_reads_covers_ends_none(bank, today, now, by):
    cover = name(bank, "head", "head", "head2", today)
    with pytest.raises(NotAllowed):
        services.end_cover(cover_id=cover.pk, actor=bank.people[by], now=now)


@pytest.mark.parametrize("by", ["rm", "outhead", "finance"])
def test_a_cover_is_hidden_from_others(bank, today, now, by):
    cover = name(bank, "head", "head", "head2", today)
    with pytest.raises(LeaveCover.DoesNotExist):
        services.end_cover(cover_id=cover.pk, actor=bank.people[by], now=now)


def test_covers_are_seen_by_the_two_their_heads_and_the_readers_of_staff_records(bank, today):
    name(bank, "head", "head", "head2", today)
    name(bank, "compliance", "compliance", "compliance2", today)
    seen = {who: LeaveCover.objects.visible_to(user).count() for who, user in bank.people.items()}
    wanted = {
        "head": 1,
        "head2": 1,
        "centre": 1,
        "ho": 1,
        "ho2": 1,
        "compliance": 2,
        "compliance2": 2,
        "admin": 2,
        "admin2": 2,
        "auditor": 2,
    }
    assert {who: count for who, count in seen.items() if count} == wanted


def test_whoever_of_the_two_loses_the_post_ends_it_at_once(bank, today):
    name(bank, "head", "head", "head2", today)
    for who in ("head", "head2"):
        with transaction.atomic():
            Post.objects.filter(user=bank.people[who]).update(to_at=timezone.now())
            assert covered(bank.head2) == []
            transaction.set_rollback(True)
    User.objects.filter(pk=bank.head.pk).update(is_active=False)
    assert covered(bank.head2) == []


def test_a_deputy_who_is_moved_to_a_lower_grade_keeps_nothing(bank, today):
    name(bank, "head", "head", "head2", today)
    Post.objects.filter(user=bank.head2).update(role=Role.RM, grade=2)
    assert covered(bank.head2) == []


def test_deciders_find_the_work_of_the_desks_that_they_keep_but_not_personal_tasks(bank, today, now):
    WorkItem.objects.create(kind="approval", title="In the queue", unit=bank.team, role="TH")
    WorkItem.objects.create(kind="approval", title="For the head", assignee=bank.head)
    WorkItem.objects.create(kind="approval", title="Of another role", unit=bank.team, role="RM")
    WorkItem.objects.create(kind="approval", title="One's own", unit=bank.team2, role="TH")
    todo.add_task(actor=bank.head, now=now, title="Buy a card", due_at=now + DAY)
    assert found(bank.head2) == ["One's own"]
    cover = name(bank, "head", "head", "head2", today)
    assert found(bank.head2) == ["For the head", "In the queue", "One's own"]
    assert WorkItem.objects.visible_to(fresh(bank.head2)).count() == 1
    services.end_cover(cover_id=cover.pk, actor=bank.head2, now=now)
    assert found(bank.head2) == ["One's own"]


def found(user):
    return sorted(WorkItem.objects.for_deciders(fresh(user)).values_list("title", flat=True))


def test_covered_posts_cost_one_query_and_none_for_who_decides_nothing(bank, today, django_assert_num_queries):
    name(bank, "head", "head", "head2", today)
    deputy, rm = fresh(bank.head2), fresh(bank.rm)
    assert deputy.actor.posts
    assert rm.actor.posts
    with django_assert_num_queries(1):
        assert [str(post.unit.centre) for post in deputy.actor.deciding_posts] == ["Kowloon East", "Kowloon East"]
        assert deputy.actor.covered_posts
    with django_assert_num_queries(0):
        assert rm.actor.deciding_posts == rm.actor.posts


@pytest.mark.django_db(transaction=True)
def test_of_two_covers_of_the_same_days_named_at_once_one_stands(bank, today):
    answers = one_after_the_other(
        lambda: name(bank, "head", "head", "head2", today), lambda: name(bank, "centre", "head", "centre", today, first=3, last=9)
    )
    assert [type(answer) for answer in answers] == [LeaveCover, RuleBroken], answers
    assert LeaveCover.objects.get().deputy == bank.head2


def test_the_invariant_tells_of_two_deputies_on_one_day(bank, today):
    broken = next(invariant for invariant in of(Invariant) if invariant.code == "staff.covers").broken
    name(bank, "head", "head", "head2", today)
    name(bank, "head", "head", "centre", today, first=7, last=9)
    assert list(broken()) == []
    LeaveCover.objects.filter(deputy=bank.centre).update(from_on=today + 6 * DAY)
    assert len(list(broken())) == 1


# Pages


def browser(user):
    client = Client()
    client.force_login(user, backend="crm.staff.backends.PostBackend")
    return client


def fill(today, deputy, **more):
    return {"deputy": deputy.pk, "from_on": today.isoformat(), "to_on": (today + 6 * DAY).isoformat(), "reason": "Annual leave"} | more


def test_a_head_names_a_deputy_by_page_and_the_deputy_gives_it_back(bank, today):
    head = browser(bank.head)
    url = f"/staff/cover/of/{bank.head.pk}/"
    choices = [value for value, _label in head.get(url).context["form"].fields["deputy"].choices if value]
    assert set(choices) == {bank.head2.pk, bank.outhead.pk, bank.centre.pk, bank.ho.pk, bank.ho2.pk}
    assert head.post(url, fill(today, bank.rm)).status_code == 422
    assert head.post(url, fill(today, bank.head2, to_on=(today + 40 * DAY).isoformat())).status_code == 422
    assert head.post(url, fill(today, bank.head2)).status_code == 302
    assert "Head2 Lau" in head.get("/staff/cover/").content.decode()
    shown = browser(bank.head2).get("/staff/cover/").content.decode()
    assert "Annual leave" in shown
    cover = LeaveCover.objects.get()
    assert browser(bank.outhead).get(f"/staff/cover/{cover.pk}/end/").status_code == 404
    assert browser(bank.admin).post(f"/staff/cover/{cover.pk}/end/").status_code == 403
    assert browser(bank.head2).post(f"/staff/cover/{cover.pk}/end/").status_code == 302
    assert covered(bank.head2) == []
    assert "ended by Head2 Lau" in head.get("/staff/cover/").content.decode()


def test_who_is_offered_as_deputy_is_taken_and_nobody_else(bank, today):
    for principal in ("head", "centre", "ho", "co1", "co2", "compliance", "finance", "cad"):
        offered = set(deputies_for(fresh(bank.people[principal]), now=timezone.now()))
        fits = {user for user in bank.people.values() if not services.deputy_refusal(fresh(bank.people[principal]), fresh(user))}
        assert offered == fits, principal


def test_heads_name_deputies_for_their_people_and_nobody_for_others(bank, today):
    urls = {who: f"/staff/cover/of/{bank.people[who].pk}/" for who in ("head", "outhead", "centre", "compliance", "rm")}
    opens = {}
    for by in ("centre", "ho", "head", "rm", "admin"):
        client = browser(bank.people[by])
        opens[by] = {who for who, url in urls.items() if client.get(url).status_code == 200}
    assert opens == {"centre": {"head", "centre"}, "ho": {"head", "outhead", "centre"}, "head": {"head"}, "rm": set(), "admin": set()}
    assert browser(bank.centre).post(urls["head"], fill(today, bank.head2)).status_code == 302
    assert "Head Lau" in browser(bank.centre).get("/staff/cover/").content.decode()


def test_the_page_is_for_those_who_decide_and_those_who_read_staff_records(bank):
    opens = {name for name, user in bank.people.items() if browser(user).get("/staff/cover/").status_code == 200}
    closed = {"arm", "rm", "rm2", "sibling", "outsider", "analyst", "analyst2", "lobby", "branch", "specialist", "editor"}
    assert opens == set(bank.people) - closed


def test_the_page_costs_a_fixed_number_of_statements(bank, today, django_assert_max_num_queries):
    for place, deputy in enumerate(("head2", "centre", "ho")):
        name(bank, "head", "head", deputy, today, first=place * 3, last=place * 3 + 2)
    name(bank, "centre", "centre", "ho", today)
    reader = browser(bank.ho)
    reader.get("/staff/cover/")
    with django_assert_max_num_queries(6):
        assert reader.get("/staff/cover/").status_code == 200


def test_who_left_the_post_finds_no_cover(bank, today):
    name(bank, "head", "head", "head2", today)
    Post.objects.filter(user=bank.head).update(to_at=timezone.now())
    assert not LeaveCover.objects.visible_to(fresh(bank.head)).exists()
    assert browser(bank.head).get("/staff/cover/").status_code == 403
