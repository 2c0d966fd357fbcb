"""One race for room under a limit: many processes decide at once about requests that do not all fit, by the services of the product.

Run as a process of its own on a database that is migrated and empty: `python -m tests.benchmarks.racing NAME PROCESSES DECISIONS RUNS`.
It prints what came of each run as JSON.
"""

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django

django.setup()

from crm.kernel.errors import DomainError  # noqa: E402 - the settings have to be there first
from crm.kernel.limits import LimitEntry, LimitExceeded, decimal, drifted  # noqa: E402
from tests import cast  # noqa: E402
from tests.benchmarks import contests  # noqa: E402
from tests.together import together  # noqa: E402

APPROVED, FULL = "approved", "full"


@dataclass(frozen=True)
class Contest:
    """A limit with more requests than fit: `ids` of equal `amount`, decided by `decide(id)`, under `cap`; `scope` names its ledger.

    `full` names the codes by which the feature says, besides the limit's own, that it does not fit: it goes to another level.
    """

    scope: str
    cap: Decimal
    amount: Decimal
    ids: Sequence[int]
    decide: Callable[[int], Any]
    full: Sequence[str] = ()

    @property
    def fitting(self) -> int:
        """How many of them fit."""
        return int(self.cap // self.amount)


def run(contest: Contest, *, processes: int) -> dict[str, Any]:
    """Let the processes decide, each its share; what came of it."""
    before = _entered(contest)
    shares = [contest.ids[number::processes] for number in range(processes)]
    answers, seconds = together([lambda ids=ids: _decide_all(contest, ids) for ids in shares])  # type: ignore[misc]
    counts: Counter[str] = Counter()
    for told, _waited in answers:
        counts.update(told)
    spent = _entered(contest) - before
    return {
        "approved": counts.pop(APPROVED, 0),
        "fitting": contest.fitting,
        "refused": counts.pop(FULL, 0),
        "failures": dict(counts),
        "overspent": str(max(spent - contest.cap, Decimal(0))),
        "unspent": str(max(contest.fitting * contest.amount - spent, Decimal(0))),
        "drift": len(drifted()),
        "seconds": seconds,
        "slowest": max(waited for _told, waited in answers),
    }


def _entered(contest: Contest) -> Decimal:
    """What the ledger holds of this limit."""
    rows = LimitEntry.objects.filter(subject_id__in=contest.ids)
    named = [row for row in rows.select_related("budget", "window") if (row.budget or row.window).scope == contest.scope]
    return decimal(sum(row.hundredths for row in named))


def _decide_all(contest: Contest, ids: Sequence[int]) -> tuple[Counter[str], float]:
    """What one process was told about its share, and the longest that it waited for an answer."""
    counts: Counter[str] = Counter()
    slowest = 0.0
    for one in ids:
        began = time.monotonic()
        counts[_decide(contest, one)] += 1
        slowest = max(slowest, time.monotonic() - began)
    return counts, slowest


def _decide(contest: Contest, subject_id: int) -> str:
    """What the person who decides is told: it is done, there is no room, or something that must not happen."""
    try:
        contest.decide(subject_id)
    except DomainError as error:
        if error.code not in (LimitExceeded.code, *contest.full):
            return f"{type(error).__name__}: {error}"
        return FULL if not any(character.isdigit() for character in str(error)) else f"a figure is told: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:80]
    return APPROVED


def main(name: str, processes: int, decisions: int, runs: int) -> list[dict[str, Any]]:
    """Several runs of one contest on one bank, each with requests of its own."""
    logging.getLogger("django.request").setLevel(logging.ERROR)  # thousands of refusals are what is meant to happen
    bank = cast.build()
    prepare = contests.CONTESTS[name]
    return [run(Contest(**prepare(bank, processes * decisions, number)), processes=processes) for number in range(runs)]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *(int(part) for part in sys.argv[2:5]))))
