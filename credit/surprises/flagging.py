"""What surprise visits and red flags have to do with each other: a bad flag makes a visit due, what a visit saw raises flags, and the
night raises those of the figures before frequencies are settled."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import override

from credit.flags.choices import Origin
from credit.flags.models import Flag, FlagEvent
from credit.flags.services import nightly, raise_flag
from credit.surprises.models import SurpriseVisit
from credit.surprises.parts import Sighting
from credit.surprises.services import force_draw


def hear_flag(*, flag: Flag, now: dt.datetime) -> None:
    """A high flag makes one visit due within five working days, a critical one within one (domain 7.2)."""
    force_draw(client_id=flag.client_id, severity=flag.severity, source=f"{flag.pk}{flag.severity}", now=now)


def hear_visit(*, sighting: Sighting, actor: Any, now: dt.datetime) -> None:
    """What the visit saw raises its flags, each once however often the record is changed (domain 7.3, 7.4)."""
    link = SurpriseVisit(pk=sighting.visit_id).get_absolute_url()
    told = set(FlagEvent.objects.filter(flag__client=sighting.client_id, link=link).values_list("flag__code", flat=True))
    for code, words in _seen(sighting).items():
        if code not in told:
            raise_flag(client_id=sighting.client_id, code=code, note=words, actor=actor, now=now, origin=Origin.VISIT, link=link)


def raise_of_figures(*, on: dt.date, now: dt.datetime) -> int:
    """How many flags the figures of a day raised."""
    raised: int = nightly(on, now=now)["flags_raised"]
    return raised


def _seen(sighting: Sighting) -> dict[str, str]:
    """By code, in English as records are kept."""
    with override("en"):
        found = {
            "RF-01": _now("Nobody was at the office in working hours.") if sighting.empty else "",
            "RF-02": _now("The telephone was answered though nobody was there.") if sighting.phone_diverted else "",
            "RF-06": _now("The visit was refused at the door.") if sighting.entry_refused else "",
            "RF-45": _now("The photos were shown by an earlier visit too.") if sighting.reused_photos else "",
        }
    return {code: words for code, words in found.items() if words}
