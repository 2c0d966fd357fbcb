"""Names of companies and people: core, scripts, keys, likeness."""

import pytest

from crm.kernel.names import (
    Likeness,
    blocking_keys,
    company_score,
    core_name,
    is_chinese,
    legal_form,
    name_score,
    person_initials,
    person_keys,
    search_keys,
    split_scripts,
    typed_key,
)
from crm.kernel.names.renamed import is_another_name


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("裕達紡織（集團）有限公司", "裕达纺织"),
        ("裕达纺织股份有限公司", "裕达纺织"),
        ("中国工商银行股份有限公司诸暨支行", "中国工商银行诸暨支行"),
        ("平安证券江苏分公司", "平安证券江苏分公司"),
        ("嘉鑫有限公司(香港)", "嘉鑫"),
        ("嘉里物流（武漢）有限公司", "嘉里物流武汉"),
        ("大连市市政设计研究院责任有限公司", "大连市市政设计研究院"),
        ("Yau Tat Textiles (HK) Co., Ltd.", "yau tat textiles"),
        ("YAU TAT TEXTILES LIMITED", "yau tat textiles"),
        ("A.S. Watson & Co. (H.K.) Ltd", "as watson"),
        ("Leeport (Holdings) Limited", "leeport holdings"),
        ("Luzhou Xinglu Water (Group) Co., Ltd.", "luzhou xinglu water"),
        ("The Bank of East Asia, Limited", "bank of east asia"),
        ("BUDWEISER BREWING CO APAC LTD.", "budweiser brewing co apac"),
        ("ZTE Corporation Class H", "zte"),
        ("集团有限公司", "集团有限公司"),
        ("公司", "公司"),
        ("Company", "company"),
        ("Limited", "limited"),
        ("", ""),
        ("—", ""),
    ],
)
def test_the_core_of_a_name_is_what_stays_without_its_legal_form(name, core):
    assert core_name(name) == core


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("裕達紡織有限公司", "有限公司"),
        ("中国工商银行股份有限公司诸暨支行", "股份有限公司"),
        ("共青城中源信投资管理合伙企业（有限合伙）", "有限合伙"),
        ("Yau Tat Co., Ltd.", "company limited"),
        ("Yau Tat Company Limited", "company limited"),
        ("Meta Platforms, Inc.", "incorporated"),
        ("渣打銀行", ""),
        ("Meituan", ""),
    ],
)
def test_the_legal_form_has_one_spelling(name, form):
    assert legal_form(name) == form


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("Yau Tat Textiles 裕達紡織", "Yau Tat Textiles", "裕達紡織"),
        ("裕達紡織 (Yau Tat Textiles)", "Yau Tat Textiles", "裕達紡織"),
        ("Yau Tat Textiles裕達紡織有限公司", "Yau Tat Textiles", "裕達紡織有限公司"),
        ("裕達紡織(香港)有限公司 Yau Tat (HK) Ltd", "Yau Tat (HK) Ltd", "裕達紡織(香港)有限公司"),
        ("裕達紡織/Yau Tat Ltd", "Yau Tat Ltd", "裕達紡織"),
        ("HSBC 滙豐", "HSBC", "滙豐"),
        ("TCL 科技集團", "", "TCL 科技集團"),
        ("TCL科技集团", "", "TCL科技集团"),
        ("3M 公司", "", "3M 公司"),
        ("中国 ABC 有限公司", "", "中国 ABC 有限公司"),
        ("Yau Tat Ltd", "Yau Tat Ltd", ""),
        ("  ", "", ""),
    ],
)
def test_a_cell_with_both_scripts_is_split(name, english, chinese):
    assert split_scripts(name) == (english, chinese)


def test_chinese_names_are_told_from_english_ones():
    assert is_chinese("TCL科技")
    assert not is_chinese("TCL Technology")


@pytest.mark.parametrize(
    "typed",
    ["yau", "Tat Tex", "textiles", "yautat", "ytt", "YAU TAT TEXTILES (HK"],
)
def test_an_english_company_is_found_by_what_people_type(typed):
    keys = [key for _, key in search_keys("Yau Tat Textiles (HK) Limited")]
    assert any(key.startswith(typed_key(typed)) for key in keys)


@pytest.mark.parametrize("typed", ["深圳市裕達", "深圳裕達", "裕达", "達紡", "纺织", "szyd", "ydfz", "yudaf", "裕達紡織（集"])
def test_a_chinese_company_is_found_in_either_script_by_its_middle_and_by_pinyin(typed):
    keys = [key for _, key in search_keys("深圳市裕達紡織（集團）有限公司")]
    assert any(key.startswith(typed_key(typed)) for key in keys)


@pytest.mark.parametrize("typed", ["as watson", "A.S. Wat", "a s w", "watson"])
def test_initials_are_found_however_they_are_dotted(typed):
    assert any(key.startswith(typed_key(typed)) for _, key in search_keys("A.S. Watson & Co. (H.K.) Ltd"))


@pytest.mark.parametrize(
    "name",
    [
        "中国工商银行股份有限公司深圳市罗湖区国际贸易中心大厦支行",
        "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Ltd",
        "x" * 300,
        "",
        "()",
        "裕",
    ],
)
def test_keys_are_few_short_and_never_repeat_one_another(name):
    keys = [key for _, key in search_keys(name)]
    assert len(keys) <= 12
    assert all(0 < len(key) <= 40 for key in keys)
    assert not any(other.startswith(key) for place, key in enumerate(keys) for other in keys[:place])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("裕達紡織有限公司", "裕达纺织（集团）股份有限公司"),
        ("深圳市洛安德科技有限公司", "深圳洛安德科技有限公司"),
        ("重庆得润汽车部件有限公司", "得润汽车部件（重庆）有限公司"),
        ("Yau Tat Textiles (HK) Limited", "YAU TAT TEXTILES CO LTD"),
        ("Yautat Textiles Ltd", "Yau Tat Textiles Ltd"),
        ("Bauhaus International (Holdings) Limited", "BAUHAUS INT'L HLDGS"),
        ("裕達紡織有限公司 Yau Tat", "裕达纺织"),
    ],
)
def test_two_spellings_of_one_name_score_full_marks_and_meet_in_a_block(one, other):
    assert name_score([one], [other]) == 100
    parts = {part for part in split_scripts(one) if part}, {part for part in split_scripts(other) if part}
    ours, theirs = ({key for part in side for key in blocking_keys(part)} for side in parts)
    assert ours & theirs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("深圳市裕达科技有限公司", "深圳市恒腾科技有限公司"),
        ("Zhejiang Juhua Co., Ltd.", "Zhejiang Jihua Group Co., Ltd."),
        ("Wecon Holdings Limited", "Cocoon Holdings Limited"),
        ("Sheung Yue Group Holdings Limited", "Jisheng Group Holdings Limited"),
        ("China Resources Land Limited", "China Everbright Limited"),
    ],
)
def test_names_that_share_only_place_and_trade_pass(one, other):
    assert name_score([one], [other]) < 65


def test_the_better_script_counts_and_different_scripts_are_not_compared():
    assert name_score(["Yau Tat", "裕達紡織"], ["Golden Sea Ltd", "裕达纺织有限公司"]) == 100
    assert name_score(["Yau Tat"], ["裕達紡織"]) is None
    assert name_score([], ["裕達紡織"]) is None
    assert name_score([""], [" "]) is None


def test_a_name_alone_is_shown_and_never_blocks():
    one, other = Likeness(("裕達紡織有限公司",)), Likeness(("裕达纺织股份有限公司",))
    assert company_score(one, other) == 84


def test_the_score_is_the_weighted_mean_of_what_both_sides_have():
    held = Likeness(
        ("Yau Tat Ltd",),
        frozenset({"+85225231600"}),
        ("1 Queen's Road Central",),
        frozenset({"yautat.example"}),
        frozenset({"echan|taiman"}),
    )
    assert company_score(held, held) == 100
    other_phone = Likeness(("Yau Tat Ltd",), frozenset({"+85225231601"}))
    assert company_score(held, other_phone) == round(50 * 100 / 70)
    same_phone = Likeness(("Yau Tat Ltd",), frozenset({"+85225231600", "+85225231601"}))
    assert company_score(held, same_phone) == 100
    other_director = Likeness(("Yau Tat Ltd",), directors=frozenset({"elee|siuming"}))
    assert company_score(held, other_director) == round(50 * 100 / 55)
    other_name = Likeness(("Golden Sea",), frozenset({"+85225231600"}), email_domains=frozenset({"yautat.example"}))
    assert company_score(held, other_name) == round((20 + 10) * 100 / 80)


def test_a_telephone_without_comparable_names_never_blocks():
    phone = frozenset({"+85225231600"})
    assert company_score(Likeness(("Yau Tat Ltd",), phone), Likeness(("裕達紡織",), phone)) == 84
    assert company_score(Likeness(()), Likeness(())) == 0


def test_a_public_mail_domain_says_nothing():
    mail = frozenset({"gmail.com"})
    assert company_score(Likeness(("Yau Tat",), email_domains=mail), Likeness(("Yau Tat",), email_domains=mail)) == 84


@pytest.mark.parametrize("name", ["", " ", "()", "，", "\u0301"])
def test_an_empty_name_has_no_keys(name):
    assert blocking_keys(name) == frozenset()
    assert search_keys(name) == []


@pytest.mark.parametrize(
    "spelling", ["CHAN Tai Man, Peter", "Tai-man Chan", "Chan, Tai-man", "Peter CHAN Tai Man", "Mr. Chan Tai Man, JP", "Chan Taiman"]
)
def test_a_person_is_recognised_in_every_order_of_the_name(spelling):
    assert person_keys("Chan Tai Man") & person_keys(spelling)


def test_different_people_share_no_key():
    assert not person_keys("Chan Tai Man") & person_keys("Chan Man Tai")
    assert not person_keys("Chan Tai Man") & person_keys("Wong Tai Man")
    assert person_keys("", "") == frozenset()
    assert person_keys("", "陳大文先生") == person_keys(name_zh="陈大文")


@pytest.mark.parametrize(("name", "letters"), [("CHAN Tai Man", "ctm"), ("曾國強先生", "zgq"), ("Ms. O'Brien, Pat", "op"), ("", "")])
def test_people_are_found_by_initials(name, letters):
    assert person_initials(name) == letters


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "a." * 25_000,
        "裕 a" * 16_000,
        "a b " * 12_500,
        "有限" * 25_000,
        "市" * 50_000,
        "(裕)" * 16_000,
        "裕/" * 25_000,
        "X" * 50_000,
    ],
)
def test_an_absurdly_long_name_comes_to_an_end(text, ended_after_10_cpu_seconds):
    for function in (core_name, legal_form, split_scripts, search_keys, blocking_keys, person_keys, person_initials):
        function(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("POWER ASSETS", "BANK OF CHINA"),
        ("HSBC HOLDINGS", "CLP Holdings Limited"),
        ("DEYUN HOLDING", "Star Shine Holdings Group Limited"),
        ("BAN LOONG HOLD", "YNBY International Ltd."),
        ("中国银行", "电能实业有限公司"),
    ],
)
def test_names_that_have_nothing_in_common_are_of_different_companies(one, other):
    assert is_another_name([one], [other])
    assert is_another_name([other], [one])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PSBC", "Postal Savings Bank of China Co., Ltd. Class H"),
        ("CKH", "CK Hutchison Holdings Limited"),
        ("TRAD CHI MED", "China Traditional Chinese Medicine Holdings Co. Limited"),
        ("BANKOFJINZHOU", "Bank of Jinzhou Co., Ltd."),
        ("BABA-SW", "Alibaba Group Holding Limited"),
        ("SHANGHAI PECHEM", "Sinopec Shanghai Petrochemical Co. Ltd."),
        ("工行", "中国工商银行股份有限公司"),
        ("Hubbell Incorporated", "Hubbell（英语：Hubbell Incorporated）"),
        ("POWER ASSETS", "電能實業"),
        ("Limited", "公司"),
    ],
)
def test_names_of_which_one_is_short_for_the_other_or_that_share_no_script_may_be_of_one_company(one, other):
    assert not is_another_name([one], [other])
    assert not is_another_name([other], [one])
