"""The three other labelled sets of mentions: English news (RSS-500), pairs of company names, abbreviations.

- RSS-500: 500 English news sentences; two names in each are labelled, so that precision cannot be counted from labels. The book holds 8,000
  companies of the SEC. Gold are the labels whose entity has the name of one of these: only 17; `listed` are those of them that are written
  by a name of the list (not GM, Delta): 14. All links were read by hand once: those that mean another are listed below.
- The labelled pairs of company names say whether two names are one company: the book holds the one, the text is the other. Most are
  branches of banks written in two ways and brands beside legal names, which no rule of stripping joins.
- The abbreviations are of all kinds of bodies, hardly any in the lists. Measured instead: how many could be derived by stripping (nearly
  none), so that aliases have to be held; and how many are found once they are.
"""

import json
import re
from collections import Counter, defaultdict
from urllib.parse import unquote

import openpyxl

from content.mentions import NameBook, NameEntry
from crm.kernel.names import core_name
from tests.real.mention_figures import DATA, companies_by_core, rows_of

OTHERS_IN_RSS = {("108", "Brinker"), ("448", "Woodward")}
"""A woman of that name, a town of that name."""


def listed_in_america() -> list[NameEntry]:
    tickers = json.loads((DATA / "edgar_financials" / "company_tickers.json").read_text(encoding="utf-8")).values()
    constituents = rows_of("sp500_constituents/constituents.csv")
    return [
        *(NameEntry(int(row["CIK"]), row["Security"], "full") for row in constituents),
        *(NameEntry(row["cik_str"], row["title"], "full") for row in tickers),
    ]


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


def english_news() -> Counter[str]:
    """Of RSS-500: texts, links, wrong ones; gold labels, how many linked, how many linked or suggested."""
    entries = listed_in_america()
    book, cores = NameBook.build(entries), companies_by_core(entries)
    texts, labels = rss_500()
    counted = Counter(texts=len(texts))
    for number, text in texts.items():
        found = book.find("", text)
        counted["links"] += sum(one.kind == "link" for one in found)
        counted["wrong"] += sum(one.kind == "link" and (number, one.text) in OTHERS_IN_RSS for one in found)
        for start, end, entity in labels[number]:
            if owners := cores.get(core_name(re.sub(r"\s*\(.*", "", entity))):
                kinds = {one.kind for one in found if one.company_id in owners and one.start < end and start < one.end}
                counted.update(gold=1, linked="link" in kinds, shown=bool(kinds))
                if owners & cores.get(core_name(text[start:end]), set()):
                    counted.update({"listed gold": 1, "listed linked": "link" in kinds, "listed shown": bool(kinds)})
    return counted


def name_pairs() -> Counter[tuple[bool, str]]:
    """Of the pairs, by whether they are one company: all, linked, linked or suggested."""
    sheet = openpyxl.load_workbook(DATA / "cn_name_pairs" / "similarity_pairs_odd.xlsx").active
    counted: Counter[tuple[bool, str]] = Counter()
    for held, written, label in (row[:3] for row in sheet.iter_rows(values_only=True, min_row=2)):
        kinds = {one.kind for one in NameBook.build([NameEntry(1, held, "full")]).find("", f"昨日{written}公布。")}
        is_same = label.strip() == "是"
        counted.update({(is_same, "all"): 1, (is_same, "link"): "link" in kinds, (is_same, "shown"): bool(kinds)})
    return counted


def abbreviations() -> Counter[str]:
    """Of the abbreviations of organisations: all, derived by stripping, linked and shown as aliases that the list holds."""
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
    counted = Counter(all=len(pairs), derived=derived)
    for number, (short, _full) in enumerate(pairs):
        kinds = {one.kind for one in book.find("", f"昨日{short}。") if one.company_id == number}
        counted.update(linked="link" in kinds, shown=bool(kinds))
    return counted
