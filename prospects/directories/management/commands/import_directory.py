"""`manage.py import_directory FILE [--source NAME] [--only 'COLUMN=VALUE'] [--as USER] [--as-of DATE] [--dry-run] [--json]`."""

import datetime as dt
import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.kernel.errors import DomainError, RuleBroken
from crm.staff.models import User
from prospects.directories.services import LoadFailed, Report, load_directory

DONE_BUT, UNUSABLE = 1, 2
_PROGRESS = logging.getLogger("prospects.directories.services.running")


class Command(BaseCommand):
    """Loads a company list. Without --as it acts as the bank's operator, whose imports head office, compliance and audit see."""

    help = "Load a listed-company directory, an industry directory or any company list (CSV, TSV, XLSX, XLS, ODS)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("file")
        parser.add_argument("--source", default="", help="name of the directory; by default that of the file")
        parser.add_argument("--only", default="", metavar="COLUMN=VALUE", help="load only rows where the column holds the value")
        parser.add_argument("--as", dest="username", metavar="USER", help="act with this person's rights; by default as the operator")
        parser.add_argument("--as-of", metavar="DATE", help="day of the list (YYYY-MM-DD); by default today")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report; exit 2 with one sentence for a file or argument that cannot be used, 1 where a worker gave up half-way."""
        self._show_progress()
        try:
            actor = self._actor(options["username"])
        except DomainError as error:
            self._end(error.message, UNUSABLE)
        # What is said at the end, too, is for the person in whose name it acts.
        with translation.override(actor.language if actor is not None else None):
            try:
                report = self._load(actor, options)
            except LoadFailed as error:
                self._end(error.message, DONE_BUT)
            except DomainError as error:
                self._end(error.message, UNUSABLE)
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False) if options["json"] else self._in_words(report))

    def _load(self, actor: User | None, options: dict[str, Any]) -> Report:
        return load_directory(
            self._file(options["file"]),
            actor=actor,
            now=timezone.now(),
            source=options["source"],
            only=options["only"],
            as_of=self._day(options["as_of"]),
            dry_run=options["dry_run"],
        )

    def _end(self, sentence: Any, code: int) -> NoReturn:
        self.stderr.write(str(sentence))
        raise SystemExit(code)

    def _show_progress(self) -> None:
        """Progress goes to standard error, beside the log."""
        if not _PROGRESS.handlers:
            handler = logging.StreamHandler(self.stderr)
            handler.terminator = ""
            _PROGRESS.addHandler(handler)
        _PROGRESS.setLevel(logging.INFO)
        _PROGRESS.propagate = False

    @staticmethod
    def _actor(username: str | None) -> User | None:
        if username is None:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise RuleBroken(_("There is no active user named %(name)s.") % {"name": username})
        return user

    @staticmethod
    def _file(name: str) -> Path:
        path = Path(name)
        if path.is_dir():
            raise RuleBroken(_("%(name)s is a folder. Name the file in it that is to be loaded.") % {"name": name})
        if not path.is_file():
            raise RuleBroken(_("There is no file %(name)s.") % {"name": name})
        return path

    @staticmethod
    def _day(text: str | None) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            raise RuleBroken(_("“%(text)s” is no day. Write it as YYYY-MM-DD.") % {"text": text}) from None

    @staticmethod
    def _in_words(report: Report) -> str:
        lines = [
            _(
                "%(read)d rows read: %(created)d new, %(updated)d updated, %(unchanged)d unchanged, %(duplicates)d possible duplicates, "
                "%(refused)d refused, %(skipped)d not chosen, in %(seconds)s s."
            )
            % report.to_json()
        ]
        lines += [_("Row %(row)d, %(column)s: %(reason)s %(value)s") % error for error in report.errors]
        return "\n".join(lines)
