"""The library for its readers: who sees what, what is over, list, filters, search, file."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.library.rules import expires_on, in_language
from content.library.searching import find_sheets
from crm.visits.services import receive_file
from tests.cast import NOW
from tests.companies.making import browser, statements, text
from tests.content.library.making import days, searched, sheet

pytestmark = pytest.mark.django_db

LIST = "library:sheet_list"
NOT_INTERNAL = {"lobby", "branch", "cad", "cad2", "ops", "specialist"}


@pytest.fixture(autouse=True)
def still(embedded):
    with time_machine.travel(NOW, tick=False):
        yield


def titles(who, **asked):
    page = text(browser(who).get(reverse(LIST), asked))
    return {title for title in ("Invoice finance", "Payroll", "Cotton news") if title in page}


def test_public_items_are_read_by_all_but_administrators_and_internal_ones_not_at_the_counter(bank):
    public, internal, draft = sheet(), sheet("Payroll", klass="I"), sheet("Cotton news", live=False)
    for name, person in bank.people.items():
        seen = {one.title_en for one in (public, internal, draft) if browser(person).get(one.get_absolute_url()).status_code == 200}
        expected = {"Invoice finance"} if name in NOT_INTERNAL else {"Invoice finance", "Payroll"}
        if name in ("editor", "compliance", "compliance2", "auditor"):
            expected = expected | {"Cotton news"}
        assert seen == (set() if name in ("admin", "admin2") else expected), name
        assert searched(person, "cash").total == (0 if name in ("admin", "admin2") else len(expected - {"Cotton news"})), name
        assert {found.title for found in find_sheets(person, "cash", 9)} == (expected - {"Cotton news"} if seen else set()), name
    assert titles(bank.rm) == {"Invoice finance", "Payroll"}
    assert titles(bank.lobby) == {"Invoice finance"}
    assert titles(bank.editor) == {"Invoice finance", "Payroll"}
    assert browser(bank.admin).get(reverse(LIST)).status_code == 403


def test_what_is_over_is_offered_nowhere_and_its_page_says_so(bank):
    last, over = sheet(expires_on=days(0)), sheet("Cotton news", dated_on=days(-99), expires_on=days(-1))
    assert titles(bank.rm) == {"Invoice finance"}
    assert {hit.id for hit in searched(bank.rm, "cash").hits} == {last.pk}
    assert [found.url for found in find_sheets(bank.rm, "cash", 9)] == [last.get_absolute_url()]
    assert "Over: not offered any more" in text(browser(bank.rm).get(over.get_absolute_url()))
    with time_machine.travel(NOW.replace(day=NOW.day + 1), tick=False):
        assert titles(bank.rm) == set()
        assert searched(bank.rm, "cash").hits == []


def test_information_is_over_after_the_days_of_the_policy_and_a_product_sheet_never():
    assert expires_on(kind="industry", dated_on=days(0), chosen=None, days=90) == days(90)
    assert expires_on(kind="product", dated_on=days(0), chosen=None, days=90) is None
    assert expires_on(kind="product", dated_on=days(0), chosen=days(3), days=90) == days(3)


@pytest.mark.parametrize(("language", "text_read"), [("en", "e"), ("zh-hant", "t"), ("zh-hans", "s"), ("", "e")])
def test_one_reads_ones_own_language(language, text_read):
    assert in_language({"en": "e", "hant": "t", "hans": "s"}, language) == text_read


def test_where_ones_own_language_is_missing_the_nearest_is_read():
    assert in_language({"en": "e", "hant": "t", "hans": ""}, "zh-hans") == "t"
    assert in_language({"en": "", "hant": "", "hans": "s"}, "en") == "s"


def test_the_list_is_narrowed_by_kind_sector_language_and_words_in_either_script(bank):
    sheet(sectors=["Energy"], title_hant="發票融資", summary_hant="貨已賣出")
    sheet("Payroll", kind="management", sectors=["Energy", "Materials"])
    assert titles(bank.rm, kind="management") == {"Payroll"}
    assert titles(bank.rm, sector="Materials") == {"Payroll"}
    assert titles(bank.rm, sector="Energy") == {"Invoice finance", "Payroll"}
    assert titles(bank.rm, language="zh-hant") == {"Invoice finance"}
    assert titles(bank.rm, q="发票 sold") == {"Invoice finance"}
    assert titles(bank.rm, q="nothing") == set()


def test_the_list_costs_the_same_however_long_it_is(bank):
    who, address = browser(bank.rm), reverse(LIST)
    sheet()
    few = statements(who, address)
    for number in range(5):
        sheet(f"Sheet {number}")
    assert statements(who, address) == few


def test_an_item_shows_source_date_and_each_language_that_it_has(bank):
    held = sheet(title_hans="发票融资", summary_hans="货已卖出", sectors=["Energy"], product="Factoring")
    page = text(browser(bank.rm).get(held.get_absolute_url()))
    for word in ("Trade desk", "Energy", "Factoring", "Cash for goods", "货已卖出", 'lang="zh-hans"', "简体中文"):
        assert word in page
    assert "繁體中文" not in page.split("<main")[1].split("</main")[0]


def test_a_file_is_a_download_for_those_who_see_the_item(bank, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    file = receive_file(SimpleUploadedFile("sheet.pdf", b"%PDF-1.4 x"), actor=bank.editor, now=NOW)
    held = sheet(klass="I", file=file)
    answer = browser(bank.rm).get(reverse("library:sheet_file", args=[held.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
    assert browser(bank.lobby).get(reverse("library:sheet_file", args=[held.pk])).status_code == 404
    assert browser(bank.rm).get(reverse("library:sheet_file", args=[sheet().pk])).status_code == 404
