"""What stands in one cell, as tidy text."""

import datetime
import re
from decimal import Decimal

from crm.kernel.formulas import LIVE_STARTS

_DASHES = ("-", "--", "---", "－", "－－", "—", "——", "–", "―", "─")
_WORDS = ("N/A", "n/a", "NULL", "NaN", "未知")
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
_EMPTY = frozenset((*_DASHES, *_WORDS, *_ERRORS))
"""What lists write where nothing is known. "NA" is missing on purpose: it is a ticker and a country."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
"""Controls and characters without width. U+FFFD stays: it says that a character was lost, which somebody must see."""

_BLANKS = re.compile("[^\\S\n]+")
_BREAKS = re.compile(" ?\n[ \n]*")


def tidy(text: str) -> str:
    """`text` without control and invisible characters, its blanks joined, its ends trimmed; line breaks inside stay as line feeds.

    A text that only says "nothing" ("－", "N/A") becomes empty. The apostrophe with which we export "+852 ..." is taken off again.
    """
    if text.startswith("'") and (text.startswith(LIVE_STARTS, 1) or text[1:].lstrip().startswith(LIVE_STARTS)):
        text = text[1:]
    if not text.isprintable():
        text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = _BREAKS.sub("\n", _BLANKS.sub(" ", text))
    elif "  " in text:
        text = _BLANKS.sub(" ", text)
    text = text.strip()
    return "" if text in _EMPTY else text


def text_of(value: object) -> str:
    """The text of a cell of a workbook: ISO dates, whole numbers without ".0", no exponents, text tidied."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time.min else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def letter(index: int) -> str:
    """The name that a spreadsheet gives to a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_blank(cells: list[str]) -> bool:
    """Whether a row holds nothing at all."""
    return not any(cells)
