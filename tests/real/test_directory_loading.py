"""Real directories loaded: figures of the first and second run, and where they meet."""

from pathlib import Path

import pytest
from django.utils import timezone

from crm.companies.models import Company
from prospects.directories.choices import HeldBack, Verdict
from prospects.directories.models import StagedRow
from prospects.directories.services import load_directory
from tests.prospects.directories.loading import counts
from tests.prospects.directories.test_loading import broken
from tests.real.test_directory_files import HKEX, HKG, PRIVATE, SHH, SP500, SP500_ZH, TWSE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not HKEX.exists(), reason="the real directories are not beside this checkout"),
]


def load(bank, path, **options):
    report = load_directory(path, actor=bank.head, now=timezone.now(), **options)
    print(f"{path.parent.name}/{path.name}: {report.read} read, {counts(report)} in {report.seconds} s")
    return report


@pytest.mark.parametrize(
    ("path", "options", "rows", "created_at_least", "refused"),
    [
        (HKEX, {"only": "Category=Equity"}, 2582, 2550, 0),
        (TWSE, {}, 991, 985, 0),
        (HKG, {}, 1625, 1600, 4),
        (SHH, {}, 1628, 1500, 1),
        (SP500, {}, 503, 495, 0),
        (SP500_ZH, {}, 508, 495, 0),
        (PRIVATE, {}, 10_000, 9_900, 24),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_a_real_directory_is_taken_nearly_whole_and_a_second_run_creates_nothing(bank, path, options, rows, created_at_least, refused):
    first = load(bank, path, **options)
    held = Company.objects.count()
    second = load(bank, path, **options)

    assert (first.read, first.refused) == (rows, refused)
    assert first.created >= created_at_least
    assert first.created == held == Company.objects.count()
    assert (second.created, second.updated, second.refused) == (0, 0, refused)
    assert second.duplicates == first.duplicates
    assert broken() == []


def test_two_directories_of_one_exchange_meet_in_their_codes(bank):
    load(bank, HKEX)
    described = load(bank, HKG)
    assert described.created < 100
    # Between the days of the two lists a hundred companies took another name, or left their code to another company.
    assert described.updated > 1400
    assert 90 < StagedRow.objects.filter(verdict=Verdict.DUPLICATE, held_back=HeldBack.OTHER_NAME).count() < 130
    tencent = Company.objects.get(identifiers__kind="stock", identifiers__scope="HKEX", identifiers__value="00700")
    assert {"TENCENT", "Tencent Holding Ltd."} <= set(tencent.names.values_list("text", flat=True))
    assert tencent.source_records.count() == 2
    again = load(bank, HKEX), load(bank, HKG)
    assert [report.created for report in again] == [0, 0]
    assert again[1].duplicates == described.duplicates


def test_one_isin_on_two_companies_is_left_to_a_person(bank):
    load(bank, HKG)
    waiting = {row.cells[0]: row for row in StagedRow.objects.filter(verdict=Verdict.DUPLICATE)}
    assert waiting["3816.HK"].held_back == HeldBack.REPEATED
    assert Company.objects.filter(identifiers__kind="isin", identifiers__value="KYG525551027").count() == 1


def test_the_companies_of_america_meet_in_both_scripts(bank):
    load(bank, SP500, source="English")
    chinese = load(bank, SP500_ZH, source="Chinese")
    assert chinese.updated > 435
    apple = Company.objects.get(identifiers__kind="stock", identifiers__scope="US", identifiers__value="AAPL")
    assert apple.name_en.startswith("Apple")
    assert apple.name_zh.startswith("苹果")
