"""Covenants for the list by which a client is handed over: tests that are open, periods still to come, waivers that wait."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.covenants.choices import UNSETTLED, TestState, WaiverState
from credit.covenants.models import Covenant, CovenantTest, Waiver
from credit.handovers.parts import Item
from crm.clients.models import Client

NEXT, ASKED = "next", "asked"
NOTES = {**{str(one): one.label for one in TestState}, NEXT: _("next period"), ASKED: WaiverState.ASKED.label}


def found(client: Client, outgoing_id: int) -> Iterator[Item]:
    """By the day on which each falls due. Three statements.

    A test is due as its paper is; breached, when it is to be cured by. A covenant whose test is open tells its next period once that is
    over.
    """
    tests = CovenantTest.objects.filter(covenant__pack__company=client.company_id, state__in=UNSETTLED).select_related("covenant__pack")
    open_of = set()
    for row in tests.order_by("paper_due_on", "pk"):
        open_of.add(row.covenant_id)
        due_on = row.cure_until if row.state == TestState.BREACHED else row.paper_due_on
        yield Item(str(row.pk), _label(row.covenant, row.ends_on.isoformat()), due_on, row.state)
    covenants = Covenant.objects.in_force().filter(pack__company=client.company_id, next_on__isnull=False).select_related("pack")
    for one in covenants.exclude(pk__in=open_of).order_by("next_on", "pk"):
        yield Item(f"next-{one.pk}", _label(one), one.next_on, NEXT)
    waivers = Waiver.objects.filter(covenant__pack__company=client.company_id, state=WaiverState.ASKED).select_related("covenant__pack")
    for waiver in waivers.order_by("asked_at", "pk"):
        yield Item(f"waiver-{waiver.pk}", _label(waiver.covenant), waiver.until, ASKED)


def _label(covenant: Covenant, period: str = "") -> str:
    with override("en"):
        return " · ".join(part for part in (covenant.pack.number, str(covenant), period) if part)[:300]
