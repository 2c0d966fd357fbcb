"""`uv run python -m tests.proof [NAME...] [--long] [--json]`: exit 0 where everything held, 1 where something did not.

Names: `T6b.writers`, `T8.copies`, `T19.kills`, `T22.import_kills`, `T26.credit_api`, `machines`;
without one, all of them. `--long`: as before a release.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.figures import Figure, as_json, as_table
from tests.proof import copies, ground, imports, kills, machines, schemas, writers

Proof = Callable[[Path], list[Figure]]
SHORT: dict[str, Proof] = {
    "T6b.writers": writers.run,
    "T8.copies": copies.run,
    "T19.kills": kills.run,
    "T22.import_kills": imports.run,
    "T26.credit_api": lambda folder: schemas.run(folder, examples=3),
    "machines": lambda folder: machines.on_empty(folder, examples=20, steps=30),
}
LONG: dict[str, Proof] = {
    "T6b.writers": lambda folder: writers.run(folder, seconds=300),
    "T8.copies": lambda folder: copies.run(folder, forms=100),
    "T19.kills": lambda folder: kills.run(folder, kills=500),
    "T22.import_kills": lambda folder: imports.run(folder, kills=100),
    "T26.credit_api": schemas.run,
    "machines": machines.on_empty,
}


def main() -> int:
    """Prove what was asked for and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__.split("\n\n")[1])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SHORT))
    parser.add_argument("--long", action="store_true", help="more kills, more writing")
    parser.add_argument("--json", action="store_true", help="a list of name, value, unit, compared_with")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(SHORT):
        parser.error(f"there is no proof {', '.join(sorted(unknown))}")
    proofs = LONG if asked.long else SHORT
    figures: list[Figure] = []
    for name in asked.names or proofs:
        print(name, file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="rapport-proof-", ignore_cleanup_errors=True) as folder:
            figures += proofs[name](ground.lay(Path(folder)))
    print(as_json(figures) if asked.json else as_table(figures))
    return int(any(figure.is_broken for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
