"""Letters as PDFs: what stands in them and in their metadata, what is refused, hostile texts, who gets them, that they stay the same."""

import datetime as dt
import hashlib
import io
import json
import re

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from crm.kernel.errors import RuleBroken
from crm.papers import pdf
from crm.papers.models import Letter, LetterCopy, Letterhead, LetterTemplate, PaperRefusal
from crm.papers.rules import laid_out
from crm.papers.services import PaperRefused, letter_pdf
from crm.policy.models import Figure
from crm.staff.services import create_token
from tests.cast import NOW
from tests.companies.making import browser, contact, covered, text
from tests.papers.making import letter, letterhead, template

HEAD = ("Blue Harbour Bank", "Kowloon East", "8 Lantern Road, Kwun Tong")
DAY = dt.date(2026, 3, 4)


def made(body: str, *, language: str = "en", subject: str = "Our visit") -> pdf.Made:
    return pdf.make(pdf.Sheet(language, HEAD, subject, body, DAY))


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def squeezed(words: str) -> str:
    return "".join(words.split())


# Setting


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            "en",
            "Our visit to Yuet Tat",
            "4 March 2026\n\nYuet Tat\n\nDear Ms Wong,\n\nThe office of affluent mills.\n\nYours, Grace",
        ),
        ("zh-hant", "致粵達紡織：拜訪", "2026年3月4日\n\n黃安女士台鑒：\n\n本人於本行服務貴行業的企業，盼能了解貴公司的業務。\n\n謹啟"),
        ("zh-hans", "致粤达纺织：拜访", "2026年3月4日\n\n尊敬的黄安女士：\n\n本人在本行服务贵行业的企业，希望了解贵公司的业务。\n\n此致"),
    ],
)
def test_head_subject_and_text_stand_in_the_pdf_in_its_script_with_the_subject_after_the_salutation(language, subject, body):
    one = made(body, language=language, subject=subject)
    opening, rest = laid_out(body)
    expected = [*HEAD, *(line for part in opening for line in part), subject, *(line for part in rest for line in part)]
    found = "".join(page.extract_text() for page in read(one.content).pages)
    assert squeezed(found) == squeezed(one.text) == squeezed("".join(expected))


def test_metadata_tell_subject_bank_and_day_and_nothing_of_whoever_wrote_it():
    reader = read(made("Dear Sir,\n\nHello", subject="致粵達：Our visit").content)
    assert dict(reader.metadata) == {
        "/Title": "致粵達：Our visit",
        "/Author": "Blue Harbour Bank",
        "/Creator": reader.metadata["/Creator"],
        "/CreationDate": "D:20260304000000Z",
        "/ModDate": "D:20260304000000Z",
    }
    assert reader.metadata["/Creator"].startswith("Typst ")
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.attachments == {}


def test_every_typeface_is_embedded_and_only_the_letters_that_are_used():
    one = made("Dear 粵達,\n\nHello 你好", language="zh-hant")
    fonts = [font.get_object() for font in read(one.content).pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in inner or "/FontFile2" in inner
        assert "+" in str(font["/BaseFont"])
    assert len(one.content) < 100_000


def test_the_same_letter_gives_the_same_bytes():
    assert made("Dear Sir,\n\n粵達 Hello").content == made("Dear Sir,\n\n粵達 Hello").content


def test_a_long_letter_has_numbered_pages_which_part_no_two_words():
    one = made("\n".join(f"line {number}" for number in range(120)))
    pages = read(one.content).pages
    assert [f"{number} / {len(pages)}" in page.extract_text() for number, page in enumerate(pages, start=1)] == [True] * 3
    assert "/ 3" not in one.text
    assert squeezed("".join(f"line {number}" for number in range(120))) in squeezed(one.text)


HOSTILE = [
    '#eval("1+1") #panic("x") #read("/etc/passwd") #import "@preview/x:1.0.0"',
    '] } ) #] \\ \\u{41} $x^2$ *b* _i_ `c` <l> @ref // x /* y */ = h - i + j / k: "',
    "{{ date }} %PDF-1.7 endobj <script>alert(1)</script> &amp; \\0",
    "(((((( [[[[[[ {{{{{{ ''''' \"\"\"\"\"",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_is_printed_as_it_stands_and_never_carried_out(words):
    assert squeezed(words) in squeezed(made(f"Dear Sir,\n\n{words}\n\nYours", subject=words).text)
    assert read(made("x", subject=words).content).metadata["/Title"] == " ".join(words.split())


ODD = [
    "\u202eabc\u202c end",
    "a\x00b\x07c\x1bd",
    "\u200b\u2060\ufeffx",
    "שלום hello مرحبا",
    "a\tb",
    "e" + "\u0301" * 100,
    "x" * 5000,
    "行" * 5000,
    "\n" * 2000 + "x",
]


@pytest.mark.parametrize("words", ODD)
def test_odd_characters_neither_break_it_nor_are_carried_out(words):
    assert made(f"Dear Sir,\n\n{words}").content.startswith(b"%PDF-")


@pytest.mark.parametrize(("words", "named"), [("party 😀 time", "😀"), ("a \ue000 b", "U+E000")])
def test_what_no_typeface_has_is_refused_and_named(words, named):
    with pytest.raises(RuleBroken, match=re.escape(named)) as refused:
        made(words)
    assert refused.value.code == "no_typeface"


def test_what_is_too_long_is_refused_before_anything_is_set():
    with pytest.raises(RuleBroken, match="more than 20000 characters"):
        made("x" * 100_000)


def test_a_letter_that_kills_the_typesetter_is_refused_in_words():
    """One word whose accents fill more than a string of the format may hold."""
    with pytest.raises(RuleBroken, match="cannot be made a PDF"):
        made("e" + "\u0301" * 19_000)


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("4 March\n\nMill,\nRoad,\n\nDear Ms Wong,\n\nHello:\n\nYours", 3),
        ("黃安女士台鑒：\n\n你好", 1),
        ("Hello there\n\nYours", 0),
        ("", 0),
        ("A:\n \nB", 1),
    ],
)
def test_the_salutation_is_the_first_lone_line_that_ends_in_a_comma_or_colon(body, before):
    opening, rest = laid_out(body)
    assert len(opening) == before
    assert squeezed("".join(line for part in opening + rest for line in part)) == squeezed(body)


# Letters


@pytest.fixture
def still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mill(bank, still):
    letterhead(bank.head_office, bank.editor)
    return covered(bank, "Yuet Tat Textiles Limited", "粵達紡織有限公司")


pytestmark = [pytest.mark.django_db]


def pdf_of(bank, kept, who="rm"):
    return browser(bank.people[who]).get(reverse("papers:letter_pdf", args=[kept.pk]))


def test_a_letter_is_taken_as_an_attachment_that_no_browser_runs_and_it_is_written_down(bank, mill):
    kept = letter(bank.rm, mill, template(bank.editor), language="zh-hant")
    answer = pdf_of(bank, kept, "head")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "2026-03-04.pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert "粵達紡織有限公司" in squeezed(read(answer.content).pages[0].extract_text())
    copy = LetterCopy.objects.get()
    assert (copy.letter, copy.actor, copy.post, copy.at) == (kept, bank.head, bank.post("head"), NOW)
    assert copy.sha256 == hashlib.sha256(answer.content).hexdigest()
    page = text(browser(bank.rm).get(kept.get_absolute_url()))
    assert reverse("papers:letter_pdf", args=[kept.pk]) in page
    assert "PDF taken" in page
    assert "Head Lau" in page


def _objects(reader):
    """All that the file holds, also what no page shows."""
    return [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]


def _streams(reader):
    """The streams, inflated."""
    return [item.get_data().decode("utf-8", "replace") for item in _objects(reader) if hasattr(item, "get_data")]


def test_nothing_of_staff_templates_or_records_stands_in_the_file_beside_the_letter(bank, mill):
    kept = letter(bank.rm, mill, template(bank.editor, code="qqtemplate", body_en="Dear Sir,\n\nHello"))
    reader = read(pdf_of(bank, kept).content)
    said = [str(reader.metadata), *(str(item.get_object()) for item in _objects(reader)), *_streams(reader)]
    assert any("Blue Harbour Bank" in part for part in said)
    for word in ("qqtemplate", "Rm Lau", "S-rm", "papers", "/srv", "rapport"):
        assert not [part for part in said if word in part], word


def test_it_is_the_same_file_whoever_takes_it_and_whenever_and_under_whatever_head_the_bank_writes_today(bank, mill):
    kept = letter(bank.rm, mill, template(bank.editor))
    first = pdf_of(bank, kept).content
    letterhead(bank.team, bank.editor, bank_en="Another Bank")
    template(bank.editor, body_en="All new")
    with time_machine.travel(NOW + dt.timedelta(days=40), tick=False):
        assert pdf_of(bank, kept, "auditor").content == first


def test_a_letter_is_written_under_the_head_of_the_nearest_unit_that_has_one(bank, mill):
    held = template(bank.editor)
    assert letter(bank.rm, mill, held).head.splitlines() == ["Blue Harbour Bank", "8 Lantern Road, Kwun Tong"]
    letterhead(bank.units["centre"], bank.editor, address_hant="九龍灣1號")
    letterhead(bank.units["far_centre"], bank.editor)
    assert letter(bank.rm, mill, held, language="zh-hant").head.splitlines() == ["藍港銀行", "Kowloon East", "九龍灣1號"]


def test_without_a_letterhead_there_is_no_pdf_and_the_page_says_who_helps(bank, still):
    kept = letter(bank.rm, covered(bank, "Yuet Tat Textiles Limited"), template(bank.editor))
    answer = pdf_of(bank, kept)
    assert answer.status_code == 422
    assert "Ask a content editor" in text(answer)
    letterhead(bank.head_office, bank.editor)
    assert pdf_of(bank, kept).status_code == 200
    assert LetterCopy.objects.count() == 1


def _spoiled(bank, mill, body: str, language: str = "en", subject: str = "Ours", head: str = "Blue Harbour Bank") -> Letter:
    """A letter that got past the check of its text, as one written before a phrase was listed."""
    told = {"template": template(bank.editor), "subject": subject, "body": body, "head": head}
    return Letter.objects.create(company=mill, language=language, at=NOW, actor=bank.rm, post=bank.post("rm"), **told)


@pytest.mark.parametrize(
    ("language", "body", "said"),
    [
        ("en", "Dear Sir,\n\nby our conces-\n\nsion\nauthority", "conces- sion authority"),
        ("zh-hant", "黃安女士：\n\n本行通\n融\n\n權限", "通 融 權限"),
        ("zh-hans", "黄安女士：\n\n本行审批\n\n权限", "审批 权限"),
        ("en", "Dear Sir,\n\nApproved by our\nteam head", "team head"),
        ("en", "\n".join("x" for _line in range(48)) + "\nconcession\n" + "\n" * 3 + "authority", "concession authority"),
    ],
)
def test_a_phrase_in_the_pdf_is_refused_however_its_lines_and_pages_break_and_stands_on_the_trail(bank, mill, language, body, said):
    kept = _spoiled(bank, mill, body, language)
    answer = pdf_of(bank, kept)
    assert answer.status_code == 422
    assert b"%PDF" not in answer.content
    assert "never reaches a client" in text(answer)
    assert kept.company.get_absolute_url() in text(answer)
    trail = PaperRefusal.objects.get()
    assert (trail.step, trail.kind, trail.column, trail.what) == ("pdf", "phrase", "pdf", said)
    assert (trail.subject_type, trail.subject_id, trail.actor, trail.post) == ("papers.letter", kept.pk, bank.rm, bank.post("rm"))
    assert not LetterCopy.objects.exists()
    listed = text(browser(bank.compliance).get(reverse("papers:refusal_list")))
    assert "When made a PDF" in listed
    assert "The finished PDF" in listed


def test_a_phrase_in_subject_or_letterhead_is_refused_too(bank, mill):
    for changed in ({"head": "Concession Authority Bank"}, {"subject": "within my limit"}):
        with pytest.raises(PaperRefused):
            letter_pdf(letter_id=_spoiled(bank, mill, "Dear Sir", **changed).pk, actor=bank.rm, now=NOW)
    assert PaperRefusal.objects.count() == 2


def test_a_phrase_listed_after_the_letter_was_written_stops_its_pdf_from_that_day_on(bank, mill):
    kept = letter(bank.rm, mill, template(bank.editor))
    Figure.objects.create(
        table="papers.phrases", key="words", jurisdiction="CN", value=["look forward"], effective_from=NOW.date() + dt.timedelta(days=1)
    )
    assert letter_pdf(letter_id=kept.pk, actor=bank.rm, now=NOW).content
    with pytest.raises(PaperRefused, match="look forward"):
        letter_pdf(letter_id=kept.pk, actor=bank.rm, now=NOW + dt.timedelta(days=1))


def test_the_pdf_is_there_for_those_who_see_the_letter_and_for_nobody_else(bank, mill):
    kept = letter(bank.rm, mill, template(bank.editor))
    statuses = {name: pdf_of(bank, kept, name).status_code for name in bank.people}
    assert {name for name, status in statuses.items() if status == 200} == {
        "rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor",
    }  # fmt: skip
    assert {status for status in statuses.values() if status != 200} <= {403, 404}
    assert statuses["rm2"] == statuses["outsider"] == 404
    with pytest.raises(Letter.DoesNotExist):
        letter_pdf(letter_id=kept.pk, actor=bank.outsider, now=NOW)
    assert set(LetterCopy.objects.visible_to(bank.rm)) == set(LetterCopy.objects.all())
    assert not LetterCopy.objects.visible_to(bank.outsider)


# The API


def call(client, user, path, body=None, **headers):
    bearer = {"Authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}", **headers}
    if body is None:
        return client.get(f"/api/v1/letters{path}", headers=bearer)
    return client.post(f"/api/v1/letters{path}", json.dumps(body), content_type="application/json", headers=bearer)


def test_a_letter_is_written_read_and_taken_through_the_api(bank, mill, client):
    template(bank.editor)
    person = contact(bank, mill, "Ann Wong")
    assert [row["code"] for row in call(client, bank.rm, "/templates").json()["items"]] == ["introduction"]
    body = {"company_id": mill.pk, "template": "introduction", "language": "en", "contact_id": person.pk, "phone": "2345 6789"}
    answers = [call(client, bank.rm, "", body, **{"Idempotency-Key": "one"}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    kept = Letter.objects.get()
    assert answers[0].json() == answers[1].json()
    assert (
        answers[0].json() | {"id": kept.pk, "subject": kept.subject, "body": kept.body, "by": "rm", "template": "introduction"}
        == answers[0].json()
    )
    assert call(client, bank.rm, f"/{kept.pk}").json()["letterhead"] == ["Blue Harbour Bank", "8 Lantern Road, Kwun Tong"]
    taken = call(client, bank.rm, f"/{kept.pk}/pdf")
    assert taken.content == letter_pdf(letter_id=kept.pk, actor=bank.rm, now=NOW).content
    assert "attachment" in taken["Content-Disposition"]
    for query, found in (("", 1), (f"?company_id={mill.pk}", 1), (f"?company_id={mill.pk + 1}", 0), ("?q=Yuet", 1), ("?q=Wah", 0)):
        assert len(call(client, bank.rm, query).json()["items"]) == found, query


def test_the_api_hides_letters_of_others_and_refuses_what_the_page_refuses(bank, mill, client):
    held = template(bank.editor)
    kept = letter(bank.rm, mill, held)
    for path in (f"/{kept.pk}", f"/{kept.pk}/pdf"):
        for who in ("rm2", "outsider", "editor", "lobby"):
            assert call(client, bank.people[who], path).status_code == 404, (who, path)
    assert call(client, bank.outsider, "").json()["items"] == []
    body = {"company_id": mill.pk, "template": "introduction", "language": "en"}
    assert call(client, bank.outsider, "", body).status_code == 403
    assert call(client, bank.rm, "", body | {"template": "none"}).status_code == 404
    assert call(client, bank.rm, "", body | {"language": "fr"}).status_code == 422
    LetterTemplate.objects.filter(pk=held.pk).update(body_en="our concession authority")
    for key in ({}, {"Idempotency-Key": "two"}):
        answer = call(client, bank.rm, "", body, **key)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "paper_refused")
    assert list(PaperRefusal.objects.values_list("step", "what", "subject_id")) == [("render", "concession authority", mill.pk)] * 2
    assert Letter.objects.count() == 1


# Letterheads at the editors' desk


def test_an_editor_keeps_letterheads_and_a_phrase_in_one_is_refused_and_audited(bank, still):
    add = reverse("wagtailsnippets_papers_letterhead:add")
    values = dict.fromkeys((f"{part}_{ending}" for part in ("bank", "address") for ending in ("en", "hant", "hans")), "Bank")
    values |= {"unit": bank.head_office.pk}
    refused = browser(bank.editor).post(add, values | {"address_en": "1 Concession Authority Road"})
    assert refused.status_code == 200
    assert "never reaches a client" in text(refused)
    assert list(PaperRefusal.objects.values_list("step", "what", "column", "template_code")) == [
        ("save", "Concession Authority", "address_en", "letterhead")
    ]
    assert "Address (English)" in text(browser(bank.compliance).get(reverse("papers:refusal_list")))
    assert browser(bank.editor).post(add, values).status_code == 302
    assert Letterhead.objects.get(unit=bank.head_office).history.first().history_user == bank.editor
    assert browser(bank.rm).get(add).status_code == 404
