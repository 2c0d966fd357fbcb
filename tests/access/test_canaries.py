"""A word planted in each record is found on every surface by those who may see it, and by nobody else (T1, T3; invariants 30 and 36)."""

import csv
import io

import openpyxl
import pytest

from crm.web.views.base import visible
from tests.access import asking, hearing, world
from tests.access.canaries import CANARIES
from tests.access.people import ANONYMOUS
from tests.access.rules import RULES

# Who is not signed in gets nothing but the way to sign in (test_matrix.py); the others stand in the posts of somebody who is asked.
EMPTY = {"deals:deal_closed"}  # nothing is won or lost yet in this world
LEFT_OUT = {ANONYMOUS, "admin2", "head2", "outhead", "co1", "chair", "cad", "ops", "branch"}

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def browsers(bank):
    return asking.clients(bank)


@pytest.fixture
def there(bank):
    return world.build(bank)


def test_no_record_is_heard_of_by_those_who_may_not_see_it_and_its_readers_find_it(bank, browsers, there):
    wrong = []
    for person, browser in browsers.items():
        if person in LEFT_OUT:
            continue
        heard, broken = hearing.heard_by(browser, bank.people[person], there)
        wrong += [f"{person}: {what}" for what in broken]
        for surface, words in heard.items():
            wrong += [f"{person} hears of {word} on {surface}" for word in sorted(words) if person not in CANARIES[word].may]
        for word, canary in CANARIES.items():
            missed = [surface for surface in canary.found_on if word not in heard[surface]]
            wrong += [f"{person} misses {word} on {surface}" for surface in sorted(missed) if person == canary.finder]
    assert not wrong, "\n".join(wrong)


def _lines(browser, url, file_format):
    """The rows of an export, without the header."""
    content = b"".join(browser.post(f"{url}?view=all", {"export": file_format}).streaming_content)
    if file_format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_every_export_holds_the_rows_that_its_list_shows_and_no_row_that_is_hidden(bank, browsers, there, file_format):
    """Every list x every role: as many rows as the page, all of them among those that the person may see, and none left out."""
    wrong, some = [], set()
    for name, view in hearing.LISTS.items():
        for person, browser in browsers.items():
            if person == ANONYMOUS or not view.exportable or RULES[name].expected(person) != 200:
                continue
            url, user = asking.address(name, RULES[name], there), bank.people[person]
            shown = [row.pk for row in view.for_reader(user, url, "view=all").page.rows]
            hidden = set(shown) - set(visible(view.model, user).values_list("pk", flat=True))
            exported = len(_lines(browser, url, file_format))
            some |= {name} if shown else set()
            if hidden or exported != len(shown):
                wrong.append(f"{name} as {person}: {exported} rows exported, {len(shown)} on the page, {len(hidden)} of them hidden")
    assert not wrong, "\n".join(wrong)
    assert {name for name, view in hearing.LISTS.items() if view.exportable} - some <= EMPTY


def test_a_list_without_export_answers_none(browsers, there):
    for name, view in hearing.LISTS.items():
        if not view.exportable:
            answer = browsers["rm"].post(asking.address(name, RULES[name], there), {"export": "csv"})
            assert answer.status_code in {403, 405}, name
