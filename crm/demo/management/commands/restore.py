"""`manage.py restore DIR --into NEW [--verify] [--json]`: a data folder made of a backup."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.demo.backups import restore
from crm.kernel.errors import RuleBroken

BAD_INPUT = 2


class Command(BaseCommand):
    """Prints {"files", "rows", "ok"}; exit 2 for what is no whole backup, and NEW stays absent or empty then."""

    help = "Make a data folder of a backup; name it in RAPPORT_DATA_DIR afterwards, and say search_rebuild."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and where to."""
        parser.add_argument("folder", metavar="DIR", help="what `backup` wrote")
        parser.add_argument("--into", metavar="NEW", required=True, help="the data folder to be made: empty, or not there yet")
        parser.add_argument("--verify", action="store_true", help="let SQLite check the database too, and count its rows")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and copy."""
        try:
            kept = restore(Path(options["folder"]), Path(options["into"]), verify=options["verify"])
        except (RuleBroken, OSError) as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        if options["json"]:
            self.stdout.write(json.dumps({"files": kept.files, "rows": kept.rows, "ok": True}))
        else:
            self.stdout.write(f"{kept.files} files and {kept.rows} rows are in {options['into']}.")
