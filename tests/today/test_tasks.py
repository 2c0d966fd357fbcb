"""Tasks: added, ticked and taken back, postponed, dropped; by oneself or whoever serves the queue."""

import datetime as dt

import pytest

from crm.kernel import todo
from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from tests.cast import NOW, Bank

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def task(bank: Bank) -> WorkItem:
    return todo.add_task(actor=bank.rm, now=NOW, title="  Call  back C. F. Leung ", due_at=NOW + HOUR)


def test_a_task_is_its_authors_own_unless_given_to_somebody(bank: Bank, task: WorkItem) -> None:
    assert (task.title, task.assignee, task.created_by, task.kind) == ("Call back C. F. Leung", bank.rm, bank.rm, "task")
    given = todo.add_task(actor=bank.head, now=NOW, title="Ring", due_at=NOW + HOUR, assignee=bank.rm)
    assert set(WorkItem.objects.visible_to(bank.rm)) == {task, given}
    assert not WorkItem.objects.visible_to(bank.head).exists()


@pytest.mark.parametrize(
    ("title", "due", "field"), [(" ", HOUR, "title"), ("x" * 301, HOUR, "title"), ("Ring", -HOUR, "due_at"), ("Ring", 0 * HOUR, "due_at")]
)
def test_a_task_needs_words_and_a_time_to_come(bank: Bank, title: str, due: dt.timedelta, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        todo.add_task(actor=bank.rm, now=NOW, title=title, due_at=NOW + due)
    assert field in refusal.value.fields


def test_done_is_done_once_and_may_be_taken_back_by_who_did_it(bank: Bank, task: WorkItem) -> None:
    assert todo.complete_task(item_id=task.pk, actor=bank.rm, now=NOW).closed_by == bank.rm
    with pytest.raises(InvalidTransition):
        todo.complete_task(item_id=task.pk, actor=bank.rm, now=NOW)
    reopened = todo.reopen_task(item_id=task.pk, actor=bank.rm, now=NOW)
    assert (reopened.state, reopened.closed_at, reopened.closed_by) == (WorkState.OPEN, None, None)
    with pytest.raises(InvalidTransition):
        todo.reopen_task(item_id=task.pk, actor=bank.rm, now=NOW)


def test_what_another_closed_in_a_shared_queue_stays_closed(bank: Bank) -> None:
    shared = WorkItem.objects.create(kind="task", title="Shared", unit=bank.team, role="RM")
    WorkItem.objects.create(kind="task", title="Heads", unit=bank.team, role="TH")
    assert list(WorkItem.objects.visible_to(bank.rm2)) == [shared]
    todo.complete_task(item_id=shared.pk, actor=bank.rm2, now=NOW)
    shared.refresh_from_db()
    assert shared.closed_by == bank.rm2


def test_strangers_do_not_find_the_task(bank: Bank, task: WorkItem) -> None:
    for operation in (todo.complete_task, todo.drop_task, todo.reopen_task):
        with pytest.raises(WorkItem.DoesNotExist):
            operation(item_id=task.pk, actor=bank.rm2, now=NOW)


def test_a_task_may_be_postponed_and_dropped_while_it_is_open(bank: Bank, task: WorkItem) -> None:
    assert todo.postpone_task(item_id=task.pk, actor=bank.rm, now=NOW, due_at=NOW + 3 * HOUR).due_at == NOW + 3 * HOUR
    with pytest.raises(RuleBroken, match="still to come"):
        todo.postpone_task(item_id=task.pk, actor=bank.rm, now=NOW, due_at=NOW)
    assert todo.drop_task(item_id=task.pk, actor=bank.rm, now=NOW).state == WorkState.DROPPED
    with pytest.raises(InvalidTransition):
        todo.postpone_task(item_id=task.pk, actor=bank.rm, now=NOW, due_at=NOW + HOUR)
    with pytest.raises(InvalidTransition):
        todo.drop_task(item_id=task.pk, actor=bank.rm, now=NOW)


def test_work_of_another_kind_is_neither_moved_nor_dropped_by_hand(bank: Bank) -> None:
    item = WorkItem.objects.create(kind="visit", title="Visit", assignee=bank.rm, due_at=NOW)
    for refused in (
        lambda: todo.drop_task(item_id=item.pk, actor=bank.rm, now=NOW),
        lambda: todo.postpone_task(item_id=item.pk, actor=bank.rm, now=NOW, due_at=NOW + HOUR),
    ):
        with pytest.raises(RuleBroken, match="its own record"):
            refused()
