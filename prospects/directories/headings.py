"""What the columns of company lists are called, in English, traditional and simplified Chinese, and what they hold.

The words stand in `headings.toml`: the reading finds the header row by them, the mapping proposes columns. Nothing here needs Django.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path


class Field(StrEnum):
    """What a column of a directory may tell us about a company."""

    NAME = "name"
    NAME_EN = "name_en"
    NAME_ZH = "name_zh"
    SHORT_NAME = "short_name"
    FORMER_NAME = "former_name"
    STOCK_CODE = "stock_code"
    EXCHANGE = "exchange"
    ISIN = "isin"
    USCC = "uscc"
    BR_NUMBER = "br_number"
    CR_NUMBER = "cr_number"
    LEI = "lei"
    CIK = "cik"
    TW_UBN = "tw_ubn"
    INDUSTRY = "industry"
    SECTOR = "sector"
    ADDRESS = "address"
    ADDRESS_EN = "address_en"
    ADDRESS_ZH = "address_zh"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    WEBSITE = "website"
    CHAIRMAN = "chairman"
    GENERAL_MANAGER = "general_manager"
    SPOKESMAN = "spokesman"
    CFO = "cfo"
    LEGAL_REPRESENTATIVE = "legal_representative"
    INCORPORATED_ON = "incorporated_on"
    LISTED_ON = "listed_on"
    CURRENCY = "currency"
    COUNTRY = "country"
    CITY = "city"
    CATEGORY = "category"
    DELISTED = "delisted"
    AS_OF = "as_of"


NAMES = (Field.NAME, Field.NAME_EN, Field.NAME_ZH, Field.SHORT_NAME)
OFFICERS = (Field.CHAIRMAN, Field.GENERAL_MANAGER, Field.SPOKESMAN, Field.CFO, Field.LEGAL_REPRESENTATIVE)

_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_INSIDE = re.compile(r"[(（\[【〔]([^)）\]】〕]*)[)）\]】〕]")
_HAN_PART = re.compile("[\u3400-\u9fff]+(?:[^a-z\u3400-\u9fff]+[\u3400-\u9fff]+)*")
_LATIN_PART = re.compile(r"[a-z][a-z .&/'-]*")
_NOT_WORD = re.compile(r"[\W_]+")
_TAIL_NUMBER = re.compile(r"(?<=\D)\d{1,2}$")


def folded(heading: str) -> str:
    """A heading without case, width, blanks and punctuation: "E-mail\\naddress" is "emailaddress"."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", heading).lower())


@cache
def _index() -> dict[str, tuple[Field, int]]:
    index: dict[str, tuple[Field, int]] = {}
    words = tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))
    for field, languages in words.items():
        for language in ("en", "zh"):
            for rank, word in enumerate(languages[language]):
                index.setdefault(folded(word), (Field(field), rank))
    return index


@cache
def recognise(heading: str) -> tuple[Field, int] | None:
    """The field that a heading names and its rank among that field's words (0 is the plainest); None for a word that we do not know.

    Tried in turn: the whole, without brackets, without a number at the end, the parts beside a slash or line break, the Chinese and the
    Latin part of a bilingual heading, and what stands in brackets.
    """
    text = unicodedata.normalize("NFKC", heading).lower()
    bare = _BRACKETS.sub(" ", text).strip()
    for reading in (text, bare, _TAIL_NUMBER.sub("", bare.rstrip(" .:*"))):
        if found := _index().get(folded(reading)):
            return found
    parts = [part for part in re.split(r"[/\n|]", bare) if part.strip()]
    if len(parts) > 1:
        return _of_parts(parts[0], parts[-1])
    return next((found for reading in _fragments(text, bare) if (found := _index().get(folded(reading)))), None)


def _of_parts(title: str, own: str) -> tuple[Field, int] | None:
    """A heading under a title: "Contact / Phone" is a phone, but "Contact / Name" names no company."""
    above, found = _index().get(folded(title)), _index().get(folded(own))
    if found and found[0] in NAMES and not (above and above[0] in NAMES):
        return above
    return found or above


def _fragments(text: str, bare: str) -> Iterator[str]:
    for part in (_HAN_PART, _LATIN_PART):
        runs = part.findall(bare)
        if len(runs) == 1:
            yield runs[0]
    yield from _INSIDE.findall(text)
