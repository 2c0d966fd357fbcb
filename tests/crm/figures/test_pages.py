"""Who sees a client's figures and the nightly files, on pages and through the API."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.figures.models import MODELS
from tests.companies.making import ask, browser, statements, text
from tests.crm.figures import making
from tests.visits.making import client as make_client

SEE_CLIENT = {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
READ_FILES = {"ho", "ho2", "finance", "ops", "auditor"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bank):
    client = make_client(bank)
    today = timezone.localdate()
    making.balance(client, 1_234, today)
    making.turnover(client, 10, 900, today)
    making.income(client, 60, today)
    making.income(client, 20, today, product="trade", kind="fee")
    making.state(
        client,
        "limits",
        today,
        reference="OD-777",
        facility="OD",
        currency="HKD",
        limit=100_00,
        drawn=40_00,
        limit_hkd=100_00,
        drawn_hkd=40_00,
    )
    return client


def test_figures_are_seen_as_the_client_is_and_by_nobody_else(bank, held):
    url = reverse("figures:company_figures", args=[held.company_id])
    seen = {name for name, user in bank.people.items() if browser(user).get(url).status_code == 200}
    assert seen == SEE_CLIENT


def test_the_rows_themselves_are_seen_alike(bank, held):
    for model in (MODELS["balances"], MODELS["limits"], MODELS["income"], MODELS["turnover"]):
        assert {name for name, user in bank.people.items() if model.objects.visible_to(user).exists()} == SEE_CLIENT


def test_the_panel_shows_what_is_held_moved_and_earned(bank, held):
    page = text(browser(bank.rm).get(reverse("figures:company_figures", args=[held.company_id])))
    for shown in ("HK$ 1,234", "OD-777", "Large outflow", "25.0%", "Trade finance", "<svg", 'role="img"', "month by month"):
        assert shown in page


def test_a_client_without_figures_says_so(bank):
    client = make_client(bank)
    assert "No figures yet" in text(browser(bank.rm).get(reverse("figures:company_figures", args=[client.company_id])))


def test_the_tab_stands_on_the_clients_page_for_its_readers_only(bank, held):
    for name, shown in (("rm", True), ("ho", True), ("lobby", False), ("finance", False)):
        assert ("?tab=figures" in text(browser(bank.people[name]).get(held.get_absolute_url()))) is shown
    assert "?tab=figures" in text(browser(bank.rm).get(held.company.get_absolute_url()))
    assert "?tab=figures" not in text(browser(bank.outsider).get(held.company.get_absolute_url()))


def test_the_panel_costs_a_fixed_number_of_statements(bank, held):
    url = reverse("figures:company_figures", args=[held.company_id])
    before = statements(browser(bank.rm), url, HX_Request="true")
    for days in range(1, 20):
        making.balance(held, days, timezone.localdate() - dt.timedelta(days=days))
    assert statements(browser(bank.rm), url, HX_Request="true") == before <= 23


def test_files_are_listed_for_those_who_work_with_them(bank, held):
    file = making.file("balances", refused=1, read=1, refusals=[{"row": 3, "column": "kind", "value": "gold", "reason": "Not known."}])
    for url in (reverse("figures:file_list"), file.get_absolute_url()):
        assert {name for name, user in bank.people.items() if browser(user).get(url).status_code == 200} == READ_FILES
    page = text(browser(bank.finance).get(file.get_absolute_url()))
    assert "gold" in page
    assert "Not known." in page


def test_the_list_of_files_is_exported_as_it_is_shown(bank):
    making.file("balances", totals_match=False)
    answer = browser(bank.finance).post(reverse("figures:file_list") + "?view=all", {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Balances" in lines[1]


def test_a_file_shows_how_its_totals_tie(bank, tmp_path):
    client = make_client(bank)
    path = making.write(tmp_path, "balances", [(client.number, "current", "HKD", "12.34", "12.34")])
    path.write_text(path.read_text().replace("T,1,12.34,12.34", "T,1,12.34,12.44"))
    making.load(path)
    page = text(browser(bank.ops).get(reverse("figures:file_list")))
    assert "Total differs" in page


def test_the_api_gives_the_newest_figures_of_clients_in_reach(bank, held):
    other = make_client(bank, "outsider", name="Far Away")
    items = ask(bank.rm, "figures").json()["items"]
    assert [item["id"] for item in items] == [held.pk]
    assert (items[0]["deposits"], items[0]["drawn"], items[0]["income_12_months"]) == ("1234.00", "40.00", "80.00")
    assert ask(bank.rm, f"figures?client_id={other.pk}").json()["items"] == []
    assert ask(bank.rm, f"figures/{other.pk}").status_code == 404
    one = ask(bank.head, f"figures/{held.pk}").json()
    assert (one["fee_share"], one["facilities"][0]["reference"], len(one["months"])) == ("25.0", "OD-777", 12)
    for name in ("lobby", "finance", "editor", "admin", "analyst"):
        assert ask(bank.people[name], "figures").status_code == 403
