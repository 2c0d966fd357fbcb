"""The rules of visits as pure functions: what counts, what may be written, when it is due (domain 3.2 and 3.3)."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.text import fold, strip_controls
from crm.visits.choices import (
    FACE_TO_FACE,
    FACTS,
    FORBIDDEN_PHRASES,
    FORBIDDEN_SHORT,
    FREE_TEXTS,
    PLAN_TEXTS,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    Confidentiality,
    PlaceKind,
    Purpose,
    VisitKind,
)

LINE_LIMIT = 300
LONGEST_AGO = dt.timedelta(days=3_653)
"""Ten years: what is said to have happened before is a slip of the year, not a late note."""
_LINES = ("objective", "place_text", "next_step")
FACTS_BEFORE_A_PITCH = 2
_FORBIDDEN_SHORT = re.compile(rf"\b(?:{'|'.join(FORBIDDEN_SHORT)})\b", re.ASCII)


@dataclass(frozen=True)
class Met:
    """Somebody of the company who was there: a contact's id, or a new name with position."""

    contact_id: int | None = None
    name: str = ""
    title: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Promised:
    """What the bank promised, by when, and who keeps it (None: who logs the visit)."""

    text: str
    due_on: dt.date
    owner_id: int | None = None


@dataclass(frozen=True)
class Preparation:
    """The pre-call plan besides the objective: who leads (None: who plans), which facts are wanted, what is not to be raised."""

    lead_id: int | None = None
    facts_wanted: str = ""
    not_to_raise: str = ""

    def texts(self) -> dict[str, str]:
        """The free texts by column, tidied."""
        return {name: strip_controls(getattr(self, name)).strip() for name in PLAN_TEXTS}


@dataclass(frozen=True)
class Entry:
    """What somebody writes down of a visit or call. Only when and what was said are compulsory; `texts` holds the other free texts."""

    happened_at: dt.datetime
    summary: str
    kind: str = VisitKind.VISIT
    purpose: str = ""
    place: str = ""
    two_way: bool = True
    next_step_on: dt.date | None = None
    next_step_owner_id: int | None = None
    mood: int | None = None
    confidentiality: str = Confidentiality.INTERNAL
    texts: Mapping[str, str] = field(default_factory=dict)
    met: tuple[Met, ...] = ()
    colleague_ids: tuple[int, ...] = ()
    copy_ids: tuple[int, ...] = ()
    promises: tuple[Promised, ...] = ()
    checked_in_at: dt.datetime | None = None
    latitude: Any = None
    longitude: Any = None
    accuracy_m: int | None = None

    def columns(self) -> dict[str, Any]:
        """The values of the visit's own columns, texts tidied."""
        texts = {name: strip_controls(self.texts.get(name, "")).strip() for name in FREE_TEXTS if name != "summary"}
        return {
            **texts,
            "summary": strip_controls(self.summary).strip(),
            "happened_at": self.happened_at,
            "at": self.happened_at,
            "kind": self.kind,
            "purpose": self.purpose,
            "place": self.place,
            "two_way": self.two_way or self.kind != VisitKind.CALL,
            "next_step_on": self.next_step_on,
            "mood": self.mood,
            "confidentiality": self.confidentiality,
            "checked_in_at": self.checked_in_at,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "accuracy_m": self.accuracy_m,
        }


def counts_as_contact(*, kind: str, two_way: bool) -> bool:
    """Somebody was spoken to: everything but a call that nobody took."""
    return kind != VisitKind.CALL or two_way


def counts_as_meeting(*, kind: str, purpose: str) -> bool:
    """Face to face and more than courtesy, which counts as a call (domain 3.2)."""
    return kind in FACE_TO_FACE and purpose != Purpose.COURTESY


def needs_sign_off(*, kind: str, purpose: str, tier: str) -> bool:
    """Pre-loan investigations, and meetings with clients of tier A, are signed by the team head (domain 3.3)."""
    return purpose == Purpose.PRE_LOAN or (tier == "A" and kind in FACE_TO_FACE)


def due_and_lock(*, happened_at: dt.datetime, calendar: WorkingCalendar, figures: Mapping[str, int]) -> tuple[dt.datetime, dt.datetime]:
    """Until when it is to be written down, and from when only addenda are possible (domain 3.3).

    Both are the end of a day in the centre's time zone: that of the first, and of the fifth, working day after the visit's own.
    """
    day = happened_at.astimezone(calendar.zone).date()
    return (
        _end_of(calendar.add_working_days(day, int(figures["due_working_days"])), calendar),
        _end_of(calendar.add_working_days(day, int(figures["lock_working_days"])), calendar),
    )


def _end_of(day: dt.date, calendar: WorkingCalendar) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, calendar.zone).astimezone(dt.UTC)


def closing_time(day: dt.date, calendar: WorkingCalendar) -> dt.datetime:
    """When work on that day is due: as the centre closes, on closed days as on usual ones."""
    spans = calendar.spans_on(day) or calendar.spans
    return dt.datetime.combine(day, spans[-1][1], calendar.zone).astimezone(dt.UTC)


def check_entry(values: Mapping[str, Any], *, now: dt.datetime, today: dt.date, day_of_visit: dt.date) -> None:
    """RuleBroken with a sentence for each field that is wrong. `values` as `Entry.columns` gives them; days in the centre's time zone."""
    wrong: dict[str, Sentence] = {}
    if values["happened_at"] > now:
        wrong["happened_at"] = _("This is still to come. Plan the visit instead, or pick a time that has passed.")
    for name in ("happened_at", "checked_in_at"):
        if values[name] is not None and values[name] < now - LONGEST_AGO:
            wrong[name] = _("This is more than ten years ago. Look at the year.")
    if not values["summary"]:
        wrong["summary"] = _("Write in a sentence or two what was said.")
    wrong.update(_wrong_choices(values))
    wrong.update(_wrong_next_step(values, day_of_visit=day_of_visit))
    wrong.update(wrong_texts({name: values[name] for name in FREE_TEXTS}))
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), code="visit_invalid", fields=wrong)


def _wrong_choices(values: Mapping[str, Any]) -> dict[str, Sentence]:
    allowed = {
        "kind": VisitKind.values,
        "purpose": ["", *Purpose.values],
        "place": ["", *PlaceKind.values],
        "confidentiality": Confidentiality.values,
    }
    wrong: dict[str, Sentence] = {name: _("Pick one of the choices.") for name, choices in allowed.items() if values[name] not in choices}
    if values["mood"] is not None and not 1 <= values["mood"] <= 5:
        wrong["mood"] = _("The mood is a figure from 1 to 5.")
    if values["latitude"] is not None and not -90 <= values["latitude"] <= 90:
        wrong["latitude"] = _("A latitude lies between -90 and 90.")
    if values["longitude"] is not None and not -180 <= values["longitude"] <= 180:
        wrong["longitude"] = _("A longitude lies between -180 and 180.")
    return wrong


def _wrong_next_step(values: Mapping[str, Any], *, day_of_visit: dt.date) -> dict[str, Sentence]:
    if values["next_step"] and values["next_step_on"] is None:
        return {"next_step_on": _("By when? A next step needs a day.")}
    if values["next_step_on"] and not values["next_step"]:
        return {"next_step": _("What is the next step that falls on this day?")}
    if values["next_step_on"] and values["next_step_on"] < day_of_visit:
        return {"next_step_on": _("This day is before the visit. Pick the day of the visit or a later one.")}
    return {}


def wrong_texts(texts: Mapping[str, str]) -> dict[str, Sentence]:
    """Texts that are too long or speak of class T."""
    wrong: dict[str, Sentence] = {}
    for name, text in texts.items():
        limit = SUMMARY_LIMIT if name == "summary" else LINE_LIMIT if name in _LINES else TEXT_LIMIT
        if len(text) > limit:
            wrong[name] = _("This is longer than %(limit)s characters. Attach it as a file.") % {"limit": limit}
        elif forbidden_word(text):
            wrong[name] = _(
                "This must not stand in a visit note. Speak to Compliance, and write here only what the client may one day read."
            )
    return wrong


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(fold(phrase)) for phrase in FORBIDDEN_PHRASES))


def forbidden_word(text: str) -> str:
    """The first word of class T in a text, whatever its script, case or width; empty where there is none (domain 1.3 and 3.3)."""
    found = _forbidden().search(" ".join(fold(text).split())) or _FORBIDDEN_SHORT.search(text)
    return found[0] if found else ""


def facts_in(values: Mapping[str, Any]) -> set[str]:
    """Which facts are filled in."""
    return {name for name in FACTS if values.get(name)}


def pitched_too_early(*, product: str, known: Iterable[str]) -> bool:
    """A product was shown before two facts were known (domain 2.1). It warns and never refuses."""
    return bool(product) and len(set(known)) < FACTS_BEFORE_A_PITCH


def overdue_ratio(*, last: dt.datetime | None, days: int, now: dt.datetime) -> float:
    """How far into its cadence a client is: 1 is due, 2 is twice the time. Never seen: 3, so that they come first but not for ever."""
    return 3.0 if last is None else (now - last).total_seconds() / 86_400 / days


def first_line(text: str, limit: int = 200) -> str:
    """The beginning of a note, for the one line that a list or timeline has."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
