"""Which engine this installation has: the cluster where one is named, else the folder."""

from functools import cache
from pathlib import Path

from django.conf import settings

from search.engines.base import Engine
from search.engines.elastic import Elastic
from search.engines.tantivy import Tantivy


def engine() -> Engine:
    """One a process, by the settings as they stand."""
    return _engine(settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX, str(settings.SEARCH_DIR))


@cache
def _engine(url: str, name: str, folder: str) -> Engine:
    return Elastic(url, name) if url else Tantivy(Path(folder))
