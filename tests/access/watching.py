"""Classes and surprise visits for the world that access is asked of: all of `rm`'s client, one at each point that an address speaks of."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from credit.risk import services as risk
from credit.surprises import services as surprises
from credit.surprises.models import SurpriseVisit
from credit.surprises.services.making import receive_photo
from tests.cast import Bank, fresh

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def build(bank: Bank, now: dt.datetime, client: Any, *, by: str = "rm") -> dict[str, Any]:
    """A class, one proposed, one reviewed; a visit to be made today, one whose visitor is there, with a photo."""
    actor = fresh(bank.people[by])
    whole, proposed, reviewed = (risk.begin(client_id=client.pk, facility=name, actor=actor, now=now) for name in ("", "TR-QC1", "TR-QC2"))
    told = {"loan_class": 1, "grade": 3, "actor": actor, "now": now}
    waits = risk.propose(standing_id=proposed.pk, reason="Low debt qcproposed", **told)
    seen = risk.propose(standing_id=reviewed.pk, reason="Low debt too", **told)
    head = {"rm": "head", "outsider": "outhead"}.get(by, "head")
    risk.review(proposal_id=seen.pk, note="Agreed qcagreed", actor=fresh(bank.people[head]), now=now)
    visit, there = _visit(client, actor, now, "one"), _visit(client, actor, now, "two")
    surprises.check_in(visit_id=there.pk, place=None, away_reason="Yard qcyard", actor=actor, now=now)
    file = receive_photo(SimpleUploadedFile("door.png", PIXEL, "image/png"), actor=actor)
    photo = surprises.add_photo(visit_id=there.pk, point=1, file_id=file.pk, actor=actor, now=now)
    there.refresh_from_db()
    return {
        "standing": whole, "class_proposed": waits, "class_reviewed": seen,
        "surprise": visit, "surprise_at_place": there, "surprise_photo": photo,
    }  # fmt: skip


def _visit(client: Any, actor: Any, now: dt.datetime, window: str) -> SurpriseVisit:
    """As the manager's own, of today."""
    visit = SurpriseVisit(
        client=client, origin="own", window=window, attempt="1", on=timezone.localdate(now, client.centre.zone), begins_at=now,
        ends_at=now + dt.timedelta(hours=2), revealed_at=now, told_at=now, is_told=True, visitor=actor, owner=actor,
        team_id=client.team_id, centre_id=client.centre_id,
    )  # fmt: skip
    visit.record(actor=actor)
    return visit
