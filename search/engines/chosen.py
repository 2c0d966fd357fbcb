"""Which engine this installation has: the cluster where one is named, else the folder."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import Engine


def engine() -> Engine:
    """One a process, by the settings as they stand."""
    return _engine(settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX, str(settings.SEARCH_DIR))


@cache
def _engine(url: str, name: str, folder: str) -> Engine:
    # Loaded where it is used: the cluster's library alone is 30 MB and half a second of each process.
    made: Engine = (
        import_string("search.engines.elastic.Elastic")(url, name) if url else import_string("search.engines.tantivy.Tantivy")(Path(folder))
    )
    return made
