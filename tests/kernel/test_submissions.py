"""A form is carried out once (T8): twenty copies at once make one row and get twenty equal answers."""

import sqlite3
import threading

import pytest
from django.db import OperationalError, connection, connections

from crm.kernel import submissions
from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence, Submission
from crm.kernel.submissions import in_turn, new_key, submit_once
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk():
    return cast.build().rm


def test_a_second_click_gets_the_first_answer(clerk):
    key = new_key()
    answers = [
        submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {"n": Sequence.take("S", 2026)}) for _ in range(3)
    ]
    assert answers == [{"n": 1}] * 3


def test_the_same_key_with_another_body_is_refused(clerk):
    key = new_key()
    submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {})
    with pytest.raises(RuleBroken) as refusal:
        submit_once(key, actor=clerk, operation="x", body={"a": 2}, action=lambda: {})
    assert refusal.value.code == "key_reused"


def test_an_action_that_is_refused_may_be_tried_again_under_the_same_key(clerk):
    key = new_key()

    def refuse():
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        submit_once(key, actor=clerk, operation="x", body={}, action=refuse)
    assert submit_once(key, actor=clerk, operation="x", body={}, action=lambda: {"ok": True}) == {"ok": True}


def test_twenty_copies_at_once_make_one_row_and_twenty_equal_answers(clerk):
    key, answers, barrier = new_key(), [], threading.Barrier(20)

    def send():
        try:
            barrier.wait()
            answers.append(submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {"n": Sequence.take("P", 2026)}))
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"n": 1}] * 20
    assert Submission.objects.filter(key=key).count() == 1
    assert Sequence.objects.get(prefix="P").last == 1


@pytest.fixture
def writer():
    """Another writer, who holds SQLite's lock."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone has one lock for all writers.")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None, uri=True)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def patience() -> int:
    return connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0]


def test_who_does_not_get_the_lock_asks_anew_and_the_action_runs_once(writer, monkeypatch):
    monkeypatch.setattr(submissions, "_ASK_ANEW_MILLISECONDS", 1)
    asked: list[int] = []
    begin, before = connection._start_transaction_under_autocommit, patience()

    def begin_late() -> None:
        asked.append(patience())
        if len(asked) == 4:
            writer.execute("ROLLBACK")
        begin()

    monkeypatch.setattr(connection, "_start_transaction_under_autocommit", begin_late)
    assert in_turn(lambda: Sequence.take("S", 2026)) == 1
    assert asked == [1] * 4
    assert patience() == before > 1


def test_the_wait_ends_and_nothing_has_run(writer, monkeypatch):
    monkeypatch.setattr(submissions, "_ASK_ANEW_MILLISECONDS", 1)
    monkeypatch.setattr(submissions, "_WAIT_SECONDS", 0.02)
    before, done = patience(), []
    with pytest.raises(OperationalError):
        in_turn(lambda: done.append(1))
    assert done == []
    assert patience() == before
    writer.execute("ROLLBACK")
    assert in_turn(lambda: Sequence.take("S", 2026)) == 1


def test_an_error_of_the_database_in_the_action_itself_is_not_tried_again(clerk):
    turns: list[int] = []

    def fail() -> None:
        turns.append(1)
        raise OperationalError from sqlite3.OperationalError("database is locked")

    with pytest.raises(OperationalError):
        in_turn(fail)
    assert turns == [1]
