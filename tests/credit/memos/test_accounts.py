"""The borrower's accounts as a part of a version: as they stand while it is a draft, as they stood once it is sealed."""

import datetime as dt
import io
import json

import pytest
from pypdf import PdfReader

from credit.handoff import pdf, services
from credit.handoff.invariants import contents
from credit.handoff.models import Seal
from credit.memos import accounts
from credit.packs import services as packs
from credit.packs.comparing import differences
from tests.cast import NOW, fresh
from tests.credit import making as base
from tests.credit.handoff import making
from tests.credit.memos import making as memos
from tests.credit.spreads import making as spreads


@pytest.fixture
def pack(bank):
    pack = making.ready(bank, amount="8000000")
    spread = spreads.spread(bank, pack.company)
    for year in (2022, 2023, 2024):
        spreads.enter(bank, spread, ends_on=dt.date(year, 12, 31))
    spreads.enter(bank, spread)
    pack.spread = spread
    return pack


def seal(bank, pack):
    return services.submit_for_endorsement(pack_id=pack.pk, actor=fresh(bank.rm), now=NOW)


def test_a_draft_says_what_the_spread_says_today_the_last_three_years_of_it(bank, pack):
    told = accounts.content(base.draft(pack))
    assert [key for key in told if key.startswith("period")] == ["period 2023-12-31 12", "period 2024-12-31 12", "period 2025-12-31 12"]
    newest = told["period 2025-12-31 12"]
    assert (newest["lines"]["sales"], newest["ratios"]["current"], told["header"]["unit"]) == ("1000", "1.750000", 1000)
    assert set(told["stress"]) == {"base", "sales", "margin", "rate", "debtors", "all", "by"}
    opened = {f"{year}-12-31 cash_opening opening_cash" for year in (2023, 2024, 2025)}
    assert set(told["untied"]) == opened
    spreads.enter(bank, pack.spread, sales=1100)
    told = accounts.content(base.draft(pack))
    assert told["period 2025-12-31 12"]["lines"]["sales"] == "1100"
    assert set(told["untied"]) == {*opened, "2025-12-31 gross_profit gross_profit"}


def test_sealed_accounts_stay_whatever_becomes_of_the_spread(bank, pack):
    made = seal(bank, pack)
    before = json.loads(made.contents)["accounts"]
    assert before["period 2025-12-31 12"]["lines"]["sales"] == "1000"
    spreads.enter(bank, pack.spread, cash=60, current_assets=360, total_assets=610)
    version = Seal.objects.get().version
    assert accounts.content(version) == before
    assert [*contents()] == []


def test_the_next_version_shows_the_new_figures_beside_the_sealed_ones(bank, pack):
    first = seal(bank, pack).version
    making.decide(bank, pack)
    spreads.enter(bank, pack.spread, cash=60, debtors=140)
    second = packs.open_version(pack_id=pack.pk, reason="New accounts", actor=fresh(bank.rm), now=NOW)
    (found,) = [part for part in differences(first, second) if part.code == "accounts"]
    said = {line.where: (line.was, line.now) for line in found.lines}
    assert said["31/12/2025 · Lines · Cash and bank balances"] == ("50", "60")
    memos.services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    assert json.loads(seal(bank, pack).contents)["accounts"]["period 2025-12-31 12"]["lines"]["debtors"] == "140"


def test_a_pack_without_a_spread_has_no_accounts(bank):
    made = seal(bank, making.ready(bank, amount="8000000"))
    assert json.loads(made.contents)["accounts"] == {}
    assert "Financial statements" in text_of(made, "en")


@pytest.mark.parametrize(("language", "words"), [("en", "Debtor days"), ("zh-hant", "應收賬款"), ("zh-hans", "应收账款")])
def test_the_pdf_sets_lines_ratios_and_stress_cases_in_the_readers_language(bank, pack, language, words):
    text = text_of(seal(bank, pack), language)
    assert words in text
    assert "1.75" in text
    assert "1,000" in text


def text_of(made, language):
    pages = PdfReader(io.BytesIO(pdf.make(made.version, language=language, seal=made))).pages
    return "".join(page.extract_text() for page in pages)
