"""`manage.py generate --clippings N [--text DIR]` or `--figures DATE --out DIR` `[--json]`: data in bulk, for trials at a bank's size."""

import datetime as dt
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from content.clippings.models import Clipping
from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.companies.models import Company
from crm.demo import ledger, volume

UNUSABLE = 2


class Command(BaseCommand):
    """Invented sentences in three scripts, naming the companies that are held; or a night's files of the core bank for the clients."""

    help = "Write invented clippings in bulk (run search_rebuild afterwards), or sample files of the core bank for import_figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--clippings", type=int, metavar="N")
        what.add_argument("--figures", metavar="DATE", help="write the nightly files of this day (YYYY-MM-DD) into --out")
        parser.add_argument("--out", metavar="DIR", help="folder for the files of --figures; made where it is missing")
        parser.add_argument("--text", metavar="DIR", help="mix in sentences of the text files in this folder")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them; exit 2 for a count, day or folder that cannot be used."""
        if options["figures"] is not None:
            self._figures(options)
        else:
            self._clippings(options)

    def _figures(self, options: dict[str, Any]) -> None:
        try:
            day = dt.date.fromisoformat(options["figures"])
        except ValueError:
            self._refuse(_("“%(text)s” is no day. Write it as YYYY-MM-DD.") % {"text": options["figures"]})
        if not options["out"]:
            self._refuse(_("Name a folder for the files with --out."))
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            self._refuse(_("There is no folder %(name)s.") % {"name": folder})
        started = time.monotonic()
        clients = Client.objects.exclude(status=ClientStatus.CLOSED).order_by("pk")
        files = ledger.write_files(clients.iterator(), day, folder)
        answer = {"files": files, "rows": sum(files.values()), "seconds": round(time.monotonic() - started, 1)}
        shown = {"count": len(files), "rows": answer["rows"], "seconds": answer["seconds"]}
        self.stdout.write(json.dumps(answer) if options["json"] else _("%(count)d files with %(rows)d rows in %(seconds)s s.") % shown)

    def _clippings(self, options: dict[str, Any]) -> None:
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

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(UNUSABLE)
