"""A worker that dies at random statements of an import, and of its taking back; nothing is lost, nothing is doubled (T22, short form)."""

import os
import random
import signal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Count
from django.utils import timezone

from crm.companies.models import Company, CompanyName, Identifier, MatchKey, SearchKey, SourceRecord
from crm.kernel.jobs import Job
from crm.kernel.outbox import Outbox, deliver_pending
from prospects.directories.choices import ImportState
from prospects.directories.models import Import, StagedRow
from prospects.directories.services import read_table, revert, set_mapping, start, start_import
from tests.prospects.directories.loading import FEBRUARY, HEADER, JANUARY, counts, load, table
from tests.prospects.directories.test_loading import broken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OLD, ROWS = 120, 260


def rows(count, phone):
    return [[f"{number + 100:05}", f"{_word(number)} Trading Limited", f"{phone}{number:05}", "Trading", ""] for number in range(count)]


def _word(number):
    """A name that is like no other."""
    dice = random.Random(number)
    return "".join(dice.choice("bcdfghklmnprstvwz") + dice.choice("aeiou") for _ in range(5)).title()


def killed_at(statement, work, *, after=""):
    """Do this work in a process of its own that is killed when it is about to run this statement. True where it came to its end.

    Statements count from the first that holds the text `after`.
    """
    connections.close_all()
    process = os.fork()
    if process == 0:
        left, counts_now = [statement], [not after]

        def count(execute, sql, *arguments):
            counts_now[0] = counts_now[0] or after in sql
            left[0] -= counts_now[0]
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, *arguments)

        try:
            with connection.execute_wrapper(count):
                work()
        finally:
            os._exit(0)
    return not os.WIFSIGNALED(os.waitpid(process, 0)[1])


def until_done(dice):
    """Kill workers until one comes to its end. Returns how many died."""
    kills = 0
    _let_others_take_over()
    while not killed_at(dice.randint(1, 40 + 12 * kills), deliver_pending):
        kills += 1
        assert kills < 100
        _let_others_take_over()
    return kills


def _let_others_take_over():
    """As if the lease of whoever died had run out."""
    Outbox.objects.filter(done_at=None).update(leased_until=None, running_until=None, attempts=0)


def doubled():
    parts = {Identifier: ("kind", "scope", "value"), CompanyName: ("company", "text")}
    parts |= dict.fromkeys((SearchKey, MatchKey), ("company", "key"))
    return [model for model, columns in parts.items() if model.objects.values(*columns).annotate(n=Count("pk")).filter(n__gt=1).exists()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_import_killed_at_random_statements_ends_as_if_nothing_had_happened(bank, tmp_path, seed):
    dice = random.Random(seed)
    assert counts(load(tmp_path, rows(OLD, "251"), actor=bank.head, as_of=JANUARY)) == {"created": OLD}
    path = table(tmp_path / "newer.csv", rows(ROWS, "252"), HEADER)
    brought = start_import(actor=bank.head, now=timezone.now(), table=read_table(path, path.name), source_name="Exchange", as_of=FEBRUARY)
    set_mapping(import_id=brought.pk, mapping=brought.read_as, as_of=FEBRUARY, actor=bank.head, now=timezone.now())
    start(import_id=brought.pk, actor=bank.head, now=timezone.now())

    kills = until_done(dice)

    directory_import = Import.objects.get(pk=brought.pk)
    print(f"{kills} kills of the import")
    assert kills > 2
    assert directory_import.counts == dict.fromkeys(directory_import.counts, 0) | {"created": ROWS - OLD, "updated": OLD}
    assert StagedRow.objects.filter(of_import=directory_import).count() == ROWS
    assert Company.objects.count() == SourceRecord.objects.count() == Identifier.objects.count() == ROWS
    assert Company.history.filter(history_type="+").count() == ROWS
    assert Company.history.filter(history_type="~", history_change_reason=directory_import.change_reason).count() == OLD
    assert Company.objects.filter(phone__startswith="252").count() == ROWS
    assert doubled() == broken() == []
    assert Job.objects.get(pk=directory_import.job_id).percent == 100

    revert(import_id=directory_import.pk, actor=bank.head, now=timezone.now())
    kills = until_done(dice)

    print(f"{kills} kills of the taking back")
    assert Company.objects.count() == SourceRecord.objects.count() == OLD
    assert Company.objects.filter(phone__startswith="251").count() == OLD
    assert set(SourceRecord.objects.values_list("as_of", flat=True)) == {JANUARY}
    assert doubled() == broken() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_command_killed_while_it_loads_is_carried_on_by_workers_and_run_again_creates_nothing(bank, tmp_path, seed):
    path = table(tmp_path / "list.csv", rows(ROWS, "251"), HEADER)

    def load_it():
        call_command("import_directory", str(path), "--as", "head", "--source", "Exchange", stdout=StringIO(), stderr=StringIO())

    first_chunk = 'SET "published_through"'
    assert not killed_at(random.Random(seed).randint(1, 30), load_it, after=first_chunk)
    held = Company.objects.count()
    assert held < ROWS
    assert Import.objects.get().state == ImportState.PUBLISHING

    until_done(random.Random(seed))

    assert Import.objects.get().counts["created"] == ROWS
    assert Company.objects.count() == SourceRecord.objects.count() == Identifier.objects.count() == ROWS
    assert doubled() == broken() == []
    assert counts(load(tmp_path, rows(ROWS, "251"), actor=bank.head)) == {"unchanged": ROWS}
