"""What systems are told of a step of a pack: ids and states, never names of clients or figures."""

from typing import Any

from credit.handoff.choices import EVENT_NAMES
from credit.packs.choices import Act
from credit.packs.models import PackEvent


def name_of(event: PackEvent) -> str:
    """The event's name; a further version that is endorsed is `pack.resubmitted`."""
    if event.act == Act.ENDORSE and event.version is not None and event.version.number > 1:
        return "pack.resubmitted"
    return EVENT_NAMES[event.act]


def step_of(event: PackEvent) -> dict[str, Any]:
    """The step as the feed and the webhooks tell it; of a version that went on hold or stands again, that version's number."""
    moved = event.values.get("held") or event.values.get("resumed")
    return {
        "id": event.pk,
        "event": name_of(event),
        "at": event.at,
        "pack_id": event.pack_id,
        "number": event.pack.number,
        "version": moved or (event.version.number if event.version else None),
        "state": event.target or event.source,
    }
