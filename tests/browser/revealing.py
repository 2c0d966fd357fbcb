"""A demo bank made ready for a surprise visit, and asked afterwards what came of it: `python -m tests.browser.revealing reveal|told`."""

import datetime as dt
import json
import sys
from typing import Any

DEAL = "FH-0611"
PLACE = {"latitude": 22.3121, "longitude": 114.2256}
PREMISES = {**PLACE, "phone": "+852 3100 0611", "headcount": 28, "hours": "09:00–18:00"}


def reveal() -> dict[str, Any]:
    """A visit drawn for now, revealed yesterday and shown to its visitor this morning: to a discounter of usance bills, its manager's."""
    from credit.surprises.models import SurpriseVisit
    from credit.surprises.services import keep_premises
    from crm.clients.models import Client

    now = timezone.now()
    client = Client.objects.select_related("owner", "centre", "company").get(company__name_en__startswith="Fook Hing Metal")
    client.owner.language = "en"
    client.owner.save(update_fields=["language"])
    keep_premises(client_id=client.pk, values=PREMISES, actor=client.owner, now=now)
    visit = SurpriseVisit(
        client=client, origin="drawn", window="browser", attempt="1", on=timezone.localdate(now, client.centre.zone), slot="0",
        begins_at=now - dt.timedelta(minutes=10), ends_at=now + dt.timedelta(hours=1), revealed_at=now - dt.timedelta(hours=17),
        told_at=now - dt.timedelta(hours=2), is_told=True, risk_class="R2", visitor=client.owner, owner=client.owner,
        team_id=client.team_id, centre=client.centre,
    )  # fmt: skip
    visit.record(actor=None, reason="revealed")
    return {
        "visit": visit.get_absolute_url(),
        "visitor": client.owner.username,
        "client": client.get_absolute_url(),
        "company": client.company.name_en,
        **_left(client.company_id),
    }


def _left(company_id: int) -> dict[str, int]:
    """What was written to the client, or agreed with it."""
    from crm.papers.models import Letter
    from crm.visits.models import Visit

    return {"letters": Letter.objects.count(), "meetings": Visit.objects.filter(company=company_id).count()}


def told() -> dict[str, Any]:
    """What stands of the client, who was alerted by when, and what left the bank."""
    from credit.flags.models import Flag, Suspension
    from credit.packs.models import Pack
    from credit.verifications.models import Verification
    from crm.clients.models import Client
    from crm.kernel.worklist import WorkItem
    from crm.notifications.models import Mail

    client = Client.objects.get(company__name_en__startswith="Fook Hing Metal")
    flags = {flag.code: flag for flag in Flag.objects.filter(client=client).open()}
    denied = flags.get("RF-03")
    items = WorkItem.objects.filter(subject_type="flags.flag", subject_id=denied.pk) if denied else []
    alerts = {item.kind + " " + item.role: (item.due_at - denied.raised_at).total_seconds() / 60 for item in items if denied}
    return {
        "flags": sorted(flags),
        "suspended": Suspension.objects.filter(client=client, lifted_at=None).exists(),
        "packs": sorted(Pack.objects.filter(company=client.company_id).values_list("state", flat=True)),
        "bills": sorted(Verification.objects.filter(client=client).values_list("number", flat=True)),
        "alerts": alerts,
        "mailed": sorted(set(Mail.objects.filter(subject__contains="Fook Hing").values_list("to__username", flat=True))),
        **_left(client.company_id),
    }


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone

    print(json.dumps({"reveal": reveal, "told": told}[sys.argv[1]]()))
