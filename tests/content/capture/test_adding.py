"""`/news/add/`: a text at once, an address or a file in the background; refusals keep what was typed; a second click adds nothing."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.capture.services import CARRY_OUT, carry_out
from content.clippings.models import Clipping
from crm.kernel.jobs import Job, JobState
from crm.kernel.outbox import Outbox, deliver_pending
from tests import cast
from tests.companies.making import browser, company, text
from tests.content.capture.inputs import page
from tests.content.capture.sites import answering, on_loopback
from tests.content.making import FERRY, MILL, clip, ids, searched, states
from tests.content.making import text as body_of

pytestmark = pytest.mark.django_db

ADD = "/news/add/"
MAY = {"arm", "rm2", "rm", "head", "sibling", "head2", "outsider", "outhead", "editor"}


def add(user: Any, **data: Any) -> Any:
    return browser(user).post(ADD, {"klass": "P", "submission": str(uuid.uuid4())} | data)


def carried_out() -> Job:
    """The job that was begun, done with the site on loopback allowed."""
    job = Job.objects.get()
    carry_out(job, now=cast.NOW, allow=on_loopback)
    job.refresh_from_db()
    return job


def test_a_pasted_text_is_added_at_once_and_waits_for_an_editor(bank):
    named = company(bank, "Yuet Tat Textiles Limited")
    answer = add(bank.rm, text=f"A third mill\n\nYuet Tat Textiles Limited said so.\n\n{MILL[0]}", source_name="The Harbour Post")
    held = Clipping.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, held.get_absolute_url())
    assert (held.title, held.source.name, held.added_by, held.live) == ("A third mill", "The Harbour Post", bank.rm, False)
    assert held.body == f"Yuet Tat Textiles Limited said so.\n\n{MILL[0]}"
    assert states(held) == {named.pk: "linked"}
    assert browser(bank.rm).get(held.get_absolute_url()).status_code == 200
    assert browser(bank.rm2).get(held.get_absolute_url()).status_code == 404
    assert held.get_absolute_url() not in text(browser(bank.rm).get("/news/"))


def test_what_an_editor_adds_is_published_at_once(bank, embedded):
    add(bank.editor, text=f"A third mill\n{MILL[0]}")
    assert deliver_pending() == 0
    held = Clipping.objects.get()
    assert held.live
    assert ids(searched(bank.lobby, "mill")) == [held.pk]


def test_a_deal_is_for_whoever_adds_it(bank):
    add(bank.rm, text=f"Project Heron\n{MILL[0]}", klass="D")
    held = Clipping.objects.get()
    readers = {name for name, person in bank.people.items() if Clipping.objects.visible_to(person).exists()}
    assert (held.klass, readers) == ("D", {"rm", "compliance", "compliance2", "auditor"})


def test_an_exact_copy_leads_to_what_is_held(bank):
    held = clip("A third mill", body_of(*MILL))
    for _time in range(2):
        answer = add(bank.rm, text=f"A third mill\n{body_of(*MILL)}")
        assert answer["Location"] == held.get_absolute_url()
    assert Clipping.objects.count() == 1


def test_a_second_click_adds_once(bank):
    who, data = browser(bank.rm), {"klass": "P", "text": f"A third mill\n{MILL[0]}", "submission": str(uuid.uuid4())}
    first, second = who.post(ADD, data), who.post(ADD, data)
    assert first["Location"] == second["Location"] == Clipping.objects.get().get_absolute_url()
    address = {"klass": "P", "url": "https://post.example/mill", "submission": str(uuid.uuid4())}
    first, second = who.post(ADD, address), who.post(ADD, address)
    assert first["Location"] == second["Location"] == Job.objects.get().get_absolute_url()
    assert Outbox.objects.filter(task=CARRY_OUT).count() == 1


def test_an_address_is_read_in_the_background_and_the_job_leads_to_the_clipping(bank, site):
    site.paths["/mill"] = answering(page(list(MILL)).encode(), Content_Type="text/html")
    answer = add(bank.rm, url=site.address("/mill"))
    assert not Clipping.objects.exists()
    assert answer["Location"] == Job.objects.get().get_absolute_url()
    job, held = carried_out(), Clipping.objects.get()
    assert (job.state, job.result_url) == (JobState.DONE, held.get_absolute_url())
    assert (held.title, held.url, held.added_by, held.live) == ("A third mill", site.address("/mill"), bank.rm, False)
    assert all(sentence in held.body for sentence in MILL)
    carry_out(job, now=cast.NOW, allow=on_loopback)
    assert Clipping.objects.count() == 1


def test_an_address_that_passes_on_is_kept_as_where_it_ended(bank, site):
    site.paths["/short"] = answering(status=302, Location="/mill")
    site.paths["/mill"] = answering(page(list(MILL)).encode(), Content_Type="text/html")
    add(bank.rm, url=site.address("/short"), source_name="The Harbour Post")
    carried_out()
    assert (Clipping.objects.get().url, Clipping.objects.get().source.name) == (site.address("/mill"), "The Harbour Post")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"gone", "code 404"),
        (200, b"", "empty"),
        (200, b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "picture"),
        (200, b"<html></html>", "article"),
    ],
)
def test_an_address_that_gives_nothing_fails_with_a_sentence(bank, site, status, body, said):
    site.paths["/mill"] = answering(body, status, Content_Type="text/html")
    add(bank.rm, url=site.address("/mill"))
    job = carried_out()
    assert job.state == JobState.FAILED
    assert said in job.note
    assert not Clipping.objects.exists()


def test_an_address_inside_the_bank_is_never_asked(bank, site):
    site.paths["/mill"] = answering(page(list(MILL)).encode())
    add(bank.rm, url=site.address("/mill"))
    assert deliver_pending() == 0
    assert Job.objects.get().state == JobState.FAILED
    assert site.asked == []


def test_an_address_with_the_text_of_its_page_is_added_at_once(bank):
    add(bank.rm, url="https://post.example/mill", text=f"A third mill\n{MILL[0]}")
    held = Clipping.objects.get()
    assert (held.url, held.body) == ("https://post.example/mill", MILL[0])
    assert not Job.objects.exists()


def test_a_file_is_read_in_the_background(bank):
    paper = SimpleUploadedFile("mill.html", page(list(MILL)).encode(), content_type="text/html")
    add(bank.rm, paper=paper, klass="I", source_name="The Harbour Post")
    assert deliver_pending() == 0
    job, held = Job.objects.get(), Clipping.objects.get()
    assert (job.state, job.result_url) == (JobState.DONE, held.get_absolute_url())
    assert (held.klass, held.added_by, held.live, held.source.name) == ("I", bank.rm, False, "The Harbour Post")


def test_a_file_that_cannot_be_read_fails_with_a_sentence(bank):
    add(bank.rm, paper=SimpleUploadedFile("mill.pdf", b"%PDF-1.4 broken"))
    assert deliver_pending() == 0
    job = Job.objects.get()
    assert (job.state, job.note) == (JobState.FAILED, "The file is damaged and cannot be read.")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Give an address, paste the text, or choose a file."),
        ({"text": "  \n "}, "Give an address, paste the text, or choose a file."),
        ({"url": "no address"}, "valid URL"),
        ({"text": "A third mill", "published_at": "2099-01-01T10:00"}, "The date lies in the future."),
        ({"text": "A third mill", "klass": "X"}, "not one of the available choices"),
        ({"text": "A third mill", "url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_a_refusal_keeps_what_was_typed(bank, data, said):
    answer = add(bank.rm, **({"source_name": "Quailfeather & Sons"} | data))
    shown = text(answer)
    assert answer.status_code in (409, 422)
    assert said in shown
    assert "Quailfeather &amp; Sons" in shown
    assert data.get("text", "").strip() in shown
    assert data.get("url", "") in shown
    assert not Clipping.objects.exists()


def test_a_file_with_a_text_is_refused_and_the_text_is_kept(bank):
    answer = add(bank.rm, text=FERRY[0], paper=SimpleUploadedFile("a.txt", b"A third mill"))
    assert answer.status_code == 422
    assert "Give the file alone, without address or text." in text(answer)
    assert FERRY[0] in text(answer)
    assert not Job.objects.exists()


def test_who_may_not_add_is_refused_and_not_offered_it(bank):
    for name, person in bank.people.items():
        who = browser(person)
        asked, sent = who.get(ADD).status_code, add(person, text=f"By {name}\nA text of {name}.").status_code
        assert (asked, sent) == ((200, 302) if name in MAY else (403, 403)), name
        if name not in {"admin", "admin2"}:
            assert (ADD in text(who.get("/news/"))) is (name in MAY), name
    assert Clipping.objects.count() == len(MAY)


def test_a_file_of_another_is_not_read(bank):
    add(bank.rm, paper=SimpleUploadedFile("a.txt", b"A third mill\n\nOf looms."))
    stored = Job.objects.get().params["file_id"]
    answer = add(bank.rm2, paper_id=stored, file_id=stored)
    assert answer.status_code == 422
    assert Job.objects.count() == 1
