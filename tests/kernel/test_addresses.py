"""Remembered addresses are those that Django works out."""

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse

from crm.kernel.addresses import url_of

urlpatterns = [path("elsewhere/<int:pk>/", lambda request: None, name="elsewhere")]


@pytest.mark.parametrize("name", ["companies:company_detail", "clients:client_detail", "visits:visit_detail", "deals:deal_move"])
@pytest.mark.parametrize("pk", [1, 10, 9_223_372_036_854_775_807])
def test_a_record_has_the_address_that_reverse_gives(name, pk):
    assert url_of(name, pk) == url_of(name, pk) == reverse(name, args=[pk])


def test_a_page_without_a_record_too():
    assert url_of("today:today") == "/"


@pytest.mark.parametrize(("name", "pk"), [("no:such", None), ("companies:company_detail", None), ("today:today", 3)])
def test_an_address_that_is_not_there_says_so(name, pk):
    with pytest.raises(NoReverseMatch):
        url_of(name, pk)


def test_other_addresses_are_not_mixed_up_with_ours():
    url_of("companies:company_detail", 3)
    with override_settings(ROOT_URLCONF=__name__):
        assert url_of("elsewhere", 3) == "/elsewhere/3/"
        with pytest.raises(NoReverseMatch):
            url_of("companies:company_detail", 3)
