"""Stock codes in running text: only where something marks them as codes, never a bare number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from crm.kernel.identifiers import IdentifierError, normalise_stock_code

# Each looks into the folded text: lower case, half width, simplified. What stands before and after is looked at by the pattern itself.
_BEFORE, _AFTER = r"(?<![\w.,/-])", r"(?![\w/]|[.,-]\w)"
_HOUSES = "hkex|sehk|hkse|hkg|xhkg|hk|港交所|联交所|香港交易所|sse|shse|sh|szse|sz|bse|上交所|深交所|北交所|twse|tpex|tw"
_NEW_YORK = "nyse american|nyse arca|nyse mkt|nyse|nasdaqgs|nasdaqgm|nasdaqcm|nasdaq|amex"
_SUFFIXES = "hk|sh|ss|sz|bj|two|tw|tt"
_WORDS = "stock code|stock no|ticker|股份代号|股票代号|股票代码|股份代码|证券代码|证券代号|上市编号|代号|代码"
_CODE = re.compile(
    rf"{_BEFORE}(?P<suffixed>\d{{1,6}})(?:[.-]| (?=[a-z]{{2,3}}(?: equity)?\s?\)))(?P<suffix>{_SUFFIXES}){_AFTER}"
    rf"|(?<![a-z0-9])(?P<house>{_HOUSES})[:#]\s?(?P<prefixed>\d{{1,6}}){_AFTER}"
    rf"|(?<![a-z0-9])(?:{_NEW_YORK})\s?:\s?(?P<ticker>[a-z]{{1,5}}(?:[.-][a-z])?){_AFTER}"
    rf"|(?<![a-z0-9])(?:{_WORDS})\.?\s?(?:[:#为是]|no\.?)?\s?:?\s?(?P<worded>\d{{1,6}}){_AFTER}"
    rf"|{_BEFORE}(?P<glued>(?:sh|sz|bj)\d{{6}}|hk\d{{5}}){_AFTER}"
    rf"|{_BEFORE}(?P<padded>00\d{{3}}){_AFTER}"
)
_BRACKETED = re.compile(r"\s?\(\s?(?P<code>\d{1,6}|[a-z]{1,5}(?:[.-][a-z])?)\s?\)")
_PADDED = re.compile(r"00\d{3}(?!\d)")
_MARKS = (
    ".hk", "-hk", " hk)", "hk equity", ".sh", ".ss", ".sz", ".bj", ".tw", "-tw", "-sh", "-sz", " tt)", " tw)", "hkex", "sehk", "hkse",
    "hkg", "hk:", "hk :", "sse:", "szse:", "sh:", "sz:", "tw:", "bse:", "tpex:", "twse:", "交所", "nasdaq", "nyse", "amex", "代号",
    "代码", "编号", "stock code", "stock no", "ticker", "sh6", "sz0", "sz3", "sz2", "hk0", "bj8", "bj4", "bj9",
)  # fmt: skip
_MARKED = AhoCorasick(_MARKS)
_EXCHANGES_BY_LENGTH = {4: ("HKEX", "TWSE", "TPEX"), 5: ("HKEX", "TWSE"), 6: ("SSE", "SZSE", "BSE")}


@dataclass(frozen=True, slots=True)
class CodeHit:
    """A marked code in a folded text: where, and as which codes (`HKEX:00005`) it may be read."""

    start: int
    end: int
    codes: tuple[str, ...]


def code_of(written: str) -> str:
    """`HKEX:00005` for any way to write it that names its exchange; "" where it is no stock code."""
    try:
        return ":".join(normalise_stock_code(written))
    except IdentifierError:
        return ""


def marked_codes(folded: str) -> Iterator[CodeHit]:
    """The marked codes of a folded text: `0005.hk`, `sehk: 5`, `股份代号:5`, `00005`, `nyse: ibm`."""
    if not (_MARKED.find_matches_as_indexes(folded) or ("00" in folded and _PADDED.search(folded))):
        return
    for match in _CODE.finditer(folded):
        kind = match.lastgroup or ""
        start, end = match.span()
        yield CodeHit(start, end, tuple(filter(None, map(code_of, _readings(match, kind)))))


def _readings(match: re.Match[str], kind: str) -> tuple[str, ...]:
    if kind == "suffix":
        return (f"{match['suffixed']}.{match['suffix']}",)
    if kind == "prefixed":
        return (f"{match['house']}:{match['prefixed']}",)
    if kind == "ticker":
        return (f"US:{match['ticker']}",)
    if kind == "padded":
        return (f"HKEX:{match['padded']}",)
    return _by_length(match[kind]) if kind == "worded" else (match[kind],)


def _by_length(digits: str) -> tuple[str, ...]:
    """A number that a word calls a stock code, without its exchange."""
    return tuple(f"{exchange}:{digits}" for exchange in _EXCHANGES_BY_LENGTH.get(len(digits), ("HKEX",)))


def bracketed_code(folded: str, end: int) -> CodeHit | None:
    """The code in brackets right behind a name that ends at `end`: it counts only if it is that company's, so any exchange will do."""
    match = _BRACKETED.match(folded, end)
    if not match:
        return None
    code = match["code"]
    written = _by_length(code) if code.isdigit() else (f"US:{code}",)
    return CodeHit(*match.span("code"), tuple(filter(None, map(code_of, written))))
