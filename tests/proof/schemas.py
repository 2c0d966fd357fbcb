"""Schemathesis over the credit API in every role at length (T26): no error of ours, no broken schema, nothing that is hidden."""

import json
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.proof import ground

EXAMPLES = 30


def run(folder: Path, *, examples: int = EXAMPLES) -> list[Figure]:
    """Each role on the cast of the tests, in a database of its own in `folder`; two processes share the roles."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        homes = [Path(name) / part for part in ("first", "second")]
        for home in homes:
            home.mkdir()
            ground.child(home, "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        command = ("-W", "ignore", "-m", "tests.proof.callers_of_credit", str(examples))
        told = [json.loads(ground.child(home, *command, str(part))) for part, home in enumerate(homes)]
    total: Counter[str] = Counter()
    for counts in told:
        total.update(counts)
    how = f"{total['roles']} roles, {examples} requests for each operation"
    return [
        Figure("T26.credit_api.cases", total["cases"], "requests", how),
        Figure("T26.credit_api.taken", total["taken"], "requests", "answered with 200 or 201"),
        *(Figure(f"T26.credit_api.{name}", total[name], "", f"0: {how}") for name in ("errors", "breaks", "leaks")),
    ]
