"""The message catalogues: complete, each in its own script, in the bank's words; and the check that says so can fail."""

import os
import re
from pathlib import Path

import django
import opencc
import polib
import pytest
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, ngettext

from crm.kernel.catalogues import compile_into
from crm.kernel.wording import listed
from crm.web.django_sentences import REWORDED
from tests import catalogues

CHINESE = ("zh_Hant", "zh_Hans")
# The two scripts call themselves by their own names in every language.
NAMES_OF_SCRIPTS = re.compile("繁體|简体")
# Characters that the traditional script has too, though they may also stand for another one in the simplified (準, 遊, 臺).
IN_BOTH_SCRIPTS = set("准游台")
# Codes, formats, keys and names that nobody translates.
KEPT_AS_THEY_ARE = re.compile(
    r"%\(\w+\)[sd]|\{\w+\}|(?<![A-Za-z])(Rapport|KYC|LEI|ISIN|CIK|API|Bearer|HK|CSV|TSV|XLSX|XLS|ODS|PDF|HTML|XML|JSON|UTF-8|UTF-16|GB18030|Big5|MB"
    r"|ISO|true|false|www\.example\.com|JPEG|PNG|WebP|HEIC|Word|Excel|Enter|Esc|Category=Equity|YYYY-MM-DD|ydfz|RSS|Atom|EBITDA|HKD|ZIP|AND|OR|NOT|SWIFT|SCAC|OOLU|RF|Webhook|wor\*|https?://|zh-han[ts]|zh|en)(?![A-Za-z])"
    r"|--out\b|\b(source|company|sector|event|lang|after|before|suggested):|wor\*|https?://|\bhttps?\b"
)
GLOSSARY = [
    ("Relationship manager", "客戶經理", "客户经理"),
    ("Regional-centre head", "區域中心主管", "区域中心负责人"),
    ("Branch head", "分行主管", "网点负责人"),
    ("Internal audit", "內部審計", "内部审计"),
    ("Prospect", "潛在客戶", "潜在客户"),
    ("Lead", "線索", "线索"),
    ("tier", "客戶級別", "客户等级"),
    ("Visit log", "訪客報告", "访客报告"),
    ("corporate group", "集團客戶", "集团客户"),
    ("Group exposure", "集團授信風險額", "集团授信敞口"),
    ("Red flag", "預警信號", "预警信号"),
    ("Trustee payment", "受託支付", "受托支付"),
    ("Listed-company directory", "上市公司名錄", "上市公司名录"),
    ("Pre-loan investigation", "貸前調查", "贷前调查"),
    ("does not want", "拒絕接收", "拒绝接收"),
]


def entries(language: str) -> list[tuple[str, str]]:
    """Each message of a catalogue with its translation, plural forms one by one."""
    path = catalogues.LOCALE / language / "LC_MESSAGES" / "django.po"
    return [
        (entry.msgid, text)
        for entry in polib.pofile(str(path))
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
    ]


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with three catalogues that lack nothing and say nothing else, to be spoilt."""
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    catalogues.update()
    for language in CHINESE:
        path = str(tmp_path / "locale" / language / "LC_MESSAGES" / "django.po")
        catalogue = polib.pofile(path)
        for entry in catalogue:
            entry.msgstr, entry.msgstr_plural = ("", {0: entry.msgid_plural}) if entry.msgid_plural else (entry.msgid, {})
        catalogue.save(path)
    return tmp_path / "locale"


def test_no_message_is_missing_left_over_or_untranslated() -> None:
    assert catalogues.problems() == []


def test_a_message_that_a_catalogue_lacks_is_reported_with_its_place(sound: Path) -> None:
    path = str(sound / "zh_Hant" / "LC_MESSAGES" / "django.po")
    catalogue = polib.pofile(path)
    catalogue.remove(catalogue.find("Log a visit"))
    catalogue.save(path)

    [said] = catalogues.problems()

    assert said.startswith("zh_Hant: missing: 'Log a visit' (")


def test_a_message_without_words_or_with_another_placeholder_is_reported(sound: Path) -> None:
    path = str(sound / "zh_Hans" / "LC_MESSAGES" / "django.po")
    catalogue = polib.pofile(path)
    catalogue.find("Save").msgstr = ""
    catalogue.find("The file is larger than %(limit)s MB.").msgstr = "文件大于 %(size)s MB。"
    catalogue.save(path)

    assert sorted(catalogues.problems()) == [
        "zh_Hans: not translated: 'Save'",
        "zh_Hans: other placeholders: '文件大于 %(size)s MB。'",
    ]


def test_a_message_that_no_source_holds_any_more_is_reported(sound: Path) -> None:
    path = str(sound / "en" / "LC_MESSAGES" / "django.po")
    catalogue = polib.pofile(path)
    catalogue.append(polib.POEntry(msgid="Nobody says this", msgstr="Nobody says this"))
    catalogue.save(path)

    assert catalogues.problems() == ["en: left over: 'Nobody says this'"]


def test_no_simplified_character_stands_in_the_traditional_catalogue() -> None:
    to_traditional = opencc.OpenCC("s2t")
    wrong = {}
    for _message, text in entries("zh_Hant"):
        own = NAMES_OF_SCRIPTS.sub("", text)
        if odd := {char for char in own if to_traditional.convert(char) != char} - IN_BOTH_SCRIPTS:
            wrong[text] = odd
    assert wrong == {}


def test_no_traditional_character_stands_in_the_simplified_catalogue() -> None:
    to_simplified = opencc.OpenCC("hk2s")
    own = {text: NAMES_OF_SCRIPTS.sub("", text) for _message, text in entries("zh_Hans")}
    assert {text: to_simplified.convert(plain) for text, plain in own.items() if to_simplified.convert(plain) != plain} == {}


@pytest.mark.parametrize("language", CHINESE)
def test_no_english_word_is_left_in_a_chinese_catalogue(language: str) -> None:
    assert [text for _message, text in entries(language) if re.search(r"[A-Za-z]{2,}", KEPT_AS_THEY_ARE.sub("", text))] == []


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_sentences_are_set_with_full_width_marks(language: str) -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)")
    assert [text for _message, text in entries(language) if half_width.search(text)] == []


@pytest.mark.parametrize(("english", "traditional", "simplified"), GLOSSARY)
def test_the_terms_of_the_bank_are_used(english: str, traditional: str, simplified: str) -> None:
    with translation.override("zh-hant"):
        assert gettext(english) == traditional
    with translation.override("zh-hans"):
        assert gettext(english) == simplified


@pytest.mark.parametrize(
    ("language", "empty", "short"),
    [
        ("en", "This field is required.", "This password is too short. It must contain at least 12 characters."),
        ("zh-hant", "請填寫此欄。", "密碼太短，至少須有 12 個字元。"),
        ("zh-hans", "请填写此项。", "密码太短，至少须有 12 个字符。"),
    ],
)
def test_the_sentences_of_django_are_worded_as_ours(language: str, empty: str, short: str) -> None:
    with translation.override(language):
        with pytest.raises(ValidationError) as refused:
            forms.CharField().clean("")
        assert refused.value.messages == [empty]
        with pytest.raises(ValidationError) as refused:
            validate_password("kQ7-vx")
        assert refused.value.messages == [short]


def test_every_sentence_of_django_that_we_reword_is_said_by_django() -> None:
    own = Path(django.__file__).parent
    known = {
        entry.msgid for folder in ("conf", "contrib/auth") for entry in polib.pofile(str(own / folder / "locale/en/LC_MESSAGES/django.po"))
    }
    marked = {
        key[1] for key, places in catalogues.found().items() if any(place.startswith("crm/web/django_sentences.py") for place in places)
    }
    assert len(marked) == len(REWORDED)
    assert marked - known == set()


def test_compiled_catalogues_speak_with_placeholders_plurals_and_the_mark_between_items() -> None:
    with translation.override("en"):
        assert ngettext("%(count)s day", "%(count)s days", 2) % {"count": 2} == "2 days"
        assert listed(["A", "B"]) == "A, B"
    with translation.override("zh-hant"):
        assert ngettext("%(count)s day", "%(count)s days", 2) % {"count": 2} == "2 天後"
        assert listed(["甲", "乙"]) == "甲、乙"


def test_only_a_catalogue_that_changed_is_compiled_again(tmp_path: Path) -> None:
    assert compile_into(tmp_path) == 3
    assert compile_into(tmp_path) == 0
    (tmp_path / "zh_Hant" / "LC_MESSAGES" / "django.mo").unlink()
    assert compile_into(tmp_path) == 1


def test_a_catalogue_that_is_older_than_what_was_compiled_before_is_compiled_all_the_same(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.kernel.catalogues.SOURCES", sound)
    assert compile_into(tmp_path) > 0
    assert compile_into(tmp_path) == 0
    source = sound / "en" / "LC_MESSAGES" / "django.po"
    source.write_text(source.read_text() + '\nmsgid "Later"\nmsgstr "Later"\n')
    os.utime(source, (0, 0))
    assert compile_into(tmp_path) == 1
