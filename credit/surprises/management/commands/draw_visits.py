"""`draw_visits --year Y --simulate N`: puts the draw to the test. Statistics only, no date."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credit.surprises.simulating import simulate

MOST = 10_000_000


class Command(BaseCommand):
    """Statistics of the draw over invented accounts."""

    help = "Draw the surprise visits of so many invented account-years and test them: uniform, gaps, quotas, replay. No date is shown."

    def add_arguments(self, parser: CommandParser) -> None:
        """Year and number of account-years."""
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--simulate", type=int, required=True, metavar="N")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where a rule was broken or the replay differed."""
        year, count = options["year"], options["simulate"]
        if not 2000 <= year <= 2100 or not 1 <= count <= MOST:
            raise CommandError(f"A year from 2000 to 2100, and from 1 to {MOST} account-years.", returncode=2)
        found = simulate(year, count)
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            for name, value in found.items():
                self.stdout.write(f"{name}: {value}")
        if found["gap_violations"] or found["quota_violations"] or not found["replay_identical"]:
            raise CommandError("The draw broke its rules.", returncode=1)
