"""How many statements the loading of a list costs: those of its chunks, however many rows stand in one, whoever else hears of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.companies.models import Company
from crm.companies.services.identity import NAMED
from crm.kernel.contributions import Reaction, of
from crm.kernel.outbox import Outbox
from tests.prospects.directories.loading import counts, load

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 18
"""Rows of a list: both fit one chunk, and one statement of SQLite with its 999 values."""

FIRST_WORDS = ("Harbour", "Cheung Chau", "Tsing Yi", "Peng Chau", "Lantau")
LAST_WORDS = ("Trading", "Shipping", "Logistics", "Toys", "Ferries")


def rows_of(first: int, count: int) -> list[list[str]]:
    """Companies that differ in their stock codes and telephones, of a name that only they have."""
    names = [f"{one} {other} Limited" for one in FIRST_WORDS for other in LAST_WORDS]
    return [[f"{first + place:05d}", names[(place + first) % len(names)], f"2521 {first + place:04d}", "", ""] for place in range(count)]


def statements(folder, rows, *, actor) -> tuple[int, dict[str, int]]:
    """What a loading sends, and what came of it."""
    with CaptureQueriesContext(connection) as sent:
        report = load(folder, rows, actor=actor)
    return len(sent), counts(report)


def test_a_chunk_costs_the_same_for_few_rows_and_for_many(bank, tmp_path):
    # Each list then has names that share a word with a company held, so that all are compared.
    load(tmp_path, rows_of(1000, FEW), actor=bank.head)
    few, many = rows_of(1000 + FEW, FEW), rows_of(1000 + 2 * FEW, MANY)

    new = [statements(tmp_path, rows, actor=bank.head) for rows in (few, many)]
    known = [statements(tmp_path, rows, actor=bank.head) for rows in (few, many)]

    assert [verdicts for _, verdicts in new] == [{"created": FEW}, {"created": MANY}]
    assert [verdicts for _, verdicts in known] == [{"unchanged": FEW}, {"unchanged": MANY}]
    assert len({sent for sent, _ in new}) == 1, new
    assert len({sent for sent, _ in known}) == 1, known


def test_who_hears_of_new_names_hears_once_a_chunk(bank, tmp_path):
    before = set(Outbox.objects.values_list("pk", flat=True))
    load(tmp_path, rows_of(1000, MANY), actor=bank.head)

    listening = sorted(reaction.task for reaction in of(Reaction) if reaction.event == NAMED)
    told = Outbox.objects.exclude(pk__in=before).filter(task__in=listening)
    assert listening
    assert sorted(told.values_list("task", flat=True)) == listening
    made = sorted(Company.objects.values_list("pk", flat=True))
    assert [sorted(row.args["company_ids"]) for row in told] == [made] * len(listening)
