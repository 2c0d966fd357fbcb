"""`manage.py import_clippings`: real small files, each row counted once, and the same archive known when it comes again."""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from content.clippings.models import Clipping, Copy, Source
from crm.kernel.outbox import Outbox
from tests.companies.making import company
from tests.content.making import FERRY, MILL, text, wrong_stories

pytestmark = pytest.mark.django_db

SIX = ("created", "updated", "unchanged", "duplicates", "refused", "skipped")


@pytest.fixture
def run(capsys, tmp_path, embedded):
    """Import files given by name and content; returns the report."""

    def imported(*options: str, **files: bytes | str) -> dict[str, Any]:
        paths = []
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(str(path))
        capsys.readouterr()
        call_command("import_clippings", *paths, "--json", *options)
        report = json.loads(capsys.readouterr().out)
        assert report["read"] == sum(report[name] for name in SIX)
        return report

    return imported


def counts(report: dict[str, Any]) -> dict[str, int]:
    """What is not nothing."""
    return {name: report[name] for name in ("read", *SIX) if report[name]}


def lines(*rows: dict[str, Any]) -> str:
    """An archive of JSON lines."""
    given = {"source": "The Harbour Post", "date": "2026-02-27 09:30"}
    return "\n".join(json.dumps(given | row, ensure_ascii=False) for row in rows)


MILL_ROW = {"title": "A third mill", "content": text(*MILL), "url": "https://post.example/mill"}
FERRY_ROW = {"title": "A new ferry", "content": text(*FERRY)}


def test_rows_are_created_refused_and_copied_each_once(run):
    report = run(
        a__jsonl=lines(
            MILL_ROW, FERRY_ROW, FERRY_ROW | {"source": "The Wire"}, {"title": "Of tomorrow", "content": "x", "date": "31 February"}
        )
        + "\nno json"
    )
    assert counts(report) == {"read": 5, "created": 2, "duplicates": 1, "refused": 2}
    assert [(error["row"], error["column"], error["value"]) for error in report["errors"]] == [
        (4, "date", "31 February"),
        (5, "", "no json"),
    ]
    assert "file" not in report["errors"][0]
    assert report["stories"] == 2
    assert Clipping.objects.count() == 2


def test_the_same_archive_again_is_unchanged(run):
    archive = lines(MILL_ROW, FERRY_ROW, FERRY_ROW, FERRY_ROW | {"source": "The Wire"})
    assert counts(run(a__jsonl=archive)) == {"read": 4, "created": 2, "duplicates": 2}
    held = list(Clipping.objects.order_by("pk").values_list("pk", "version"))
    for _time in range(2):
        assert counts(run(a__jsonl=archive)) == {"read": 4, "unchanged": 4}
    assert list(Clipping.objects.order_by("pk").values_list("pk", "version")) == held
    assert Copy.objects.count() == 2


def test_a_row_printed_twice_is_known_across_batches(run):
    many = [FERRY_ROW | {"title": f"Ferry {place}", "content": f"{place} {FERRY[0]}"} for place in range(250)]
    archive = lines(*many, many[0], many[249])
    assert counts(run(a__jsonl=archive)) == {"read": 252, "created": 250, "duplicates": 2}
    assert counts(run(a__jsonl=archive)) == {"read": 252, "unchanged": 252}


def test_a_corrected_text_under_the_same_address_and_headline_updates(run):
    run(a__jsonl=lines(MILL_ROW))
    report = run(a__jsonl=lines(MILL_ROW | {"content": f"{MILL_ROW['content']} Corrected: five hundred people."}))
    assert counts(report) == {"read": 1, "updated": 1}
    assert Clipping.objects.get().body.endswith("five hundred people.")


def test_a_corrected_text_without_an_address_is_a_clipping_of_its_own_in_the_same_story(run):
    run(a__jsonl=lines(FERRY_ROW))
    report = run(a__jsonl=lines(FERRY_ROW | {"content": f"{FERRY_ROW['content']} Corrected."}))
    assert counts(report) == {"read": 1, "created": 1}
    assert report["stories"] == 0
    first, second = Clipping.objects.order_by("pk")
    assert second.head_id == first.pk
    assert wrong_stories() == []


def test_a_near_copy_is_created_and_joins_the_story(run):
    report = run(a__jsonl=lines(MILL_ROW, MILL_ROW | {"source": "The Wire", "url": "", "content": text(*MILL, "Our staff.")}))
    assert (counts(report), report["stories"]) == ({"read": 2, "created": 2}, 1)
    assert Clipping.objects.get(head=None).similar == 1


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-02-27 09:30", dt.datetime(2026, 2, 27, 1, 30, tzinfo=dt.UTC)),
        ("2026年2月27日 09:30", dt.datetime(2026, 2, 27, 1, 30, tzinfo=dt.UTC)),
        ("2026-02-27", dt.datetime(2026, 2, 26, 16, 0, tzinfo=dt.UTC)),
        ("2026-02-27T09:30:00Z", dt.datetime(2026, 2, 27, 9, 30, tzinfo=dt.UTC)),
        ("2026-02-27T09:30:00+09:00", dt.datetime(2026, 2, 27, 0, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_time_without_a_zone_is_hong_kongs(run, written, moment):
    run(a__jsonl=lines(MILL_ROW | {"date": written}))
    assert Clipping.objects.get().published_at == moment


@pytest.mark.parametrize(("name", "content"), [("a__jsonl", b""), ("a__pdf", b"%PDF-1.4 broken"), ("a__zip", b"PK\x03\x04" + b"x" * 50)])
def test_an_only_file_that_cannot_be_used_ends_with_two_and_one_sentence(capsys, tmp_path, name, content):
    path = tmp_path / name.replace("__", ".")
    path.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        call_command("import_clippings", str(path), "--json")
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.strip().endswith(".")
    assert len(said.err.strip().splitlines()) == 1
    assert not Clipping.objects.exists()


def test_a_file_that_is_not_there_ends_with_two_before_anything_is_read(capsys, tmp_path):
    here = tmp_path / "a.jsonl"
    here.write_text(lines(MILL_ROW))
    with pytest.raises(SystemExit) as ended:
        call_command("import_clippings", str(here), str(tmp_path / "gone.csv"))
    assert ended.value.code == 2
    assert "gone.csv" in capsys.readouterr().err
    assert not Clipping.objects.exists()


def test_of_several_files_an_unusable_one_is_one_refused_row_that_names_its_file(run):
    report = run(a__jsonl=lines(MILL_ROW), b__pdf=b"%PDF-1.4 broken", c__jsonl=lines(FERRY_ROW, {"title": "", "content": ""}))
    assert counts(report) == {"read": 4, "created": 2, "refused": 2}
    assert [(error["file"], error["row"]) for error in report["errors"]] == [("b.pdf", 0), ("c.jsonl", 2)]
    assert all(error["reason"].endswith(".") for error in report["errors"])


def test_the_source_is_what_is_asked_for_or_what_the_row_or_the_file_says(run):
    rows = lines(MILL_ROW, FERRY_ROW | {"source": ""})
    run(my_archive__jsonl=rows)
    assert set(Clipping.objects.values_list("title", "source__name")) == {
        ("A third mill", "The Harbour Post"),
        ("A new ferry", "my_archive"),
    }
    Clipping.objects.all().delete()
    run("--source", "  Wise   News ", my_archive__jsonl=rows)
    assert set(Clipping.objects.values_list("source__name", flat=True)) == {"Wise News"}
    assert not Source.objects.get(name="Wise News").licensed


def test_archives_of_every_kind_come_in(run):
    table = 'title,content,date,source\n"A, third mill","{}",27/2/2026,The Post\n'.format(MILL[0].replace('"', ""))
    page = (
        f"<html><head><title>Ferry</title></head><body><article><h1>A new ferry</h1><p>{'</p><p>'.join(FERRY)}</p></article></body></html>"
    )
    told = "<TITLE>COCOA</TITLE><BODY>Showers went on.\n Reuter</BODY>"
    wire = f"<!DOCTYPE lewis>\n<REUTERS><DATE>26-FEB-1987 15:01:01.79</DATE><TEXT>{told}</TEXT></REUTERS>"
    report = run(a__csv=table, b__html=page, c__sgm=wire, d__gz=gzip.compress(lines({"title": "Packed", "content": "Of looms."}).encode()))
    assert counts(report) == {"read": 4, "created": 4}
    assert Clipping.objects.get(title="A, third mill").published_at == dt.datetime(2026, 2, 26, 16, 0, tzinfo=dt.UTC)
    assert Clipping.objects.get(title="COCOA").source.name == "Reuters"


def test_what_follows_is_delivered_and_clippings_are_published(bank, run):
    company(bank, "Yuet Tat Textiles Limited")
    report = run(a__jsonl=lines(MILL_ROW | {"content": "Yuet Tat Textiles Limited opens a mill."}))
    assert (report["mentions"], Clipping.objects.get().live, Clipping.objects.get().added_by) == (1, True, None)
    assert not Outbox.objects.filter(task="search.index", done_at=None).exists()


def test_in_words_the_report_says_the_same(capsys, tmp_path, bank, embedded):
    path = tmp_path / "a.jsonl"
    path.write_text(lines(MILL_ROW) + "\nno json")
    call_command("import_clippings", str(path))
    said = capsys.readouterr().out
    assert "2 rows read: 1 new, 0 updated, 0 unchanged, 0 exact copies, 1 refused" in said
    assert "no json" in said


def test_a_source_that_waits_for_an_editor_fills_the_inbox(bank, run):
    Source.objects.create(name="The Harbour Post", publishes_directly=False)
    run(a__jsonl=lines(MILL_ROW))
    assert not Clipping.objects.get().live
    assert not Clipping.objects.visible_to(bank.rm).exists()
    assert Clipping.objects.visible_to(bank.editor).exists()
    assert counts(run(a__jsonl=lines(MILL_ROW))) == {"read": 1, "unchanged": 1}


def test_the_files_are_left_as_they_were(run, tmp_path):
    run(a__jsonl=lines(MILL_ROW))
    assert (tmp_path / "a.jsonl").read_text() == lines(MILL_ROW)
    assert {path.name for path in Path(tmp_path).iterdir()} <= {"a.jsonl", "search"}
