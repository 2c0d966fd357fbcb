"""Celery entry points of decisions."""

from celery import shared_task

from credit.decisions import services
from crm.kernel import clock


@shared_task(name="decisions.lapse")
def lapse() -> int:
    """Offers and deferrals whose time is over. Runs every hour on beat."""
    return services.lapse(now=clock.now())


@shared_task(name="decisions.watch")
def watch() -> dict[str, int]:
    """Reviews that fall due, limits that mature, conditions whose day comes or is over. Runs every hour on beat."""
    now = clock.now()
    return {**services.age(now=now), **services.remind(now=now)}
