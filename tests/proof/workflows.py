"""One workflow's machine on a database that is migrated and empty: `python -m tests.proof.workflows NAME EXAMPLES STEPS`."""

import json
import sys
import time
from importlib import import_module

import django
from django.db import transaction

django.setup()

from tests import cast  # noqa: E402 - the settings have to be there first
from tests.crm.machines import hold  # noqa: E402


def main(name: str, examples: int, steps: int) -> tuple[str, float]:
    """What the machine says against the workflow, empty where it holds; and how long that took, in seconds."""
    machine = import_module(f"tests.crm.{name}.machine").machine(cast.build())
    started, failed = time.monotonic(), ""
    try:
        with transaction.atomic():
            hold(machine, examples=examples, steps=steps)
            transaction.set_rollback(True)
    except Exception as error:
        failed = f"{type(error).__name__}: {error}".splitlines()[0]
    return failed, time.monotonic() - started


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
