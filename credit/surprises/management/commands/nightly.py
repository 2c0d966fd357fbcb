"""`nightly --as-of DATE`: what the night does for monitoring, for one day."""

import datetime as dt
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credit.surprises import nightly


class Command(BaseCommand):
    """Classes, flags from figures, frequencies and owed draws of a day."""

    help = "Do what the night does for monitoring: classes by days overdue, flags from figures, frequencies of surprise visits."

    def add_arguments(self, parser: CommandParser) -> None:
        """The day."""
        parser.add_argument("--as-of", metavar="DATE", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 for what is no day, or one that has not come."""
        now = timezone.now()
        today = nightly.day_of(now)
        try:
            on = dt.date.fromisoformat(options["as_of"]) if options["as_of"] else today
        except ValueError:
            raise CommandError("--as-of takes a day as YYYY-MM-DD.", returncode=2) from None
        if on > today or on.year < 2000:
            raise CommandError("--as-of takes a day that has come.", returncode=2)
        begun = time.monotonic()
        at = now if on == today else dt.datetime.combine(on, dt.time(2), timezone.get_default_timezone())
        found: dict[str, float] = {**nightly.run(on=on, now=at), "seconds": 0.0}
        found["seconds"] = round(time.monotonic() - begun, 2)
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in found.items()))
