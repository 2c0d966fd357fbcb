"""Every form that goes out filled in from a record carries the record's version, so that no tab undoes what another saved."""

from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.urls import resolve

from crm.web.views import CreateView, FormPage
from tests.access import asking
from tests.access.features import RULES
from tests.forms import untouched

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PROPOSED = "what it holds is a wish for a new row (a day, a language, an amount); nothing that stands is written over"
ONCE = "its state lets one through; of a second one the sentence says so"
OF_TWO = "a proposal: a second person sees what stands beside what is asked, and decides"
ADDRESSED = "the address fills it in, not the record"

WITHOUT_VERSION = {
    **dict.fromkeys(
        (
            *("today:task_postpone", "staff:cover_create", "papers:letter_create", "concessions:confirmation_write"),
            *("checklists:waiver_ask", "checklists:receive", "checklists:letter", "covenants:waiver_ask_until", "deals:evidence_state"),
            *("packs:facility_create", "policy:own_create", "staff:holidays_add"),
        ),
        PROPOSED,
    ),
    "reviews:assign": "it proposes oneself, whoever has the pack",
    **dict.fromkeys(
        (
            *("companies:contact_left", "hospitality:report_create", "hospitality:claim_create", "hospitality:extra_create"),
            *("concessions:concession_decide", "concessions:concession_tell", "concessions:concession_apply", "covenants:paper_receive"),
        ),
        ONCE,
    ),
    **dict.fromkeys(("policy:change_create", "risk:propose", "covenants:covenant_replace"), OF_TWO),
    "checklists:requested": ADDRESSED,
}
"""Addresses whose filled-in form needs no version, each with why."""

LEFT = {
    "surprises:record": "kept on a phone without network, which sends the whole record of its one visitor",
}
"""Forms that lose what another tab saved. No more may be added."""


def _filled_in(form: forms.BaseForm) -> set[str]:
    """The fields that hold something of the moment: not what the class of the form proposes to everybody."""
    own: Any = type(form).base_fields  # type: ignore[attr-defined]
    found = set()
    for name, field in form.fields.items():
        held = form.get_initial_for_field(field, name)
        usual = own[name].initial if name in own else None
        if not form[name].is_hidden and (name in form.initial or held not in (None, "", False, usual)) and held != usual:
            found.add(name)
    return found


def test_each_form_that_is_filled_in_from_a_record_carries_its_version(browsers, there):
    lacking = {}
    for name, rule in RULES.items():
        url = asking.address(name, rule, there)
        view = getattr(resolve(url.split("?")[0]).func, "view_class", None)
        inside = sorted(rule.who & browsers.keys())
        if not inside or view is None or not issubclass(view, FormPage) or issubclass(view, CreateView):
            continue
        answer = browsers[inside[0]].get(url)
        form = (answer.context or {}).get("form")
        filled = _filled_in(form) if isinstance(form, forms.BaseForm) else set()
        if filled and "version" not in untouched(answer):
            lacking[name] = sorted(filled)
    excused = WITHOUT_VERSION.keys() | LEFT.keys()
    assert {name: filled for name, filled in lacking.items() if name not in excused} == {}, "forms that undo what another tab saved"
    assert excused - lacking.keys() == set(), "forms that need no excuse"


@dataclass(frozen=True)
class Tabs:
    """Whose form; the field that the first tab changes, to what; what a second tab types there.

    And what the second changes elsewhere; what both need besides.
    """

    who: str
    field: str
    first: str
    second: str
    elsewhere: tuple[str, str] | None = None
    needs: tuple[tuple[str, str], ...] = ()


WHERE = (("latitude", "22.31"), ("longitude", "114.22"), ("headcount", "30"))
TABS = {
    "clients:client_kyc": Tabs("rm", "risk", "high", "low"),
    "companies:group_update": Tabs("rm", "name_en", "Yau Tat Holdings", "Yau Tat Works", ("name_zh", "裕達")),
    "companies:company_group": Tabs("rm", "note", "The Yau family", "Mr Yau", ("basis", "head")),
    "companies:contact_consent": Tabs("rm", "basis", "no_objection", "none", ("on", "2026-01-01")),
    "companies:contact_opt_out": Tabs("rm", "channels", "phone", "email"),
    "web:savedview_update": Tabs("rm", "title", "Mills", "Looms", ("is_default", "on")),
    "packs:borrower_kind": Tabs("rm", "client_types", "listed", "institution", ("segment", "corporate")),
    "packs:facility_update": Tabs("rm", "purpose", "Looms", "Dyes", ("tenor_months", "18")),
    "packs:party_update": Tabs("rm", "person_name", "Chan Tai", "Chan Siu", ("note", "His wife agrees")),
    "packs:security_update": Tabs("rm", "description", "Shop in Mong Kok", "Shop in Sham Shui Po", ("valuer", "Yip & Partners")),
    "surprises:premises": Tabs("rm", "phone", "2345 6789", "2345 6780", ("hours", "9-18"), WHERE),
    "directories:import_map": Tabs("rm", "exchange", "HKEX", "SSE", ("column_3", "")),
}


def _opened(there, browsers, name):
    browser, url = browsers[TABS[name].who], asking.address(name, RULES[name], there)
    page = browser.get(url)
    assert page.status_code == 200, name
    return browser, url, untouched(page) | dict(TABS[name].needs)


@pytest.mark.parametrize("name", TABS)
def test_a_tab_that_was_opened_before_leaves_what_another_saved(browsers, there, name):
    tabs = TABS[name]
    browser, url, sent = _opened(there, browsers, name)
    assert browser.post(url, sent | {tabs.field: tabs.first}).status_code == 302, name
    later = dict([tabs.elsewhere]) if tabs.elsewhere else {}
    assert browser.post(url, sent | later).status_code == 302, name
    stands = untouched(browser.get(url))
    assert stands[tabs.field] == [tabs.first]
    assert all(stands.get(field, [""]) == [value] for field, value in later.items())


@pytest.mark.parametrize("name", TABS)
def test_what_two_tabs_changed_otherwise_is_told_and_nothing_is_written(browsers, there, name):
    tabs = TABS[name]
    browser, url, sent = _opened(there, browsers, name)
    assert browser.post(url, sent | {tabs.field: tabs.first}).status_code == 302, name
    answer = browser.post(url, sent | {tabs.field: tabs.second})
    assert answer.status_code == 409, name
    assert len(answer.context["differences"]) == 1
    assert untouched(answer)[tabs.field] == [tabs.second], "what was typed is lost"
    assert untouched(browser.get(url))[tabs.field] == [tabs.first]
    assert browser.post(url, untouched(answer)).status_code == 302, "saving again is a choice"
    assert untouched(browser.get(url))[tabs.field] == [tabs.second]
