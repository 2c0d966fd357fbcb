"""Work after commit: nothing asked for is lost, nothing is carried out twice."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.kernel import invariants, outbox, tasks
from crm.kernel.models import Sequence
from crm.kernel.outbox import Outbox, deliver_pending, enqueue, lease, outbox_task

pytestmark = pytest.mark.django_db(transaction=True)


@outbox_task("test.count")
def count(*, actor_id, prefix):
    Sequence.take(prefix, 2026)


@outbox_task("test.fail_once")
def fail_once(*, actor_id, prefix):
    if Sequence.take(prefix, 2026) and Outbox.objects.get(task="test.fail_once").attempts == 1:
        raise RuntimeError("power cut")


@outbox_task("test.in_steps", steps=True)
def in_steps(*, actor_id, prefix):
    Sequence.take(prefix, 2026)


@outbox_task("test.handed_over_twice", steps=True)
def handed_over_twice(*, actor_id, prefix):
    if Sequence.take(prefix, 2026) == 1:
        tasks.consume(Outbox.objects.get(task="test.handed_over_twice").pk)  # the second message, while the first is being worked on


def counted(prefix):
    return Sequence.objects.filter(prefix=prefix).values_list("last", flat=True).first() or 0


def test_a_row_is_carried_out_once_however_often_it_is_delivered():
    row = enqueue("test.count", prefix="A")
    assert deliver_pending() == 0
    assert tasks.consume(row.pk) is False  # a replayed message finds it done
    assert outbox.run(row.pk) is True
    assert counted("A") == 1


def test_a_failed_consumer_leaves_no_effect_and_comes_again_after_its_lease():
    row = enqueue("test.fail_once", prefix="B")
    assert deliver_pending() == 1
    row.refresh_from_db()
    assert (counted("B"), row.done_at, row.failure) == (0, None, "RuntimeError")
    assert not lease(row.pk, now=timezone.now())  # still leased to the one who failed
    assert lease(row.pk, now=timezone.now() + dt.timedelta(hours=1))
    assert outbox.run(row.pk)
    assert counted("B") == 1


def test_only_one_of_two_workers_gets_the_lease():
    row = enqueue("test.count", prefix="C")
    now = timezone.now()
    assert [lease(row.pk, now=now), lease(row.pk, now=now)] == [True, False]


def test_long_work_is_done_only_when_its_consumer_returns():
    row = enqueue("test.in_steps", prefix="D")
    deliver_pending()
    row.refresh_from_db()
    assert row.done_at
    assert counted("D") == 1


def test_long_work_that_waited_past_its_lease_is_not_begun_twice():
    row = enqueue("test.handed_over_twice", prefix="F")
    deliver_pending()
    assert counted("F") == 1
    row.refresh_from_db()
    assert row.done_at


def test_long_work_whose_process_died_is_taken_up_again():
    row = enqueue("test.in_steps", prefix="G")
    now = timezone.now()
    assert lease(row.pk, now=now)
    Outbox.objects.filter(pk=row.pk).update(running_until=now - dt.timedelta(seconds=1))
    assert outbox.run(row.pk)
    assert counted("G") == 1


def test_an_unknown_task_is_kept_with_its_failure_and_harms_nothing():
    row = enqueue("test.nobody_knows")
    assert deliver_pending() == 1
    row.refresh_from_db()
    assert row.failure == "KeyError"


def test_a_forged_id_has_no_effect():
    assert tasks.consume(987654321) is False


def test_a_row_that_failed_too_often_rests():
    row = enqueue("test.count", prefix="E")
    Outbox.objects.filter(pk=row.pk).update(attempts=outbox.MAX_ATTEMPTS)
    assert deliver_pending() == 0
    assert counted("E") == 0


def test_what_is_planned_for_later_is_late_only_after_its_time():
    now = timezone.now()
    asked = now - dt.timedelta(hours=1)
    forgotten = Outbox.objects.create(task="test.count", created_at=asked)
    Outbox.objects.create(task="test.count", created_at=asked, leased_until=now + dt.timedelta(hours=1))
    missed = Outbox.objects.create(task="test.count", created_at=asked, leased_until=now - dt.timedelta(minutes=6))
    failing = Outbox.objects.create(task="test.count", created_at=asked, leased_until=now + dt.timedelta(minutes=1), attempts=3)
    Outbox.objects.create(task="test.count", created_at=now)
    late = [int(sentence.split()[2]) for sentence in invariants.undelivered()]
    assert late == [forgotten.pk, missed.pk, failing.pk]
