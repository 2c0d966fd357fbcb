"""What stands beside a Chinese name in its sentence: whether it goes on, stands free, or does what only companies do."""

import re

from content.mentions.words import cuts_a_word, is_everyday
from crm.kernel.names.vocabulary import GENERIC_ZH, LEADING_PLACE
from crm.kernel.text import HAN

# A Chinese name before one of these is the beginning of another company's name, of an address or of what is named after it.
_LONGER = re.compile(
    "银行|证券|基金|保险|信托|期货|地产|置业|控股|国际|实业|人寿|财险|租赁|资本|科技|电子|大学|学院|医院|中学|小学|研究[院所]|协会|学会|俱乐部"
    "|大厦|广场|公园|酒店|花园|大道|大街|路(?![演线由透])|街(?!头)|桥(?!水)|[镇县村州]|业(?![绩务主内])|间(?=[同市债])|局(?![势面部限])|[奖杯]"
)
_TRADES = frozenset(GENERIC_ZH.pattern.split("|"))
_BODY = re.compile(
    rf"(?:{'|'.join(sorted(_TRADES | {'行业', '研究', '职业', '慈善', '公益'}, key=len, reverse=True))})+"
    "(?:总?会|协会|学会|商会|联合会|基金会|研究[院所]|中心|学院|大学|委员会|基地|园区|产业园|工业园|交易[所中]|俱乐部)"
)
_JOINING_DOT = re.compile("[·•‧・]")
_WORK = re.compile("《[^《》]*$")
_WORK_END = re.compile("[^《》]*》")
_WINDOW = 40
_BRIEF, _LONGEST_COUNTRY = 3, 4

_BRANCHES = frozenset({"中国", "香港", "台湾"})
"""Behind a foreign company's name they make that of its daughter: 花旗中国."""
_QUOTES, _CLOSING = frozenset("“‘\"'「『"), frozenset("”’\"'」』")
_COUNTRIES = (
    "美国|英国|法国|德国|日本|韩国|俄罗斯|印度|泰国|越南|新加坡|马来西亚|印尼|菲律宾|澳大利亚|澳洲|加拿大|巴西|意大利|西班牙|荷兰|瑞士|瑞典"
)
_COUNTRY = re.compile(rf"(?:{_COUNTRIES})$")
_FREE_BEFORE = re.compile(
    rf"(?:{_COUNTRIES}|[在和与及对向被把从给让由于的了是而但如为跟同比使至到或即据因称说指将像传救购达用日午月]|入股|注资|巨头|旗下|包括|通过"
    "|其中|认为|表示|获得|公司|股东)$"
)
_FREE_BEHIND = re.compile(
    "[的在将与和及等也还已曾对向被把从给让由是而则却均都因为于会可仍又再有并或要不正未拟欲称]|一[位名年直季家方]|[ab](?![a-z])"
    "|[昨今去本上近][日天年季月周]|年[初中底终末]|[日此目]前|[上下]半年|方面|面临|公司|企业"
)
_DOING = re.compile(
    "c[eft]o|coo|说|称|表示|宣布|公布|公告|披露|透露|承认|否认|回应|发布|推出|股价|股份|股票|股东|市值|业绩|财报|董事|总裁|首席|高管|员工"
    "|总经理|发言人|负责人|旗下|亏损|盈利|净利|营收|收购|并购|增持|减持|裁员|注资|停牌|复牌|消息|快讯|报道|记者|上市(?!公司)|涨停|跌停"
)
_DATELINE = re.compile(rf"(?:{LEADING_PLACE.pattern}|[{HAN}]{{2,6}}?)(?:\d{{1,2}}月)?\d{{1,2}}日(?:专?电|消息|讯)")
_FORM = re.compile("公司|集团|股份|控股|国际|企业")
_INDUSTRIES = _TRADES | {"电影", "钢铁", "石油", "石化", "航空", "铁路", "煤炭", "出版", "体育", "音乐", "农村", "城市"}
_INDUSTRY = rf"(?:{'|'.join(sorted(_INDUSTRIES, key=len, reverse=True))})"
_PLACE_AND_TRADE = re.compile(rf"(?:{LEADING_PLACE.pattern}|{_COUNTRIES}){_INDUSTRY}+(?<!银行)(?<!证券)(?<!保险)(?<!信托)(?<!基金)")
_TRADES_BEHIND = re.compile(rf"(?:{GENERIC_ZH.pattern}|集团|公司|股份)+$")


def is_part_of_more(folded: str, start: int, end: int) -> bool:
    """A Chinese name that goes on, stands in the title of a work or in a foreigner's name, or whose letters belong to words beside it."""
    if _LONGER.match(folded, end) or _BODY.match(folded, end):
        return True
    if _JOINING_DOT.match(folded, end) or _JOINING_DOT.match(folded, max(start - 1, 0)):
        return True
    if is_brief(start, end) and cuts_a_word(folded, start, end) and not _DATELINE.match(folded, end):
        return True
    return "《" in folded and bool(_WORK.search(folded[max(0, start - _WINDOW) : start]) and _WORK_END.match(folded, end, end + _WINDOW))


def is_anothers(folded: str, start: int, end: int) -> bool:
    """Whether a name whose own part is a word of the language goes on to the left: with a country (法国兴业银行) or, where 集团 closes it,
    with anything (光耀东方集团).
    """
    name = folded[start:end]
    own = _TRADES_BEHIND.sub("", name)
    if own == name or len(own) > _BRIEF or not is_everyday(own):
        return False
    before = folded[max(0, start - _LONGEST_COUNTRY) : start]
    return bool(_COUNTRY.search(before)) or (name.endswith("集团") and not _is_free_before(folded, start))


def is_brief(start: int, end: int) -> bool:
    """Whether a Chinese name has only two or three characters."""
    return end - start <= _BRIEF


def is_place_and_trade(name: str) -> bool:
    """Whether a name says where and what and not who: 中国电影, 北京文化."""
    return _PLACE_AND_TRADE.fullmatch(name) is not None


def acts(folded: str, end: int) -> bool:
    """Whether what ends at `end` does or has what companies do and have: 宣布, 股价."""
    return _DOING.match(folded, end) is not None


def form_behind(folded: str, end: int) -> str:
    """The word of a company's form right behind a Chinese name; "" where there is none."""
    match = _FORM.match(folded, end)
    return match[0] if match else ""


def stands_free(folded: str, start: int, end: int) -> bool:
    """Whether a brief name, itself no word of the language, is parted from what stands on its both sides."""
    name = folded[start:end]
    if start and folded[start - 1] in _QUOTES and folded[end : end + 1] in _CLOSING:
        return False
    return not is_everyday(name) and _is_free_before(folded, start) and (_is_free_behind(folded, end) or acts(folded, end))


def _is_free_before(folded: str, start: int) -> bool:
    return start == 0 or not folded[start - 1].isalnum() or _FREE_BEFORE.search(folded, max(0, start - _LONGEST_COUNTRY), start) is not None


def _is_free_behind(folded: str, end: int) -> bool:
    if end == len(folded) or not folded[end].isalpha():
        return True
    place = LEADING_PLACE.match(folded, end)
    return bool(_FREE_BEHIND.match(folded, end) or _DATELINE.match(folded, end) or (place and place[0] not in _BRANCHES))
