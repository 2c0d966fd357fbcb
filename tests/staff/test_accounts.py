"""An administrator helps in who is locked out or forgot the password, and puts names right; each act leaves a row."""

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from crm.kernel.errors import NotAllowed, RuleBroken
from crm.staff import accounts, selectors, services, systems
from crm.staff.choices import AccountAct
from crm.staff.models import AccountEvent, User
from tests.staff.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "quite-another-word-9"
SIGN_IN = "/accounts/login/"


@pytest.fixture
def desk(admin):
    made = Client()
    made.force_login(admin)
    return made


def try_in_vain(times=5):
    for _time in range(times):
        Client().post(SIGN_IN, {"username": "rm", "password": "wrong"})


def signs_in(word=PASSWORD):
    return Client().post(SIGN_IN, {"username": "rm", "password": word}).status_code == 302


def test_the_page_of_somebody_locked_out_says_until_when_and_unlocking_lets_them_in(rm_with_password, desk, admin):
    page = f"/staff/{rm_with_password.pk}/"
    assert "Locked until" not in desk.get(page).content.decode()
    try_in_vain()
    assert not signs_in()
    until = selectors.locked_until(rm_with_password, now=timezone.now())
    assert dt.timedelta(minutes=58) < until - timezone.now() <= dt.timedelta(hours=1)
    shown = desk.get(page).content.decode()
    assert "Locked until" in shown
    assert f"{page}unlock/" in shown
    assert desk.post(f"{page}unlock/").status_code == 302
    assert signs_in()
    event = AccountEvent.objects.get()
    assert (event.user, event.act, event.actor, event.post.role) == (rm_with_password, AccountAct.UNLOCKED, admin, "ADM")
    assert "Unlocked" in desk.get(page).content.decode()


def test_fewer_wrong_tries_than_the_limit_and_those_of_long_ago_lock_nobody(rm_with_password):
    try_in_vain(4)
    now = timezone.now()
    assert selectors.locked_until(rm_with_password, now=now) is None
    try_in_vain(1)
    assert selectors.locked_until(rm_with_password, now=now + dt.timedelta(seconds=30)) is not None
    assert selectors.locked_until(rm_with_password, now=now + dt.timedelta(hours=1, minutes=1)) is None


def test_who_is_not_locked_is_not_unlocked_and_others_stay_locked(rm_with_password, admin, rm2, now):
    with pytest.raises(RuleBroken, match="not locked"):
        accounts.unlock(user_id=rm_with_password.pk, actor=admin, now=timezone.now())
    try_in_vain()
    for _time in range(5):
        Client().post(SIGN_IN, {"username": "rm2", "password": "wrong"})
    accounts.unlock(user_id=rm_with_password.pk, actor=admin, now=timezone.now())
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"rm2"}


def test_a_new_password_ends_sessions_and_the_lock(rm_with_password, desk, admin):
    browser = Client()
    browser.post(SIGN_IN, {"username": "rm", "password": PASSWORD})
    assert browser.get("/").status_code == 200
    try_in_vain()
    answer = desk.post(f"/staff/{rm_with_password.pk}/password/", {"password": NEW}, follow=True)
    assert "Tell the person to change it at once" in answer.content.decode()
    assert browser.get("/").status_code == 302
    assert signs_in(NEW)
    assert not signs_in(PASSWORD)
    event = AccountEvent.objects.get()
    assert (event.act, event.actor) == (AccountAct.NEW_PASSWORD, admin)
    assert NEW not in str(event.__dict__)


def test_a_weak_password_is_refused_with_the_field_and_the_old_one_stays(rm_with_password, admin, now):
    with pytest.raises(RuleBroken) as refusal:
        accounts.set_first_password(user_id=rm_with_password.pk, password="123456789012", actor=admin, now=now)
    assert "password" in refusal.value.fields
    assert signs_in()
    assert not AccountEvent.objects.exists()


@pytest.mark.parametrize("name", ["rm2", "head", "ho", "compliance", "auditor"])
def test_only_administrators_help(bank, now, name):
    for act in (
        lambda: accounts.unlock(user_id=bank.rm.pk, actor=bank.people[name], now=now),
        lambda: accounts.set_first_password(user_id=bank.rm.pk, password=NEW, actor=bank.people[name], now=now),
        lambda: accounts.correct(user_id=bank.rm.pk, version=1, values={"name_en": "X"}, actor=bank.people[name], now=now),
    ):
        with pytest.raises(NotAllowed, match="Only an administrator"):
            act()


def test_nobody_resets_their_own_and_a_system_has_none(bank, now):
    system = systems.create_system(actor=bank.admin, username="loans", name_en="Loans")
    for account, reason in ((bank.admin, "Another administrator"), (system, "no password")):
        with pytest.raises(NotAllowed, match=reason):
            accounts.set_first_password(user_id=account.pk, password=NEW, actor=bank.admin, now=now)
        with pytest.raises(NotAllowed, match=reason):
            accounts.unlock(user_id=account.pk, actor=bank.admin, now=now)


def test_names_are_put_right_and_the_row_says_what_stood_there(rm, desk, admin):
    before = rm.name_en
    told = {"name_en": " Ann  Lee ", "name_zh": "李安", "email": "ann@example.com", "language": "zh-hant"}
    assert desk.post(f"/staff/{rm.pk}/change/", told | {"version": 1}).status_code == 302
    kept = User.objects.get(pk=rm.pk)
    assert (kept.name_en, kept.name_zh, kept.email, kept.language) == ("Ann Lee", "李安", "ann@example.com", "zh-hant")
    event = AccountEvent.objects.get()
    assert (event.act, event.actor, event.changes["name_en"]) == (AccountAct.CORRECTED, admin, [before, "Ann Lee"])
    page = desk.get(f"/staff/{rm.pk}/").content.decode()
    assert f"Name (English): {before} → Ann Lee" in page
    assert "English → 繁體中文" in page
    assert desk.post(f"/staff/{rm.pk}/change/", told | {"version": 2}).status_code == 302
    assert AccountEvent.objects.count() == 1


def test_a_name_is_not_emptied(rm, admin, now):
    with pytest.raises(RuleBroken) as refusal:
        accounts.correct(user_id=rm.pk, version=1, values={"name_en": "  "}, actor=admin, now=now)
    assert "name_en" in refusal.value.fields


def test_shutting_out_and_letting_in_leave_a_row_each(rm, admin, now):
    for active in (False, True):
        services.set_active(user_id=rm.pk, active=active, actor=admin, now=now)
    assert list(AccountEvent.objects.order_by("id").values_list("act", "actor")) == [("shut_out", admin.pk), ("let_in", admin.pk)]
