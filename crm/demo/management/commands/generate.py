"""`manage.py generate --clippings N [--text DIR] [--json]`: data in bulk, for trials at a bank's size."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from content.clippings.models import Clipping
from crm.companies.models import Company
from crm.demo import volume

UNUSABLE = 2


class Command(BaseCommand):
    """Invented sentences in three scripts, naming the companies that are held."""

    help = "Write invented clippings in bulk. Run search_rebuild afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("--clippings", type=int, required=True, metavar="N")
        parser.add_argument("--text", metavar="DIR", help="mix in sentences of the text files in this folder")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them; exit 2 for a count or folder that cannot be used."""
        folder = Path(options["text"]) if options["text"] else None
        if options["clippings"] < 1:
            self._refuse(_("Give a number of clippings of 1 or more."))
        if folder is not None and not folder.is_dir():
            self._refuse(_("There is no folder %(name)s.") % {"name": folder})
        if not Company.objects.exists():
            self._refuse(_("There are no companies for the news to be about. Load a directory, or make the demo bank."))
        started = time.monotonic()
        made = volume.generate(options["clippings"], now=timezone.now(), text=folder, told=self._told)
        answer = {"created": made, "clippings": Clipping.objects.count(), "seconds": round(time.monotonic() - started, 1)}
        self.stdout.write(json.dumps(answer) if options["json"] else _("%(created)d clippings in %(seconds)s s.") % answer)

    def _told(self, done: int) -> None:
        self.stderr.write(f"\r{done:,}", ending="")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(UNUSABLE)
