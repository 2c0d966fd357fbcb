"""Taking times: rounds of a page and its floor in turn, so that both meet the same noise; medians of rounds, statements, bytes."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from crm.kernel.roomy import with_room

Request = Callable[[], HttpResponse]
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "ROLLBACK TO")
SAMPLES = 6
MOST_SECONDS = 1.5


@dataclass
class Series:
    """The times of one request in milliseconds, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    def p50(self) -> float:
        """The median round's median."""
        return statistics.median(statistics.median(times) for times in self.rounds)

    def p95(self) -> float:
        """Over all samples."""
        times = sorted(time for times in self.rounds for time in times)
        return times[min(len(times) - 1, round(0.95 * len(times)))]

    def ratio(self, other: "Series") -> float:
        """Round by round, then the median: what a noisy round did to both is gone."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(statistics.median(ours) / statistics.median(theirs) for ours, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Weight:
    """What of a request does not depend on the machine: statements without transaction control, compressed bytes."""

    statements: int
    bytes: int
    status: int


def take_round(series: Series, request: Request, *, samples: int = SAMPLES) -> None:
    """Add a round; a slow request is asked fewer times, but at least twice. Both have room on the stack, as pages have in use."""
    request = with_room(request)
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < samples and (len(times) < 2 or time.perf_counter() - began < MOST_SECONDS):
        start = time.perf_counter()
        request()
        times.append((time.perf_counter() - start) * 1000)
    series.rounds.append(times)


def weigh(request: Request) -> Weight:
    """Ask once, counting."""
    with CaptureQueriesContext(connection) as captured:
        response = request()
    statements = [query["sql"] for query in captured.captured_queries if not is_control(query["sql"])]
    return Weight(len(statements), len(response.content), response.status_code)


def is_control(statement: str) -> bool:
    """Opens or closes a transaction."""
    return statement.lstrip().upper().startswith(CONTROL)


def median(values: Sequence[float]) -> float:
    """Of a few figures."""
    return statistics.median(values)
