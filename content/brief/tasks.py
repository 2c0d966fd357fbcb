"""Celery entry points of the brief."""

from celery import shared_task
from django.utils import timezone

from content.brief import services


@shared_task(name="brief.set_reading")
def set_reading() -> int:
    """Give out the day's reading where it is morning. Runs every quarter of an hour on beat."""
    return services.set_reading(now=timezone.now())
