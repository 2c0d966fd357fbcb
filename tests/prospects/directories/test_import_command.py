"""`manage.py import_directory`: its report, its exits, one clear sentence, nothing left behind."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

from crm.companies.models import Company, SourceRecord
from prospects.directories.models import Import, Source, StagedRow
from tests.prospects.directories.loading import LIST, company, table

KEYS = {"read", "created", "updated", "unchanged", "duplicates", "refused", "skipped", "errors", "seconds"}
ROOT = Path(__file__).resolve().parents[3]


def run(*arguments, expect=0):
    """(standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_directory", *map(str, arguments), stdout=out, stderr=err)
        code = 0
    except SystemExit as end:
        code = end.code
    assert code == expect, err.getvalue()
    return out.getvalue(), err.getvalue()


def report(*arguments):
    out, _ = run(*arguments, "--json")
    return json.loads(out)


@pytest.fixture
def exchange(bank, tmp_path):
    return table(tmp_path / "exchange-20260101.csv", [*LIST, ["00884", "", "", "Toys", ""]])


@pytest.mark.django_db
def test_the_report_is_one_object_and_a_second_run_creates_nothing(exchange):
    first = report(exchange, "--as", "head", "--only", "Industry!=Logistics")
    assert first.keys() == KEYS
    assert (first["read"], first["created"], first["refused"], first["skipped"]) == (4, 2, 1, 1)
    assert first["errors"] == [{"row": 5, "column": "Company Name", "value": "", "reason": "The row names no company."}]
    second = report(exchange, "--as", "head", "--only", "Industry!=Logistics")
    assert (second["created"], second["unchanged"]) == (0, 2)
    assert Source.objects.get().name == "exchange"


@pytest.mark.django_db
def test_source_and_day_are_taken_as_given(exchange):
    report(exchange, "--as", "head", "--source", "Exchange of the islands", "--as-of", "2026-02-01")
    record = SourceRecord.objects.first()
    assert (record.source, record.as_of.isoformat()) == ("Exchange of the islands", "2026-02-01")


@pytest.mark.django_db
def test_without_a_person_it_acts_as_the_operator(exchange):
    assert report(exchange)["created"] == 3
    assert Import.objects.get().owner is None
    assert company("00881").created_by is None


@pytest.mark.django_db
def test_a_dry_run_changes_nothing_and_reports_the_same(exchange):
    rehearsed = report(exchange, "--as", "head", "--dry-run")
    assert not Company.objects.exists()
    carried_out = report(exchange, "--as", "head")
    assert {**rehearsed, "seconds": 0} == {**carried_out, "seconds": 0}


@pytest.mark.django_db
def test_in_words_it_says_counts_and_what_was_refused(exchange):
    out, _ = run(exchange, "--as", "head")
    assert "4 rows read: 3 new" in out
    assert "Row 5, Company Name: The row names no company." in out


HOSTILE = {
    "empty.csv": b"",
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
    "prose.txt": b"Dear Sir,\n\nplease find enclosed nothing at all.\n\nYours\n" * 30,
    "header.csv": b"Stock Code,Company Name\n",
    "numbers.csv": b"Phone,Fax\n2521 1234,2521 1235\n2521 5678,2521 5679\n",
    "page.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("extra", [(), ("--dry-run",)])
def test_what_is_no_list_ends_with_2_and_one_sentence_and_leaves_nothing_behind(bank, tmp_path, settings, name, extra):
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    out, err = run(path, "--as", "head", "--json", *extra, expect=2)
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert err.strip().endswith((".", "?"))
    assert not Import.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as", "nobody"), "no active user named nobody"),
        (("--as", "editor"), "relationship managers"),
        (("--as", "head", "--only", "Colour=Red"), "no column “Colour”"),
        (("--as", "head", "--only", "nonsense"), "no condition"),
        (("--as", "head", "--as-of", "yesterday"), "no day"),
        (("--as", "head", "--as-of", "2199-01-01"), "future"),
    ],
)
def test_arguments_that_cannot_be_used_end_with_2_and_one_sentence(exchange, arguments, said):
    out, err = run(exchange, "--json", *arguments, expect=2)
    assert out == ""
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_a_folder_is_said_to_be_one(bank, tmp_path):
    _, err = run(tmp_path, "--as", "head", expect=2)
    assert err.strip() == f"{tmp_path} is a folder. Name the file in it that is to be loaded."


@pytest.mark.django_db
def test_a_nul_byte_is_refused_with_its_place(bank, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Stock Code,Company Name\n00884,玩具\n00885,Be\0ta Goods\n".encode())
    _, err = run(path, "--as", "head", expect=2)
    assert "row 3, column B" in err
    assert "NUL" in err


@pytest.mark.django_db
def test_it_speaks_the_language_of_the_person_in_whose_name_it_acts(bank, exchange, tmp_path):
    bank.head.language = "zh-hant"
    bank.head.save()
    (tmp_path / "empty.csv").touch()
    with translation.override("zh-hant"):
        empty, row = gettext("The file is empty."), gettext("The row names no company.")
    assert "空" in empty
    assert run(tmp_path / "empty.csv", "--as", "head", expect=2)[1].strip() == empty
    said = run(exchange, "--as", "head")[0]
    assert row in said
    assert "rows read" not in said


@pytest.mark.django_db
def test_a_file_that_is_not_there_ends_with_2(bank):
    assert "There is no file nowhere.csv" in run("nowhere.csv", expect=2)[1]


def child(folder, *arguments, **options):
    env = os.environ | {"RAPPORT_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "crm.settings.test"}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False, **options)


@pytest.mark.django_db(transaction=True)
def test_standard_output_holds_the_report_alone_and_progress_goes_to_standard_error(bank, tmp_path, folder_of_this_database):
    path = table(tmp_path / "list.csv", LIST)
    done = child(folder_of_this_database, "manage.py", "import_directory", str(path), "--as", "head", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["created"] == 3
    assert "Loading: 3 / 3" in done.stderr
    assert StagedRow.objects.count() == 3
