"""`manage.py verify_pack FILE [--json]`: whether a pack's ZIP is whole and unchanged. Asks no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.handoff.archive import verify

BAD_INPUT = 2


class Command(BaseCommand):
    """Prints {"ok", "documents", "problems"}; exit 1 where it is not."""

    help = "Check a credit pack's ZIP against its manifest, without the database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every byte."""
        path = Path(options["file"])
        try:
            answer = verify(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be read.", returncode=BAD_INPUT) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("ok" if answer["ok"] else "\n".join(answer["problems"]))
        if not answer["ok"]:
            sys.exit(1)
