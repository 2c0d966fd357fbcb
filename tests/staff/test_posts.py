"""Posts decide what one sees; a change of posts takes two administrators (domain 1.2, invariants 7 and 42)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crm.kernel import contributions
from crm.kernel.contributions import Invariant
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff import services
from crm.staff.choices import ChangeState, Role
from crm.staff.models import ApiToken, OrgUnit, Post, PostChange, User
from crm.today import selectors as today
from tests.cast import fresh

pytestmark = pytest.mark.django_db


def propose(bank, now, **changes):
    wanted = {"role": Role.SRM, "grade": 3, "unit_id": bank.team.pk, "ends_id": bank.post("rm2").pk, "reason": "Promoted"} | changes
    return services.propose_post_change(user_id=bank.rm2.pk, actor=bank.admin, now=now, **wanted)


def test_an_approved_change_ends_the_old_post_and_begins_the_new_one_at_the_same_moment(bank, now):
    change = services.decide_post_change(change_id=propose(bank, now).pk, approve=True, actor=bank.admin2, now=now)
    assert change.state == ChangeState.APPROVED
    old, new = Post.objects.filter(user=bank.rm2).order_by("id")
    assert (old.to_at, new.from_at, new.role, new.grade) == (now, now, Role.SRM, 3)
    assert new.history.get().history_user == bank.admin2
    assert User.objects.get(pk=bank.rm2.pk).sessions_valid_from == now


def test_until_a_second_administrator_decides_nothing_changes(bank, now):
    propose(bank, now)
    assert fresh(bank.rm2).actor.roles == {Role.RM}


def test_a_proposed_change_stands_on_the_other_administrators_today_until_it_is_decided(bank, now):
    change = propose(bank, now)
    item = WorkItem.objects.get(subject_type=services.CHANGE_SUBJECT, subject_id=change.pk)
    zone = ZoneInfo("Asia/Hong_Kong")
    assert item.due_at == dt.datetime.combine(dt.date(2026, 3, 6), dt.time(17, 30), zone)
    at_work = {name for name in ("admin", "admin2", "auditor", "ops") if today.to_do(fresh(bank.people[name])).filter(pk=item.pk).exists()}
    assert at_work == {"admin2"}
    browser = Client()
    browser.force_login(bank.admin2)
    assert change.get_absolute_url() in browser.get("/").content.decode()
    services.decide_post_change(change_id=change.pk, approve=False, actor=bank.admin2, now=now)
    item.refresh_from_db()
    assert (item.state, item.closed_by) == (WorkState.DONE, bank.admin2)


def test_a_waiting_change_without_work_and_a_decided_one_with_it_are_seen(bank, now):
    check = next(invariant for invariant in contributions.of(Invariant) if invariant.code == "staff.changes").broken
    change = propose(bank, now)
    assert list(check()) == []
    WorkItem.objects.filter(subject_id=change.pk).update(state=WorkState.DONE)
    assert len(list(check())) == 1
    services.decide_post_change(change_id=change.pk, approve=False, actor=bank.admin2, now=now)
    assert list(check()) == []
    WorkItem.objects.filter(subject_id=change.pk).update(state=WorkState.OPEN)
    assert len(list(check())) == 1


def test_who_proposed_a_change_does_not_decide_it(bank, now):
    change = propose(bank, now)
    with pytest.raises(NotAllowed, match="another administrator decides"):
        services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin, now=now)


def test_nobody_decides_a_change_of_their_own_posts(bank, now):
    change = services.propose_post_change(
        user_id=bank.admin2.pk, actor=bank.admin, now=now, role=Role.HO, grade=6, unit_id=bank.head_office.pk, reason="Moves on"
    )
    with pytest.raises(NotAllowed, match="own posts"):
        services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin2, now=now)


def test_the_database_itself_refuses_a_change_decided_by_its_proposer(bank, now):
    change = propose(bank, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PostChange.objects.filter(pk=change.pk).update(decided_by=bank.admin)


def test_a_decided_change_is_not_decided_again(bank, now):
    change = propose(bank, now)
    services.decide_post_change(change_id=change.pk, approve=False, actor=bank.admin2, now=now)
    with pytest.raises(InvalidTransition):
        services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin2, now=now)
    assert fresh(bank.rm2).actor.roles == {Role.RM}


@pytest.mark.parametrize("name", ["rm", "head", "centre", "ho", "compliance", "auditor"])
def test_only_administrators_propose(bank, now, name):
    with pytest.raises(NotAllowed, match="Only an administrator"):
        services.propose_post_change(user_id=bank.rm2.pk, actor=bank.people[name], now=now, ends_id=bank.post("rm2").pk, reason="x")


@pytest.mark.parametrize(
    ("role", "grade", "unit", "field"),
    [
        (Role.RM, 5, "team", "grade"),
        (Role.RCH, 5, "team", "unit"),
        (Role.LOB, 0, "team", "unit"),
        (Role.CA, 3, "credit", "grade"),
        (Role.CO, 0, "credit", "grade"),
    ],
)
def test_grade_and_unit_must_fit_the_role(bank, now, role, grade, unit, field):
    with pytest.raises(RuleBroken) as refusal:
        propose(bank, now, role=role, grade=grade, unit_id=bank.units[unit].pk)
    assert field in refusal.value.fields


def test_the_same_change_is_not_proposed_twice(bank, now):
    propose(bank, now)
    with pytest.raises(RuleBroken, match="waits for a decision"):
        propose(bank, now)


def test_a_post_that_ended_gives_nothing_from_that_minute_on(bank, now):
    Post.objects.filter(user=bank.rm).update(to_at=now - dt.timedelta(days=1))
    assert fresh(bank.rm).actor.posts == ()


def test_a_post_of_tomorrow_gives_nothing_today(bank):
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    Post.objects.filter(user=bank.rm).update(from_at=tomorrow)
    assert fresh(bank.rm).actor.posts == ()


def test_a_person_without_posts_sees_no_staff_no_units(bank):
    nobody = User.objects.create(username="nobody", name_en="Nobody")
    assert not User.objects.visible_to(nobody).exists()
    assert not OrgUnit.objects.visible_to(nobody).exists()
    assert not Post.objects.visible_to(nobody).exists()


def test_shutting_somebody_out_ends_their_sessions_and_tokens(bank, now):
    token = services.create_token(user=bank.rm)
    services.set_active(user_id=bank.rm.pk, active=False, actor=bank.admin, now=now)
    assert services.user_of_token(token) is None
    assert ApiToken.objects.get(user=bank.rm).revoked_at == now
    assert fresh(bank.rm).actor.posts == ()


def test_nobody_shuts_themselves_out(bank, now):
    with pytest.raises(RuleBroken):
        services.set_active(user_id=bank.admin.pk, active=False, actor=bank.admin, now=now)


def test_there_are_no_superusers(bank):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=bank.admin.pk).update(is_superuser=True)


def test_only_the_hash_of_a_token_is_kept(bank):
    token = services.create_token(user=bank.rm, scopes=["read"])
    row = ApiToken.objects.get()
    assert token not in str(row.__dict__)
    assert services.user_of_token(token) == (bank.rm, frozenset({"read"}))
    assert services.user_of_token(token + "x") is None


def test_a_weak_password_and_a_taken_name_are_refused_with_the_field(bank):
    for changes, field in [({"password": "123456789012"}, "password"), ({"username": "RM"}, "username")]:
        wanted = {"username": "new.one", "name_en": "New One", "password": "a-long-enough-word-7"} | changes
        with pytest.raises(RuleBroken) as refusal:
            services.create_user(actor=bank.admin, **wanted)
        assert field in refusal.value.fields
