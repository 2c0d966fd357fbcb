"""What webhooks add to shared screens, and their figures."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.services.steps import STEPPED
from credit.systems.choices import SPREAD, DeliveryState
from credit.systems.models import Delivery
from crm.kernel.contributions import ApiRouter, Invariant, NavItem, PolicyTable, Reaction, register
from crm.staff.permissions import can_read_staff


def _reads(user: Any) -> bool:
    return bool(can_read_staff(user=user))


def _told_before_handoff() -> Iterator[str]:
    rows = Delivery.objects.filter(state=DeliveryState.DONE).select_related("event__pack").order_by("pk")
    for delivery in rows.iterator(chunk_size=500):
        handed_at = delivery.event.pack.handed_off_at
        if handed_at is None or delivery.event.at < handed_at:
            yield f"Delivery {delivery.pk} told a system of a step before the handoff."


register(
    NavItem(_("Webhooks"), "systems:webhook_list", "news", order=917, section=_("Administration"), shown=_reads),
    Reaction(STEPPED, SPREAD),
    ApiRouter("credit", "credit.systems.api.router", order=94, for_systems=True),
    Invariant("systems.handed", "No system was told of a pack before it was handed off", _told_before_handoff),
    PolicyTable(
        "systems.webhooks",
        _("Webhooks of credit systems"),
        _("Credit packs"),
        "count",
        labels={
            "attempts": _("An event is tried so many times"),
            "first_wait": _("First wait (seconds)"),
            "factor": _("Each further wait is longer by"),
            "longest_wait": _("Longest wait (seconds)"),
            "seconds": _("The receiver answers within (seconds)"),
            "overlap_hours": _("The secret before still signs for (hours)"),
        },
        order=650,
    ),
)
