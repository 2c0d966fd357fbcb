"""A company's name taken apart: script, legal form, and the core that remains without it (domain 2.4)."""

import re
from functools import lru_cache

from crm.kernel.text import HAN, fold, has_han

_BRACKETS = str.maketrans("[]{}【】〔〕《》「」", "()()()()()()")
_BRACKETED = re.compile(r"\(([^()]*)\)")

_LEGAL_ZH = re.compile(
    "股份有限责任公司|有限责任股份公司|股份有限公司|有限责任公司|责任有限公司|无限公司|有限公司|集团公司|股份公司|有限合伙人?|普通合伙|特殊普通合伙"
    "|集团|股份(?!制|合作)|(?<![分子总母])公司(?=$|[()])"
)
LEGAL_EN = {
    "limited": "limited", "ltd": "limited", "lt": "limited", "ltda": "limited", "co": "company", "company": "company",
    "coltd": "company limited", "inc": "incorporated", "incorporated": "incorporated", "corp": "corporation", "corporation": "corporation",
    "plc": "plc", "llc": "llc", "llp": "llp", "lp": "lp", "sa": "sa", "spa": "spa", "ag": "ag", "se": "se", "gmbh": "gmbh", "kg": "kg",
    "bv": "bv", "nv": "nv", "ab": "ab", "oy": "oy", "oyj": "oyj", "as": "as", "asa": "asa", "kk": "kk", "pte": "private",
    "pty": "proprietary", "private": "private", "bhd": "berhad", "sdn": "sendirian", "berhad": "berhad", "unlimited": "unlimited",
    "group": "",
}  # fmt: skip
_HOME = frozenset({"hk", "hong kong", "hongkong", "香港"})

_SPELT_OUT = re.compile(r"\b[a-z](?: [a-z])+\b")
_NOT_WORD = re.compile(r"[\W_]+")
_SHARE_CLASS = re.compile(r" (?:class [a-z]|[ahbns] shares?)$")
_JOINED_SCRIPTS = re.compile(rf"(?<=[{HAN})）])\s*[/|;；]\s*|\s*[/|;；]\s*(?=[{HAN}])")
_LATIN_HEAD = re.compile(rf"([A-Za-z][^{HAN}]*?)([{HAN}].*)", re.DOTALL)
_LATIN_TAIL = re.compile(rf"(.*[{HAN}][)）]?)([(（]?[A-Za-z][^{HAN}]*)", re.DOTALL)
_GENERIC_START = re.compile("(?:科技|技术|实业|国际|控股|投资|电子|集团|股份|公司|有限|发展|银行|证券|基金|中国|资本)")


def is_chinese(name: str) -> bool:
    """Whether `name` is written in Chinese; a Latin brand inside (TCL科技) does not matter."""
    return has_han(name)


@lru_cache(maxsize=8_192)
def core_name(name: str) -> str:
    """`name` folded and without its legal form: "裕達紡織（集團）有限公司" -> "裕达纺织", "Yau Tat (HK) Co., Ltd." -> "yau tat".

    有限公司, 股份, 集团 go wherever they stand (a bank's branch carries them in the middle); Limited, Ltd, Co, Inc, Group and their like go
    from the end; "(HK)" and "（香港）" go; other brackets stay as words, and so does "Holdings": a holding is another company than what
    it holds. Where nothing would remain, the folded name stays whole.
    """
    folded = folded_name(name)
    return (_chinese_core(folded) if has_han(folded) else _english_core(folded)) or _NOT_WORD.sub(" ", folded).strip()


def folded_name(name: str) -> str:
    """`name` folded, with one kind of bracket and single blanks."""
    return " ".join(fold(name).translate(_BRACKETS).split())


def without_legal_form(folded: str) -> str:
    """A folded Chinese name without legal forms and home brackets, its other brackets kept."""
    return _BRACKETED.sub(lambda match: f"({match[1]})" if match[1].strip() and match[1] not in _HOME else "", _LEGAL_ZH.sub("", folded))


def _chinese_core(folded: str) -> str:
    stripped = _NOT_WORD.sub("", without_legal_form(folded))
    return stripped if len(stripped) >= 2 else _NOT_WORD.sub("", folded)


def english_words(folded: str) -> list[str]:
    """The words of a folded English name: single letters in a row are one word ("H.K.", "h k"), "&" is "and", apostrophes join."""
    text = folded.replace("&", " and ").replace("'", "").replace("’", "")
    return _SPELT_OUT.sub(lambda match: match[0].replace(" ", ""), _NOT_WORD.sub(" ", text)).split()


def _legal_words(folded: str) -> list[str]:
    """The words of an English name without its share class and home brackets."""
    text = _BRACKETED.sub(lambda match: " " if " ".join(english_words(match[1])) in _HOME else f" {match[1]} ", folded)
    return english_words(_SHARE_CLASS.sub("", text))


def _english_core(folded: str) -> str:
    words = _legal_words(folded)
    end = _core_end(words)
    start = 1 if end > 1 and words[0] == "the" else 0
    return " ".join(words[start:end])


def _core_end(words: list[str]) -> int:
    end = len(words)
    while end > 1 and (words[end - 1] in LEGAL_EN or (words[end - 1] == "and" and end < len(words))):
        end -= 1
    return end


def legal_form(name: str) -> str:
    """The legal form that `core_name` dropped, in one spelling: "company limited", "股份有限公司"; "" where the name states none."""
    folded = folded_name(name)
    if has_han(folded):
        forms = [form for form in _LEGAL_ZH.findall(folded) if form not in ("集团", "股份")]
        return forms[-1] if forms else ""
    words = _legal_words(folded)
    return " ".join(filter(None, (LEGAL_EN.get(word, "") for word in words[_core_end(words) :])))


@lru_cache(maxsize=8_192)
def split_scripts(name: str) -> tuple[str, str]:
    """(English, Chinese) parts of a name that may hold both: "Yau Tat Textiles 裕達紡織" -> ("Yau Tat Textiles", "裕達紡織").

    A Latin brand inside a Chinese name stays with it ("TCL科技", "3M 公司", "中国 ABC 有限公司"); a missing part is "".
    """
    name = " ".join(name.split())
    if not has_han(name):
        return name, ""
    words = _JOINED_SCRIPTS.sub(" ", name).split(" ")
    chinese = [number for number, word in enumerate(words) if has_han(word)]
    first, last = chinese[0], chinese[-1]
    before, middle, after = words[:first], words[first : last + 1], words[last + 1 :]
    if before and (glued := _LATIN_HEAD.fullmatch(middle[0])):
        before, middle[0] = [*before, glued[1]], glued[2]
    if after and (glued := _LATIN_TAIL.fullmatch(middle[-1])):
        after, middle[-1] = [glued[2], *after], glued[1]
    if _is_part_of_chinese(before, middle[0]):
        before, middle = [], [*before, *middle]
    if not any(word[:1].isalpha() or word[1:2].isalpha() for word in after):
        after, middle = [], [*middle, *after]
    return _unbracketed(" ".join([*before, *after])), _unbracketed(" ".join(middle))


def _is_part_of_chinese(before: list[str], following: str) -> bool:
    """A lone Latin word before a generic Chinese one ("TCL 科技集團") is the brand of one Chinese name, and so is a mere number."""
    return not any(letter.isalpha() for letter in "".join(before)) or (len(before) == 1 and bool(_GENERIC_START.match(fold(following))))


def _unbracketed(part: str) -> str:
    part = part.strip(" ,，-–—:：/|;；").lstrip(")）").rstrip("(（")
    if part[:1] in "(（" and part[-1:] in ")）" and not _BRACKETED.search(part[1:-1].translate(str.maketrans("（）", "()"))):
        return part[1:-1].strip()
    return part
