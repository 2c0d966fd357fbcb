"""The template tags: what a reader, a screen reader and an attacker get to see."""

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from crm.kernel.money import Money
from crm.web import components
from crm.web.templatetags import ui

NOW = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


class VisitForm(forms.Form):
    where = forms.ChoiceField(label="Where", choices=[("", "---"), ("a", "Office"), ("b", "Plant")], widget=forms.RadioSelect)
    said = forms.CharField(label="What was said", help_text="Facts first.", widget=forms.Textarea)
    next_on = forms.DateField(label="By", required=False)
    told = forms.BooleanField(label="The client knows", required=False)


def test_a_tag_escapes_what_people_typed() -> None:
    evil = "<script>alert(1)</script>"
    company = SimpleNamespace(name_en=evil, name_zh=evil + "裕")
    html = draw("{% chip evil %}{% avatar evil %}{% both_names company %}{% bar 1 2 evil %}", evil=evil, company=company)
    assert "<script" not in html


@pytest.mark.parametrize(
    ("name", "letters"), [("Wing Lam", "WL"), ("陳大文", "陳"), ("Ocean", "OC"), ("Jean-Luc Chan", "JL"), ("", "?"), ("(HK) Trade", "TR")]
)
def test_initials_stand_for_a_name_in_either_script(name: str, letters: str) -> None:
    assert components.initials(name) == letters


@pytest.mark.parametrize(("language", "first"), [("en", "Yau Tat"), ("zh-hant", "裕達"), ("zh-hans", "裕達")])
def test_a_name_shows_in_the_readers_script_first_and_marks_the_other(language: str, first: str) -> None:
    with translation.override(language):
        html = ui.both_names(SimpleNamespace(name_en="Yau Tat", name_zh="裕達"))
    other = 'lang="en"' if first == "裕達" else 'lang="zh-Hant"'
    assert html.startswith(f'<span class="names">{first} <span {other}>')


def test_a_name_in_one_script_only_shows_once() -> None:
    assert ui.both_names(SimpleNamespace(name_en="Yau Tat", name_zh="")) == '<span class="names">Yau Tat</span>'


@pytest.mark.parametrize(
    ("away", "due", "words", "tone"),
    [
        (dt.timedelta(minutes=25), True, "in 25 min", "soon"),
        (dt.timedelta(hours=3), True, "in 3 h", ""),
        (dt.timedelta(days=-1, minutes=-1), True, "1 day late", "late"),
        (dt.timedelta(seconds=-30), False, "just now", ""),
        (dt.timedelta(hours=-3), False, "3 h ago", ""),
        (dt.timedelta(days=-9), False, "9 days ago", ""),
        (dt.timedelta(days=-300), False, "8 May 2025", ""),
    ],
)
def test_a_moment_reads_as_a_term_or_as_something_that_was(away: dt.timedelta, due: bool, words: str, tone: str) -> None:
    with time_machine.travel(NOW, tick=False):
        html = ui.when(NOW + away, due=due)
    assert f">{words}</time>" in html
    assert f'class="when {tone}"' in html
    assert re.search(r'title="\d{4}-\d\d-\d\d \d\d:\d\d"', html)


@pytest.mark.parametrize(
    ("ahead", "due", "words"), [(0, True, "today"), (-1, True, "1 day late"), (-1, False, "yesterday"), (9, True, "9 days")]
)
def test_a_date_reads_in_days_of_the_readers_calendar(ahead: int, due: bool, words: str) -> None:
    # 17:00 UTC is already tomorrow in Hong Kong.
    late_evening = NOW.replace(hour=17)
    with time_machine.travel(late_evening, tick=False):
        html = ui.when(dt.date(2026, 3, 5) + dt.timedelta(days=ahead), due=due)
    assert f">{words}</time>" in html


def test_a_time_long_ago_stands_in_each_readers_own_zone():
    long_ago = NOW - dt.timedelta(days=90)
    for zone, hour in (("Asia/Hong_Kong", "10:00+08:00"), ("Europe/Paris", "03:00+01:00")):
        with timezone.override(zone):
            assert f'T{hour}"' in ui.when(long_ago), zone


def test_nothing_is_drawn_for_what_is_missing() -> None:
    assert ui.when(None) == ui.money(None) == ui.chip("") == ui.spark([], "none") == ""


def test_short_money_keeps_the_exact_amount_at_hand() -> None:
    html = ui.money(Decimal("41200000.5"), "HKD", short=True)
    assert "HK$ 41.2m" in html
    assert 'title="HK$ 41,200,000.50"' in html
    assert "RMB 5.00" in ui.money(Money(Decimal(5), "CNY"), "HKD")


@pytest.mark.parametrize(
    ("used", "cap", "width", "tone"), [(48, 100, "48.0", ""), (150, 100, "100.0", "bad"), (1, 0, "100.0", "bad"), (0, 0, "0.0", "")]
)
def test_a_bar_never_leaves_its_frame_and_says_when_the_cap_is_passed(used: int, cap: int, width: str, tone: str) -> None:
    html = ui.bar(used, cap, "Used")
    assert f'<rect width="{width}"' in html
    assert f'class="bar {tone}"' in html


def test_query_replace_changes_one_value_and_keeps_the_others() -> None:
    request = RequestFactory().get("/clients/", {"q": "裕", "tier": ["A", "B"], "cursor": "x"})
    html = draw("{% query_replace cursor=None sort='-name' %}", request=request)
    assert html == "?q=%E8%A3%95&amp;tier=A&amp;tier=B&amp;sort=-name"


def test_every_error_is_linked_to_its_control_and_read_with_it() -> None:
    form = VisitForm({"next_on": "never"})
    html = draw("{% form_errors form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
    assert "3 things to put right:" in html
    for target in ("id_where_1", "id_said", "id_next_on"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    assert 'aria-describedby="id_said_helptext id_said_error"' in html
    assert 'id="id_said_error"' in html
    assert '<fieldset class="field" aria-describedby="id_where_error">' in html


def test_a_group_offers_no_empty_choice_and_an_optional_field_says_so() -> None:
    html = draw("{% for bound in form %}{% field bound %}{% endfor %}", form=VisitForm())
    assert "---" not in html
    assert "By <small>(optional)</small>" in html
    assert '<div class="tick"><input type="checkbox"' in html


def test_a_form_in_order_shows_no_summary() -> None:
    assert ui.form_errors(VisitForm()) == ""


def test_the_phones_bar_takes_marked_entries_else_the_first_three() -> None:
    entries = [{"label": name} for name in "abcd"]
    assert ui.phone_tabs([{"items": entries[:2]}, {"items": entries[2:]}]) == {"left": entries[:2], "right": entries[2:3]}
    marked = [*entries, {"label": "e", "on_phone": True}]
    assert ui.phone_tabs([{"items": marked}]) == {"left": [marked[4]], "right": []}
    assert ui.phone_tabs(None) == {"left": [], "right": []}


def test_what_is_remembered_of_one_text_is_never_shown_for_an_unsafe_one() -> None:
    evil = 'x"><b>'
    assert draw("{% icon name %}", name=mark_safe(evil)) != draw("{% icon name %}", name=evil)


def test_money_that_was_drawn_once_reads_in_each_readers_language() -> None:
    for language, shown in (("en", "HK$ 41.2m"), ("zh-hant", "HK$ 4,120.0萬"), ("en", "HK$ 41.2m")):
        with translation.override(language):
            assert shown in draw("{% money amount short=True %}", amount=Decimal("41200000.00"))


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("{% url 'today:today' %}", "/"),
        ("{% url 'companies:company_detail' pk %}", "/companies/7/"),
        ("{% url 'companies:company_detail' pk as found %}[{{ found }}]", "[/companies/7/]"),
        ("{% url 'companies:company_detail' pk=pk %}", "/companies/7/"),
        ("{% url 'companies:company_detail' text %}", "/companies/8/"),
        ("{% url 'no:such' pk as found %}[{{ found }}]", "[]"),
    ],
)
def test_an_address_reads_as_django_writes_it(source: str, address: str) -> None:
    with override_settings(ROOT_URLCONF="crm.urls"):
        assert draw(source, pk=7, text="8") == address


def test_an_address_that_is_not_there_is_an_error() -> None:
    with override_settings(ROOT_URLCONF="crm.urls"), pytest.raises(NoReverseMatch):
        draw("{% url 'companies:company_detail' %}")


def test_a_part_that_is_the_same_for_all_is_still_in_each_readers_language() -> None:
    part = Template('{% sameforall %}{% translate "Close" %}{% endsameforall %}')
    shown = []
    for language in ("en", "zh-hant", "en"):
        with translation.override(language):
            shown.append(part.render(Context()))
    assert shown == ["Close", "關閉", "Close"]
