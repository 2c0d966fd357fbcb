"""Names of people: compared in whatever order and spelling they are written, and found by initials."""

import re

from crm.kernel.names.legal import split_scripts
from crm.kernel.text import HAN, fold, has_han, initials

_NOT_LETTER = re.compile(r"[\W\d_]+")
_NOT_HAN = re.compile(f"[^{HAN}]+")
_ORIGINAL_WORD = re.compile(r"[^\s,，、.]+")
_TITLE_WORDS = """
    mr mrs ms miss mdm madam dr prof professor sir dame hon the ir rev capt gbm gbs sbs bbs jp mh cbe obe mbe phd mba cpa cfa esq jr sr
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_TITLES_ZH = re.compile("(?:先生|女士|小姐|太太|博士|教授|夫人|主席|董事长|总经理|经理)$")


def person_keys(name_en: str = "", name_zh: str = "") -> frozenset[str]:
    """Keys of a person's names; two spellings of one person share at least one ("CHAN Tai Man, Peter", "Tai-man Chan", "陳大文").

    The English keys join family name and given names without blanks. The family name is the part before the comma or the one word in
    capitals; where neither tells, both the first and the last word are tried. A Western name beside a Chinese one is left out.
    """
    keys = {f"e{family}|{given}" for family, given in _english_readings(name_en)}
    chinese = _TITLES_ZH.sub("", _NOT_HAN.sub("", fold(name_zh)))
    if len(chinese) > 1:
        keys.add(f"z{chinese}")
    return frozenset(keys)


def person_initials(name: str) -> str:
    """Initials by which a person is found: of the words ("CHAN Tai Man" -> "ctm"), or of the Chinese reading (曾國強 -> "zgq")."""
    english, chinese = split_scripts(name)
    if chinese:
        return initials(_TITLES_ZH.sub("", fold(chinese)), person=True)
    return "".join(word[0] for word in _words(english))


def _words(part: str) -> list[str]:
    return [word for word in _NOT_LETTER.sub(" ", fold(part).replace("'", "").replace("’", "")).split() if word not in _TITLES]


def _english_readings(name: str) -> list[tuple[str, str]]:
    """The possible (family name, given names) of an English name, each folded and joined."""
    head, comma, tail = name.replace("，", ",").partition(",")
    before, after = _words(head), _words(tail)
    capital = _capital_word(head)
    if comma and len(before) == 1 and after:
        return [(before[0], "".join(after))]
    if len(before) < 2 or has_han(head):
        return [(word, "") for word in before if not has_han(head)]
    if capital in before:
        place = before.index(capital)
        given = before[place + 1 :] or before[:place]
        return [(capital, "".join(given))]
    first, last = (before[0], "".join(before[1:])), (before[-1], "".join(before[:-1]))
    return [first, last]


def _capital_word(head: str) -> str:
    """The one word in capitals among others that are not, folded; "" where there is none or several."""
    words = [word for word in _ORIGINAL_WORD.findall(head) if len(word) > 1 and fold(word) not in _TITLES]
    capitals = [word for word in words if word.isupper()]
    return fold(capitals[0]) if len(capitals) == 1 and len(words) > 1 else ""
