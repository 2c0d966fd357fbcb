"""The list of covenants, a covenant's and a test's page, the cards and panels, evidence and the API, for the people of domain 1.2."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credit.covenants.models import Covenant, CovenantTest
from tests.companies.making import ask
from tests.credit.monitoring import promising

pytestmark = pytest.mark.django_db
LIST = reverse("covenants:covenant_list")
PAPER = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def pack(bank):
    return promising.live(bank)


@pytest.fixture
def june(still):
    """The paper of March was due a month ago."""
    with time_machine.travel(promising.at(dt.date(2026, 6, 2)), tick=False):
        yield


def test_the_list_narrows_to_how_covenants_stand_in_few_statements(bank, pack, browse, june, django_assert_max_num_queries):
    late, breached = promising.opened(bank, pack), promising.breached(bank, pack)
    promising.in_force(bank, pack, promising.terms("current", "1", "least", first_on=dt.date(2027, 3, 31)))
    browser = browse(bank.co1)
    browser.get(LIST)
    with django_assert_max_num_queries(12):
        page = browser.get(LIST).content.decode()
    assert all(words in page for words in ("Gearing", "≤ 2.00×", "Breached", "Paper late", "Not tested yet"))
    for standing, wanted in (("late", late.covenant), ("breached", breached.covenant)):
        page = browser.get(LIST, {"standing": standing}).content.decode()
        assert wanted.get_absolute_url() in page
        assert len([one for one in Covenant.objects.all() if f'"{one.get_absolute_url()}"' in page]) == 1
    assert browse(bank.finance).get(LIST).status_code == 403
    assert browse(bank.outsider).get(LIST).content.decode().count("Gearing ") == 0
    answer = browser.post(f"{LIST}?standing=late", {"export": "csv"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "Paper late" in rows[1]


def test_it_is_written_down_confirmed_and_tested_on_its_pages(bank, pack, browse, june):
    form = reverse("covenants:covenant_propose", args=[pack.pk])
    told = {
        "metric": "gearing", "comparison": "most", "threshold": "2", "document": "management", "frequency": "3", "first_on": "2026-03-31",
        "due_days": "30", "cure_days": "14",
    }  # fmt: skip
    assert browse(bank.analyst).post(form, told | {"threshold": ""}).status_code == 422
    browse(bank.analyst).post(form, told)
    covenant = Covenant.objects.get()
    browse(bank.cad).post(reverse("covenants:covenant_confirm", args=[covenant.pk]))
    promising.night(promising.FIRST)
    promising.figures(bank, pack)
    test = covenant.tests.get()
    paper = SimpleUploadedFile("accounts.png", PAPER, "image/png")
    browse(bank.rm).post(reverse("covenants:paper_receive", args=[test.pk]), {"received_on": "2026-04-20", "evidence": paper})
    result = reverse("covenants:result_record", args=[test.pk])
    preview = browse(bank.analyst).get(result).content.decode()
    assert "0.80×" in preview
    assert "interest-bearing debt / tangible net worth" in preview
    browse(bank.analyst).post(result, {"note": "As expected"})
    test.refresh_from_db()
    assert (test.state, test.value) == ("met", Decimal("0.8"))
    seen = browse(bank.rm).get(test.get_absolute_url()).content.decode()
    assert all(words in seen for words in ("0.80×", "As expected", "accounts.png"))
    assert '<circle cx="' in browse(bank.rm).get(covenant.get_absolute_url()).content.decode()
    got = browse(bank.rm).get(reverse("covenants:evidence", args=[test.events.get(act="receive").pk]))
    assert got.headers["Content-Disposition"].startswith("attachment")
    for address in (test.get_absolute_url(), covenant.get_absolute_url()):
        assert browse(bank.outsider).get(address).status_code == 404


def test_the_pack_and_the_client_show_them_with_the_annual_review(bank, pack, browse, django_assert_max_num_queries):
    promising.in_force(bank, pack)
    card = reverse("packs:pack_card", args=[pack.pk, "covenants"])
    assert "Gearing ≤ 2.00×" in browse(bank.cad).get(card).content.decode()
    panel = reverse("covenants:company_covenants", args=[pack.company_id])
    browser = browse(bank.rm)
    browser.get(panel)
    with django_assert_max_num_queries(14):
        text = browser.get(panel).content.decode()
    assert all(words in text for words in ("Annual review due", "Gearing ≤ 2.00×", "it stops drawing after"))


def test_the_api_lists_reads_receives_and_tests(bank, pack, june):
    promising.figures(bank, pack)
    test = promising.opened(bank, pack)
    [row] = ask(bank.rm, f"credit/covenants?pack_id={pack.pk}").json()["items"]
    assert (row["metric"], row["threshold"], row["standing"]) == ("gearing", "2.0000", "late")
    assert ask(bank.rm, f"credit/covenants/{row['id']}").json()["next_on"] == "2026-06-30"
    body = {"received_on": "2026-04-20", "link": "https://files.example.com/accounts.pdf"}
    assert ask(bank.outsider, f"credit/covenants/tests/{test.pk}/paper", body).status_code == 404
    assert ask(bank.rm, f"credit/covenants/tests/{test.pk}/paper", body).json()["state"] == "received"
    assert ask(bank.rm, f"credit/covenants/tests/{test.pk}/result", {}).status_code == 403
    assert ask(bank.analyst, f"credit/covenants/tests/{test.pk}/result", {}).json()["value"] == "0.800000"
    [told] = ask(bank.rm, f"credit/covenants/{row['id']}/tests").json()["items"]
    assert (told["state"], told["tested_by"], told["figures"]["source"]) == ("met", "analyst", "Report")
    assert CovenantTest.objects.get().events.get(act="receive").link == body["link"]
