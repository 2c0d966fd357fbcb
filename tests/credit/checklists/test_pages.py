"""Papers on the pages: the card, a paper, bringing files, downloads, checking, waivers in the inbox, the letter to the client."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credit.checklists import services
from credit.checklists.choices import ItemState
from credit.checklists.models import Document, Waiver
from credit.checklists.requesting import CONTEXT
from crm.kernel.models import StoredFile, WorkItem
from crm.papers import services as papers
from crm.papers.models import Letter
from crm.staff.services import create_token
from crm.web.uploads import CappedUploads
from tests.cast import NOW, fresh
from tests.credit import filing, making
from tests.papers import making as templates


@pytest.fixture
def pack(bank):
    return making.in_docs(bank)


def at(name: str, pk: int) -> str:
    return reverse(f"checklists:{name}", args=[pk])


def test_the_card_shows_each_paper_under_its_heading_and_the_page_costs_fourteen_statements_at_most(bank, browse, pack):
    making.party(bank, pack, person_name="Chan Tai Man")
    filing.receive(bank, pack, "H10", "H11")
    filing.check(bank, pack, "H10")
    browser = browse(bank.rm)
    page = reverse("packs:pack_detail", args=[pack.pk])
    browser.get(page)
    with CaptureQueriesContext(connection) as asked:
        text = browser.get(page).content.decode()
    assert all(words in text for words in ("Accounts and bank", "Guarantors: Chan Tai Man", "second person still to check", "of 36 ready"))
    assert "papers are not checked or waived" in text
    assert len(asked) <= 14, "\n".join(query["sql"][:160] for query in asked)


def test_files_are_brought_for_several_papers_at_once_and_served_as_downloads_alone(bank, browse, pack):
    browser = browse(bank.rm)
    where, ids = at("receive", pack.pk), [filing.item(pack, code).pk for code in ("H10", "H13")]
    assert "Audited accounts" in browser.get(f"{where}?items={ids[0]}").content.decode()
    sent = {"papers": [filing.upload("a.pdf"), filing.upload("b.pdf")], "items": ids, "dated_on": "2026-03-01"}
    assert browser.post(where, sent).status_code == 302
    assert Document.objects.count() == 2
    answer = browser.get(at("document_download", Document.objects.first().pk))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("locked.pdf", filing.pdf(password="secret")), "asks for a password"),
        (("broken.pdf", b"%PDF-1.4 nothing"), "the file is broken"),
        (("photo.jpg", b"MZ\x90\x00"), "is not what its name says"),
    ],
)
def test_a_file_that_is_refused_says_why_at_its_field_and_nothing_is_kept(bank, browse, pack, file, words):
    sent = {"papers": [SimpleUploadedFile(*file)], "items": [filing.item(pack, "H10").pk], "dated_on": "2026-03-01"}
    answer = browse(bank.rm).post(at("receive", pack.pk), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_colleague_finds_it_among_the_papers_to_check_and_checks_it(bank, browse, pack):
    filing.receive(bank, pack, "H10")
    item = filing.item(pack, "H10")
    mate = browse(bank.rm2)
    for query, found in (("gh-2026", True), ("zz-2026", False)):
        assert ("H10 Audited accounts" in mate.get(reverse("checklists:item_list"), {"q": query}).content.decode()) is found
    assert "H10 Audited accounts" in mate.get(reverse("checklists:item_list")).content.decode()
    assert "Documents" in mate.get(at("item_detail", item.pk)).content.decode()
    assert mate.get(reverse("packs:pack_detail", args=[pack.pk])).status_code == 404
    assert mate.post(at("check", item.pk), {"original_sighted": "on"}).url == reverse("checklists:item_list")
    item.refresh_from_db()
    assert (item.state, item.checked_by) == (ItemState.CHECKED, bank.rm2)
    assert "H10" not in browse(bank.rm).get(reverse("checklists:item_list")).content.decode()


def test_a_paper_is_left_out_asked_for_again_and_waived_from_its_page(bank, browse, pack):
    browser, item = browse(bank.rm), filing.item(pack, "H22")
    browser.post(at("leave_out", item.pk), {"reason": "No licence"})
    assert "No licence" in browser.get(at("item_detail", item.pk)).content.decode()
    browser.post(at("ask_again", item.pk))
    late = filing.item(pack, "H16")
    browser.post(at("waiver_ask", late.pk), {"until": "2026-03-31", "reason": "One bank is late"})
    waiver = Waiver.objects.get()
    head = browse(bank.head)
    work = WorkItem.objects.get(subject_type="checklists.waiver")
    assert "One bank is late" in head.get(reverse("approvals:request_detail", args=[work.pk])).content.decode()
    assert head.post(at("waiver_decide", waiver.pk), {"act": "approve"}).status_code == 302
    late.refresh_from_db()
    assert late.state == ItemState.WAIVED


def test_a_document_is_used_for_another_paper_and_taken_away(bank, browse, pack):
    [document] = filing.receive(bank, pack, "H10")
    browser = browse(bank.rm)
    browser.post(at("document_use", document.pk), {"items": [filing.item(pack, "H13").pk]})
    assert filing.item(pack, "H13").state == ItemState.RECEIVED
    browser.post(at("document_remove", document.pk))
    assert filing.item(pack, "H13").state == ItemState.MISSING


def test_papers_asked_for_by_phone_are_noted(bank, browse, pack):
    browse(bank.rm).post(at("requested", pack.pk), {"items": [filing.item(pack, "H10").pk]})
    assert filing.item(pack, "H10").state == ItemState.REQUESTED


def test_the_letter_asks_the_client_for_what_is_open_and_for_nothing_that_the_bank_brings(bank, pack, still):
    values = templates.values(subject_en="Papers", body_en="We still need:\n{{ papers }}", context=CONTEXT)
    template = papers.keep_template(code="papers", values=values, actor=bank.editor, now=NOW)
    templates.letterhead(bank.head_office, bank.editor)
    filing.receive(bank, pack, "H10")
    letter = services.write_request(pack_id=pack.pk, order=papers.LetterOrder(template.pk, "en"), actor=bank.rm, now=NOW)
    assert "- Group chart" in letter.body
    assert "Audited accounts" not in letter.body
    assert "sanctions" not in letter.body
    assert filing.item(pack, "H09").state == ItemState.REQUESTED
    assert Letter.objects.about(pack).get() == letter


def test_the_page_of_the_letter_offers_its_own_templates(bank, browse, pack):
    values = templates.values(subject_en="Papers please", body_en="We still need:\n{{ papers }}", context=CONTEXT)
    papers.keep_template(code="papers", values=values, actor=bank.editor, now=NOW)
    assert browse(bank.rm).get(at("letter", pack.pk)).status_code == 200


def test_an_expired_paper_says_so(bank, browse, pack):
    filing.receive(bank, pack, "H06", on=filing.TODAY - dt.timedelta(days=31))
    assert "Expired" in browse(bank.rm).get(at("item_detail", filing.item(pack, "H06").pk)).content.decode()


def test_the_papers_of_a_pack_are_read_through_the_api_as_they_stand_today(bank, pack):
    filing.receive(bank, pack, "H10")
    told = {name: {"Authorization": f"Bearer {create_token(user=bank.people[name])}"} for name in ("rm", "rm2", "lobby")}
    url = f"/api/v1/packs/{pack.pk}/papers"
    answer = Client().get(url, headers=told["rm"]).json()
    papers_of = {row["code"]: row for row in answer["papers"]}
    assert (answer["version"], papers_of["H10"]["state"], papers_of["H11"]["state"]) == (1, "received", "missing")
    assert [row["title"] for row in papers_of["H10"]["documents"]] == ["accounts.pdf"]
    assert Client().get(url, headers=told["rm2"]).status_code == 404
    assert Client().get(url, headers=told["lobby"]).status_code == 403


PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
# What is brought, and words of the sentence that it is refused with.
BAD_FILES = (
    ("賬目.pdf", filing.pdf(password="secret"), "賬目.pdf 設有密碼"),
    ("賬目.pdf", b"%PDF-1.7\n%broken", "檔案已損壞"),
    ("相片.jpg", PROGRAM, "相片.jpg 的內容與檔案類型不符"),
    ("相片.png.exe", PROGRAM, "可附加相片"),
    ("..\\..\\etc/passwd\x00\u202egnp.exe", b"x", "可附加相片"),
    ("空白.pdf", b"", "空"),
)


def test_bad_files_are_refused_on_the_page_each_with_a_sentence_in_the_readers_language(bank, browse, pack):
    type(bank.rm).objects.filter(pk=bank.rm.pk).update(language="zh-hant")
    browser, items = browse(fresh(bank.rm)), [str(filing.item(pack, "H10").pk)]
    for name, content, said in BAD_FILES:
        sent = {"papers": SimpleUploadedFile(name, content), "items": items, "dated_on": "2026-03-01"}
        answer = browser.post(at("receive", pack.pk), sent)
        text = answer.content.decode()
        assert (answer.status_code, said in text, "\u202e" in text) == (422, True, False), name
    assert not Document.objects.exists()


def test_of_a_file_above_the_limit_nothing_is_kept_and_a_sentence_says_so(bank, browse, pack, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_LIMIT_BYTES = 1000, 1024 * 1024
    seen, complete = [], CappedUploads.file_complete

    def watched(self, size):
        file = complete(self, size)
        seen.append((self.written, file.size, Path(file.file.name).stat().st_size))
        return file

    monkeypatch.setattr(CappedUploads, "file_complete", watched)
    browser, items = browse(bank.rm), [str(filing.item(pack, "H10").pk)]
    for megabytes, said in ((2, "The file is larger than 1 MB"), (31, "big.pdf is larger than 30 MB")):
        big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * (megabytes * 1024 * 1024))
        answer = browser.post(at("receive", pack.pk), {"papers": big, "items": items, "dated_on": "2026-03-01"})
        assert said in answer.content.decode()
        assert seen.pop() == (1024 * 1024, big.size, 0)
    assert not Document.objects.exists()
