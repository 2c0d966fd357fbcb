"""Company names measured on real lists: labelled pairs, two exchanges, and the time it all takes."""

import csv
import json
import random
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from crm.kernel.names import blocking_keys, core_name, name_score, search_keys, typed_key

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

SHOWN_FROM = 65  # domain 2.4: from this score on a candidate is shown

pytestmark = pytest.mark.skipif(
    not (DATA / "cn_name_pairs").is_dir(), reason="the real name lists are not beside this checkout (../shared/data)"
)


@pytest.fixture(scope="module")
def labelled() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(same, different) pairs of the labelled set."""
    sheet = openpyxl.load_workbook(DATA / "cn_name_pairs" / "similarity_pairs_odd.xlsx").active
    rows = [row[:3] for row in sheet.iter_rows(values_only=True, min_row=2)]
    same = [(one, other) for one, other, label in rows if label.strip() == "是"]
    return same, [(one, other) for one, other, label in rows if label.strip() != "是"]


@pytest.fixture(scope="module")
def chinese() -> list[str]:
    lines = (DATA / "cn_listed_fullnames" / "company.json").read_text(encoding="utf-8").splitlines()
    return sorted({json.loads(line)["fullname"] for line in lines if line})


@pytest.fixture(scope="module")
def english() -> list[str]:
    """One name per ISIN (the same company has several counters); funds are left out."""
    names = {}
    for exchange in ("HKG", "SHH"):
        with (DATA / "companies_hk_sse_en" / f"{exchange}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["name"] and "fund" not in row["name"].lower():
                    names.setdefault(row["isin"] or row["name"], row["name"])
    return sorted(set(names.values()))


def test_nearly_all_labelled_duplicates_are_shown(labelled):
    same, _ = labelled
    shown = [pair for pair in same if name_score([pair[0]], [pair[1]]) >= SHOWN_FROM]
    print(f"recall {len(shown) / len(same):.4f} of {len(same)} pairs")
    assert len(shown) / len(same) >= 0.99


def test_what_is_shown_of_the_labelled_pairs_is_nearly_always_a_duplicate(labelled):
    same, different = labelled
    right = sum(name_score([one], [other]) >= SHOWN_FROM for one, other in same)
    wrong = sum(name_score([one], [other]) >= SHOWN_FROM for one, other in different)
    print(f"precision {right / (right + wrong):.4f}, {wrong} of {len(different)} different pairs shown")
    assert right / (right + wrong) >= 0.975


def test_labelled_duplicates_meet_in_a_block(labelled):
    same, _ = labelled
    met = sum(bool(blocking_keys(one) & blocking_keys(other)) for one, other in same)
    print(f"blocking recall {met / len(same):.4f}")
    assert met / len(same) >= 0.98


@pytest.mark.parametrize(("language", "most"), [("chinese", 0.5), ("english", 0.3)])
def test_a_listed_company_is_shown_few_others(language, most, request):
    names = request.getfixturevalue(language)
    sample = random.Random(7).sample(names, 150)
    shown = sum(name_score([one], [other]) >= SHOWN_FROM for one in sample for other in names if one != other)
    print(f"{language}: {shown / len(sample):.3f} candidates a name among {len(names)}")
    assert shown / len(sample) <= most


@pytest.mark.parametrize(("language", "most"), [("chinese", 5), ("english", 2.5)])
def test_blocks_are_small(language, most, request):
    names = request.getfixturevalue(language)
    blocks = defaultdict(set)
    for name in names:
        for key in blocking_keys(name):
            blocks[key].add(name)
    met = [len(set().union(*(blocks[key] for key in blocking_keys(name)))) for name in names]
    print(f"{language}: {sum(met) / len(met):.2f} to compare a name, at most {max(met)}")
    assert sum(met) / len(met) <= most


def test_dropping_legal_forms_makes_hardly_two_listed_companies_one(english):
    cores = defaultdict(set)
    for name in english:
        cores[core_name(name)].add(name)
    merged = {core for core, names in cores.items() if len(names) > 1}
    two_counters_of_one_company = {"huadian power international", "khoon", "triumph new energy", "zczl industrial technology"}
    assert merged - two_counters_of_one_company == {"shenwan hongyuan"}, merged


def test_every_listed_company_is_found_by_each_of_its_words(english):
    for name in english:
        keys = [key for _, key in search_keys(name)]
        words = core_name(name).split()[:8]
        missed = [word for word in words if len(word) > 3 and not any(key.startswith(typed_key(word)) for key in keys)]
        assert not missed, (name, keys)
