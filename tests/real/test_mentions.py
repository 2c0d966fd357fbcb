"""The companies named in real texts, measured against labels that others made.

How the gold was made
- CLUENER (10,748 everyday sentences: games, films, travel, football, finance; every company labelled) against the listed companies of
  mainland China and Taiwan and the S&P 500 in Chinese, 5,800 companies that came with legal and exchange names and with no alias. Gold
  are the labelled companies whose name without legal form, bracket, leading place and branch is that of a listed company. A link counts
  as right if such a label, or the label of one of the company's own offices, covers it. What nobody labelled counts as wrong, though
  some of it is right.
- RSS-500 (500 English news sentences; two names in each are labelled, so precision cannot be counted from labels): the book holds 8,000
  companies of the SEC. Gold are the labels whose entity has the name of one of these. The links were read by hand once: those that mean
  another than the company are listed below.
- The labelled pairs of company names say whether two names are one company: the book holds the one, the text is the other. Most are
  branches of banks written in two ways and brands beside legal names, which no rule of stripping joins.
- The abbreviations are of all kinds of bodies, hardly any in the lists. Measured instead: how many could be derived by stripping
  (nearly none), so that aliases have to be held.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

from content.mentions import Found, NameBook, NameEntry
from crm.kernel.names import core_name
from crm.kernel.names.vocabulary import LEADING_PLACE
from crm.kernel.text import fold

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real texts are not beside this checkout (../shared/data)")

_BRACKET = re.compile(r"[（(][^（）()]*[)）]$")
_BRANCH = re.compile(r"(?:[\u4e00-\u9fff]{2,4}?)?(?:分行|支行|分公司|营业部)$")
_OFFICE = re.compile(r"(?:行|部|中心|公司|室|处)$")

OTHERS_IN_RSS = {("108", "Brinker"), ("448", "Woodward")}
"""A woman of that name, a town of that name."""


def rows_of(path: str, **options) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8-sig", newline="", **options) as file:
        return list(csv.DictReader(file))


@cache
def listed_in_chinese() -> list[NameEntry]:
    lines = (DATA / "cn_listed_fullnames" / "company.json").read_text(encoding="utf-8").splitlines()
    mainland = [(row["fullname"], row["name"], row.get("code", "")) for row in map(json.loads, filter(str.strip, lines))]
    taiwan = [(row["公司名稱"], row["公司簡稱"], "TWSE:" + row["公司代號"]) for row in rows_of("twse_listed_companies/t187ap03_L.csv")]
    american = [
        (row["公司"], "", "")
        for row in rows_of("sp500_zh_names/constituents.csv")
        if "（英语" not in row["公司"] and not row["公司"].isascii()
    ]
    entries = []
    for number, (full, short, code) in enumerate(mainland + taiwan + american, 1):
        entries.append(NameEntry(number, full, "full"))
        entries += [NameEntry(number, name, kind) for name, kind in ((short, "short"), (code, "code")) if name]
    return entries


@cache
def listed_in_america() -> list[NameEntry]:
    tickers = json.loads((DATA / "edgar_financials" / "company_tickers.json").read_text(encoding="utf-8")).values()
    constituents = rows_of("sp500_constituents/constituents.csv")
    return [
        *(NameEntry(int(row["CIK"]), row["Security"], "full") for row in constituents),
        *(NameEntry(row["cik_str"], row["title"], "full") for row in tickers),
    ]


def companies_by_core(entries: list[NameEntry]) -> dict[str, set[int]]:
    cores = defaultdict(set)
    for entry in entries:
        if entry.kind != "code":
            cores[core_name(entry.name)].add(entry.company_id)
    return cores


def cores_of(label: str) -> set[str]:
    """What company a label of CLUENER may name: without bracket, branch and leading place."""
    whole = _BRACKET.sub("", label)
    place = LEADING_PLACE.match(fold(whole))
    forms = {whole, _BRANCH.sub("", whole), whole[place.end() :] if place else whole}
    return {core_name(form) for form in forms if form}


def is_named_by(found: Found, label: str, start: int) -> bool:
    """Whether a labelled company at `start` is the company that was found in it."""
    if core_name(found.text) in cores_of(label) or (found.start <= start and start + len(label) <= found.end):
        return True
    before, _, behind = label.partition(found.text)
    return before + behind != label and not LEADING_PLACE.sub("", fold(before)) and bool(_OFFICE.search(behind))


@cache
def sentences() -> list[tuple[str, list[tuple[str, int]]]]:
    """Texts of CLUENER with their labelled companies and where these begin."""
    rows = map(json.loads, (DATA / "cluener_ner" / "train.json").read_text(encoding="utf-8").splitlines())
    return [
        (
            row["text"],
            [(row["text"][first : last + 1], first) for spans in row["label"].get("company", {}).values() for first, last in spans],
        )
        for row in rows
    ]


def is_right(found: Found, labels: list[tuple[str, int]]) -> bool:
    return any(is_named_by(found, label, start) for label, start in labels if start < found.end and found.start < start + len(label))


def measured(rows: list[tuple[str, list[tuple[str, int]]]], ruled: dict[tuple[int, str], bool]) -> tuple[float, float, float]:
    """Precision and recall of links, and recall with suggestions."""
    book, cores = listed_book(), companies_by_core(listed_in_chinese())
    counted = Counter()
    for text, labels in rows:
        found = [one for one in book.find("", text, ruled=ruled) if one.reason != "code"]
        counted.update("right" if is_right(one, labels) else "wrong" for one in found if one.kind == "link")
        for label, start in labels:
            if owners := set().union(*(cores.get(core, set()) for core in cores_of(label))):
                kinds = {one.kind for one in found if one.company_id in owners and one.start < start + len(label) and start < one.end}
                counted.update({"gold": 1, "linked": "link" in kinds, "shown": bool(kinds)})
    precision = counted["right"] / (counted["right"] + counted["wrong"])
    figures = precision, counted["linked"] / counted["gold"], counted["shown"] / counted["gold"]
    print(f"CLUENER: precision {figures[0]:.3f}, recall {figures[1]:.3f}, with suggestions {figures[2]:.3f}; {dict(counted)}")
    return figures


@cache
def listed_book() -> NameBook:
    return NameBook.build(listed_in_chinese())


def test_companies_in_everyday_chinese():
    precision, recall, shown = measured(sentences(), {})
    assert precision >= 0.9
    assert recall >= 0.65
    assert shown >= 0.92


def test_answers_of_people_on_one_half_of_the_texts_make_the_other_half_better():
    """Half of the sentences are answered as the labels say: a name that meant its company four times in five is confirmed, one that never
    did is refused. A confirmed name links wherever it stands, so that recall is bought with some precision.
    """
    answers = defaultdict(list)
    for text, labels in sentences()[::2]:
        for one in listed_book().find("", text):
            if one.reason != "code":
                answers[one.company_id, one.pattern].append(is_right(one, labels))
    before = measured(sentences()[1::2], {})
    precision, recall, shown = measured(
        sentences()[1::2], {key: any(said) for key, said in answers.items() if not any(said) or sum(said) >= 0.8 * len(said)}
    )
    assert recall >= before[1] + 0.05
    assert precision >= 0.88
    assert shown >= 0.9


def rss_500() -> tuple[dict[str, str], dict[str, list[tuple[int, int, str]]]]:
    """Sentences by number, and (start, end, entity) of their labels."""
    texts, labels = {}, defaultdict(list)
    for block in (DATA / "n3_rss500_entity_linking" / "RSS-500.ttl").read_text(encoding="utf-8").split("\n\n"):
        head = re.match(r"\s*<http://aksw.org/N3/RSS-500/(\d+)#char=(\d+),(\d+)>", block)
        text = re.search(r'nif:isString (?:"""(.*?)"""|"((?:[^"\\]|\\.)*)")', block, re.DOTALL)
        entity = re.search(r"taIdentRef <([^>]*)>", block)
        if head and text:
            texts[head[1]] = (text[1] or text[2]).replace('\\"', '"')
        if head and entity and "nif:anchorOf" in block:
            labels[head[1]].append((int(head[2]), int(head[3]), unquote(entity[1].rsplit("/", 1)[-1]).replace("_", " ")))
    return texts, labels


def test_companies_in_english_news():
    book = NameBook.build(listed_in_america())
    cores = companies_by_core(listed_in_america())
    texts, labels = rss_500()
    counted = Counter()
    for number, text in texts.items():
        found = book.find("", text)
        counted["links"] += sum(one.kind == "link" for one in found)
        counted["wrong"] += sum(one.kind == "link" and (number, one.text) in OTHERS_IN_RSS for one in found)
        for start, end, entity in labels[number]:
            if owners := cores.get(core_name(re.sub(r"\s*\(.*", "", entity))):
                kinds = {one.kind for one in found if one.company_id in owners and one.start < end and start < one.end}
                counted["gold"] += 1
                counted["linked"] += "link" in kinds
                counted["shown"] += bool(kinds)
    print(f"RSS-500: {dict(counted)}")
    assert len(texts) == 500
    assert counted["gold"] == 17
    assert counted["linked"] >= 11
    assert counted["shown"] >= 12
    assert counted["links"] <= 20
    assert counted["wrong"] <= 2


def test_another_spelling_of_a_name_is_linked_to_its_company_and_other_companies_hardly_ever():
    sheet = openpyxl.load_workbook(DATA / "cn_name_pairs" / "similarity_pairs_odd.xlsx").active
    pairs = [row[:3] for row in sheet.iter_rows(values_only=True, min_row=2)]
    counted = Counter()
    for held, written, label in pairs:
        kinds = {one.kind for one in NameBook.build([NameEntry(1, held, "full")]).find("", f"昨日{written}公布。")}
        is_same = label.strip() == "是"
        counted[is_same, "all"] += 1
        counted[is_same, "link"] += "link" in kinds
        counted[is_same, "shown"] += bool(kinds)
    print(f"name pairs: {dict(counted)}")
    assert counted[True, "link"] / counted[True, "all"] >= 0.28
    assert counted[False, "link"] / counted[False, "all"] <= 0.1


def test_abbreviations_have_to_be_held_as_aliases():
    pairs = []
    for line in (DATA / "cn_abbreviations" / "train_set.txt").read_text(encoding="utf-8").splitlines():
        short, _, words = line.partition(": ")
        if short != "n" and len(short) > 1 and words.rstrip().endswith("/nt"):
            pairs.append((short, "".join(word.rpartition("/")[0] for word in words.split())))
    derived = sum(
        any(one.end - one.start == len(short) for one in NameBook.build([NameEntry(1, full, "full")]).find("", short))
        for short, full in pairs
    )
    book = NameBook.build(NameEntry(number, short, "alias") for number, (short, _full) in enumerate(pairs))
    found = sum(any(one.company_id == number for one in book.find("", f"昨日{short}。")) for number, (short, _full) in enumerate(pairs))
    print(f"abbreviations: {len(pairs)}, by stripping {derived}, as aliases {found}")
    assert len(pairs) > 70
    assert derived / len(pairs) < 0.05
    assert found / len(pairs) > 0.98
