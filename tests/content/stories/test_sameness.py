"""Which texts tell the same story: exact copies, edited copies, headlines; measured on generated edits of invented news."""

import hashlib
import random

import pytest

from content.stories import bands, jaccard, same_story, shingles, signature, text_hash
from crm.kernel.text import fold

ENGLISH = (
    "The {firm} said on {day} that profit for the half year rose {n} per cent to HK${m} million. "
    "Its chairman told {city} reporters that orders from {place} had recovered since {month}. "
    "The board proposed an interim dividend of {n} cents a share, payable on {day} next week. "
    "Analysts in {city} had expected about HK${k} million. Bank loans of {k} million fall due in {month}. "
    "A new mill in {place} will begin work in {month} with {m} workers. Shares closed {n} cents higher in {city}. "
    "Sales to {place} made up {n} per cent of turnover, against {k} a year before, the {firm} added. "
)
CHINESE = (
    "{firm}{day}公布，上半年純利按年升{n}%至{m}百萬港元。主席對{city}記者表示，來自{place}的訂單自{month}起回升。董事會建議派中期股息每股{n}仙，"
    "將於下周{day}派付。{city}分析員原先預期約{k}百萬元。銀行貸款{k}百萬元於{month}到期。位於{place}的新廠房將於{month}投產，聘用{m}人。"
    "股份在{city}收市升{n}仙。{firm}補充，銷往{place}的貨值佔營業額{n}%，去年同期為{k}%。"
)
WORDS_EN = {
    "firm": ["textile maker Yau Tat", "shipping line Wing Fat", "toy group Kai Tak", "grocer Po Sang", "developer Silver Star"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    "city": ["Hong Kong", "Shenzhen", "Singapore", "Taipei", "London"],
    "place": ["Vietnam", "Guangdong", "Europe", "America", "Japan"],
    "month": ["March", "April", "June", "August", "October"],
}
WORDS_ZH = {
    "firm": ["裕達紡織", "永發航運", "啟德玩具", "寶生超市", "銀星地產"],
    "day": ["周一", "周二", "周三", "周四", "周五"],
    "city": ["香港", "深圳", "新加坡", "台北", "倫敦"],
    "place": ["越南", "廣東", "歐洲", "美國", "日本"],
    "month": ["三月", "四月", "六月", "八月", "十月"],
}
_SPICE = """
    mill port crane dock tariff cotton polyester bond lease audit tender cargo vessel customs rebate quota strike fuel rent union
    原料 碼頭 關稅 棉花 滌綸 債券 租約 審計 招標 貨輪 退稅 配額 罷工 燃油 租金 工會 保險 訂單 庫存 物流
"""
SPICE_EN, SPICE_ZH = (line.split() for line in _SPICE.strip().splitlines())


def piece(chance: random.Random, *, chinese: bool) -> str:
    """An invented piece of news: the sentences of the form in chance order, between them sentences of its own."""
    words, form, spice, end = (WORDS_ZH, CHINESE, SPICE_ZH, "。") if chinese else (WORDS_EN, ENGLISH, SPICE_EN, ". ")
    sentences = [part for part in form.split(end) if part.strip()]
    chance.shuffle(sentences)
    told = []
    for sentence in sentences[:5]:
        values = {key: chance.choice(some) for key, some in words.items()}
        told.append(sentence.format(**values, n=chance.randrange(2, 99), m=chance.randrange(100, 999), k=chance.randrange(100, 999)))
        told.append(("" if chinese else " ").join(chance.choices(spice, k=12)))
    return end.join(told) + end.strip()


def edits(text: str, other: str, chance: random.Random, *, chinese: bool) -> dict[str, str]:
    """The three edits of search.md 4."""
    end = "。" if chinese else ". "
    sentences = text.split(end)
    headline = "".join(chance.choices(SPICE_ZH, k=5)) if chinese else " ".join(chance.choices(SPICE_EN, k=7))
    kept = sorted(chance.sample(range(len(sentences)), round(0.75 * len(sentences))))
    return {
        "dateline": ("（本報香港訊）" if chinese else "HONG KONG, March 3 (Wire) - ") + text,
        "headline and cut": headline + end + end.join(sentences[:-1]) + end + ("（編輯部）" if chinese else "Reporting by the desk"),
        "a quarter cut": headline + end + end.join([*(sentences[place] for place in kept), other.split(end)[0]]),
    }


def corpus(chinese: bool) -> tuple[random.Random, list[str]]:
    chance = random.Random(11)
    return chance, [piece(chance, chinese=chinese) for _ in range(400)]


@pytest.mark.parametrize("chinese", [False, True])
def test_edited_copies_are_found_by_their_bands_and_confirmed(chinese):
    chance, texts = corpus(chinese)
    held = [set(enumerate(bands(signature(text)))) for text in texts]
    asked = {"dateline": 0, "headline and cut": 0, "a quarter cut": 0}
    confirmed, false, strays = dict(asked), 0, 0
    sample = range(0, 400, 4)
    for number in sample:
        for kind, edit in edits(texts[number], texts[number - 1], chance, chinese=chinese).items():
            keys = set(enumerate(bands(signature(edit))))
            candidates = [place for place, theirs in enumerate(held) if keys & theirs]
            same = [place for place in candidates if same_story(edit, texts[place])]
            asked[kind] += number in candidates
            confirmed[kind] += number in same
            strays += len(candidates) - (number in candidates)
            false += len(same) - (number in same)
    total = len(sample)
    print({kind: (asked[kind] / total, confirmed[kind] / total) for kind in asked}, strays / (3 * total), false / (3 * total))
    assert asked["dateline"] == total
    assert confirmed["dateline"] == total
    assert confirmed["headline and cut"] / total >= 0.9
    assert asked["a quarter cut"] / total >= 0.7
    assert false == 0


def test_the_hash_knows_a_copy_in_another_script_width_and_punctuation():
    assert text_hash("甲", "裕達紡織，盈利上升１２％。") == text_hash("乙", "裕达纺织 盈利上升12％")
    assert text_hash("", "裕達紡織") == hashlib.sha256("裕达纺织".encode()).hexdigest()


def test_other_words_have_another_hash_and_a_bodiless_text_that_of_its_title():
    assert text_hash("", "profit rose 12") != text_hash("", "profit rose 13")
    assert text_hash("Profit rose", "") == text_hash("", "PROFIT ROSE!")
    assert text_hash("One", " \n") != text_hash("Two", " \n")


def test_a_signature_has_64_values_and_16_bands_that_a_table_can_hold():
    made = signature("裕達紡織公布上半年業績")
    assert len(made) == 256
    keys = bands(made)
    assert len(keys) == 16
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert any(key < 0 for key in keys)
    assert bands(signature("裕达纺织公布上半年业绩")) == keys


def test_the_signature_stays_the_same_from_one_release_to_the_next():
    made = signature("Yau Tat Textiles raised its dividend after a good half year. 裕達紡織增派中期息。")
    assert hashlib.sha256(made).hexdigest() == "4be41b88775268313598a65cff024c1d631c40fe4e3e97e7ce0dba01dd7338ef"
    assert bands(made)[0] == 3519500253864475059


def test_equal_rows_in_different_bands_are_different_keys():
    assert len(set(bands(bytes(256)))) == 16


def test_a_text_without_words_has_neither_signature_nor_story():
    assert signature("") == signature(" …！") == b""
    assert bands(b"") == []
    assert not same_story("", "")
    assert not same_story("!", "?")


def test_jaccard_is_the_share_of_common_shingles():
    one, other = shingles("a b c d"), shingles("b c d e")
    assert jaccard(one, other) == 0.5
    assert jaccard(one, frozenset()) == 0.0
    assert shingles("裕達紡織") == shingles("裕 达 纺 织")


def test_signatures_estimate_the_share():
    _, texts = corpus(chinese=False)
    one = texts[0]
    other = ". ".join([*texts[0].split(". ")[:7], *texts[1].split(". ")[7:]])
    ours, theirs = ([made[at : at + 4] for at in range(0, 256, 4)] for made in (signature(one), signature(other)))
    assert abs(sum(a == b for a, b in zip(ours, theirs, strict=True)) / 64 - jaccard(shingles(one), shingles(other))) < 0.2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("裕達紡織上半年多賺一成", "裕达纺织：上半年多赚一成", True),
        ("裕達紡織上半年多賺一成", "裕達紡織下半年多賺一成", False),
        ("Yau Tat profit rises 12 per cent", "YAU TAT PROFIT RISES 12 PER CENT", True),
        ("Yau Tat profit rises 12 per cent", "Yau Tat profit rises 21 per cent", False),
        ("Closing prices", "Closing prices of March 3 and what the brokers of Hong Kong made of them in their notes", False),
    ],
)
def test_headlines_are_one_story_only_in_the_same_words(one, other, same):
    assert same_story(one, other) is same


def test_a_translation_is_another_story():
    assert not same_story(
        "Yau Tat said on Monday that profit for the half year rose 12 per cent to HK$345 million.",
        "裕達紡織周一公布，上半年純利按年升12%至345百萬港元。",
    )


def test_folding_is_that_of_the_analyser():
    assert text_hash("", "ＡＢＣ") == hashlib.sha256(fold("abc").encode()).hexdigest()
