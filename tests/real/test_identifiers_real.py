"""Check digits and telephone numbers on real lists."""

import csv
from pathlib import Path

import openpyxl
import pytest

from crm.kernel.identifiers import Kind, guess_kind, is_valid, normalise_stock_code
from crm.kernel.phones import normalise_phone

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "twse_listed_companies").is_dir(), reason="the real directories are not beside this checkout (../shared/data)"
)


def rows_of(*parts: str) -> list[dict[str, str]]:
    with DATA.joinpath(*parts).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_taiwan_business_number_passes_its_check():
    assert [
        row["營利事業統一編號"]
        for row in rows_of("twse_listed_companies", "t187ap03_L.csv")
        if not is_valid(Kind.UBN, row["營利事業統一編號"])
    ] == []


def test_nearly_every_unified_social_credit_code_passes_its_check():
    book = openpyxl.load_workbook(next((DATA / "cn_private_companies_10k").glob("*.xlsx")), read_only=True)
    codes = [str(row[9]) for row in book.active.iter_rows(values_only=True, min_row=2) if row[9]]
    good = sum(is_valid(Kind.USCC, code) for code in codes)
    print(f"{good} of {len(codes)}")
    assert good / len(codes) >= 0.997


@pytest.mark.parametrize(("file", "exchange"), [("HKG.csv", "HKEX"), ("SHH.csv", "SSE")])
def test_every_stock_code_and_isin_of_two_exchanges_is_read(file, exchange):
    rows = rows_of("companies_hk_sse_en", file)
    assert {normalise_stock_code(row["symbol"], row["exchange"])[0] for row in rows} == {exchange}
    assert all(is_valid(Kind.ISIN, row["isin"]) for row in rows if row["isin"])


def test_columns_are_told_by_their_values():
    rows = rows_of("twse_listed_companies", "t187ap03_L.csv")[:200]
    guessed = {column: guess_kind([row[column] for row in rows]) for column in rows[0] if column}
    assert {column: kind for column, kind in guessed.items() if kind} == {"營利事業統一編號": Kind.UBN}
    rows = rows_of("companies_hk_sse_en", "HKG.csv")[:200]
    guessed = {column: guess_kind([row[column] for row in rows]) for column in rows[0]}
    assert {column: kind for column, kind in guessed.items() if kind} == {"symbol": Kind.STOCK, "isin": Kind.ISIN}


def test_nine_in_ten_switchboards_are_read_though_some_leave_out_the_area():
    numbers = [row["總機電話"] for row in rows_of("twse_listed_companies", "t187ap03_L.csv")]
    read = sum(normalise_phone(number, "TW") is not None for number in numbers)
    print(f"{read} of {len(numbers)}")
    assert read / len(numbers) >= 0.93
