"""Mandarin readings of folded (simplified) Chinese: one syllable per character, with family names read as family names."""

import unicodedata
from functools import cache, lru_cache

from crm.kernel.late import late

_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "盖": "ge", "朴": "piao", "翟": "zhai", "覃": "qin",
    "缪": "miao", "任": "ren", "冼": "xian", "洗": "xian", "种": "chong", "繁": "po", "秘": "bi", "员": "yun", "乐": "yue", "召": "shao",
    "折": "she", "黑": "he", "幺": "yao", "重": "chong", "纪": "ji", "燕": "yan", "那": "na", "尉": "wei", "石": "shi", "沈": "shen",
    "逄": "pang", "句": "gou", "谌": "chen", "角": "jue", "薄": "bo", "贾": "jia", "车": "che", "卜": "bu", "褚": "chu", "佘": "she",
    "宁": "ning", "应": "ying", "华": "hua", "曲": "qu", "柏": "bai", "郗": "xi", "隗": "wei", "强": "qiang", "都": "du", "阚": "kan",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "鲜于": "xian yu", "令狐": "ling hu",
    "夏侯": "xia hou", "呼延": "hu yan", "宇文": "yu wen",
}  # fmt: skip


@lru_cache(maxsize=8_192)
def syllables(text: str, *, person: bool = False) -> tuple[str, ...]:
    """Pinyin without tones of folded Chinese `text`, exactly one syllable per character.

    With `person` the leading family name (one or two characters) is read from our own table, because 曾, 单 or 查 are read otherwise
    in a name than in running text. A character without a known reading stands for itself.
    """
    if person:
        for length in (2, 1):
            reading = _SURNAMES.get(text[:length]) if len(text) > length else None
            if reading:
                return (*reading.split(), *_read(text[length:]))
    return _read(text)


def is_phrase(text: str) -> bool:
    """Whether folded Chinese `text` is one of the 47,000 words and sayings whose reading pypinyin knows: a word of the language."""
    return text in _phrases()


def _read(text: str) -> tuple[str, ...]:
    if _phrase_dependent().isdisjoint(text):
        return tuple(_common_reading(character) for character in text)
    return tuple(late("pypinyin").lazy_pinyin(text, errors=list))


@cache
def _common_reading(character: str) -> str:
    return str(late("pypinyin").lazy_pinyin(character)[0])


def _phrases() -> dict[str, list[list[str]]]:
    """Words of several characters with the readings of each."""
    return late("pypinyin.constants").PHRASES_DICT  # type: ignore[no-any-return]


@cache
def _phrase_dependent() -> frozenset[str]:
    """The characters whose reading some phrase changes; a text without any of them is read by table, ten times faster."""
    alone = late("pypinyin.constants").PINYIN_DICT
    return frozenset(
        character
        for phrase, readings in _phrases().items()
        for character, reading in zip(phrase, readings, strict=False)
        if _toneless(reading[0]) != _toneless(alone.get(ord(character), "").partition(",")[0])
    )


@cache
def _toneless(reading: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", reading) if not unicodedata.combining(letter))
