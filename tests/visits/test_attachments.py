"""Files that people bring: found out by their content, kept under our own name, only ever downloaded (safety 6)."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.files import StoredFile
from crm.policy.models import Figure
from crm.visits import services
from crm.visits.filetypes import recognise
from crm.visits.models import Attachment, Visit
from tests.cast import NOW, Bank
from tests.visits import making


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 16
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + b"\x00" * 16
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n%%EOF"
DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = b"GIF89a\x01\x00\x01\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00"
ELF = b"\x7fELF\x02\x01\x01\x00"
ZIP = packed("a.txt")
JAR = packed("META-INF/MANIFEST.MF", "A.class")
MACROS = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64
SHELL = b"#!/bin/sh\nrm -rf /\n"
SWF = b"FWS\x09" + b"\x00" * 16
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"

GOOD = {
    "photo.jpg": (JPEG, "image/jpeg"),
    "PHOTO.JPEG": (JPEG, "image/jpeg"),
    "card.png": (PNG, "image/png"),
    "card.webp": (WEBP, "image/webp"),
    "phone.heic": (HEIC, "image/heic"),
    "sheet.pdf": (PDF, "application/pdf"),
    "note.txt": ("裕達紡織 said yes".encode(), "text/plain"),
    "gb.txt": ("裕达纺织".encode("gb18030"), "text/plain"),
    "big5.txt": ("裕達紡織".encode("big5"), "text/plain"),
    "letter.docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "figures.xlsx": (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

# Content under an ending that is not its own, or of a type that nobody may attach.
CONFUSED = [
    *((f"picture.{ending}", content) for ending in ("jpg", "png", "webp", "heic", "pdf") for content in (HTML, SVG, EXE, GIF, ZIP)),
    *((f"paper.{ending}", content) for ending in ("docx", "xlsx") for content in (HTML, PDF, ZIP, JAR, OLE, MACROS)),
    ("paper.docx", XLSX),
    ("paper.xlsx", DOCX),
    ("note.txt", JPEG),
    ("note.txt", EXE),
    ("note.txt", ELF),
    ("note.txt", b"\x00\x01\x02"),
    ("note.txt", PDF + b"\x00"),
    ("video.heic", MP4),
    ("page.html", HTML),
    ("page.htm", HTML),
    ("page.svg", SVG),
    ("page.xhtml", HTML),
    ("run.exe", EXE),
    ("run.sh", SHELL),
    ("run.js", b"alert(1)"),
    ("macros.docm", MACROS),
    ("old.doc", OLE),
    ("flash.swf", SWF),
    ("archive.zip", ZIP),
    ("photo.jpg.html", JPEG),
    ("photo.jpg.exe", JPEG),
    ("photo", JPEG),
    ("photo.", JPEG),
    (".jpg", JPEG),
    ("photo.jpg\x00.html", JPEG),
    ("photo.jpg ", JPEG),
    ("", JPEG),
]

# True files that are something else as well: they may come, and must never be shown in our own origin.
POLYGLOTS = [
    ("a.jpg", JPEG + HTML),
    ("b.jpg", JPEG + ZIP),
    ("c.jpg", JPEG[:20] + SVG),
    ("d.png", PNG + HTML),
    ("e.png", PNG + b"<?php system($_GET[0]);"),
    ("f.pdf", PDF + HTML),
    ("g.pdf", PDF + JAR),
    ("h.pdf", b"%PDF-1.4\n" + HTML),
    ("i.webp", WEBP + HTML),
    ("j.heic", HEIC + HTML),
    ("k.txt", HTML),
    ("l.txt", SVG),
    ("m.txt", SHELL),
    ("n.txt", b"=cmd|' /C calc'!A0"),
    ("o.docx", DOCX + HTML),
    ("p.xlsx", XLSX + b"\x00" * 10),
]

NASTY_NAMES = [
    "../../etc/passwd.jpg",
    "..\\..\\windows\\system32\\x.jpg",
    "/etc/cron.d/x.jpg",
    "C:\\boot.jpg",
    "\\\\server\\share\\x.jpg",
    "....//....//x.jpg",
    "%2e%2e%2fx.jpg",
    "..%c0%afx.jpg",
    "a/b/c/d.jpg",
    "x\r\nSet-Cookie: a=b.jpg",
    "x\nContent-Type: text/html.jpg",
    'x"; filename="evil.html".jpg',
    "x;.jpg",
    "<script>alert(1)</script>.jpg",
    "photo\u202egpj.exe.jpg",
    "photo\u200b.jpg",
    "CON.jpg",
    "NUL.jpg",
    "-rf.jpg",
    "--output=x.jpg",
    "$(id).jpg",
    "`id`.jpg",
    "|id.jpg",
    "~root.jpg",
    "x" * 500 + ".jpg",
    "裕達" * 200 + ".jpg",
    "  .jpg.jpg",
    "..jpg.jpg",
    "a.jpg/../../b.jpg",
    "x\t.jpg",
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def visit(bank: Bank, yau_tat: Company) -> Visit:
    return making.log(bank.rm, yau_tat)


def bring(bank: Bank, visit: Visit, name: str, content: bytes, *, who: str = "rm") -> Attachment:
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # what a hostile client sends, before Django's own tidying
    stored = services.receive_file(upload, actor=bank.people[who], now=NOW)
    return services.attach(visit_id=visit.pk, actor=bank.people[who], now=NOW, file_id=stored.pk)


def test_there_are_fifty_confused_files_and_thirty_nasty_names() -> None:
    assert len(CONFUSED) >= 50
    assert len(NASTY_NAMES) >= 30


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_known_by_its_content(name: str) -> None:
    content, media_type = GOOD[name]
    assert recognise(content, name=name).media_type == media_type


@pytest.mark.parametrize(("name", "content"), CONFUSED, ids=range(len(CONFUSED)))
def test_a_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(bank: Bank, visit: Visit, name: str, content: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        bring(bank, visit, name, content)
    assert refusal.value.code == "file_type"
    assert "files" in refusal.value.fields
    assert not StoredFile.objects.exists()
    assert not list(Path(settings.FILES_DIR).rglob("*"))


@pytest.mark.parametrize(("name", "content"), POLYGLOTS, ids=[name for name, _content in POLYGLOTS])
def test_what_is_two_things_at_once_is_only_ever_downloaded(bank: Bank, visit: Visit, browse: Any, name: str, content: bytes) -> None:
    attachment = bring(bank, visit, name, content)
    response = browse(bank.rm).get(attachment.get_absolute_url())
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Type"].split(";")[0] in {media_type for _content, media_type in GOOD.values()}
    assert "html" not in response["Content-Type"]
    assert b"".join(response.streaming_content) == content


@pytest.mark.parametrize("name", NASTY_NAMES, ids=range(len(NASTY_NAMES)))
def test_a_nasty_name_stays_a_name(bank: Bank, visit: Visit, browse: Any, name: str) -> None:
    attachment = bring(bank, visit, name, JPEG)
    root = Path(settings.FILES_DIR)
    files = [path for path in root.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [attachment.file.sha256]
    assert files[0].parent.parent == root
    assert not set(attachment.name) & set('/\\\r\n\t"<>;|`\u202e\u200b')
    assert len(attachment.name) <= 120
    response = browse(bank.rm).get(attachment.get_absolute_url())
    assert response["Content-Disposition"].startswith("attachment")
    assert not set(response["Content-Disposition"]) & {"\r", "\n"}
    assert "a" not in response.cookies
    assert response["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("name", ["..", ".", "/", "\\", ""])
def test_a_name_that_is_none_is_refused(bank: Bank, visit: Visit, name: str) -> None:
    with pytest.raises(RuleBroken):
        bring(bank, visit, name, JPEG)


def test_the_limit_of_size_is_the_banks_figure(bank: Bank, visit: Visit) -> None:
    Figure.objects.filter(table="visits.attachments", key="mb").update(value=1)
    bring(bank, visit, "small.jpg", JPEG.ljust(1024 * 1024, b"\x00"))
    with pytest.raises(RuleBroken, match="larger than 1 MB") as refusal:
        bring(bank, visit, "large.jpg", JPEG.ljust(1024 * 1024 + 1, b"\x00"))
    assert refusal.value.code == "too_large"


def test_a_visit_has_only_so_many_attachments_and_each_content_once(bank: Bank, visit: Visit) -> None:
    Figure.objects.filter(table="visits.attachments", key="files").update(value=2)
    first = bring(bank, visit, "a.jpg", JPEG)
    assert bring(bank, visit, "again.jpg", JPEG) == first
    bring(bank, visit, "b.png", PNG)
    with pytest.raises(RuleBroken, match="2 attachments at most"):
        bring(bank, visit, "c.pdf", PDF)


def test_an_empty_file_is_refused(bank: Bank, visit: Visit) -> None:
    with pytest.raises(RuleBroken):
        bring(bank, visit, "empty.txt", b"")


def test_a_zip_with_a_huge_directory_is_no_document() -> None:
    names = ["[Content_Types].xml", "word/document.xml", *(f"word/{n:0100}" for n in range(2_000))]
    with pytest.raises(RuleBroken):
        recognise(packed(*names), name="bomb.docx")


def test_only_those_who_were_there_attach_until_the_lock(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, colleague_ids=(bank.arm.pk,))
    bring(bank, visit, "a.jpg", JPEG, who="arm")
    with pytest.raises(NotAllowed, match="who were there"):
        bring(bank, visit, "b.png", PNG, who="head")
    with pytest.raises(Visit.DoesNotExist):
        bring(bank, visit, "b.png", PNG, who="outsider")
    stored = services.receive_file(SimpleUploadedFile("c.pdf", PDF), actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="closed for changes"):
        services.attach(visit_id=visit.pk, actor=bank.rm, now=visit.locked_at, file_id=stored.pk)


def test_nobody_attaches_another_persons_file(bank: Bank, visit: Visit) -> None:
    theirs = services.receive_file(SimpleUploadedFile("c.pdf", PDF), actor=bank.head, now=NOW)
    with pytest.raises(StoredFile.DoesNotExist):
        services.attach(visit_id=visit.pk, actor=bank.rm, now=NOW, file_id=theirs.pk)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("rm", 200),
        ("head", 200),
        ("centre", 200),
        ("ho", 200),
        ("auditor", 200),
        ("rm2", 404),
        ("outsider", 404),
        ("analyst", 404),
        ("admin", 404),
    ],
)
def test_a_file_is_served_to_those_who_see_the_visit(bank: Bank, visit: Visit, browse: Any, who: str, status: int) -> None:
    attachment = bring(bank, visit, "a.jpg", JPEG)
    assert browse(bank.people[who]).get(attachment.get_absolute_url()).status_code == status


def test_the_log_form_takes_photos_along(bank: Bank, yau_tat: Company, browse: Any) -> None:
    data = {
        "kind": "visit",
        "happened_at": "2026-03-04T09:00",
        "summary": "Two looms idle",
        "papers": [SimpleUploadedFile("loom.jpg", JPEG), SimpleUploadedFile("card.png", PNG)],
    }
    response = browse(bank.rm).post(f"/visits/log/?company={yau_tat.pk}", data)
    assert response.status_code == 302
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["card.png", "loom.jpg"]
    data |= {"papers": [SimpleUploadedFile("page.jpg", HTML)]}
    response = browse(bank.rm).post(f"/visits/log/?company={yau_tat.pk}", data)
    assert response.status_code == 422
    assert "not what its name says" in response.content.decode()
    assert "Two looms idle" in response.content.decode()
    assert Visit.objects.count() == 1
