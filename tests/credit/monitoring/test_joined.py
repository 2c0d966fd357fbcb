"""Surprise visits and red flags together: what a visit saw is flagged once, a bad flag makes a visit due, the night does both."""

import datetime as dt

import pytest

from credit.flags import selectors as flag_selectors
from credit.flags.models import Flag
from credit.risk.parts import open_flags
from credit.surprises import flagging, nightly
from credit.surprises.models import DrawOrder
from credit.surprises.parts import Sighting
from tests.cast import NOW, fresh
from tests.credit.monitoring import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bank):
    return making.client(bank)


def codes(client):
    return sorted(Flag.objects.filter(client=client).values_list("code", flat=True))


def test_an_empty_office_with_an_answered_telephone_raises_two_flags_however_often_the_record_is_changed(bank, client):
    seen = Sighting(7, client.pk, "unsat", empty=True, phone_diverted=True)
    for _ in range(2):
        flagging.hear_visit(sighting=seen, actor=fresh(bank.rm), now=NOW)
    assert codes(client) == ["RF-01", "RF-02"]
    flagging.hear_visit(sighting=Sighting(7, client.pk, "unsat", empty=True, entry_refused=True), actor=fresh(bank.rm), now=NOW)
    assert codes(client) == ["RF-01", "RF-02", "RF-06"]
    assert Flag.objects.get(code="RF-01").origin == "visit"


def test_what_was_as_it_should_be_raises_nothing(bank, client):
    flagging.hear_visit(sighting=Sighting(7, client.pk, "ok"), actor=fresh(bank.rm), now=NOW)
    assert codes(client) == []


@pytest.mark.parametrize(("code", "days"), [("RF-01", 5), ("RF-29", 1), ("RF-20", None)])
def test_a_high_flag_makes_a_visit_due_in_five_working_days_a_critical_one_in_one_and_a_medium_none(bank, client, code, days):
    making.flag(bank, client, code, by="compliance")
    orders = list(DrawOrder.objects.filter(client=client))
    assert len(orders) == (days is not None)
    if days is not None:
        # Wednesday 4 March 2026: five working days on is the Wednesday after, one is Thursday.
        assert orders[0].until_on == NOW.date() + dt.timedelta(days={5: 7, 1: 1}[days])


def test_a_hushed_flag_counts_neither_for_the_class_nor_on_the_board_of_whom_it_is_hidden_from(bank, client):
    making.flag(bank, client, "RF-03", by="compliance")
    making.flag(bank, client, "RF-20", by="compliance")
    assert open_flags([client.pk]) == {client.pk: {"M": 1}}
    assert flag_selectors.seen_counts(fresh(bank.rm), [client.pk]) == {client.pk: 1}
    assert flag_selectors.seen_counts(fresh(bank.compliance), [client.pk]) == {client.pk: 2}


def test_the_night_raises_what_the_figures_say_and_the_same_night_again_raises_nothing(bank, client):
    making.drawn(client)
    making.conduct(client, 0, returned=3)
    first, again = (nightly.run(on=making.TODAY, now=NOW) for _ in range(2))
    assert first["flags_raised"] == 1
    assert codes(client) == ["RF-22"]
    assert (again["flags_raised"], again["draws"]) == (0, 0)
