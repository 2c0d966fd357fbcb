"""Whether two names can be of one company at all: likeness, or one short for the other, as exchanges cut names to fifteen letters."""

import re
from collections.abc import Iterable, Sequence

from crm.kernel.names.keys import comparable
from crm.kernel.names.legal import english_words, folded_name
from crm.kernel.names.likeness import NameParts, name_score

_ALIKE_FROM = 40
"""Two unrelated names that share "holdings" and a place stay below."""

_PART_FROM = 4
_LATIN_WORD = re.compile("[a-z0-9]+")


def is_another_name(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether every name of one side is clearly unlike every name of the other.

    False where no two names share a script: nothing was compared, which is not the same as "differ".
    """
    ours, theirs = tuple(ours), tuple(theirs)
    score = name_score(ours, theirs)
    return score is not None and score < _ALIKE_FROM and not _is_short_for(ours, theirs) and not _is_short_for(theirs, ours)


def _is_short_for(short: Sequence[str], full: Sequence[str]) -> bool:
    parts = NameParts.of(short)
    chinese = ["".join(comparable(name)[0].split()) for name in full]
    if any(own and _in_order(own, whole) for _, own in parts.chinese for whole in chinese):
        return True
    words = [_LATIN_WORD.findall(" ".join(english_words(folded_name(name)))) for name in full]
    return any(_abbreviates(one.own or one.whole, other) for one in parts.latin for other in words)


def _abbreviates(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether most of the letters of these words stand for words of the other name, as "PSBC" and "CHI MED" do."""
    found = sum(len(word) for word in short if _stands_for(word, full))
    return found * 2 > sum(map(len, short))


def _stands_for(word: str, full: Sequence[str]) -> bool:
    starts = ("".join(full[index:]) for index, other in enumerate(full) if other[0] == word[0])
    return any(_in_order(word, text) for text in starts) or (len(word) >= _PART_FROM and word in "".join(full))


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
