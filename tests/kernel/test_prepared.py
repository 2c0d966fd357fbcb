"""Statements that are worked out once and run with other values."""

import datetime as dt

import pytest
from django.db.models import BigAutoField, CharField, DateTimeField

from crm.kernel.prepared import Given, Prepared
from crm.staff.choices import Role
from crm.staff.models import Post
from tests import cast

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
