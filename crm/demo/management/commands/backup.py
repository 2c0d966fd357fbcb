"""`manage.py backup DIR [--json]`: the embedded bank as it stands now, as a folder that `restore` makes a data folder of."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.demo.backups import backup
from crm.kernel.errors import RuleBroken

INCOMPLETE, BAD_INPUT = 1, 2


class Command(BaseCommand):
    """Prints {"files", "rows", "ok"}; exit 1 where a file was missing; 2 where none can be made: nothing is written then."""

    help = "Back up the embedded bank while people work: database and files, without the index, the server's key and the keys of the draw."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", metavar="DIR", nargs="?", help="empty, or not there yet")
        parser.add_argument("--out", metavar="DIR", help="the same, by name")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        folder = options["folder"] or options["out"]
        if not folder or (options["folder"] and options["out"]):
            raise CommandError("Name one folder: backup DIR.", returncode=BAD_INPUT)
        try:
            kept = backup(Path(folder))
        except (RuleBroken, OSError) as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        for name in kept.missing:
            self.stderr.write(f"{name} is not in the data folder, though a row of the database names it.")
        if options["json"]:
            self.stdout.write(json.dumps({"files": kept.files, "rows": kept.rows, "ok": not kept.missing}))
        else:
            self.stdout.write(f"{kept.files} files and {kept.rows} rows are in {folder}.")
        if kept.missing:
            sys.exit(INCOMPLETE)
