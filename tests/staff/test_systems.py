"""Accounts of other systems: dual control over posts and tokens, no sign-in, and only what is open to systems."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from crm.kernel.errors import NotAllowed, RuleBroken
from crm.staff import services, systems
from crm.staff.models import ApiToken, Post, User
from tests.cast import NOW, fresh
from tests.credit.systems import making

pytestmark = pytest.mark.django_db


def ask(text, path):
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {text}"}).status_code


def test_a_system_is_added_by_an_administrator_and_reaches_nothing_before_its_post(bank):
    with pytest.raises(NotAllowed):
        systems.create_system(actor=bank.head, username="loans", name_en="Loans")
    made = systems.create_system(actor=bank.admin, username="Loans", name_en="Loans")
    assert (made.username, made.is_service, made.has_usable_password()) == ("loans", True, False)
    with pytest.raises(RuleBroken):
        systems.create_system(actor=bank.admin, username="LOANS", name_en="Again")
    assert ask(making.token(bank, made), "packs") == 403


def test_a_system_holds_the_post_of_a_system_alone_and_nobody_else_holds_it(bank):
    made = systems.create_system(actor=bank.admin, username="loans", name_en="Loans")
    told = {"actor": bank.admin, "now": NOW, "unit_id": bank.credit.pk, "reason": "Needed"}
    for person, role in ((made, "CA"), (bank.analyst, "SYS")):
        with pytest.raises(RuleBroken) as refused:
            services.propose_post_change(user_id=person.pk, role=role, **told)
        assert "role" in refused.value.fields


def test_its_post_takes_two_administrators(bank):
    made = systems.create_system(actor=bank.admin, username="loans", name_en="Loans")
    told = {"role": "SYS", "unit_id": bank.credit.pk, "reason": "Needed"}
    change = services.propose_post_change(user_id=made.pk, actor=bank.admin, now=NOW, **told)
    with pytest.raises(NotAllowed):
        services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin, now=NOW)
    services.decide_post_change(change_id=change.pk, approve=True, actor=bank.admin2, now=NOW)
    assert Post.objects.filter(user=made, role="SYS").exists()


def test_its_token_works_once_another_administrator_confirmed_it(bank):
    made = making.account(bank)
    text = making.token(bank, made, confirmed=False)
    assert ask(text, "packs") == 401
    row = ApiToken.objects.get(user=made)
    for person in (bank.admin, bank.compliance, bank.head):
        with pytest.raises((NotAllowed, ApiToken.DoesNotExist)):
            systems.confirm_token(token_id=row.pk, actor=person, now=NOW)
    systems.confirm_token(token_id=row.pk, actor=bank.admin2, now=NOW)
    assert ask(text, "packs") == 200
    with pytest.raises(NotAllowed):
        systems.confirm_token(token_id=row.pk, actor=bank.admin2, now=NOW)


def test_the_database_refuses_a_token_that_its_maker_confirms(bank):
    made = making.account(bank)
    making.token(bank, made, confirmed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(user=made).update(confirmed_by=bank.admin)


def test_people_are_given_no_tokens_by_administrators(bank):
    with pytest.raises(NotAllowed):
        systems.make_token(user_id=bank.analyst.pk, actor=bank.admin)


def test_a_token_ends_at_once_by_one_administrator_and_by_nobody_else(bank):
    made = making.account(bank)
    text = making.token(bank, made)
    row = ApiToken.objects.get(user=made)
    for person in (bank.compliance, bank.auditor):
        with pytest.raises(NotAllowed):
            services.revoke_token(token_id=row.pk, actor=fresh(person), now=NOW)
    services.revoke_token(token_id=row.pk, actor=bank.admin2, now=NOW)
    assert ask(text, "packs") == 401


def test_shutting_a_system_out_ends_its_tokens(bank):
    made = making.account(bank)
    text = making.token(bank, made)
    services.set_active(user_id=made.pk, active=False, actor=bank.admin, now=NOW)
    assert ask(text, "packs") == 401


def test_a_system_never_signs_in_whatever_it_knows(bank):
    made = making.account(bank)
    made.set_password("a-long-enough-word-7")
    made.save()
    browser = Client()
    browser.post(reverse("staff:sign_in"), {"username": made.username, "password": "a-long-enough-word-7"})
    assert browser.get("/").status_code == 302
    browser.force_login(made, backend="crm.staff.backends.PostBackend")
    assert browser.get("/accounts/").status_code == 302


def test_a_system_reaches_only_what_is_open_to_systems(bank):
    text = making.token(bank, making.account(bank))
    for path in ("packs", "credit/packs", "credit/events", "credit/intake"):
        assert ask(text, path) == 200, path
    for path in (
        "companies",
        "clients",
        "contacts",
        "visits",
        "concessions",
        "prospects",
        "search?q=a",
        "clippings",
        "spreads",
        "policies",
    ):
        assert ask(text, path) == 403, path


def test_systems_are_no_colleagues_to_be_named(bank):
    made = making.account(bank)
    assert made not in User.objects.colleagues_of(bank.rm)


def test_an_administrator_makes_and_another_confirms_on_the_pages(bank):
    first, second = Client(), Client()
    first.force_login(bank.admin, backend="crm.staff.backends.PostBackend")
    second.force_login(bank.admin2, backend="crm.staff.backends.PostBackend")
    assert first.post(reverse("staff:system_create"), {"username": "loans", "name_en": "Loans", "submission": "k1"}).status_code == 302
    made = User.objects.get(username="loans")
    page = first.get(made.get_absolute_url()).content.decode()
    assert reverse("staff:system_token", args=[made.pk]) in page
    shown = first.post(reverse("staff:system_token", args=[made.pk]), {"scopes": ["read"], "submission": "k2"}, follow=True)
    assert "rpt_" in shown.content.decode()
    row = ApiToken.objects.get(user=made)
    assert (row.made_by, row.confirmed_at, row.scopes) == (bank.admin, None, ["read"])
    assert first.get(reverse("staff:token_confirm", args=[row.pk])).status_code == 403
    assert second.post(reverse("staff:token_confirm", args=[row.pk]), {"submission": "k3"}).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == bank.admin2
    assert second.post(reverse("staff:token_end", args=[row.pk]), {"submission": "k4"}).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
