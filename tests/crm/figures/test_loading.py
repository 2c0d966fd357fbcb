"""Nightly files: whole or not at all, once a day, re-statements beside what they replace, and totals that tie."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import Sum

from crm.figures import services
from crm.figures.contributions import _restated_by_nothing, _untied
from crm.figures.gateways import Unusable
from crm.figures.models import Balance, FigureFile, Income, LimitUse
from tests.crm.figures import making
from tests.crm.figures.making import DAY
from tests.visits.making import client as make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_rm(bank):
    return make_client(bank)


@pytest.fixture
def rows(client_of_rm):
    number = client_of_rm.number
    return [(number, "current", "HKD", "1000.10", "1000.10"), (number, "time", "USD", "-20.5", "-159.90")]


def _command(*paths, as_of=DAY, code=0):
    out, told = io.StringIO(), ["import_figures", *map(str, paths), "--as-of", str(as_of), "--json"]
    if code:
        with pytest.raises(SystemExit) as end:
            call_command(*told, stdout=out, stderr=io.StringIO())
        assert end.value.code == code
    else:
        call_command(*told, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue()) if out.getvalue() else None


def test_a_file_is_loaded_and_ties_to_its_trailer(tmp_path, rows):
    report = _command(making.write(tmp_path, "balances", rows))
    assert report == {"read": 2, "loaded": 2, "unchanged": 0, "refused": 0, "errors": [], "totals_match": True}
    assert Balance.objects.aggregate(held=Sum("amount_hkd"))["held"] == 84020
    assert list(_untied()) == []


def test_the_same_day_again_loads_nothing_and_changes_nothing(tmp_path, rows):
    path = making.write(tmp_path, "balances", rows)
    making.load(path)
    before = list(Balance.objects.values()), list(FigureFile.objects.values())
    report = _command(path)
    assert report == {"read": 2, "loaded": 0, "unchanged": 2, "refused": 0, "errors": [], "totals_match": True}
    assert (list(Balance.objects.values()), list(FigureFile.objects.values())) == before


def test_a_restatement_is_kept_beside_what_it_replaces(tmp_path, rows):
    making.load(making.write(tmp_path, "balances", rows))
    changed = [(*rows[0][:3], "900.00", "900.00"), rows[1]]
    report = making.load(making.write(tmp_path, "balances", changed, version=2))
    assert (report.loaded, report.unchanged) == (1, 1)
    assert sorted(Balance.objects.filter(kind="current").values_list("amount", "is_latest")) == [(90000, True), (100010, False)]
    assert list(_restated_by_nothing()) == list(_untied()) == []


def test_an_older_statement_never_takes_the_place_of_a_newer_one(tmp_path, rows):
    first = making.write(tmp_path, "balances", rows)
    making.load(making.write(tmp_path, "balances", rows[:1], version=2))
    with pytest.raises(Unusable, match="newer statement"):
        making.load(first)
    assert Balance.objects.count() == 1


def test_a_first_statement_that_was_loaded_may_come_again_after_its_restatement(tmp_path, rows):
    first = making.write(tmp_path, "balances", rows)
    making.load(first)
    making.load(making.write(tmp_path, "balances", [(*rows[0][:3], "900.00", "900.00")], version=2))
    assert making.load(first).loaded == 0
    assert Balance.objects.get(kind="current", is_latest=True).amount == 90000


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text.split("\n", 1)[1], "header"),
        (lambda text: "\n".join(text.splitlines()[:-1]) + "\n", "trailer is missing"),
        (lambda text: text[: len(text) // 2], "trailer is missing|neither a row"),
        (lambda text: text[:-3], "trailer cannot be read"),
        (lambda text: text + text, "more than one delivery"),
        (lambda text: text.replace("\nT,", "\n" + text.split("\n")[1] + "\nT,"), "3 rows, the trailer says 2"),
        (lambda text: text.replace("figures-1", "figures-9"), "header"),
        (lambda text: text.replace(",balances,", ",salaries,"), "not known"),
        (lambda text: text.replace("2026-03-03", "2026-02-30"), "no day"),
        (lambda text: text.replace(",1\n", ",0\n", 1), "which statement"),
        (lambda text: text.replace("\nD,", "\nX,", 1), "neither a row"),
        (lambda text: text.replace("current", '"current'), "cannot be read"),
        (lambda text: "", "header"),
    ],
)
def test_a_file_that_is_cut_headless_or_doubled_loads_nothing(tmp_path, rows, spoil, reason):
    path = making.write(tmp_path, "balances", rows)
    good = making.write(tmp_path, "income", [(rows[0][0], "loans", "interest", "0", "5.00")])
    path.write_text(spoil(path.read_text()))
    with pytest.raises(Unusable, match=reason):
        making.load(good, path)
    assert not FigureFile.objects.exists()
    assert not Income.objects.exists()
    _command(path, code=2)


def test_bytes_that_are_no_text_and_a_file_that_is_not_there_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xfe\x00H")
    _command(path, code=2)
    _command(tmp_path / "none.csv", code=2)
    _command(tmp_path, code=2)


def test_a_file_of_another_day_is_refused(tmp_path, rows):
    _command(making.write(tmp_path, "balances", rows), as_of=DAY + dt.timedelta(days=1), code=2)


def test_a_day_that_is_none_is_refused(tmp_path, rows):
    _command(making.write(tmp_path, "balances", rows), as_of="2026-02-30", code=2)


def test_a_total_that_differs_is_loaded_and_said(tmp_path, rows):
    path = making.write(tmp_path, "balances", rows)
    path.write_text(path.read_text().replace("T,2,979.60", "T,2,979.61"))
    report = _command(path, code=1)
    assert (report["loaded"], report["totals_match"]) == (2, False)
    assert _command(path, code=1)["loaded"] == 0
    assert list(_untied()) == []


def test_rows_are_refused_one_by_one_with_reasons(tmp_path, client_of_rm):
    number = client_of_rm.number
    told = [
        (number, "current", "HKD", "1.00", "1.00"),
        ("NOBODY", "current", "HKD", "2.00", "2.00"),
        (number, "gold", "HKD", "3.00", "3.00"),
        (number, "savings", "hkd", "4.00", "4.00"),
        (number, "savings", "HKD", "5.001", "5.00"),
        (number, "savings", "HKD", "1e3", "5.00"),
        (number, "savings", "HKD", "5.00"),
        (number, "current", "HKD", "1.00", "1.00"),
    ]
    path = making.write(tmp_path, "balances", told)
    report = _command(path, code=1)
    assert (report["read"], report["loaded"], report["refused"]) == (8, 1, 7)
    assert [(one["row"], one["column"]) for one in report["errors"]] == [
        (3, "customer"), (4, "kind"), (5, "currency"), (6, "amount"), (7, "amount"), (8, ""), (9, "customer"),
    ]  # fmt: skip
    assert all(one["reason"] and one["file"] == path.name for one in report["errors"])


def test_a_refused_row_that_can_be_read_leaves_the_totals_tied(tmp_path, rows):
    report = making.load(making.write(tmp_path, "balances", [*rows, ("NOBODY", "current", "HKD", "7.00", "7.00")]))
    assert (report.loaded, report.refused, report.totals_match) == (2, 1, True)


def test_limits_cannot_be_below_zero(tmp_path, client_of_rm):
    row = (client_of_rm.number, "OD-1", "OD", "HKD", "-1.00", "0.00", "0.00", "0.00")
    report = making.load(making.write(tmp_path, "limits", [row]))
    assert (report.loaded, report.errors[0]["column"]) == (0, "limit")


def test_a_facility_whose_limit_changes_is_stated_anew(tmp_path, client_of_rm):
    row = (client_of_rm.number, "OD-1", "OD", "HKD", "500.00", "100.00", "500.00", "100.00")
    making.load(making.write(tmp_path, "limits", [row]))
    making.load(making.write(tmp_path, "limits", [(*row[:2], "RLF", *row[3:])], version=2))
    assert list(LimitUse.objects.order_by("pk").values_list("facility", "is_latest")) == [("OD", False), ("RLF", True)]


def test_an_empty_day_is_a_file_of_its_own(tmp_path):
    report = making.load(making.write(tmp_path, "conduct", []))
    assert (report.read, report.totals_match, FigureFile.objects.get().state) == (0, True, "done")


def test_a_broken_load_goes_on_where_it_stopped_and_doubles_nothing(tmp_path, client_of_rm, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 2)
    told = [(client_of_rm.number, kind, currency, "1.00", "1.00") for kind in ("current", "time", "savings") for currency in ("HKD", "USD")]
    told[4:4] = [("NOBODY", "current", "HKD", "1.00", "1.00")]
    path = making.write(tmp_path, "balances", told)
    whole = services._Loading._publish
    calls = []

    def breaks_off(self, chunk):
        calls.append(chunk)
        if len(calls) == 3:
            raise OperationalError("killed")
        whole(self, chunk)

    monkeypatch.setattr(services._Loading, "_publish", breaks_off)
    with pytest.raises(OperationalError):
        making.load(path)
    broken = FigureFile.objects.get()
    assert (broken.state, broken.read, Balance.objects.count()) == ("loading", 4, 4)
    report = making.load(path)
    assert (report.read, report.loaded, report.refused, report.totals_match) == (7, 6, 1, True)
    assert (Balance.objects.count(), FigureFile.objects.count()) == (6, 1)
    assert list(_untied()) == []


def test_a_row_taken_out_behind_the_loaders_back_is_noticed(tmp_path, rows):
    making.load(making.write(tmp_path, "balances", rows))
    Balance.objects.filter(kind="time").delete()
    assert len(list(_untied())) == 2


def test_sample_files_of_the_clients_are_loaded_whole(tmp_path, bank):
    for name in ("One", "Two", "Three"):
        make_client(bank, name=name)
    out = io.StringIO()
    call_command("generate", "--figures", str(DAY), "--out", str(tmp_path / "new"), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert len(told["files"]) == 7
    report = _command(*sorted((tmp_path / "new").iterdir()))
    assert (report["read"], report["loaded"], report["refused"], report["totals_match"]) == (told["rows"], told["rows"], 0, True)


@pytest.mark.parametrize("asked", [("--figures", "2026-02-30", "--out", "x"), ("--figures", "2026-03-03")])
def test_sample_files_without_a_day_or_folder_are_refused(asked):
    with pytest.raises(SystemExit) as end:
        call_command("generate", *asked, stderr=io.StringIO())
    assert end.value.code == 2
