"""Celery entry points of surprise visits."""

from celery import shared_task

from credit.surprises import nightly, services
from crm.kernel import clock


@shared_task(name="surprises.keep")
def keep() -> dict[str, int]:
    """Reveal, tell, replace, draw anew. Runs every minute on beat."""
    return services.keep(now=clock.now())


@shared_task(name="surprises.nightly")
def run_nightly() -> dict[str, int]:
    """Classes and frequencies of the day. Runs every hour on beat; only the first of a day finds something to do."""
    now = clock.now()
    return nightly.run_once(on=nightly.day_of(now), now=now)
