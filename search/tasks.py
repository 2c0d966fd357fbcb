"""Celery entry points of search: the consumer that feeds the index, and what keeps it whole."""

from collections.abc import Sequence
from typing import Any

from celery import shared_task

from crm.kernel.contributions import SearchDocument, of
from crm.kernel.outbox import outbox_task
from crm.kernel.reactions import INDEX_TASK
from search import services
from search.engines.base import EngineDown
from search.engines.chosen import engine


@outbox_task(INDEX_TASK, steps=True)
def index(*, kind: str, ids: Sequence[int], actor_id: Any) -> None:
    """Bring documents up to date. Safe to run twice; while the engine is down the row stays and comes again."""
    try:
        services.index_documents(kind, ids)
    except EngineDown:
        services.forget_attempts()
        raise


@shared_task(name="search.keep")
def keep() -> bool:
    """Build the index where there is none of the present stamp. Runs every minute on beat."""
    if not of(SearchDocument) or engine().is_ready():
        return False
    services.rebuild()
    return True


@shared_task(name="search.mend")
def mend() -> dict[str, int]:
    """Compare the index with the database and put it right. Runs every day on beat."""
    return services.mend().to_json() if of(SearchDocument) else {}
