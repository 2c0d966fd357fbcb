"""What is late and what the bank paid, from the core bank's file to flags, classes and the board (domain 7.1 and 7.4)."""

import datetime as dt

import pytest

from credit.flags import services as flags
from credit.flags.models import Flag
from credit.risk import services as risk
from credit.risk.models import Standing
from tests.cast import NOW
from tests.credit.monitoring import making
from tests.crm.figures import making as figures

pytestmark = pytest.mark.django_db
TODAY = making.TODAY


@pytest.fixture
def client(bank):
    return making.client(bank)


def stated(folder, rows, *, day=TODAY, version=1):
    """The core bank's file, loaded: (client, reference, type, days overdue, overdue, advanced)."""
    cells = [(of.number, reference, kind, str(days), f"{late}.00", f"{paid}.00") for of, reference, kind, days, late, paid in rows]
    return figures.load(figures.write(folder, "arrears", cells, day=day, version=version), day=day)


def raised(day=TODAY):
    flags.nightly(day, now=NOW)
    return sorted(Flag.objects.values_list("client_id", "code"))


def test_the_nights_file_raises_late_payments_and_advances_by_themselves_and_once(bank, client, tmp_path):
    later, advanced = making.client(bank, name="Tai Wo Garments"), making.client(bank, name="Kai Sing Medical")
    report = stated(
        tmp_path,
        [
            (client, "TL-1", "TL", 30, 84_000, 0),
            (client, "OD-1", "OD", 2, 100, 0),
            (later, "TL-2", "TL", 31, 60_000, 0),
            (advanced, "LC-3", "LC", 0, 0, 400_000),
        ],
    )
    assert (report.loaded, report.totals_match) == (4, True)
    assert raised() == [(client.pk, "RF-25"), (later.pk, "RF-26"), (advanced.pk, "RF-27")]
    told = {flag.code: flag.figures for flag in Flag.objects.all()}
    assert told["RF-25"] == {"as_of": "2026-03-04", "late_days": "30"}
    assert told["RF-27"] == {"as_of": "2026-03-04", "advanced": "400,000.00"}
    assert len(raised()) == 3


def test_what_was_repaid_by_a_later_statement_raises_nothing(client, tmp_path):
    stated(tmp_path, [(client, "TL-1", "TL", 12, 100, 0)])
    stated(tmp_path, [(client, "TL-1", "TL", 0, 0, 0)], version=2)
    assert raised() == []


def test_a_file_that_is_too_old_raises_nothing_and_the_board_says_which_is_missing(bank, client, browse, tmp_path):
    stated(tmp_path, [(client, "TL-1", "TL", 12, 100, 0)], day=TODAY - dt.timedelta(days=7))
    assert raised() == []
    assert flags.missing_figures(on=TODAY) == ["balances", "turnover", "conduct", "arrears"]
    figures.file("arrears", TODAY)
    assert flags.missing_figures(on=TODAY) == ["balances", "turnover", "conduct"]
    page = browse(bank.head).get("/credit/monitoring/").content.decode()
    assert "missing or too old" in page


@pytest.mark.parametrize(("owner", "days", "best"), [("rm", 91, 3), ("rm", 181, 4), ("outsider", 181, 3), ("outsider", 361, 5)])
def test_days_late_are_a_ceiling_for_the_class_in_hong_kong_and_the_mainland(bank, tmp_path, owner, days, best):
    of = making.client(bank, owner)
    making.drawn(of)
    stated(tmp_path, [(of, "TL-1", "TL", days, 100, 0), (of, "TL-2", "TL", 5, 100, 0)])
    risk.classify(on=TODAY, now=NOW)
    assert (Standing.objects.get().loan_class, Standing.objects.get().days_overdue) == (best, days)


def test_an_advance_is_special_mention_from_its_day_on_and_the_worse_of_both_files_counts(bank, client, tmp_path):
    other = making.client(bank, name="Tai Wo Garments")
    for of in (client, other):
        making.drawn(of)
    making.conduct(other, 95)
    stated(tmp_path, [(client, "LC-1", "LC", 0, 0, 400_000), (other, "TL-1", "TL", 3, 100, 0)])
    risk.classify(on=TODAY, now=NOW)
    assert (Standing.objects.get(client=client).risk_class, Standing.objects.get(client=client).days_overdue) == ("R4", 1)
    assert Standing.objects.get(client=other).days_overdue == 95


def test_a_file_that_no_longer_comes_makes_no_debt_look_better(bank, client, tmp_path):
    making.drawn(client)
    stated(tmp_path, [(client, "TL-1", "TL", 95, 100, 0)])
    risk.classify(on=TODAY, now=NOW)
    later = TODAY + dt.timedelta(days=8)
    making.conduct(making.client(bank, name="Tai Wo Garments"), 1, on=later)
    making.conduct(client, 2, on=later)
    risk.classify(on=later, now=NOW + dt.timedelta(days=8))
    row = Standing.objects.get(client=client)
    assert (row.days_overdue, row.days_on, row.loan_class) == (95, TODAY, 3)
    stated(tmp_path, [], day=later)
    risk.classify(on=later, now=NOW + dt.timedelta(days=8))
    assert Standing.objects.get(client=client).days_overdue == 2
