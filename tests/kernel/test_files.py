"""Stored files: whole or not at all, under our own name, swept when nothing names them."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.utils import timezone

from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile, content_path, store, sweep, tidy_name

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def keep(*chunks, name="note.txt", limit=None):
    return store(chunks, name=name, media_type="text/plain", owner=None, limit=limit)


def test_content_lies_under_its_hash_and_comes_back_the_same(folder):
    kept = keep(b"abc", b"def")
    assert kept.size == 6
    assert kept.path == folder / kept.sha256[:2] / kept.sha256
    with kept.open() as file:
        assert file.read() == b"abcdef"


def test_a_file_too_large_leaves_neither_row_nor_content(folder):
    with pytest.raises(RuleBroken) as refusal:
        keep(b"x" * 600, b"y" * 600, limit=1000)
    assert refusal.value.code == "too_large"
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_an_empty_file_is_refused():
    with pytest.raises(RuleBroken):
        keep(b"")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/shadow",
        "a\x00b.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        "CON",
        "." * 300,
        "名冊 2026.xlsx",
        "x" * 999 + ".pdf",
        "\u202efdp.exe",
        "",
    ],
)
def test_a_nasty_name_becomes_harmless(name):
    tidy = tidy_name(name)
    assert 0 < len(tidy) <= 200
    assert not set(tidy) & set('/\\\x00\r\n"')
    assert Path(tidy).name == tidy


def test_contents_without_a_row_are_swept_after_a_day_and_not_before(folder):
    kept, orphan = keep(b"kept"), keep(b"orphan")
    StoredFile.objects.filter(pk=orphan.pk).delete()
    assert sweep(now=timezone.now()) == 0
    yesterday = (timezone.now() - dt.timedelta(hours=25)).timestamp()
    for row in (kept, orphan):
        os.utime(row.path, (yesterday, yesterday))
    assert sweep(now=timezone.now()) == 1
    assert kept.path.exists()
    assert not content_path(orphan.sha256).exists()
