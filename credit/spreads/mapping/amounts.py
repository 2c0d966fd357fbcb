"""One cell as an amount, or the reason why it is none."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from credit.spreads.reading.grids import CIRCLE, DATE, ERROR, NUMBER, UNSAVED, Cell
from crm.kernel.errors import Sentence

LARGEST = Decimal("900000000000000")
"""What a line can hold, either way."""
_NOTHING = frozenset({"", "-", "--", "—", "–", "－", "nil", "n/a", "na", "n.a.", "null", "none", "/", "不适用", "不適用", "无", "無", "零"})
_CURRENCY = re.compile(r"^(?:HK\$|US\$|RMB|CNY|HKD|USD|[¥￥$€£])\s*", re.IGNORECASE)
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}")
_OWN_UNIT = re.compile(
    r"\d\s*(?:k|m|mn|mio|bn|thousand|million|billion|千|仟|万|萬|百万|百萬|亿|億|'000|,000s)(?:\s*(?:元|圆|圓|yuan|dollars?|hkd|rmb|usd))?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,4}\s*日?")


class NotTaken(Exception):
    """A cell is no amount; the argument is the sentence that says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def amount_of(cell: Cell) -> Decimal | None:
    """The amount in a cell, brackets and a minus behind meaning less than nothing; None for an empty one. NotTaken with the reason."""
    if cell.kind == ERROR:
        raise NotTaken(_("The cell holds the error %(error)s, no figure.") % {"error": cell.text})
    if cell.kind == CIRCLE:
        raise NotTaken(_("The cell’s formula refers to itself in a circle, so its figure means nothing."))
    if cell.kind == UNSAVED:
        raise NotTaken(_("The cell’s formula was saved without its result. Open the file in a spreadsheet program and save it anew."))
    if cell.kind == DATE:
        raise NotTaken(_("The cell holds a date, no amount."))
    amount = Decimal(cell.text) if cell.kind == NUMBER else _from_text(cell.text)
    if amount is not None and abs(amount) > LARGEST:
        raise NotTaken(_("The amount is larger than any company’s."))
    return amount


def _from_text(text: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in _NOTHING:
        return None
    sign, bare = _signed(text)
    if bare.endswith("%"):
        raise NotTaken(_("The cell holds a percentage, no amount."))
    if _PLAIN.fullmatch(bare):
        try:
            return sign * Decimal(bare.replace(",", ""))
        except InvalidOperation as error:
            raise NotTaken(_("This is no amount.")) from error
    if _OWN_UNIT.search(bare):
        raise NotTaken(_("The cell carries a unit of its own, which mixes units. Write it in the unit of the statement."))
    if _DATE.fullmatch(bare):
        raise NotTaken(_("The cell holds a date, no amount."))
    if _EUROPEAN.fullmatch(bare):
        raise NotTaken(_("It is not sure where the decimals begin. Write thousands with commas and decimals with a point."))
    raise NotTaken(_("This is no amount."))


def _signed(text: str) -> tuple[int, str]:
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    text = _CURRENCY.sub("", text).strip()
    if text.startswith(("-", "−", "+")):
        sign, text = (sign if text[0] == "+" else -sign), text[1:].strip()
    elif text.endswith("-"):
        sign, text = -sign, text[:-1].strip()
    return sign, _CURRENCY.sub("", text).strip()
