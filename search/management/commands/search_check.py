"""`manage.py search_check [--json]`: compares ids and versions of the index with the database, and mends."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import services
from search.engines.base import EngineDown


class Command(BaseCommand):
    """Exit 1 where they differed, or the engine does not answer."""

    help = "Compare the search index with the database and put it right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The shape of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """What differed; it is mended when the command ends."""
        try:
            found = services.mend()
        except EngineDown as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from None
        counts = found.to_json()
        self.stdout.write(json.dumps(counts) if options["json"] else ", ".join(f"{count} {name}" for name, count in counts.items()))
        if not found.is_clean:
            raise SystemExit(1)
