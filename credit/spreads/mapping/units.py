"""In what a sheet counts money, from what it says above its figures."""

import re
import unicodedata

from crm.kernel.text import fold

_SAYINGS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"百万|(?:\$|rmb|hkd|usd|cny)\s?(?:millions?|mn|m)\b|\bin millions?\b|^\(?millions?\)?$|\bmillions? of\b"), 1_000_000),
    (re.compile(r"(?<!百)万元|(?<!百)万(?:港|人民)|^\(?万\)?$"), 10_000),
    (re.compile(r"['’]000|[千仟]元|千(?:港|人民)|\bin thousands?\b|^\(?thousands?\)?$|\bthousands? of\b"), 1_000),
    (re.compile(r"(?<![百千仟万])(?:人民币|港|美)?元(?!\d)|\bin (?:hong kong )?dollars\b|\bin (?:rmb|yuan)\b"), 1),
)


def units_in(text: str) -> set[int]:
    """The units of money that a text names: 1, 1,000, 10,000, 1,000,000; none where it names none."""
    folded = fold(unicodedata.normalize("NFKC", text)).strip()
    found = {unit for pattern, unit in _SAYINGS if pattern.search(folded)}
    return found - {1} if len(found) > 1 else found
