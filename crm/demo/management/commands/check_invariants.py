"""`manage.py check_invariants [--json]`: derived figures against their base rows, over the whole database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crm.kernel.contributions import Invariant, of

SHOWN = 100


class Command(BaseCommand):
    """Prints what is broken; exit 1 where anything is."""

    help = "Check everything that must hold in the whole database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The shape of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask each invariant; at most a hundred sentences of each are shown."""
        invariants, broken = of(Invariant), []
        for invariant in invariants:
            self.stderr.write(f"{invariant.code}: {invariant.label}")
            broken += [{"invariant": invariant.code, "what": what} for what, _place in zip(invariant.broken(), range(SHOWN), strict=False)]
        if options["json"]:
            self.stdout.write(json.dumps({"checked": len(invariants), "broken": broken}, ensure_ascii=False))
        else:
            self.stdout.writelines(f"{row['invariant']}: {row['what']}\n" for row in broken)
            self.stdout.write(f"{len(invariants)} checked, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
