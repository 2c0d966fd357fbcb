"""`python -m tests.proof.callers_of_credit EXAMPLES PART`: every second role asks the credit API; prints what was found as JSON."""

import json
import os
import sys
from collections import Counter

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")
django.setup()

from django.conf import settings  # noqa: E402 - models are read once Django stands
from django.db import transaction  # noqa: E402

from tests import cast  # noqa: E402
from tests.credit import fuzzing  # noqa: E402


def main() -> None:
    """All in one transaction that is taken back."""
    examples, part = int(sys.argv[1]), int(sys.argv[2])
    settings.WEBHOOK_HOSTS = ["credit.example.com"]
    counts: Counter[str] = Counter()
    with time_machine.travel(cast.NOW, tick=False), transaction.atomic():
        bank = cast.build()
        systems = fuzzing.build(bank)
        for name in [*fuzzing.ROLES, *systems][part::2]:
            user = systems[name] if name in systems else bank.people[name]
            found = fuzzing.run(bank, user, examples=examples)
            counts += Counter(roles=1, cases=found.cases, taken=found.statuses[200] + found.statuses[201])
            for kind in ("errors", "breaks", "leaks"):
                lines = getattr(found, kind)
                counts[kind] += len(lines)
                for line in lines[:5]:
                    print(f"{name}: {line}", file=sys.stderr)
        transaction.set_rollback(True)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
