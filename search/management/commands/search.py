"""`manage.py search QUERY [--kind K] [--as USER] [--limit N] [--sort relevance or date] [--flat] [--facets] [--json]`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.kernel.errors import DomainError, RuleBroken
from search import reading, services, suggesting
from search.engines.base import EngineDown
from search.engines.chosen import engine

DONE_BUT, UNUSABLE = 1, 2


class Command(BaseCommand):
    """Full-text search. Without --as it is the operator's, from whom nothing is hidden."""

    help = "Search the texts. Exit 2 for a bad query, 1 where the engine does not answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("query")
        parser.add_argument("--kind", default="", help="only documents of this kind")
        parser.add_argument("--as", dest="username", metavar="USER", help="what this person finds; by default the operator")
        parser.add_argument("--limit", type=int, default=reading.PAGE, help="hits, up to 1000")
        parser.add_argument("--sort", choices=reading.SORTS, default=reading.SORTS[0])
        parser.add_argument("--flat", action="store_true", help="one hit for each document, not for each story")
        parser.add_argument("--facets", action="store_true", help="with counts by source, sector, event, language, month, company")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find and print."""
        wanted = reading.Wanted(
            options["query"],
            {"kind": [options["kind"]]} if options["kind"] else {},
            sort=options["sort"],
            facets=options["facets"],
            flat=options["flat"],
            limit=options["limit"],
        )
        try:
            user = self._user(options["username"])
            if not engine().is_ready():
                services.rebuild()
            with translation.override(user.language if user is not None else None):
                now = timezone.now()
                results = reading.find(user, wanted, now=now)
                meant = suggesting.suggestions(user, wanted, results, now=now)
        except EngineDown as error:
            self._end(error, DONE_BUT)
        except DomainError as error:
            self._end(error, UNUSABLE)
        if options["json"]:
            offered = [suggestion.to_json() for suggestion in meant]
            answer = {**results.to_json(flat=wanted.flat), "hits": [hit.to_json() for hit in results.hits], "suggestions": offered}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([self._in_words(results), *(f"? {suggestion.query}" for suggestion in meant)]))

    def _end(self, error: DomainError, code: int) -> None:
        self.stderr.write(str(next(iter(error.fields.values()), error.message)))
        raise SystemExit(code)

    @staticmethod
    def _user(username: str | None) -> Any:
        if username is None:
            return None
        user = get_user_model().objects.filter(username=username, is_active=True).first()
        if user is None:
            raise RuleBroken(_("There is no active user named %(name)s.") % {"name": username})
        return user

    @staticmethod
    def _in_words(results: reading.Results) -> str:
        lines = [f"{results.total} ({results.total_flat}), {results.milliseconds} ms"]
        lines += [f"{hit.published_at:%Y-%m-%d}  {hit.shown.title}  [{hit.kind.kind} {hit.id}]\n    {hit.snippet}" for hit in results.hits]
        lines += [f"{name}: " + ", ".join(f"{label} {count}" for _value, label, count in rows) for name, rows in results.facets.items()]
        return "\n".join(lines)
