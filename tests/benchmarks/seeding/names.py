"""Invented names of companies and people in both scripts, all distinct; the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


def _rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(entry.split(":")) for entry in text.split(", ")]


_FIRST = _rows(
    "Wing Fat:永發, Golden Harbour:金港, Sun Lee:新利, Great Eastern:大東, Kai Tak:啟德, Pearl River:珠江, Tai "
    "Hing:太興, Fook Lam:福臨, Man Cheong:文昌, Wah Shing:華盛, Luen Tai:聯泰, Yau Lee:有利, Hop Hing:合興, Chung "
    "Nam:中南, Kin Wah:建華, Silver Star:銀星, Jade Mountain:玉山, Blue Ocean:藍海, Red Leaf:紅葉, Four Seas:四海, Yuen "
    "Fung:源豐, Shun On:順安, Tung Wo:同和, Lee Kee:利記, Po Sang:寶生, Sino Bright:華輝, Grand View:宏景, New Asia:新亞, "
    "Far Glory:遠耀, True North:正北"
)
_SECOND = _rows(
    "Ka:嘉, Ming:明, Hong:康, Lok:樂, Yat:日, Chi:志, Wai:偉, Yee:怡, Sing:星, Tat:達, Hei:喜, Lung:龍, Fung:鳳, "
    "Shan:山, Hoi:海, Tin:天, Dei:地, Kwong:光, Keung:強, Fu:富, Kwai:貴, Cheung:昌, Mei:美, Lai:麗, Ping:平, On:安, "
    "Tak:德, Yan:仁, Sum:心, Bo:寶"
)
_THIRD = _rows(
    "Alpha:甲, Century:紀, Dragon:騰, Crystal:晶, Evergreen:青, Fortune:財, Galaxy:銀, Horizon:遠, Imperial:皇, "
    "Jupiter:木, Kingdom:國, Liberty:自, Metro:都, Noble:尚, Orient:東, Pacific:洋, Quest:尋, Royal:御, Summit:峰, "
    "Triumph:凱, Union:聯, Victory:勝, West:西, Young:少, Zenith:頂"
)
TRADES = _rows(
    "Trading:貿易:Wholesale trade, Electronics:電子:Electronics, Textile:紡織:Textiles, Logistics:物流:Transport, "
    "Engineering:工程:Construction, Food:食品:Food, Medical:醫療:Health, Technology:科技:Information technology, "
    "Investment:投資:Finance, Property:置業:Property"
)
_FORMS = _rows("Company Limited:有限公司, Holdings Limited:控股有限公司, (Hong Kong) Limited:(香港)有限公司, Limited:有限公司")
_SURNAMES = _rows("Chan:陳, Wong:黃, Lee:李, Cheung:張, Lau:劉, Ng:吳, Ho:何, Leung:梁")
_GIVEN = _rows("Ka Ming:家明, Siu Fong:小芳, Wai Man:偉文, Mei Ling:美玲, Chi Keung:志強, Yuk Lan:玉蘭")

ONLY_ENGLISH, ONLY_CHINESE = 0.25, 0.15


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name in one script or both, and its trade."""

    english: str
    chinese: str
    sector: str


def company_names(chance: random.Random) -> Iterator[CompanyName]:
    """Distinct names in an order that says nothing of the letters; 60 % in both scripts."""
    counts = (len(_FIRST), len(_SECOND), len(_THIRD), len(TRADES))
    total = counts[0] * counts[1] * counts[2] * counts[3]
    for step in range(total):
        place = step * 104_729 % total  # a prime that shares no factor with the total: every combination once
        place, first = divmod(place, counts[0])
        place, second = divmod(place, counts[1])
        trade, third = divmod(place, counts[2])
        form = _FORMS[step % len(_FORMS)]
        parts = (_FIRST[first], _SECOND[second], _THIRD[third])
        english = f"{parts[0][0]} {parts[1][0]} {parts[2][0]} {TRADES[trade][0]} {form[0]}"
        chinese = f"{parts[0][1]}{parts[1][1]}{parts[2][1]}{TRADES[trade][1]}{form[1]}"
        draw = chance.random()
        if draw < ONLY_ENGLISH:
            chinese = ""
        elif draw < ONLY_ENGLISH + ONLY_CHINESE:
            english = ""
        yield CompanyName(english, chinese, TRADES[trade][2])


def person_name(number: int) -> tuple[str, str]:
    """(English, Chinese) name of somebody; names repeat, as people's do."""
    surname = _SURNAMES[number % len(_SURNAMES)]
    given = _GIVEN[number // len(_SURNAMES) % len(_GIVEN)]
    return f"{surname[0]} {given[0]}", f"{surname[1]}{given[1]}"
