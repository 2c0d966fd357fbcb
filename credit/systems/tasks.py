"""Outbox consumers of the webhooks."""

from typing import Any

from credit.systems import services
from credit.systems.choices import DELIVER, SPREAD
from crm.kernel import clock
from crm.kernel.outbox import outbox_task


@outbox_task(SPREAD)
def spread(*, event_id: int, actor_id: int | None = None, **_more: Any) -> None:
    """A step of a pack becomes a delivery for each webhook."""
    services.spread(event_id=event_id, now=clock.now())


@outbox_task(DELIVER, steps=True)
def deliver(*, delivery_id: int, attempt: int, actor_id: int | None = None, **_more: Any) -> None:
    """One attempt. Long work: the network is asked outside of any transaction."""
    services.deliver(delivery_id=delivery_id, attempt=attempt)
