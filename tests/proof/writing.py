"""One writer: does real service work for some seconds and says what came of it. `python -m tests.proof.writing SECONDS NUMBER [FAULT]`."""

import datetime as dt
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

DEFERRED = "deferred"
FAULTS = (DEFERRED,)


def main(seconds: float, number: int, fault: str) -> dict[str, Any]:
    """Write without a pause until the time is over. Times are in milliseconds; `failures` counts errors by name and first words."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from crm.kernel.errors import DomainError

    if fault == DEFERRED:
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    operations = _operations(number)
    chance = random.Random(number)
    times: list[float] = []
    done: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        name = chance.choice(list(operations))
        start = time.perf_counter()
        try:
            operations[name](timezone.now())
        except (DatabaseError, DomainError) as error:
            failures[f"{name}: {type(error).__name__}: {str(error)[:60]}"] += 1
        else:
            done[name] += 1
            times.append((time.perf_counter() - start) * 1000)
    return {"times": times, "done": done, "failures": failures}


def _operations(number: int) -> dict[str, Callable[[dt.datetime], Any]]:
    """What a relationship manager does all day, each time on the next of their own records."""
    from django.contrib.auth import get_user_model

    from crm.clients.models import Client
    from crm.kernel.models import WorkItem
    from crm.kernel.todo import add_task, complete_task
    from crm.visits.rules import Entry
    from crm.visits.services import log_visit
    from prospects.deals.models import Deal
    from prospects.deals.services import update_deal

    users = get_user_model().objects
    user = users.get(username="rm" if number % 2 else "rm-2")
    companies = itertools.cycle(Client.objects.filter(owner=user).values_list("company_id", flat=True))
    deals = itertools.cycle(Deal.objects.open().filter(owner=user).values_list("pk", flat=True)[number::8])
    open_tasks: list[int] = []

    def visit(now: dt.datetime) -> None:
        entry = Entry(happened_at=now - dt.timedelta(hours=1), summary=f"Writer {number} spoke of next year's orders.", kind="call")
        log_visit(actor=user, now=now, company_id=next(companies), entry=entry)

    def add(now: dt.datetime) -> None:
        task = add_task(actor=user, now=now, title=f"Writer {number}", due_at=now + dt.timedelta(days=3), company_id=next(companies))
        open_tasks.append(task.pk)

    def complete(now: dt.datetime) -> None:
        if not open_tasks:
            add(now)
        complete_task(item_id=open_tasks.pop(), actor=user, now=now)

    def change(now: dt.datetime) -> None:
        deal = Deal.objects.get(pk=next(deals))
        update_deal(
            deal_id=deal.pk, version=deal.version, changes={"need": f"Lines for {number} at {now:%H:%M:%S.%f}"}, actor=user, now=now
        )

    assert WorkItem.objects.exists()
    return {"log_visit": visit, "add_task": add, "complete_task": complete, "update_deal": change}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")))
