"""T8: the same form sent by twenty at once is carried out once, and all get the first answer."""

import json
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.proof import ground
from tests.proof.callers import call_form
from tests.proof.servers import WEB, Server, free_port, post, wait_until_up

COPIES, FORMS = 20, 10


def run(folder: Path, *, forms: int = FORMS, copies: int = COPIES, fault: str = "") -> list[Figure]:
    """The figures of T8. `fault` plants one of `witness.faults`, to see that the proof notices it."""
    person = json.loads(ground.child(folder, "-m", "tests.proof.people"))[0]
    port = free_port()
    server = Server(WEB, folder, port, fault=fault)
    marks = [f"copy-{uuid.uuid4()}" for _ in range(forms)]
    try:
        wait_until_up(port)
        answers = [_send(port, person, company, mark, copies) for mark, company in zip(marks, person["companies"], strict=False)]
    finally:
        server.stop()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        rows = [database.execute("SELECT count(*) FROM visits_visit WHERE summary = ?", (mark,)).fetchone()[0] for mark in marks]
    return [
        Figure("T8.copies.sent", forms * copies, "forms", f"{forms} forms, {copies} copies of each at once"),
        Figure("T8.copies.doubled", sum(count > 1 for count in rows), "forms", "0"),
        Figure("T8.copies.lost", sum(count < 1 for count in rows), "forms", "0"),
        Figure("T8.copies.other_answers", sum(len(found) - 1 for found in answers), "answers", "0: every copy gets the first one"),
    ]


def _send(port: int, person: dict[str, object], company: int, mark: str, copies: int) -> set[tuple[int, str]]:
    """The different answers that the copies got."""
    form = call_form(mark)
    path = f"/visits/log/call/?company={company}"
    with ThreadPoolExecutor(copies) as pool:
        return set(pool.map(lambda _: post(port, path, form, session=str(person["session"])), range(copies)))
