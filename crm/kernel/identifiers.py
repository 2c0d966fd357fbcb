"""Numbers that identify a company: one written form each, check digits, and a guess of which kind a column holds (domain 2.4)."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.kernel.text import fold


class Kind(StrEnum):
    """Which register a number comes from: mainland China, Hong Kong (BR, CR), the world (LEI, ISIN), Taiwan, the SEC, an exchange."""

    USCC = "uscc"
    BR = "br"
    CR = "cr"
    LEI = "lei"
    ISIN = "isin"
    UBN = "ubn"
    CIK = "cik"
    STOCK = "stock"


class IdentifierError(RuleBroken, ValueError):
    """The value is no such number; the message says what is wrong with it."""

    code = "identifier"


class UnusualDigits(IdentifierError):
    """The value holds digits of another script, raised ones or the like: a look-alike, not the number."""


# Filled in when it is read, so that the sentence comes in the reader's language.
_filled = lazy(lambda sentence, values: str(sentence) % values, str)

_LONGEST = 64
_FULL_WIDTH = frozenset("０１２３４５６７８９")
_BLANKS = re.compile(r"[\s\u2010-\u2015\u2212-]+")

_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_USCC_CHARACTERS}]{{18}}")
_USCC_WEIGHTS = tuple(3**place % 31 for place in range(17))

_HK_BR = re.compile(r"(\d{8})(?:-?(\d{3})(?:-\d{2}-\d{2}-[0-9A-Z])?)?")
_HK_CR = re.compile(r"F?\d{7}|\d{8}")
_LEI = re.compile(r"[0-9A-Z]{18}\d{2}")
_ISIN = re.compile(r"[A-Z]{2}[0-9A-Z]{9}\d")
_TW_UBN = re.compile(r"\d{8}")
_CIK = re.compile(r"\d{1,10}")
_TW_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


_EXCHANGES = """
    HKEX: HKEX HKG XHKG SEHK HKSE HK 香港 港交所 香港交易所 联交所 香港联交所 香港联合交易所
    SSE: SSE SHH XSHG SHSE SS SH SHANGHAI 上海 上交所 沪市 上海证券交易所
    SZSE: SZSE SHZ XSHE SZ SHENZHEN 深圳 深交所 深市 深圳证券交易所
    BSE: BSE XBSE BJSE BJ 北交所 北京证券交易所
    TWSE: TWSE TAI XTAI TW TT 台湾 台证所 证交所 台湾证券交易所
    TPEX: TPEX ROCO TWO 柜买中心
    US: US NYSE NYQ XNYS NASDAQ NAS NMS NGM NCM XNAS AMEX ASE ARCA UW UN
"""
_EXCHANGE_OF = {
    alias: exchange
    for exchange, _separator, aliases in (line.strip().partition(": ") for line in _EXCHANGES.strip().splitlines())
    for alias in aliases.split()
}
_SUFFIXED = re.compile(r"([0-9A-Z./-]+?)(?:\.| )([A-Z]{2,5})(?: EQUITY)?")
_PREFIXED = re.compile(r"([A-Z\u4e00-\u9fff]+) ?[: ] ?([0-9A-Z./-]+)")
_GLUED = re.compile(r"(SH|SZ|BJ|HK)(\d{4,6})")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0")
_CODE_SHAPES = {
    "HKEX": re.compile(r"\d{1,5}"),
    "SSE": re.compile(r"\d{6}"),
    "SZSE": re.compile(r"[0-3]\d{5}|\d{1,5}"),
    "BSE": re.compile(r"\d{6}"),
    "TWSE": re.compile(r"\d{4,6}[A-Z]?"),
    "TPEX": re.compile(r"\d{4,6}[A-Z]?"),
    "US": re.compile(r"[A-Z]{1,5}(?:[./ -][A-Z]{1,2})?"),
}
_CODE_WIDTHS = {"HKEX": 5, "SZSE": 6}
_MAINLAND_BY_FIRST_DIGIT = {"6": "SSE", "9": "SSE", "5": "SSE", "0": "SZSE", "1": "SZSE", "2": "SZSE", "3": "SZSE", "4": "BSE", "8": "BSE"}


def normalise(kind: Kind, raw: str) -> str:
    """`raw` in the one written form of `kind`, so that two spellings are equal. IdentifierError says in a sentence what is wrong.

    USCC, LEI, ISIN and Taiwan's number are checked by their check digits. A Hong Kong business registration is "12345678", with a branch
    "12345678-001" (000 is the head office). A stock code is "HKEX:00001".
    """
    _require_plain_digits(raw)
    value = _tidied(raw)
    if not value:
        raise IdentifierError(_("The number is empty."))
    if len(value) > _LONGEST:
        raise IdentifierError(_("The number is too long."))
    return _NORMALISERS[Kind(kind)](value)


def is_valid(kind: Kind, raw: str) -> bool:
    """Whether `normalise` would take `raw`."""
    try:
        normalise(kind, raw)
    except IdentifierError:
        return False
    return True


def _tidied(raw: str) -> str:
    return fold(raw[: 4 * _LONGEST]).upper().strip(" '\"\t\r\n")


def _require_plain_digits(raw: str) -> None:
    """Folding would make "90²" another number, and no digit of another script is one of ours. Full width is how Chinese systems write."""
    if raw.isascii():
        return
    if any(
        unicodedata.category(character).startswith("N") for character in raw if not character.isascii() and character not in _FULL_WIDTH
    ):
        sentence = _("%(number)s holds raised digits or digits of another script. Write it with the digits 0 to 9.")
        raise UnusualDigits(_filled(sentence, {"number": raw[:_LONGEST]}))


def _compact(value: str) -> str:
    return _BLANKS.sub("", value)


def _uscc(value: str) -> str:
    number = _compact(value)
    if len(number) != 18:
        raise IdentifierError(_filled(_("A unified social credit code has 18 characters, not %(count)s."), {"count": len(number)}))
    if not _USCC.fullmatch(number):
        raise IdentifierError(_("A unified social credit code holds digits and capital letters other than I, O, S, V and Z."))
    total = sum(_USCC_CHARACTERS.index(character) * weight for character, weight in zip(number, _USCC_WEIGHTS, strict=False))
    if number[17] != _USCC_CHARACTERS[(31 - total % 31) % 31]:
        raise _wrong_check(number)
    return number


def _hk_br(value: str) -> str:
    match = _HK_BR.fullmatch(_BLANKS.sub("-", value))
    if not match:
        raise IdentifierError(_("A business registration number has 8 digits, and 3 more for a branch (12345678-001)."))
    number, branch = match.groups()
    return f"{number}-{branch}" if branch and branch != "000" else number


def _hk_cr(value: str) -> str:
    number = _compact(value)
    if not _HK_CR.fullmatch(number):
        raise IdentifierError(
            _("A Companies Registry number has 7 or 8 digits; that of a registered non-Hong Kong company is F and 7 digits.")
        )
    return number


def _lei(value: str) -> str:
    number = _compact(value)
    if len(number) != 20:
        raise IdentifierError(_filled(_("A legal entity identifier has 20 characters, not %(count)s."), {"count": len(number)}))
    if not _LEI.fullmatch(number):
        raise IdentifierError(_("A legal entity identifier holds 18 letters and digits and ends in 2 digits."))
    if int("".join(str(int(character, 36)) for character in number)) % 97 != 1:
        raise _wrong_check(number)
    return number


def _isin(value: str) -> str:
    number = _compact(value)
    if len(number) != 12:
        raise IdentifierError(_filled(_("An ISIN has 12 characters, not %(count)s."), {"count": len(number)}))
    if not _ISIN.fullmatch(number):
        raise IdentifierError(_("An ISIN is 2 letters for the country, 9 letters and digits, and a check digit."))
    digits = [int(digit) for digit in "".join(str(int(character, 36)) for character in number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    if (sum(digits[-1::-2]) + sum(doubled)) % 10:
        raise _wrong_check(number)
    return number


def _tw_ubn(value: str) -> str:
    number = _compact(value)
    if not _TW_UBN.fullmatch(number):
        raise IdentifierError(_("A Taiwan business number has 8 digits."))
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(number, _TW_WEIGHTS, strict=True))
    # A seventh digit of 7 gives 28, whose digits make 10: it may count as 1 or as 0.
    if total % 5 and not (number[6] == "7" and (total + 1) % 5 == 0):
        raise _wrong_check(number)
    return number


def _cik(value: str) -> str:
    if not _CIK.fullmatch(value):
        raise IdentifierError(_("A CIK has up to 10 digits."))
    return value.lstrip("0") or "0"


def _wrong_check(number: str) -> IdentifierError:
    return IdentifierError(_filled(_("The check digit of %(number)s does not fit: one character is mistyped."), {"number": number}))


def normalise_stock_code(raw: str, exchange: str = "") -> tuple[str, str]:
    """(exchange, code) of a listed share: "0001.HK" -> ("HKEX", "00001"), "600000.SS" -> ("SSE", "600000"), "AAPL" -> ("US", "AAPL").

    Exchanges: HKEX (5 digits), SSE, SZSE and BSE (6), TWSE and TPEX (4 to 6), US (tickers are one namespace, a class follows a dot:
    "BRK.B"). `exchange`, if known from another column, may be any usual name ("HKG", "XSHG", "NASDAQ", "上交所"). IdentifierError where
    the shape does not fit, the exchange is unknown, or the value and the column name different ones.
    """
    _require_plain_digits(raw)
    value = " ".join(_tidied(raw).split())
    if not value or len(value) > _LONGEST:
        raise IdentifierError(_("The stock code is empty or too long."))
    stated = normalise_exchange(exchange)
    named, code = _taken_apart(value)
    if stated and named and stated != named:
        raise IdentifierError(
            _filled(_("The code %(code)s does not belong to the exchange %(exchange)s."), {"code": value, "exchange": stated})
        )
    found = stated or named or _exchange_by_shape(code)
    if not found:
        raise IdentifierError(_filled(_("The stock code %(code)s does not say which exchange it belongs to."), {"code": value}))
    if not _CODE_SHAPES[found].fullmatch(code):
        raise IdentifierError(_filled(_("%(code)s is no stock code of %(exchange)s."), {"code": code, "exchange": found}))
    if found == "US":
        return found, re.sub("[/ -]", ".", code)
    return found, code.zfill(_CODE_WIDTHS.get(found, 0))


def normalise_exchange(name: str) -> str:
    """The exchange of any usual name ("HKG", "上交所"); empty for none. IdentifierError for one that is not known."""
    tidied = _tidied(name)
    if tidied and tidied not in _EXCHANGE_OF:
        raise IdentifierError(_filled(_("The exchange %(exchange)s is not known."), {"exchange": name[:_LONGEST]}))
    return _EXCHANGE_OF.get(tidied, "")


def _taken_apart(value: str) -> tuple[str, str]:
    """(exchange or "", code) of "0001.HK", "1 HK Equity", "SEHK: 1", "SH600000" or a bare code."""
    if match := _SUFFIXED.fullmatch(value):
        code, suffix = match.groups()
        if suffix == "CH":
            return _exchange_by_shape(code), code
        if suffix in _EXCHANGE_OF:
            return _EXCHANGE_OF[suffix], code
    if (match := _PREFIXED.fullmatch(value)) and match[1] in _EXCHANGE_OF:
        return _EXCHANGE_OF[match[1]], match[2]
    if match := _GLUED.fullmatch(value):
        return _EXCHANGE_OF[match[1]], match[2]
    if match := _WHOLE_FLOAT.fullmatch(value):
        return "", match[1]
    return "", value


def _exchange_by_shape(code: str) -> str:
    """The only exchange whose codes look like this; "" for four digits, which Hong Kong and Taiwan both use."""
    if code.isdigit():
        if len(code) == 6:
            return "BSE" if code.startswith("92") else _MAINLAND_BY_FIRST_DIGIT.get(code[0], "")
        return "HKEX" if len(code) == 5 else ""
    return "US" if _CODE_SHAPES["US"].fullmatch(code) else ""


def _stock(value: str) -> str:
    return ":".join(normalise_stock_code(value))


_NORMALISERS: dict[Kind, Callable[[str], str]] = {
    Kind.USCC: _uscc,
    Kind.BR: _hk_br,
    Kind.CR: _hk_cr,
    Kind.LEI: _lei,
    Kind.ISIN: _isin,
    Kind.UBN: _tw_ubn,
    Kind.CIK: _cik,
    Kind.STOCK: _stock,
}


@dataclass(frozen=True, slots=True)
class _Guess:
    kind: Kind
    fits: Callable[[str], bool]


_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_STOCK_LIKE = re.compile(r"\d{1,6}\.[A-Z]{2,3}|(?:SH|SZ|BJ)\d{6}|[A-Z]{2,6}:[0-9A-Z.]+|0\d{4}|[036]\d{5}")

# In this order: whole check digits first, then shapes that little else has.
_GUESSES = (
    _Guess(Kind.USCC, lambda value: is_valid(Kind.USCC, value)),
    _Guess(Kind.LEI, lambda value: is_valid(Kind.LEI, value)),
    _Guess(Kind.ISIN, lambda value: is_valid(Kind.ISIN, value)),
    _Guess(Kind.STOCK, lambda value: bool(_STOCK_LIKE.fullmatch(_tidied(value))) and is_valid(Kind.STOCK, value)),
    _Guess(Kind.UBN, lambda value: not _DATE.fullmatch(_tidied(value)) and is_valid(Kind.UBN, value)),
    _Guess(Kind.BR, lambda value: not _DATE.fullmatch(_tidied(value)) and is_valid(Kind.BR, value)),
    _Guess(Kind.CR, lambda value: bool(re.fullmatch(r"F?\d{7}", _tidied(value)))),
)
_FITTING_SHARE = 0.9
_DISTINCT_SHARE = 0.8


def guess_kind(values: Iterable[str]) -> Kind | None:
    """The kind of number that a column holds, from a sample of its values; None where no kind fits nine in ten, or values repeat.

    Empty values do not count. Dates written as 8 digits are no registration numbers.
    """
    sample = [value for value in (str(value).strip() for value in values) if value]
    if len(sample) < 2 or len(set(sample)) < _DISTINCT_SHARE * len(sample):
        return None
    for guess in _GUESSES:
        if sum(map(guess.fits, sample)) >= _FITTING_SHARE * len(sample):
            return guess.kind
    return None
