"""`manage.py search_rebuild`: builds the index anew while the old one goes on answering."""

from typing import Any

from django.core.management.base import BaseCommand

from search import services
from search.engines.base import EngineDown


class Command(BaseCommand):
    """Exit 1 where the engine does not answer or another process holds the index."""

    help = "Build the search index anew, without downtime."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, swap, catch up."""
        try:
            services.rebuild()
        except EngineDown as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from None
