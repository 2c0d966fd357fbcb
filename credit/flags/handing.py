"""Open red flags for the list by which a client is handed over; of a hushed one nothing, for the next manager could warn the client."""

from collections.abc import Iterator

from credit.flags.book import hushed
from credit.flags.choices import Severity
from credit.flags.models import Flag
from credit.handovers.parts import Item
from crm.clients.models import Client

NOTES = {str(one): one.label for one in Severity}


def found(client: Client, outgoing_id: int) -> Iterator[Item]:
    """The worst and oldest first come as they were raised. One statement."""
    for flag in Flag.objects.filter(client=client).open().exclude(code__in=hushed()).order_by("raised_at", "pk"):
        yield Item(str(flag.pk), f"{flag.code} · {flag.note}"[:300], flag.due_at.date() if flag.due_at else None, flag.severity)
