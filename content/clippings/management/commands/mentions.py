"""`manage.py mentions CLIPPING-ID or FILE [--as USER] [--json]`: which companies a text names, and where."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from content.clippings.models import Clipping
from content.clippings.services.linking import book_of_names
from content.mentions import Found
from crm.companies.models import Company
from crm.kernel.errors import DomainError, RuleBroken
from crm.staff.models import User

UNUSABLE = 2


class Command(BaseCommand):
    """Asks the book of names. A file is one text; of a clipping, offsets count its headline, a line feed, and its text."""

    help = "Print the companies that a clipping or a text file names, with offsets in characters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("what", metavar="CLIPPING-ID or FILE")
        parser.add_argument("--as", dest="username", metavar="USER", help="what this person may read; by default the operator")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find and print; exit 2 with one sentence where there is no such clipping or file."""
        try:
            title, body = self._text(options["what"], self._user(options["username"]))
        except DomainError as error:
            self.stderr.write(str(error.message))
            raise SystemExit(UNUSABLE) from None
        found = book_of_names(now=timezone.now()).find(title, body)
        names = {row.pk: row.name for row in Company.objects.filter(pk__in={place.company_id for place in found})}
        before = len(title) + 1 if title else 0
        answer = [_as_json(place, names.get(place.company_id, ""), 0 if place.in_title else before) for place in found]
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(
                "\n".join(f"{one['start']}-{one['end']}  {one['text']}  {one['company']}  ({one['class']})" for one in answer)
            )

    @staticmethod
    def _user(username: str | None) -> User | None:
        if username is None:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise RuleBroken(_("There is no active user named %(name)s.") % {"name": username})
        return user

    @staticmethod
    def _text(what: str, user: User | None) -> tuple[str, str]:
        """The title and body of a clipping that the person may read, or an empty title and the text of a UTF-8 file."""
        if what.isdigit() and not Path(what).exists():
            rows = Clipping.objects.all() if user is None else Clipping.objects.visible_to(user)
            clipping = rows.filter(pk=int(what)).first()
            if clipping is None:
                raise RuleBroken(_("There is no clipping %(number)s.") % {"number": what})
            return clipping.title, clipping.body
        try:
            return "", Path(what).read_text(encoding="utf-8")
        except OSError:
            raise RuleBroken(_("There is no file %(name)s.") % {"name": what}) from None
        except UnicodeDecodeError:
            raise RuleBroken(_("The text is in no encoding that we know. Save it as UTF-8.")) from None


def _as_json(place: Found, company: str, before: int) -> dict[str, Any]:
    return {
        "company": company,
        "company_id": place.company_id,
        "start": place.start + before,
        "end": place.end + before,
        "text": place.text,
        "class": str(place.kind),
    }
