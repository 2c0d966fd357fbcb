"""Background work on clippings."""

from typing import Any

from celery import shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone

from content.clippings import services
from content.clippings.services.publishing import SETTLE
from crm.kernel.outbox import outbox_task
from crm.kernel.ports import find_text

BACK_LINK = "clippings.back_link"


@outbox_task(SETTLE)
def settle(*, actor_id: int | None, clipping_ids: list[int]) -> None:
    """Bring what is derived of clippings that were edited by hand up to date."""
    actor: Any = get_user_model()._default_manager.filter(pk=actor_id).first() if actor_id is not None else None
    services.settle(clipping_ids, actor=actor, now=timezone.now())


@outbox_task(BACK_LINK, steps=True)
def back_link(*, actor_id: int | None, company_ids: list[int]) -> None:
    """Look for new names in the archive."""
    services.back_link(company_ids, now=timezone.now(), find_text=lambda phrase: find_text("clipping", phrase))


@shared_task(name="clippings.sweep_bands")
def sweep_bands() -> int:
    """Forget by what old clippings' near copies were found. Runs daily on beat."""
    return services.sweep_bands(now=timezone.now())
