"""The words of everyday Chinese: a short name that is one of them says little, and one that cuts one of them says nothing."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from crm.kernel import pinyin
from crm.kernel.text import fold

_LONGEST, _SELDOM, _SELDOM_NAME = 3, 10, 100
"""Words of two and three characters; how often jieba's corpus must hold one, and how often where it is marked as a proper name."""

_NAME_TAGS = ("nr", "nt", "nz", "j")

# The dictionary counts the best-known companies among the words. Their names are no less theirs for that.
_NAMES = (
    *("英特尔", "新华网", "人民网", "百度", "网易", "搜狐", "新浪", "海尔", "华为", "中兴", "微软", "思科", "戴尔", "索尼", "松下", "三星"),
    *("东芝", "佳能", "丰田", "宝马", "福特", "诺基亚", "爱立信", "波音", "招行", "建行", "农行", "中行", "交行", "高盛", "美林", "麦当劳"),
    *("中石化", "鞍钢", "首钢", "国航", "南航", "中信", "西门子", "惠普", "雅虎", "强生", "联通", "中远", "格力", "美的", "长虹", "创维"),
    *("康佳", "吉利", "伊利", "携程", "京东", "迅雷", "盛大", "金山", "用友", "国美", "苏宁", "野村", "三井", "住友", "日立", "空客"),
)


def is_everyday(folded: str) -> bool:
    """Whether folded Chinese is a word of the language: one that jieba's dictionary holds as such, or that pypinyin reads."""
    return folded in _words() or pinyin.is_phrase(folded)


def cuts_a_word(folded: str, start: int, end: int) -> bool:
    """Whether a Chinese word begins before `start` or ends behind `end` and reaches into what lies between: 日上 in 21日上午."""
    return (start > 0 and is_everyday(folded[start - 1 : start + 1])) or is_everyday(folded[end - 1 : end + 1])


@cache
def _words() -> frozenset[str]:
    """Read from the installed package once a process, without importing it: only its list of words is wanted."""
    return frozenset(_common()).difference(_NAMES)


def _common() -> Iterator[str]:
    package = find_spec("jieba")
    if package is None or package.origin is None:
        raise ImportError("jieba is not installed")
    with (Path(package.origin).parent / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, tag = line.split()
            if 1 < len(word) <= _LONGEST and int(count) >= (_SELDOM_NAME if tag.startswith(_NAME_TAGS) else _SELDOM):
                yield fold(word)
