"""`manage.py import_figures FILE... --as-of DATE [--json]`."""

import datetime as dt
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.figures.services import Report, import_figures
from crm.kernel.errors import DomainError, RuleBroken

DONE_BUT, UNUSABLE = 1, 2


class Command(BaseCommand):
    """Loads the core bank's nightly files of one day. Exit 1 where a total differs, 2 where a file cannot be used at all."""

    help = "Load the core bank's nightly files of one day: balances, turnover, limits, income, conduct."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--as-of", metavar="DATE", help="day of the files (YYYY-MM-DD); by default today")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all files, then load them."""
        try:
            report = import_figures(
                [Path(name) for name in options["files"]], as_of=_day(options["as_of"]), now=timezone.now, told=self._told
            )
        except DomainError as error:
            self.stderr.write(str(error.message))
            raise SystemExit(UNUSABLE) from None
        self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False) if options["json"] else _in_words(report))
        if not report.totals_match:
            self.stderr.write(_("The totals of a file are not those of its rows."))
            raise SystemExit(DONE_BUT)

    def _told(self, name: str, rows: int) -> None:
        self.stderr.write(f"{name}: {rows:,}")


def _day(text: str | None) -> dt.date:
    if text is None:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(_("“%(text)s” is no day. Write it as YYYY-MM-DD.") % {"text": text}) from None


def _in_words(report: Report) -> str:
    lines = [_("%(read)d rows read: %(loaded)d loaded, %(unchanged)d unchanged, %(refused)d refused.") % report.to_json()]
    lines += [_("%(file)s, row %(row)d: %(reason)s %(value)s") % error for error in report.errors]
    return "\n".join(lines)
