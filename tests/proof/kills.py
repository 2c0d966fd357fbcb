"""T19: web server and worker are killed at random moments while people work; nothing is lost, nothing is done twice."""

import json
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.proof import ground
from tests.proof.callers import Caller
from tests.proof.servers import WEB, WORKER, Server, free_port, wait_until_up
from tests.proof.witness import YEAR, prefix_of

KILLS = 50
CALLERS = 3
SETTLE_SECONDS = 120.0
_LONGEST_PAUSE = 1.5


@dataclass(frozen=True, slots=True)
class Left:
    """What the database holds in the end."""

    visits: Counter[str]
    effects: Counter[str]
    submissions: int
    timeline: int
    undone: int
    handed_over_again: int
    integrity: str


def run(folder: Path, *, kills: int = KILLS, seed: int = 1, fault: str = "") -> list[Figure]:
    """The figures of T19. `fault` plants one of `witness.faults`, to see that the proof notices it."""
    people = json.loads(ground.child(folder, "-m", "tests.proof.people"))[:CALLERS]
    port = free_port()
    servers = {name: Server(name, folder, port, fault=fault) for name in (WEB, WORKER)}
    try:
        wait_until_up(port)
        callers = [Caller(person, port) for person in people]
        slowest = _kill_around(servers, port, kills, random.Random(seed))
        for caller in callers:
            caller.end()
        settled = _settle(folder)
        time.sleep(1)
        orphans = sum(server.orphans() for server in servers.values())
    finally:
        for server in servers.values():
            server.stop()
    return _figures(callers, _left(folder), kills=kills, slowest=slowest, settled=settled, orphans=orphans)


def _kill_around(servers: dict[str, Server], port: int, kills: int, chance: random.Random) -> float:
    """Kill one or the other, main process or all, and start it again. Returns the longest time that the web server was away, in seconds."""
    slowest = 0.0
    for turn in range(kills):
        time.sleep(chance.uniform(0.1, _LONGEST_PAUSE))
        server = servers[(WEB, WORKER)[turn % 2]]
        server.kill(whole_group=chance.random() < 0.5)
        server.start()
        slowest = max(slowest, wait_until_up(port))
    return slowest


def _settle(folder: Path) -> float:
    """Wait until all work after commit is done. Returns how long that took, in seconds."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLE_SECONDS:
        with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
            if not database.execute("SELECT count(*) FROM kernel_outbox WHERE done_at IS NULL").fetchone()[0]:
                break
        time.sleep(0.5)
    return time.monotonic() - began


def _left(folder: Path) -> Left:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        ask = database.execute
        visits = ask("SELECT id, summary FROM visits_visit WHERE summary LIKE 'proof-%'").fetchall()
        counted = dict(ask("SELECT prefix, last FROM kernel_sequence WHERE year = ? AND prefix LIKE 'w%'", (YEAR,)).fetchall())
        timeline = ask(
            "SELECT count(*) FROM kernel_timelinerow JOIN visits_visit v ON v.id = subject_id WHERE subject_type = 'visits.visit'"
            " AND v.summary LIKE 'proof-%'"
        )
        return Left(
            visits=Counter(mark for _, mark in visits),
            effects=Counter({mark: counted.get(prefix_of(key), 0) for key, mark in visits}),
            submissions=ask("SELECT count(*) FROM kernel_submission WHERE operation LIKE 'visits:%'").fetchone()[0],
            timeline=timeline.fetchone()[0],
            undone=ask("SELECT count(*) FROM kernel_outbox WHERE done_at IS NULL").fetchone()[0],
            handed_over_again=ask("SELECT count(*) FROM kernel_outbox WHERE attempts > 1").fetchone()[0],
            integrity=ask("PRAGMA integrity_check").fetchone()[0],
        )


def _figures(callers: list[Caller], left: Left, *, kills: int, slowest: float, settled: float, orphans: int) -> list[Figure]:
    acknowledged = [mark for caller in callers for mark in caller.acknowledged]
    doubled = sum(count > 1 for count in left.visits.values())
    return [
        Figure("T19.kills.kills", kills, "kills", "web server and worker in turn, half of them with all their processes"),
        Figure("T19.kills.acknowledged", len(acknowledged), "calls", f"more than {kills}, else too little was going on"),
        Figure("T19.kills.sent_again", sum(caller.retries for caller in callers), "requests"),
        Figure("T19.kills.refused", sum(len(caller.refused) for caller in callers), "requests", "0"),
        Figure("T19.kills.lost", sum(mark not in left.visits for mark in acknowledged), "calls", "0"),
        Figure("T19.kills.doubled", doubled, "calls", "0"),
        Figure("T19.kills.unasked", left.visits.total() - doubled - len(acknowledged), "calls", "0"),
        Figure("T19.kills.half_written", abs(left.timeline - left.visits.total()), "calls", "0: each has its timeline row"),
        Figure("T19.kills.submissions_off", abs(left.submissions - len(acknowledged)), "forms", "0: each is kept once"),
        Figure("T19.kills.work_undone", left.undone, "rows", "0"),
        Figure("T19.kills.effects_lost", sum(count < 1 for count in left.effects.values()), "effects", "0"),
        Figure("T19.kills.effects_doubled", sum(count > 1 for count in left.effects.values()), "effects", "0"),
        Figure("T19.kills.handed_over_again", left.handed_over_again, "rows", "work that a dead worker held"),
        Figure("T19.kills.back_up", rounded(slowest), "s", "30"),
        Figure("T19.kills.settled", rounded(settled), "s", f"{SETTLE_SECONDS:g}"),
        Figure("T19.kills.orphans", orphans, "processes", "0: nothing of a killed server goes on"),
        Figure("T19.kills.integrity", left.integrity, "", "ok"),
    ]
