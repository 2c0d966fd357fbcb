"""What a client delivered since a concession is in force, beside what it promised (domain 5.3)."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.concessions.delivered import delivered
from crm.concessions.models import Concession
from tests.cast import Bank
from tests.crm.concessions.making import EXCESS, ask, client
from tests.crm.figures import making as figuring

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 20)


@pytest.fixture
def of(bank: Bank):
    return client(bank)


def _in_force(bank: Bank, of, since: dt.date, until: dt.date | None = None) -> Concession:
    made = ask(bank.rm, of, EXCESS, promise="Moves its payroll to us", promise_due_on=dt.date(2026, 6, 1))
    Concession.objects.filter(pk=made.pk).update(effective_on=since, expires_on=until)
    made.refresh_from_db()
    return made


def test_days_in_force_stand_beside_as_many_before(bank: Bank, of):
    since = dt.date(2026, 3, 11)
    for day, hkd in ((since, 500), (since - dt.timedelta(days=1), 200), (since - dt.timedelta(days=11), 9_000)):
        figuring.balance(of, hkd, day)
        figuring.turnover(of, hkd, 0, day)
        figuring.income(of, hkd, day)
    found = delivered(_in_force(bank, of, since), client_id=of.pk, on=TODAY)
    assert (found.since, found.until, found.days) == (since, TODAY, 10)
    assert [(one.before, one.since, one.change) for one in found.measures] == [(200, 500, 300)] * 3


def test_what_comes_after_its_end_no_longer_counts(bank: Bank, of):
    since = dt.date(2026, 3, 11)
    figuring.income(of, 7, dt.date(2026, 3, 16))
    found = delivered(_in_force(bank, of, since, dt.date(2026, 3, 15)), client_id=of.pk, on=TODAY)
    assert (found.days, found.measures[-1].since) == (5, 0)


def test_before_it_is_in_force_nothing_is_compared(bank: Bank, of):
    assert delivered(_in_force(bank, of, TODAY + dt.timedelta(days=1)), client_id=of.pk, on=TODAY) is None
    assert delivered(ask(bank.rm, of, EXCESS), client_id=of.pk, on=TODAY) is None


def test_the_tab_is_for_those_who_read_the_clients_figures(bank: Bank, of, browse):
    made = _in_force(bank, of, timezone.localdate() - dt.timedelta(days=9))
    page = f"/concessions/{made.pk}/"
    assert "?tab=delivered" in browse(bank.rm).get(page).content.decode()
    part = browse(bank.head).get(f"{page}delivered/").content.decode()
    for shown in ("Moves its payroll to us", "10 days in force", "Average deposits", "Open"):
        assert shown in part
    assert browse(bank.sibling).get(f"{page}delivered/").status_code == 404
    assert browse(bank.finance).get(f"{page}delivered/").status_code == 403
    waiting = ask(bank.rm, client(bank, name="Ocean Dyeing"), EXCESS)
    assert "?tab=delivered" not in browse(bank.rm).get(waiting.get_absolute_url()).content.decode()
