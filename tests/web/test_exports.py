"""Exports: exactly what the list shows, typed, and never a live cell."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from crm.kernel.jobs import Job, JobState
from crm.kernel.outbox import deliver_pending
from crm.web import exports
from crm.web.tasks import expire_exports

STARTS = ["=", "+", "-", "@", "\t", "\r", "\x00", "\n", " =", "  +", "＝", "＠"]
BODIES = ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "852 2345 6789"]
PAYLOADS = [start + body for start in STARTS for body in BODIES]
LIVE = ("=", "+", "-", "@", "\t", "\r", "\x00", "\n", "＝", "＋", "－", "＠")


def _content(response) -> bytes:
    return b"".join(response.streaming_content)


def _csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _export(browser, file_format: str, query: str = "") -> bytes:
    return _content(browser.post(f"/work/{query}", {"export": file_format}))


def test_sixty_payloads_leave_no_live_cell_in_csv_or_xlsx(browser, make_jobs):
    assert len(PAYLOADS) == 60
    jobs = make_jobs(len(PAYLOADS))
    for job, payload in zip(jobs, PAYLOADS, strict=True):
        # PostgreSQL keeps no NUL, so there it cannot come back out either.
        job.title = payload if connection.vendor == "sqlite" else payload.replace("\x00", "=")
    Job.objects.bulk_update(jobs, ["title"])
    texts = [cell for line in _csv(_export(browser, "csv"))[1:] for cell in line[:1]]
    assert len(texts) == 60
    assert [text for text in texts if text.lstrip(" ").startswith(LIVE)] == []
    sheet = openpyxl.load_workbook(io.BytesIO(_export(browser, "xlsx"))).active
    cells = [cell for line in sheet.iter_rows(min_row=2) for cell in line]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if isinstance(cell.value, str) and cell.value.lstrip(" ").startswith(LIVE)] == []


@given(st.text())
@example("\x1b=1+1")
def test_no_text_stays_live_and_harmless_text_stays_itself(text):
    shown = exports.neutral(text)
    assert not shown.lstrip().startswith(LIVE)
    assert not shown.startswith(LIVE)
    if text and text.strip() == text and not text.startswith(LIVE) and text.isprintable():
        assert shown == text


def test_an_export_holds_the_rows_order_and_columns_of_the_list(browser, make_jobs, rm2, head, client):
    make_jobs(30)
    make_jobs(5, owner=rm2, title="Another's")
    lines = _csv(_export(browser, "csv", "?state=done&sort=-done&q=Job&cursor=last"))
    assert lines[0] == ["Title", "State", "Done", "Total", "Owner", "Started", "Finished"]
    expected = Job.objects.filter(state="done", title__startswith="Job").order_by("-done")
    assert [line[0] for line in lines[1:]] == [job.title for job in expected]
    make_jobs(1, owner=head)
    client.force_login(head)
    assert "Kind" in _csv(_content(client.post("/work/", {"export": "csv"})))[0]


def test_numbers_dates_and_choices_are_typed_and_readable(browser, make_jobs):
    (job,) = make_jobs(1, done=1234, state=JobState.DONE, finished_at=dt.datetime(2026, 3, 4, 16, 30, tzinfo=dt.UTC))
    row = _csv(_export(browser, "csv", "?q=Job"))[1]
    assert row[1:3] == ["Done", "1234"]
    assert row[6] == "2026-03-05T00:30:00+08:00"
    sheet = openpyxl.load_workbook(io.BytesIO(_export(browser, "xlsx", "?q=Job"))).active
    assert sheet["C2"].value == 1234
    assert sheet["G2"].value == dt.datetime(2026, 3, 5, 0, 30)


def test_the_workbook_tells_nothing_of_who_and_what_made_it(browser, make_jobs):
    make_jobs(1)
    content = _export(browser, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.creator == "Rapport"
    assert book.properties.lastModifiedBy is None
    assert b"openpyxl" not in zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml")


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "x" * 40_000, "\ud83d\ude00 甲", "a\x0bb", "1E5", "0012"])
def test_odd_text_stays_text(browser, make_jobs, text):
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    make_jobs(1, title=text[:200])
    cell = openpyxl.load_workbook(io.BytesIO(_export(browser, "xlsx"))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == text[:200].replace("\x0b", "")


def test_unknown_formats_and_lists_without_export_are_refused(browser, make_jobs):
    assert browser.post("/work/", {"export": "pdf"}).status_code == 422
    assert browser.post("/work/", {}).status_code == 422
    assert browser.post("/jobs/", {"export": "csv"}).status_code == 405


def test_every_export_is_on_record(browser, make_jobs, rm):
    make_jobs(4)
    _export(browser, "csv", "?state=done")
    job = Job.objects.get(kind=exports.KIND)
    assert (job.owner, job.state, job.total) == (rm, JobState.DONE, 1)
    assert job.params == {"list": "work_list", "path": "/work/", "query": "state=done", "format": "csv"}


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 10)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_large_export_becomes_a_job_whose_file_only_its_owner_gets(
    few_at_once, browser, client, rm2, make_jobs, settings, tmp_path, file_format
):
    settings.FILES_DIR = tmp_path
    make_jobs(25)
    answer = browser.post("/work/?q=Job", {"export": file_format})
    job = Job.objects.get(kind=exports.KIND)
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert 'hx-trigger="every 1s"' in browser.get(f"/jobs/{job.pk}/").content.decode()
    assert browser.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert deliver_pending() == 0
    page = browser.get(f"/jobs/{job.pk}/").content.decode()
    assert "every 1s" not in page
    assert f"/jobs/{job.pk}/file/" in page
    download = browser.get(f"/jobs/{job.pk}/file/")
    assert download["Content-Disposition"].startswith("attachment")
    content = _content(download)
    rows = _csv(content)[1:] if file_format == "csv" else list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2))
    assert len(rows) == 25
    client.force_login(rm2)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


def test_a_background_export_gives_what_its_owner_may_see_when_it_runs(few_at_once, browser, make_jobs, rm, rm2, now, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    make_jobs(25)
    browser.post("/work/?q=Job", {"export": "csv"})
    Job.objects.filter(title__startswith="Job").update(owner=rm2)
    deliver_pending()
    assert Job.objects.get(kind=exports.KIND).result == {"rows": 0}
    browser.post("/work/", {"export": "csv"})


def test_a_background_export_of_somebody_who_lost_the_post_fails_with_a_reason(
    few_at_once, browser, make_jobs, rm, now, settings, tmp_path
):
    settings.FILES_DIR = tmp_path
    make_jobs(25)
    browser.post("/work/", {"export": "csv"})
    rm.posts.update(to_at=now)
    deliver_pending()
    job = Job.objects.get(kind=exports.KIND)
    assert job.state == JobState.FAILED
    assert "no post" in job.note
    assert job.file is None


def test_the_file_of_an_export_expires(few_at_once, browser, make_jobs, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    make_jobs(25)
    browser.post("/work/", {"export": "csv"})
    deliver_pending()
    job = Job.objects.get(kind=exports.KIND)
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert browser.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert expire_exports() == 1
    assert expire_exports() == 0
    assert Job.objects.get(pk=job.pk).file is None
    assert browser.get(f"/jobs/{job.pk}/").status_code == 200


def test_a_jobs_page_comes_anew_with_its_buttons_once_the_job_is_over(browser, make_jobs):
    running, over = make_jobs(1, state=JobState.RUNNING)[0], make_jobs(1, state=JobState.DONE)[0]
    asked = {"headers": {"HX-Request": "true"}}
    assert 'hx-trigger="every 1s"' in browser.get(f"/jobs/{running.pk}/progress/", **asked).content.decode()
    assert browser.get(f"/jobs/{over.pk}/progress/", **asked).headers["HX-Refresh"] == "true"
    assert browser.get(f"/jobs/{over.pk}/progress/").url == f"/jobs/{over.pk}/"


def test_a_waiting_job_can_be_stopped_and_a_begun_one_not(few_at_once, browser, client, rm2, make_jobs, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    make_jobs(25, state=JobState.RUNNING)
    browser.post("/work/", {"export": "csv"})
    job = Job.objects.get(kind=exports.KIND)
    client.force_login(rm2)
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    deliver_pending()
    job.refresh_from_db()
    assert (job.state, job.file) == (JobState.CANCELLED, None)
    running = Job.objects.filter(state=JobState.RUNNING).first()
    assert browser.post(f"/jobs/{running.pk}/cancel/").status_code == 403


def test_amounts_keep_their_cents_and_their_currency():
    assert exports._as_text(Decimal("1234567.10")) == Decimal("1234567.10")
    assert exports._as_text(Decimal("-5")) == Decimal("-5")
