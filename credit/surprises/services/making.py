"""A visit as it is made: check-in at the place, photos, the record; cancelled by the centre head; or made by a manager unasked."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import line, reasoned, refuse
from credit.risk.selectors import risk_classes
from credit.surprises import permissions, photos, rules, selectors
from credit.surprises.choices import OVERALL, VISIT_TRANSITIONS, Origin, PhotoRemark, VisitState
from credit.surprises.models import Photo, Premises, SurpriseVisit
from credit.surprises.parts import Sighting, tell
from credit.surprises.rules import Entry, Place
from credit.surprises.services.keeping import end, locked
from credit.surprises.services.tainting import taint
from crm.clients.models import Client
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile, store
from crm.kernel.workflow import check_transition
from crm.visits.filetypes import recognise

PHOTO_BYTES, MOST_PHOTOS, SHORTEST_REASON = 12 * 1024 * 1024, 60, 10


def _mine(visit_id: int, actor: Any) -> SurpriseVisit:
    SurpriseVisit.objects.visible_to(actor).only("pk").get(pk=visit_id)
    return locked(visit_id)


_PREMISES = ("latitude", "longitude", "phone", "headcount", "hours", "runs_at_night", "is_unaudited")


@transaction.atomic
def check_in(*, visit_id: int, place: Place | None, away_reason: str = "", actor: Any, now: dt.datetime) -> SurpriseVisit:
    """A visitor is at the place. RuleBroken (`away_reason`) where that is not within the fence, or unknown, without a reason."""
    visit = _mine(visit_id, actor)
    permissions.can_check_in(user=actor, visit=visit).require()
    known = selectors.figures(visit.centre.jurisdiction, visit.on)
    if selectors.today_in(visit.centre, now) != visit.on:
        raise RuleBroken(_("This visit is of another day."))
    premises = selectors.premises_of(visit.client)
    there = rules.place_of(premises.latitude, premises.longitude)
    visit.distance = there.metres_to(place) if there and place else None
    words = line(away_reason, rules.REMARK)
    if (visit.distance is None or visit.distance > known.days("fence_metres")) and not words:
        sentence = (
            _("You are %(metres)s m away: say why.") % {"metres": visit.distance} if visit.distance else _("Say where you are, and why.")
        )
        raise refuse("away_reason", sentence)
    check_transition(VISIT_TRANSITIONS, visit.state, VisitState.AT_PLACE)
    visit.state, visit.checked_in_at, visit.away_reason = VisitState.AT_PLACE, now, words
    visit.latitude, visit.longitude = (place.latitude, place.longitude) if place else (None, None)
    visit.record_due_at = _days_on(visit, now, known.days("record_days"))
    visit.record(actor=actor, reason="checked in")
    if visit.origin != Origin.OWN:
        taint(visit, actor=actor, now=now)
    return visit


def _days_on(visit: SurpriseVisit, now: dt.datetime, days: int) -> dt.datetime:
    """The end of the working day so many days on."""
    calendar = selectors.calendar_of(visit.centre, now)
    day = calendar.add_working_days(selectors.today_in(visit.centre, now), days)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), visit.centre.zone)


@transaction.atomic
def record(*, visit_id: int, entry: Entry, actor: Any, now: dt.datetime) -> SurpriseVisit:
    """Write down what was seen, or change it while it is open. RuleBroken with a sentence at each open point; NotAllowed once closed."""
    visit = _mine(visit_id, actor)
    permissions.can_record(user=actor, visit=visit, now=now).require()
    kept = rules.check_entry(entry)
    known = selectors.figures(visit.centre.jurisdiction, visit.on)
    if visit.state == VisitState.AT_PLACE:
        check_transition(VISIT_TRANSITIONS, visit.state, VisitState.RECORDED)
        visit.state, visit.recorded_at, visit.edit_until = VisitState.RECORDED, now, _days_on(visit, now, known.days("edit_days"))
    visit.answers, visit.people_seen, visit.on_payroll = kept, entry.people_seen, entry.on_payroll
    visit.entry_refused, visit.result = entry.entry_refused, entry.result
    visit.result_reason = line(entry.result_reason, rules.REASON)
    if entry.phone_diverted_at is not None:
        began, asked = visit.checked_in_at or now, entry.phone_diverted_at
        visit.phone_diverted_at = visit.phone_diverted_at or (asked if began <= asked <= now else now)
        visit.phone_dialled = line(entry.phone_dialled, 30)
    elif visit.phone_diverted_at is not None and not entry.phone_dialled:
        visit.phone_diverted_at = None
    visit.record(actor=actor, reason="recorded")
    tell(sighting_of(visit, known), actor=actor, now=now)
    if visit.origin != Origin.OWN:
        taint(visit, actor=actor, now=now)
    return visit


def sighting_of(visit: SurpriseVisit, known: selectors.Figures) -> Sighting:
    """What a recorded visit saw, for those who hear of it."""
    reused = any(str(PhotoRemark.SEEN_BEFORE) in remarks for remarks in visit.photos.values_list("remarks", flat=True))
    return Sighting(
        visit_id=visit.pk,
        client_id=visit.client_id,
        result=visit.result,
        bad=rules.bad_points(visit.answers),
        empty=rules.is_empty(visit.answers, visit.people_seen),
        phone_diverted=visit.phone_diverted_at is not None,
        entry_refused=visit.entry_refused,
        short_staffed=rules.is_short_staffed(visit.people_seen, visit.on_payroll, known.days("headcount_percent")),
        reused_photos=reused,
    )


def receive_photo(upload: UploadedFile, *, actor: Any) -> StoredFile:
    """Check a photo's size and content, and keep it under the hash of its content. RuleBroken (field `photos`) where it is none."""
    try:
        if upload.size is None or upload.size > PHOTO_BYTES:
            raise RuleBroken(_("The file is larger than %(limit)s MB.") % {"limit": PHOTO_BYTES // 1024 // 1024}, code="too_large")
        content = b"".join(upload.chunks())
        kind = recognise(content, name=upload.name or "")
        if not kind.media_type.startswith("image/"):
            raise RuleBroken(_("This is no photo."))
        return store([content], name=upload.name or "", media_type=kind.media_type, owner=actor, limit=PHOTO_BYTES)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, fields={"photos": error.message}) from error


@transaction.atomic
def add_photo(*, visit_id: int, point: int, file_id: int, actor: Any, now: dt.datetime) -> Photo:
    """Add a photo of a point that the actor has just brought (`receive_photo`), with what it tells of time and place.

    The same content again is the photo that is there. NotAllowed as for the record; RuleBroken for an unknown point, or too many.
    """
    visit = _mine(visit_id, actor)
    permissions.can_record(user=actor, visit=visit, now=now).require()
    if not 1 <= point <= OVERALL:
        raise refuse("photos", _("There is no such point."))
    file = StoredFile.objects.get(pk=file_id, owner=actor)
    same = visit.photos.filter(point=point, file__sha256=file.sha256).first()
    if same is not None:
        return same
    if visit.photos.count() >= MOST_PHOTOS:
        raise refuse("photos", _("A visit has %(most)s photos at most.") % {"most": MOST_PHOTOS})
    known = selectors.figures(visit.centre.jurisdiction, visit.on)
    told = photos.read(file.path.read_bytes(), zone=visit.centre.zone)
    remarks = rules.photo_remarks(
        taken_at=told.taken_at,
        where=rules.place_of(told.latitude, told.longitude),
        at=now,
        checked_in=rules.place_of(visit.latitude, visit.longitude),
        hours=known.days("photo_hours"),
        fence_metres=known.days("fence_metres"),
    )
    if Photo.objects.filter(file__sha256=file.sha256).exclude(visit=visit).exists():
        remarks.append(str(PhotoRemark.SEEN_BEFORE))
    values = {"taken_at": told.taken_at, "latitude": told.latitude, "longitude": told.longitude, "remarks": remarks}
    return Photo.objects.create(
        visit=visit, point=point, file=file, at=now, actor=actor, post=actor.actor.post(*permissions.READERS), **values
    )


@transaction.atomic
def cancel(*, visit_id: int, reason: str, actor: Any, now: dt.datetime) -> SurpriseVisit:
    """The centre head calls a visit off; another is drawn. NotAllowed for others, and once it is under way; RuleBroken without a reason."""
    visit = _mine(visit_id, actor)
    permissions.can_cancel(user=actor, visit=visit).require()
    words = reasoned(reason)
    if len(words) < SHORTEST_REASON:
        raise refuse("reason", _("Say why."))
    end(visit, VisitState.CANCELLED, words, actor=actor, now=now)
    return visit


@transaction.atomic
def go_unannounced(*, client_id: int, actor: Any, now: dt.datetime) -> SurpriseVisit:
    """A manager goes to a client unannounced, today. NotAllowed for others than its manager; RuleBroken where one is under way."""
    client = Client.objects.visible_to(actor).select_related("centre").get(pk=client_id)
    permissions.can_go(user=actor, client=client).require()
    today = selectors.today_in(client.centre, now)
    window = f"own-{today.isoformat()}"
    if SurpriseVisit.objects.filter(client=client, window=window).exists():
        raise RuleBroken(_("You went there today."))
    visit = SurpriseVisit(
        client=client,
        origin=Origin.OWN,
        window=window,
        attempt="1",
        on=today,
        begins_at=now,
        ends_at=dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), client.centre.zone),
        revealed_at=now,
        told_at=now,
        is_told=True,
        risk_class=risk_classes([client.pk]).get(client.pk, ""),
        visitor=actor,
        owner_id=client.owner_id,
        team_id=client.team_id,
        centre_id=client.centre_id,
    )
    visit.record(actor=actor, reason="goes unannounced")
    return visit


@transaction.atomic
def keep_premises(*, client_id: int, values: dict[str, Any], actor: Any, now: dt.datetime, version: int | None = None) -> Premises:
    """Write down where and how a client works. NotAllowed for others than its manager and head; RuleBroken for what is no place;
    StaleVersion where `version`, the one that was shown (0 of none), is not the one kept.
    """  # fmt: skip
    client = Client.objects.visible_to(actor).get(pk=client_id)
    permissions.can_keep_premises(user=actor, client=client).require()
    if (values.get("latitude") is None) != (values.get("longitude") is None):
        raise refuse("longitude", _("A place needs both."))
    rules.place_of(values.get("latitude"), values.get("longitude"))
    premises = Premises.objects.select_for_update().filter(client=client).first() or Premises(client=client, version=0)
    premises.count_up(version, shown=_PREMISES)
    for name in _PREMISES:
        if name in values:
            setattr(premises, name, values[name])
    if not premises.hand_back():
        premises.record(actor=actor)
    return premises
