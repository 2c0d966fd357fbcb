"""Statements that are worked out once and run with other values."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import BigAutoField, CharField, DateTimeField, F

from crm.companies.models import Company, Coverage
from crm.kernel.prepared import Given, Prepared
from crm.kernel.querysets import Reach
from crm.staff.choices import Role
from crm.staff.models import Post
from tests import cast
from tests.companies.making import covered

OF_USER = Prepared(lambda: Post.objects.filter(user_id=Given("user_id", BigAutoField()), role=Role.RM).select_related("user", "unit"))
HELD_AT = Prepared(lambda: Post.objects.current(Given("now", DateTimeField())).filter(role=Given("role", CharField())).order_by("pk"))


def test_other_values_give_other_rows(bank: cast.Bank) -> None:
    people = [bank.rm2, bank.sibling, bank.outsider]
    assert [[post.user_id for post in OF_USER(user_id=person.pk)] for person in people] == [[person.pk] for person in people]
    assert OF_USER(user_id=bank.head.pk) == []


def test_rows_are_those_of_the_queryset_with_what_it_selects_beside_them(bank: cast.Bank, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        (post,) = OF_USER(user_id=bank.rm2.pk)
        beside = (post.user.username, post.unit.name_en)
    assert beside == ("rm2", "Kwun Tong Team")
    assert post == Post.objects.get(user=bank.rm2)
    assert post.from_at == Post.objects.get(user=bank.rm2).from_at


def test_a_value_is_written_as_its_field_writes_it_wherever_it_stands(bank: cast.Bank, now: dt.datetime) -> None:
    for moment in (now, now - dt.timedelta(days=36_500)):
        expected = list(Post.objects.current(moment).filter(role=Role.CO).order_by("pk"))
        assert HELD_AT(now=moment, role=Role.CO) == expected
    assert len(HELD_AT(now=now, role=Role.CO)) == 3


def test_a_value_that_was_left_out_is_named(bank: cast.Bank) -> None:
    with pytest.raises(KeyError, match="user_id"):
        OF_USER()


def _posts_of(roles: int) -> Any:
    given = [Given(f"role_{at}", CharField()) for at in range(roles)]
    return Post.objects.filter(role__in=given).annotate(name=F("user__username")).order_by("pk")


OF_ROLES = Prepared(_posts_of)
NAMED = Prepared(lambda: _posts_of(1).values_list("role", "name", named=True))
NOBODY = Prepared(lambda: Post.objects.none())
BEGINNING = Prepared(lambda: Company.objects.filter(name_en__prefix=Given("text", CharField())).order_by("pk"))
WITHIN = Prepared(lambda form: Coverage.objects.within(Reach.given(form)).order_by("pk"))


def test_each_form_is_a_statement_of_its_own_and_an_annotation_stands_on_the_object(bank: cast.Bank) -> None:
    for roles in ([Role.RM], [Role.CO], [Role.RM, Role.CO], [Role.CO, Role.TH]):
        found = OF_ROLES(len(roles), **{f"role_{at}": role for at, role in enumerate(roles)})
        expected = Post.objects.filter(role__in=roles).order_by("pk").select_related("user")
        assert [(post, post.name) for post in found] == [(post, post.user.username) for post in expected]


def test_named_values_are_read_by_name(bank: cast.Bank) -> None:
    expected = Post.objects.filter(role=Role.CO).order_by("pk").values_list("role", "user__username")
    assert [(row.role, row.name) for row in NAMED(role_0=Role.CO)] == list(expected)


def test_what_no_row_can_meet_is_not_asked(bank: cast.Bank, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert NOBODY() == []


def test_a_prefix_given_later_takes_wild_cards_as_they_are(db: None) -> None:
    one = Company.objects.create(name_en="10% Trading", sort_key="10")
    other = Company.objects.create(name_en="100 Trading", sort_key="100")
    assert [BEGINNING(text=text) for text in ("10%", "10", "1_")] == [[one], [one, other], []]


def test_a_reach_given_later_holds_what_the_reach_itself_holds(bank: cast.Bank) -> None:
    made = {name: covered(bank, f"Company of {name}", by=name).pk for name in ("rm", "rm2", "sibling", "outsider")}
    expected = {"rm": ["rm"], "rm2": ["rm2"], "head": ["rm", "rm2"], "centre": ["rm", "rm2", "sibling"], "ho": list(made), "admin": []}
    for name, owners in expected.items():
        reach = bank.people[name].actor.reach()
        found = WITHIN(reach.form, **reach.values)
        assert [row.company_id for row in found] == [made[owner] for owner in owners]
