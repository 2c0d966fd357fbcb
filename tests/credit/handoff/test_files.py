"""A pack as files: the commands, the downloads, the PDF in three languages."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from pypdf import PdfReader

from credit.handoff import packing, pdf, services
from credit.handoff.archive import verify
from credit.handoff.models import Seal, SealedDocument
from credit.packs import services as packs
from tests.cast import NOW, fresh
from tests.credit import filing
from tests.credit import making as base
from tests.credit.handoff import making


@pytest.fixture
def handed_off(bank):
    pack = making.ready(bank, amount="8000000")
    filing.receive(bank, pack, "H14", name="../../etc/debtors.pdf")
    services.submit_for_endorsement(pack_id=pack.pk, actor=bank.rm, now=NOW)
    making.decide(bank, pack)
    return type(pack).objects.get(pk=pack.pk)


def built(pack, out, capsys, *more, by="rm"):
    call_command("build_pack", pack.number, "--out", str(out), "--as", by, "--json", *more)
    return json.loads(capsys.readouterr().out)


def test_a_pack_is_built_and_verified_and_a_changed_byte_found(handed_off, tmp_path, capsys):
    out = tmp_path / "pack.zip"
    told = built(handed_off, out, capsys)
    assert (told["number"], told["version"], told["documents"]) == (handed_off.number, 1, 2)
    assert told["seal"] == Seal.objects.get().hash
    assert told["bytes"] == out.stat().st_size
    call_command("verify_pack", str(out), "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "documents": 2, "problems": []}
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(bytes(content))
    with pytest.raises(SystemExit) as caught:
        call_command("verify_pack", str(out), "--json")
    assert caught.value.code == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_archive_holds_the_sealed_manifest_and_names_of_ours(handed_off, tmp_path, capsys):
    out = tmp_path / "pack.zip"
    built(handed_off, out, capsys)
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        assert archive.read("manifest.json").decode() == Seal.objects.get().manifest
    documents = {name for name in names if name.startswith("documents/")}
    assert documents == {"documents/001-H01.pdf", "documents/002-H14.pdf"}
    assert {"index.json", "pack.pdf", "content/application.json", "content/request.json"} <= names


def test_an_older_version_is_built_when_it_is_asked_for(bank, handed_off, tmp_path, capsys):
    packs.open_version(pack_id=handed_off.pk, reason="More", actor=fresh(bank.rm), now=NOW)
    assert built(handed_off, tmp_path / "one.zip", capsys)["version"] == 1
    with pytest.raises(CommandError, match="No such version") as caught:
        built(handed_off, tmp_path / "two.zip", capsys, "--of-version", "2")
    assert caught.value.returncode == 2
    assert not (tmp_path / "two.zip").exists()


@pytest.mark.parametrize(("number", "by", "message"), [
    ("XX-2026-77", "rm", "sees no pack"), (None, "outsider", "sees no pack"), (None, "nobody", "Nobody is called")
])  # fmt: skip
def test_unusable_input_changes_nothing(handed_off, tmp_path, number, by, message):
    with pytest.raises(CommandError, match=message) as caught:
        call_command("build_pack", number or handed_off.number, "--out", str(tmp_path / "x.zip"), "--as", by)
    assert caught.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_changed_on_the_disk_is_not_handed_out(handed_off, tmp_path):
    path = SealedDocument.objects.first().file.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CommandError, match="not what was sealed") as caught:
        call_command("build_pack", handed_off.number, "--out", str(tmp_path / "x.zip"), "--as", "rm")
    assert caught.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_unusable_input(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as caught:
        call_command("verify_pack", str(tmp_path / "none.zip"))
    assert caught.value.returncode == 2


@pytest.mark.parametrize(("language", "title", "section"), [
    ("en", "Credit application", "Adverse facts"), ("zh-hant", "不利事實", "不利事實"), ("zh-hans", "不利事实", "不利事实")
])  # fmt: skip
def test_the_pdf_has_contents_numbers_bookmarks_and_its_own_typefaces(handed_off, language, title, section):
    seal = Seal.objects.select_related("version__pack__company", "version__pack__owner").get()
    reader = PdfReader(io.BytesIO(pdf.make(seal.version, language=language, seal=seal)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert title in text
    assert section in text
    assert handed_off.number in text
    assert f"1 / {len(reader.pages)}" in text
    assert seal.hash[:24] in text
    assert len(reader.outline) >= 3
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = below["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


def test_marks_of_the_typesetter_are_set_as_letters(bank):
    pack = making.ready(bank, amount="8000000")
    version = base.draft(pack)
    version.sections.filter(code=2).update(text='#import "x" $ \\u{1F} @ref <label> #read("/etc/passwd") *bold* **strong**')
    version.pack = pack
    with override("en"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.make(version, language="en"))).pages)
    assert '#read("/etc/passwd")' in text.replace("\u201c", '"').replace("\u201d", '"').replace("\n", " ")
    assert "Draft, not sealed" in text


def test_downloads_are_attachments_for_those_who_see_the_version(bank, handed_off, browse):
    version = handed_off.versions.get()
    for name in ("rm", "head", "analyst", "auditor"):
        browser = browse(fresh(bank.people[name]))
        answer = browser.get(f"/credit/versions/{version.pk}/pdf/")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
    for name in ("rm2", "outsider", "lobby", "admin", "cad"):
        browser = browse(fresh(bank.people[name]))
        assert browser.get(f"/credit/versions/{version.pk}/pdf/").status_code == 404
        assert browser.get(f"/credit/versions/{version.pk}/zip/").status_code == 404


def test_the_streamed_zip_is_the_one_that_the_command_builds(bank, handed_off, browse, tmp_path):
    version = handed_off.versions.get()
    answer = browse(fresh(bank.rm)).get(f"/credit/versions/{version.pk}/zip/?language=en")
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    assert verify(path)["ok"]
    assert answer["Content-Disposition"] == f'attachment; filename="{handed_off.number}-v1.zip"'
    assert path.read_bytes() == b"".join(packing.pieces(Seal.objects.get(), language="en"))


def test_a_draft_has_no_zip_and_credit_sees_no_draft(bank, handed_off, browse):
    opened = packs.open_version(pack_id=handed_off.pk, reason="More", actor=fresh(bank.rm), now=NOW)
    browser = browse(fresh(bank.rm))
    assert browser.get(f"/credit/versions/{opened.pk}/zip/").status_code == 404
    assert browser.get(f"/credit/versions/{opened.pk}/pdf/").status_code == 200
    assert browse(fresh(bank.analyst)).get(f"/credit/versions/{opened.pk}/pdf/").status_code == 404


def test_every_kind_of_block_is_set(bank):
    pack = making.ready(bank, amount="8000000")
    version = base.draft(pack)
    text = "# Risks\nOf **two** kinds.\n- prices\n- buyers\n1. one\n2. two\n\n"
    text += "| Risk | Softened by |\n|---|---|\n| Prices | Sold before it lands |\n| |"
    version.sections.filter(code=12).update(text=text)
    version.pack = pack
    set_text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.make(version, language="en"))).pages)
    for words in ("Risks", "Softened by", "Sold before it lands", "buyers"):
        assert words in set_text
