"""The board of flags, a flag's page, a client's panel and the API, for the people of domain 1.2."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credit.flags.models import Flag
from crm.kernel.worklist import WorkItem
from tests.companies.making import ask
from tests.credit.monitoring import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bank):
    return making.client(bank)


def test_the_board_shows_what_one_sees_with_its_picture_in_few_statements(bank, client, browse, django_assert_max_num_queries):
    making.flag(bank, client)
    making.flag(bank, client, "RF-03", by="compliance")
    page = browse(bank.rm).get(reverse("flags:flag_list")).content.decode()
    assert "RF-01" in page
    assert "RF-03" not in page
    browser = browse(bank.co1)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("flags:flag_list")).content.decode()
    assert "RF-03" in page
    assert browse(bank.finance).get(reverse("flags:flag_list")).status_code == 403


def test_a_flag_is_raised_answered_and_closed_on_its_pages_with_a_paper(bank, client, browse):
    raised = browse(bank.rm)
    where = f"{reverse('flags:flag_raise')}?company={client.company_id}"
    assert "RF-01" in raised.get(where).content.decode()
    answer = raised.post(where, {"code": "RF-10", "note": "Sold at half the market price."})
    flag = Flag.objects.get()
    assert answer.url == flag.get_absolute_url()
    raised.post(reverse("flags:flag_answer", args=[flag.pk]), {"act": "explain", "note": "End of season."})
    assert not WorkItem.objects.open().exists()
    head = browse(bank.head)
    where = reverse("flags:flag_close", args=[flag.pk])
    assert head.post(where, {"note": "Contract seen."}).status_code == 422
    paper = SimpleUploadedFile("contract.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    head.post(where, {"note": "Contract seen.", "evidence": paper})
    flag.refresh_from_db()
    assert flag.state == "closed"
    event = flag.events.get(act="close")
    got = raised.get(reverse("flags:evidence", args=[event.pk]))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert browse(bank.outsider).get(reverse("flags:evidence", args=[event.pk])).status_code == 404


def test_whoever_raised_a_hushed_flag_reaches_no_step_of_it(bank, client, browse):
    flag = making.flag(bank, client, "RF-02")
    making.flag(bank, client, "RF-03", by="compliance")
    browser = browse(bank.rm)
    page = browser.get(flag.get_absolute_url()).content.decode()
    assert "do not speak of it" in page
    assert "suspended" not in page
    assert browser.get(reverse("flags:flag_answer", args=[flag.pk])).status_code == 404
    panel = browser.get(reverse("flags:company_flags", args=[client.company_id])).content.decode()
    assert "undrawn limits are suspended" in panel
    assert "RF-03" not in panel


def test_the_choice_of_a_client_offers_ones_own_alone(bank, client, browse):
    where = reverse("flags:flag_raise")
    assert "Lok Sang" in browse(bank.rm).get(where).content.decode()
    assert "Lok Sang" not in browse(bank.outsider).get(where).content.decode()
    assert browse(bank.outsider).get(where, {"company": client.company_id}).status_code == 404


def test_the_api_raises_lists_answers_and_closes(bank, client):
    made = ask(bank.rm, "flags", {"client_id": client.pk, "code": "RF-10", "note": "Half the market price."}, method="POST")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert [row["code"] for row in ask(bank.head, "flags").json()["items"]] == ["RF-10"]
    assert ask(bank.outsider, f"flags/{pk}").status_code == 404
    assert ask(bank.rm, f"flags/{pk}/answer", {"act": "explain", "note": "End of season."}, method="POST").status_code == 200
    body = {"note": "Contract seen.", "link": "/visits/7/"}
    assert ask(bank.rm, f"flags/{pk}/close", body, method="POST").status_code == 403
    assert ask(bank.head, f"flags/{pk}/close", body, method="POST").json()["state"] == "closed"
    hidden = making.flag(bank, client, "RF-03", by="compliance")
    assert ask(bank.rm, f"flags/{hidden.pk}").status_code == 404
    assert ask(bank.rm, "flags/suggestions").json() == {"items": []}
