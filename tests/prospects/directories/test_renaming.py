"""Numbers that lead to a company of another name: what waits for a person, and what renames a company."""

import pytest
from django.utils import timezone

from crm.companies.choices import NameKind
from crm.companies.models import Company, CompanyName
from prospects.directories.choices import HeldBack, Verdict
from prospects.directories.services import decide_duplicate
from tests.companies.making import company as known
from tests.prospects.directories.loading import FEBRUARY, HEADER, JANUARY, company, counts, load, staged

pytestmark = pytest.mark.django_db


EXCHANGE = [["00005", "HSBC HOLDINGS"], ["00006", "POWER ASSETS"], ["03988", "BANK OF CHINA"], ["00700", "TENCENT"]]


def held_back(rows, *, actor, folder, header=("Stock Code", "Company Name"), **options):
    """The companies that a row may be of, where its number or its name is of another one; nothing of it is written."""
    before = list(CompanyName.objects.order_by("pk").values_list("company", "text"))
    assert counts(load(folder, rows, actor=actor, header=header, **options)) == {"duplicates": len(rows)}
    assert list(CompanyName.objects.order_by("pk").values_list("company", "text")) == before
    row = staged(Verdict.DUPLICATE).last()
    assert row.held_back == HeldBack.OTHER_NAME
    return [str(Company.objects.get(pk=candidate["company"])) for candidate in row.candidates]


@pytest.mark.parametrize("source", ["Exchange", "Other"])
def test_a_row_with_the_code_of_one_company_and_the_name_of_another_is_left_to_a_person(bank, tmp_path, source):
    load(tmp_path, EXCHANGE, header=HEADER[:2], actor=bank.head)
    names = held_back([["00006", "Bank of China Limited"]], actor=bank.head, folder=tmp_path, source=source)
    assert names == ["POWER ASSETS", "BANK OF CHINA"]


@pytest.mark.parametrize("source", ["Exchange", "Other"])
def test_a_row_with_a_code_and_a_name_that_is_like_nothing_held_of_it_is_left_to_a_person(bank, tmp_path, source):
    load(tmp_path, EXCHANGE, header=HEADER[:2], actor=bank.head)
    assert held_back([["00005", "CLP HOLDINGS"]], actor=bank.head, folder=tmp_path, source=source) == ["HSBC HOLDINGS"]


def test_a_name_of_another_company_in_the_other_script_is_left_to_a_person(bank, tmp_path):
    known(bank, "中國銀行股份有限公司")
    load(tmp_path, EXCHANGE[:2], header=HEADER[:2], actor=bank.head)
    names = held_back([["00006", "中国银行"]], actor=bank.head, folder=tmp_path, header=["Stock Code", "公司名稱"], source="Other")
    assert names == ["POWER ASSETS", "中國銀行股份有限公司"]


def test_a_company_made_by_an_earlier_row_of_the_file_bears_its_name_too(bank, tmp_path):
    load(tmp_path, EXCHANGE[:2], header=HEADER[:2], actor=bank.head)
    report = load(tmp_path, [EXCHANGE[2], ["00006", "BANK OF CHINA"]], header=HEADER[:2], actor=bank.head, source="Other")
    assert counts(report) == {"created": 1, "duplicates": 1}
    assert [candidate.get("row") for candidate in staged(Verdict.DUPLICATE).get().candidates] == [None, 2]


def test_a_number_leads_to_its_company_under_short_names_and_a_first_name_in_the_other_script(bank, tmp_path):
    load(tmp_path, EXCHANGE, header=HEADER[:2], actor=bank.head)
    rows = [["00700", "Tencent Holdings Limited"], ["00005", "HSBC"], ["00006", "Power Assets Holdings Limited"], ["03988", "BOC"]]
    assert counts(load(tmp_path, rows, header=HEADER[:2], actor=bank.head, source="Other")) == {"updated": 4}
    chinese = [["00700", "騰訊控股有限公司"], ["00005", "滙豐控股有限公司"]]
    assert counts(load(tmp_path, chinese, header=["Stock Code", "公司名稱"], actor=bank.head, source="中文")) == {"updated": 2}


def test_a_renaming_that_a_person_accepted_stands_and_another_one_waits_again(bank, tmp_path):
    load(tmp_path, EXCHANGE, header=HEADER[:2], actor=bank.head)
    renamed = [["00006", "Sky Blue Eleven Limited"]]
    assert held_back(renamed, actor=bank.head, folder=tmp_path, as_of=timezone.localdate()) == ["POWER ASSETS"]
    decide_duplicate(row_id=staged(Verdict.DUPLICATE).get().pk, same_as=company("00006").pk, actor=bank.head, now=timezone.now())

    assert str(company("00006")) == "Sky Blue Eleven Limited"
    assert counts(load(tmp_path, renamed, header=HEADER[:2], actor=bank.head)) == {"unchanged": 1}
    assert held_back([["00006", "Bank of China Ltd"]], actor=bank.head, folder=tmp_path) == ["Sky Blue Eleven Limited", "BANK OF CHINA"]


LISTED = [*HEADER[:2], "ISIN", "Phone", "Listing Date"]
POWER = ["00006", "POWER ASSETS", "HK0006000050", "2122 9122", "1976-08-18"]


@pytest.mark.parametrize(
    ("place", "agrees"), [(2, "HK0006000050"), (3, "2122 9122"), (4, "1976-08-18")], ids=["another number", "phone", "day of listing"]
)
def test_a_newer_list_of_the_source_renames_its_company_where_a_second_fact_agrees(bank, tmp_path, place, agrees):
    load(tmp_path, [POWER], header=LISTED, actor=bank.head, as_of=JANUARY)
    newer = ["00006", "Sky Blue Eleven Limited", "", "", ""]
    newer[place] = agrees

    assert counts(load(tmp_path, [newer], header=LISTED, actor=bank.head, as_of=FEBRUARY)) == {"updated": 1}
    assert dict(company("00006").names.values_list("text", "kind")) == {
        "Sky Blue Eleven Limited": NameKind.LEGAL,
        "POWER ASSETS": NameKind.FORMER,
    }
    assert counts(load(tmp_path, [newer], header=LISTED, actor=bank.head, as_of=FEBRUARY)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("row", "options"),
    [
        (["00006", "Sky Blue Eleven Limited", "", "2999 0000", "1999-01-04"], {"as_of": FEBRUARY}),
        (["00006", "Sky Blue Eleven Limited", *POWER[2:]], {"as_of": JANUARY}),
        (["00006", "Sky Blue Eleven Limited", *POWER[2:]], {"as_of": FEBRUARY, "source": "Other"}),
    ],
    ids=["nothing else agrees", "of the same day", "of another source"],
)
def test_other_lists_leave_a_new_name_to_a_person(bank, tmp_path, row, options):
    load(tmp_path, [POWER], header=LISTED, actor=bank.head, as_of=JANUARY)
    assert held_back([row], header=LISTED, actor=bank.head, folder=tmp_path, **options) == ["POWER ASSETS"]


def test_a_newer_list_gives_no_company_the_name_that_another_bears(bank, tmp_path):
    load(tmp_path, [POWER, ["03988", "BANK OF CHINA", "", "", ""]], header=LISTED, actor=bank.head, as_of=JANUARY)
    row = ["00006", "Bank of China Limited", *POWER[2:]]
    assert held_back([row], header=LISTED, actor=bank.head, folder=tmp_path, as_of=FEBRUARY) == ["POWER ASSETS", "BANK OF CHINA"]
