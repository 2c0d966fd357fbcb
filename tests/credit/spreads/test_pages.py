"""The pages and API of spreads as each person uses them."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.spreads.models import Line, Period, Spread, SpreadUpload
from crm.staff.services import create_token
from tests.companies.making import text
from tests.credit.spreads import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def yau(bank):
    return making.client(bank)


@pytest.fixture
def spread(bank, yau):
    made = making.spread(bank, yau)
    making.enter(bank, made)
    before = {"sales": 900, "gross_profit": 100, "opening_cash": 30, "closing_cash": 40, "cash": 40, "other_current_assets": 25}
    making.enter(bank, made, ends_on=making.YEAR.replace(year=2024), **before)
    return made


def test_a_spread_is_begun_typed_and_checked_on_its_pages(bank, yau, browse):
    rm, head = browse(bank.rm), browse(bank.head)
    begun = rm.post(
        f"/credit/spreads/new/?company={yau.pk}", {"currency": "HKD", "unit": "1000", "jurisdiction": "HK", "year_end_month": "12"}
    )
    made = Spread.objects.get()
    assert begun.url == f"/credit/spreads/{made.pk}/"
    typed = {"ends_on": "2025-12-31", "months": "12", "kind": "audited", "sales": "1,000", "cogs": "800", "gross_profit": "(200)"}
    page = rm.post(f"{begun.url}type/", typed | {"version": "1", "net_profit": "5 million"})
    assert page.status_code == 422
    assert "mixes units" in text(page)
    assert "5 million" in text(page)
    assert rm.post(f"{begun.url}type/", typed | {"version": "1", "sales__page": "p. 12"}).status_code == 302
    page = text(rm.get(begun.url))
    for word in ("What does not tie", "Gross profit is sales less their cost", "-400", "Division by zero", "p. 12"):
        assert (word in page) == (word != "Division by zero"), word
    assert rm.get(f"{begun.url}check/").status_code == 403
    shown = Spread.objects.get().version
    assert "Say why they may stand" in text(head.post(f"{begun.url}check/", {"version": shown}))
    assert head.post(f"{begun.url}check/", {"version": shown, "note": "Printed so"}).status_code == 302
    assert "Checked by a second person" in text(rm.get(begun.url))


def test_every_part_of_a_spread_shows_its_figures(bank, spread, browse):
    rm = browse(bank.rm)
    url = f"/credit/spreads/{spread.pk}/"
    page = text(rm.get(url))
    for word in ("Gross margin", "gross profit / sales", "20.0%", "Altman", '<svg class="spark', "checks of the figures tie"):
        assert word in page, word
    lines = text(rm.get(f"{url}lines/"))
    assert "Balance sheet" in lines
    assert "Correct or restate" in lines
    stress = text(rm.get(f"{url}stress/?growth=10&gross_margin=20"))
    for word in ("Sales down 20%", "All together", "1,100", "2026"):
        assert word in stress, word
    case = (
        "sales=200000000&margin=8&growth=10&dio=60&dso=75&dpo=45&prepaid=15&advance=10&own=20000000&loans=15000000&other=3000000"
        "&request=16000000"
    )
    need = text(rm.get(f"{url}need/?{case}"))
    for word in ("53,411,111", "15,411,111", "588,889"):
        assert word in need, word
    assert "0 days or less" in text(rm.get(f"{url}need/?{case.replace('dpo=45', 'dpo=240')}"))
    assert 'value="1000000"' in text(rm.get(f"{url}need/"))
    making.enter(bank, spread, sales=1010, gross_profit=210)
    past = text(rm.get(f"{url}past/"))
    assert "Restated since" in past
    assert "1,000" in past


def test_a_file_is_brought_mapped_and_taken_over(bank, spread, browse, tmp_path):
    rm = browse(bank.rm)
    url = f"/credit/spreads/{spread.pk}/"
    bad = tmp_path / "scan.xlsx"
    bad.write_bytes(b"%PDF-1.7 scan")
    with bad.open("rb") as file:
        refused = rm.post(f"{url}file/", {"file": file})
    assert refused.status_code == 422
    assert "PDF document" in text(refused)
    path = making.workbook(
        tmp_path / "a.xlsx", [*making.ENGLISH, ["Turnover of associates", "", 1, 2], ["Share capital", "", "#REF!", 100]]
    )
    with path.open("rb") as file:
        brought = rm.post(f"{url}file/", {"file": file})
    upload = SpreadUpload.objects.get()
    assert brought.url == f"/credit/spreads/files/{upload.pk}/"
    page = text(rm.get(brought.url))
    for word in ("Accounts!C13", "#REF!", "Turnover of associates", "Would be taken over"):
        assert word in page, word
    form = dict(re.findall(r'name="((?:on|months)_\d+)"[^>]*value="([^"]*)"', page.replace(" ", " ")))
    assert form, page[:200]
    sent = dict(form)
    for at in range(2):
        sent |= {f"on_{at}": ("2024-12-31", "2025-12-31")[at], f"months_{at}": "12", f"kind_{at}": "management", f"unit_{at}": "1000"}
    sent |= {"line_0": "sales", "line_1": "cogs", "line_2": "gross_profit", "line_6": "total_liabilities"}
    sent["version"] = str(upload.version)
    twice = rm.post(brought.url, sent | {"line_3": "sales"})
    assert "chosen twice" in text(twice)
    assert rm.post(brought.url, sent | {"then": "take"}).url == url
    assert Period.objects.filter(is_current=True, kind="management").count() == 2
    assert Line.objects.filter(code="cogs", period__is_current=True, ten_thousandths=7_300_000).exists()
    assert rm.get(brought.url).status_code == 403
    assert browse(bank.rm2).get(brought.url).status_code == 404


def test_the_list_and_the_companys_panel_show_what_the_reader_may_see(bank, spread, browse, yau):
    assert "Yau Tat Textiles" in text(browse(bank.rm).get("/credit/spreads/"))
    assert "Yau Tat Textiles" not in text(browse(bank.rm2).get("/credit/spreads/"))
    assert browse(bank.lobby).get("/credit/spreads/").status_code == 403
    assert "Full spread" in text(browse(bank.rm).get(f"/credit/spreads/of/{yau.pk}/"))
    assert "Full spread" not in text(browse(bank.rm2).get(f"/credit/spreads/of/{yau.pk}/"))
    assert 'href="/credit/spreads/"' in text(browse(bank.rm).get("/"))
    assert 'href="/credit/spreads/"' not in text(browse(bank.lobby).get("/"))


def test_the_page_costs_no_more_statements_for_more_periods(bank, spread, browse):
    rm = browse(bank.rm)
    url = f"/credit/spreads/{spread.pk}/"
    rm.get(url)

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rm.get(url)
        return len(asked)

    few = statements()
    for year in (2023, 2022, 2021):
        making.enter(bank, spread, ends_on=making.YEAR.replace(year=year))
    assert statements() == few


def test_the_pages_speak_chinese(bank, spread, browse):
    rm = browse(bank.rm)
    page = rm.get(f"/credit/spreads/{spread.pk}/lines/", headers={"accept-language": "zh-hant"}).content.decode()
    assert "Balance sheet" in page or "資產" in page


def token(user: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {create_token(user=user)}"}


def test_the_api_reads_enters_and_checks(bank, spread, client):
    base = "/api/v1/spreads"
    rm, head, rm2 = (token(user) for user in (bank.rm, bank.head, bank.rm2))
    listed = client.get(base, headers=rm).json()["items"]
    assert [item["name"] for item in listed] == ["Yau Tat Textiles"]
    assert client.get(base, headers=rm2).json()["items"] == []
    one = client.get(f"{base}/{spread.pk}", headers=rm).json()
    margin = next(ratio for ratio in one["periods"][0]["ratios"] if ratio["code"] == "gross_margin")
    assert (margin["value"], margin["sources"][1]["amount"]) == ("0.200000", "1000")
    assert client.get(f"{base}/{spread.pk}", headers=rm2).status_code == 404
    body = {"ends_on": "2023-12-31", "lines": {"sales": "800.5", "nonsense": "1"}}

    def post(path, body, who):
        return client.post(f"{base}/{spread.pk}/{path}", json.dumps(body), content_type="application/json", headers=who)

    assert post("periods", body, rm).json()["error"]["fields"] == {"nonsense": "There is no such line."}
    entered = post("periods", body | {"lines": {"sales": "800.5"}}, rm)
    assert entered.status_code == 200
    version = entered.json()["version"]
    assert post("check", {"version": version}, rm).status_code == 403
    assert post("check", {"version": version}, head).json()["state"] == "checked"
