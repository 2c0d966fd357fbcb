"""A word planted in each record is found on every surface by those who may see it, and by nobody else (T1, T3; invariants 30 and 36)."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import models

from credit.covenants.models import Covenant
from credit.packs.models import VersionPart
from crm.companies.models import Company
from crm.staff.models import OrgUnit, User
from crm.web import exports
from crm.web.views.base import visible
from prospects.directories.models import Source
from tests.access import asking, hearing
from tests.access.canaries import CANARIES
from tests.access.features import RULES
from tests.access.people import ANONYMOUS
from tests.web.test_exports import LIVE, PAYLOADS

EMPTY = {"deals:deal_closed"}  # nothing is won or lost yet in this world
NOT_FREE = {
    "path",
    "time_zone",
    "currency",
    "password",
    "next_step",
    "staff_number",
    "column",
    "code",
    "waived_level",
    "window",
    "attempt",
    "facility",
}  # of set form, of one row alone, or only with a day

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_no_record_is_heard_of_by_those_who_may_not_see_it_and_its_readers_find_it(bank, browsers, there):
    wrong = []
    for person, browser in browsers.items():
        if person in hearing.LEFT_OUT:
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


def _texts(model):
    """Columns of free text, which one person may fill for another's spreadsheet."""
    kinds = (models.CharField, models.TextField)
    columns = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices and not field.unique]
    return [field for field in columns if field.editable and field.name not in NOT_FREE]


def test_no_export_has_a_live_cell_whatever_its_rows_say(bank, there):
    """Each of the 60 payloads in each text column of each list, as CSV; every sixth as a workbook too (T9)."""
    wrong, lists = [], [name for name, view in hearing.LISTS.items() if view.exportable and name not in EMPTY]
    behind = {*(hearing.LISTS[name].model for name in lists), Company, User, OrgUnit}
    for number, payload in enumerate(PAYLOADS):
        for model in behind:
            rows = model._default_manager.order_by("pk")
            chosen = rows.filter(pk=rows.last().pk) if model in {Source, OrgUnit} else rows.order_by()  # two of these share no name
            if issubclass(model, VersionPart):
                chosen = rows.filter(version__state="draft")  # the database refuses it of sealed ones
            if model is Covenant:
                chosen = rows.filter(confirmed_at=None)  # and of confirmed ones
            chosen.update(**{field.name: payload[: field.max_length or 200] for field in _texts(model)})
        for name in lists:
            first = ("head",) if name == "checklists:item_list" else ()  # `rm` received all of them
            reads = next(who for who in (*first, "rm", "admin", "auditor", "editor", "head") if who in RULES[name].who)
            reader = User.objects.get(pk=bank.people[reads].pk)
            source = hearing.LISTS[name].for_reader(reader, asking.address(name, RULES[name], there), "view=all")
            for file_format in ("csv", "xlsx") if number % 6 == 0 else ("csv",):
                file = io.BytesIO()
                assert exports.write(file, source, file_format), name
                wrong += [f"{name} as {file_format}: {cell!r}" for cell in _live(file.getvalue(), file_format)]
    assert not wrong, "\n".join(wrong[:20])


def _live(content, file_format):
    if file_format == "csv":
        cells = [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in line]
        return [cell for cell in cells if cell.lstrip(" ").startswith(LIVE) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
    cells = [cell for line in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in line]
    texts = [cell.value for cell in cells if cell.data_type == "s" and cell.value.lstrip(" ").startswith(LIVE)]
    return texts + [cell.value for cell in cells if cell.data_type == "f"]
