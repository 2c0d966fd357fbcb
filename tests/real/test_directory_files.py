"""Real directories, read as they came. They lie beside the checkout and are not part of it."""

import csv
import io
import itertools
import resource
from pathlib import Path

import openpyxl
import pytest

from crm.companies.choices import IdentifierKind, NameKind
from prospects.directories.headings import Field
from prospects.directories.mapping import Condition, Mapping, RefusedRow, RowFacts, propose, to_facts
from prospects.directories.reading.guarded import ReadResult, read_in_child
from tests.prospects.directories.builders import write_ods, write_text
from tests.prospects.directories.damage import read_damaged, write_damaged
from tests.prospects.directories.test_damage import answered

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
HKEX = DATA / "hkex_securities_2023" / "ListOfSecurities.xlsx"
TWSE = DATA / "twse_listed_companies" / "t187ap03_L.csv"
HKG = DATA / "companies_hk_sse_en" / "HKG.csv"
SHH = DATA / "companies_hk_sse_en" / "SHH.csv"
SP500 = DATA / "sp500_constituents" / "constituents.csv"
SP500_FIGURES = DATA / "sp500_constituents" / "constituents-financials.csv"
SP500_ZH = DATA / "sp500_zh_names" / "constituents.csv"
PRIVATE = DATA / "cn_private_companies_10k" / "SmoothNLP工商数据集样本10K.xlsx"

pytestmark = pytest.mark.skipif(not HKEX.exists(), reason="the real directories are not beside this checkout")


def loaded(path: Path) -> tuple[ReadResult, Mapping, dict[int, RowFacts], dict[int, RefusedRow]]:
    with read_in_child(path, path.name) as result:
        rows = list(result.rows())
    mapping = propose(result.columns, [cells for _, cells in rows[:200]], result.name)
    found = {number: to_facts(mapping, cells) for number, cells in rows}
    taken = {number: facts for number, facts in found.items() if isinstance(facts, RowFacts)}
    return result, mapping, taken, {number: row for number, row in found.items() if isinstance(row, RefusedRow)}


def stock(facts: RowFacts) -> str:
    return next(f"{scope}:{value}" for kind, scope, value in facts.keys if kind == IdentifierKind.STOCK)


def test_the_securities_of_hong_kong_are_found_on_their_sheet_below_two_titles():
    result, mapping, taken, refused = loaded(HKEX)

    assert (result.sheet, result.header_row, len(result.sheets)) == ("ListOfSecurities", 3, 3)
    assert result.columns[-1] == "Spread Table 1, 4 = Part A 3 = Part B 5 = Part D"
    assert mapping.exchange == "HKEX"
    assert (len(taken), len(refused)) == (2582, 0)
    first = taken[4]
    assert [(name.text, name.kind) for name in first.company.names] == [("CKH HOLDINGS", NameKind.SHORT)]
    assert first.keys == ((IdentifierKind.STOCK, "HKEX", "00001"), (IdentifierKind.ISIN, "", "KYG217651051"))
    with read_in_child(HKEX, HKEX.name) as again:
        chosen = Condition.parse("Category=Equity").on(again.columns)
        assert sum(chosen(cells) for _, cells in again.rows()) == 2582


def test_the_listed_companies_of_taiwan_give_numbers_officers_and_dates():
    result, mapping, taken, refused = loaded(TWSE)

    assert (result.encoding, mapping.exchange, len(taken), len(refused)) == ("utf-8-sig", "TWSE", 991, 0)
    company = taken[2].company
    assert [name.text for name in company.names] == ["臺灣水泥股份有限公司", "台泥", "TCC"]
    assert taken[2].keys == ((IdentifierKind.STOCK, "TWSE", "1101"), (IdentifierKind.UBN, "", "11913502"))
    assert company.officers == (("張安平", "董事長"), ("程耀輝", "總經理"), ("葉毓君", "發言人"), ("賴家柔", "代理發言人"))
    assert (company.incorporated_on.isoformat(), company.listed_on.isoformat()) == ("1950-12-29", "1962-02-09")
    assert (company.industry, company.country, taken[2].as_of.isoformat()) == ("水泥工業", "TW", "2023-08-14")
    foreign = [facts.company for facts in taken.values() if facts.company.country == "KY"]
    assert len(foreign) == 82
    assert all(facts.company.phone for facts in taken.values())
    assert sum(1 for facts in taken.values() if facts.company.incorporated_on) == 991


@pytest.mark.parametrize(("path", "scope", "rows", "nameless"), [(HKG, "HKEX", 1625, 4), (SHH, "SSE", 1628, 1)])
def test_codes_with_a_suffix_name_their_exchange(path, scope, rows, nameless):
    _, mapping, taken, refused = loaded(path)

    assert (len(taken) + len(refused), len(refused)) == (rows, nameless)
    assert {str(problem.reason) for row in refused.values() for problem in row.problems} == {"The row names no company."}
    assert mapping.fields["mic"] == Field.EXCHANGE
    assert {stock(facts).split(":")[0] for facts in taken.values() if "delisted" not in facts.details} == {scope}


def test_the_two_directories_of_hong_kong_meet_in_their_codes():
    listed = {stock(facts) for facts in loaded(HKEX)[2].values()}
    described = {stock(facts) for facts in loaded(HKG)[2].values() if "delisted" not in facts.details}

    assert len(described & listed) > 1400


def test_the_three_lists_of_american_companies_meet_in_their_symbols():
    english, figures, chinese = (loaded(path) for path in (SP500, SP500_FIGURES, SP500_ZH))

    assert [mapping.exchange for _, mapping, _, _ in (english, figures, chinese)] == ["US", "US", "US"]
    assert [(len(taken), len(refused)) for _, _, taken, refused in (english, figures, chinese)] == [(503, 0), (503, 0), (508, 0)]
    symbols = [{stock(facts) for facts in taken.values()} for _, _, taken, _ in (english, figures, chinese)]
    assert len(symbols[0] & symbols[1]) > 440
    assert len(symbols[0] & symbols[2]) > 440
    founded = [facts.details["incorporated_on"] for facts in english[2].values()]
    assert any("(" in text for text in founded)
    assert not any(facts.warnings for facts in english[2].values())
    assert {facts.company.website for facts in figures[2].values()} == {""}


def test_private_companies_with_a_wrong_credit_code_are_refused_and_no_others():
    _, mapping, taken, refused = loaded(PRIVATE)

    assert (len(taken), len(refused)) == (9976, 24)
    assert {problem.column for row in refused.values() for problem in row.problems} == {"统一信用代码"}
    assert mapping.fields["名称"] == Field.SHORT_NAME
    assert mapping.fields["公司名称"] == Field.NAME_ZH
    assert taken[2].company.officers == (("邵一峰", "法人代表"),)


def test_eighteen_thousand_rows_are_read_and_understood_in_a_hundred_megabytes(tmp_path):
    with TWSE.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    path = write_text(tmp_path / "large.csv", [header, *itertools.islice(itertools.cycle(rows), 18_000)])
    loaded(TWSE)
    before = resource.getrusage(resource.RUSAGE_SELF)

    with read_in_child(path, "large.csv") as result:
        mapping = propose(result.columns, [cells for _, cells in itertools.islice(result.rows(), 200)], result.name)
        read = sum(1 for _, cells in result.rows() if to_facts(mapping, cells))

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before.ru_maxrss
    assert read == 18_000
    assert grown < 100 * 1024


def slices(folder: Path) -> list[Path]:
    """The first rows of each real directory, in its own format and encoding and in others."""
    made = []
    for path in (TWSE, HKG, SP500, SP500_ZH):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(itertools.islice(csv.reader(file), 25))
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        for encoding in ("utf-8", "utf-16"):
            (folder / f"{path.stem}-{len(made)}.csv").write_bytes(text.getvalue().encode(encoding))
            made.append(folder / f"{path.stem}-{len(made)}.csv")
        if path in (TWSE, SP500_ZH):
            encoding = "cp950" if path is TWSE else "gb18030"
            (folder / f"{path.stem}-{encoding}.csv").write_bytes(text.getvalue().encode(encoding, errors="ignore"))
            made.append(folder / f"{path.stem}-{encoding}.csv")
            made.append(write_ods(folder / f"{path.stem}.ods", rows))
    for path in (HKEX, PRIVATE):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            sheet.delete_rows(25, sheet.max_row)
        book.save(folder / path.name)
        made.append(folder / path.name)
    return made


@pytest.mark.slow
def test_a_thousand_damaged_copies_of_real_directories_are_read_or_refused(tmp_path):
    originals, folder = tmp_path / "originals", tmp_path / "damaged"
    originals.mkdir()
    folder.mkdir()
    write_damaged(slices(originals), folder, count=1000, seed=20231123)

    answers, deaths = read_damaged(folder)

    print(dict(answers), deaths)
    assert answers.total() + len(deaths) == 1000
    assert answers["table"] > 100
    for number in [*deaths, *range(0, 1000, 50)]:
        assert answered(folder / f"{number:04}")
