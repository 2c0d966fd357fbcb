"""The words of everyday Chinese: a short name that is one of them says little, and one that cuts one of them says nothing."""

from functools import cache
from pathlib import Path

from crm.kernel import pinyin

_FILE = Path(__file__).with_name("words.txt")


def is_everyday(folded: str) -> bool:
    """Whether folded Chinese is a word of the language, one of the 55,000 of `words.txt` or of those that pypinyin reads."""
    return folded in _words() or pinyin.is_phrase(folded)


def cuts_a_word(folded: str, start: int, end: int) -> bool:
    """Whether a Chinese word begins before `start` or ends behind `end` and reaches into what lies between: 日上 in 21日上午."""
    return (start > 0 and is_everyday(folded[start - 1 : start + 1])) or is_everyday(folded[end - 1 : end + 1])


@cache
def _words() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
