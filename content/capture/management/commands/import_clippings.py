"""`manage.py import_clippings FILE... [--source NAME] [--json]`."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from content.capture.services import Report, import_files
from crm.kernel.errors import DomainError
from crm.kernel.outbox import Outbox, deliver_pending

PENDING, UNUSABLE = 1, 2


class Command(BaseCommand):
    """Brings clippings in as the bank's operator."""

    help = "Bring in clippings: saved pages, feeds, archives (CSV, TSV, JSON lines, Reuters SGML), mails, PDF, text; gzipped ones too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--source", default="", help="name of the source; by default what each file says of itself")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report; exit 2 with one sentence for a file that cannot be used, 1 where what follows could not be delivered."""
        started, before = time.monotonic(), Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        paths = [Path(name) for name in options["files"]]
        missing = [str(path) for path in paths if not path.is_file()]
        if missing:
            self._end(_("There is no file %(name)s.") % {"name": ", ".join(missing)}, UNUSABLE)
        try:
            report = import_files([(path.name, path) for path in paths], actor=None, now=timezone.now(), source=options["source"])
        except DomainError as error:
            self._end(error.message, UNUSABLE)
        failed = deliver_pending(after_id=before)
        answer = _answer(report, several=len(paths) > 1) | {"seconds": round(time.monotonic() - started, 1)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else self._in_words(answer))
        if failed:
            self._end(_("%(count)d pieces of work that follow are still pending; the worker will do them.") % {"count": failed}, PENDING)

    def _end(self, sentence: Any, code: int) -> None:
        self.stderr.write(str(sentence))
        raise SystemExit(code)

    @staticmethod
    def _in_words(answer: dict[str, Any]) -> str:
        lines = [
            _(
                "%(read)d rows read: %(created)d new, %(updated)d updated, %(unchanged)d unchanged, %(duplicates)d exact copies, "
                "%(refused)d refused; %(mentions)d mentions, %(stories)d new stories, in %(seconds)s s."
            )
            % answer
        ]
        lines += [_("Row %(row)d, %(column)s: %(reason)s %(value)s") % error for error in answer["errors"]]
        return "\n".join(lines)


def _answer(report: Report, *, several: bool) -> dict[str, Any]:
    names = ("read", "created", "updated", "unchanged", "duplicates", "refused", "skipped", "mentions", "stories")
    errors = [error if several else {key: value for key, value in error.items() if key != "file"} for error in report.errors]
    return {name: getattr(report, name) for name in names} | {"errors": errors}
