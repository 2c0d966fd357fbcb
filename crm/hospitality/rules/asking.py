"""What is asked for: who sits at the table, why it is approved beforehand, who decides (domain 4.2 and 4.3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.hospitality.choices import (
    ASKED_FIRST,
    LEVELS,
    SENSITIVE,
    Kind,
    Level,
    Need,
    Purpose,
)
from crm.hospitality.rules.figures import (
    LINE_LIMIT,
    NAME_LIMIT,
    OWN_LEVELS,
    Figures,
    check_amount,
    name_key,
    refuse,
    share,
)
from crm.hospitality.rules.times import check_day
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken, Sentence


@dataclass(frozen=True)
class Invited:
    """One guest: a contact's id, or a new name with position and company. Official: public official or staff of a state-owned body."""

    contact_id: int | None = None
    name: str = ""
    title: str = ""
    company: str = ""
    official: bool = False
    family: bool = False


@dataclass(frozen=True)
class Wish:
    """What a host asks for."""

    event_at: dt.datetime
    venue: str
    kind: str
    purpose: str
    estimate: Decimal
    guests: tuple[Invited, ...]
    colleague_ids: tuple[int, ...] = ()
    note: str = ""
    away: bool = False
    visit_id: int | None = None


@dataclass(frozen=True)
class Facts:
    """What decides how a request goes: worked out by the selectors from the request and all that stands beside it."""

    kind: str
    estimate: Decimal
    together: Decimal
    heads: int
    official: bool
    family: bool
    away: bool
    pending: tuple[Sentence, ...] = ()

    @property
    def per_head(self) -> Decimal:
        """What all bills together come to for each person at the table, rounded up to the cent."""
        return share(self.together, self.heads)


@dataclass(frozen=True)
class Route:
    """How a request goes: why it is approved beforehand (nothing: it may happen), who decides, whether compliance consents first."""

    needs: tuple[str, ...] = ()
    level: str = ""
    consent: bool = False


def needs_of(facts: Facts, figures: Figures) -> tuple[str, ...]:
    """Why the event is approved beforehand (domain 4.2)."""
    found = {
        Need.AMOUNT: facts.estimate > figures.free,
        Need.SPLIT: facts.together > facts.estimate and facts.together > figures.free >= facts.estimate,
        Need.OFFICIAL: facts.official,
        Need.PER_HEAD: facts.per_head > figures.per_head(facts.kind, official=facts.official),
        Need.KIND: facts.kind in ASKED_FIRST,
        Need.AWAY: facts.away,
        Need.FAMILY: facts.family,
        Need.PENDING: bool(facts.pending),
    }
    return tuple(need.value for need, holds in found.items() if holds)


def route(facts: Facts, figures: Figures, *, host_role: str) -> Route:
    """How a request goes. RuleBroken for officials above their cap, which nobody may approve (domain 4.2 and 4.3)."""
    cap = figures.per_head(facts.kind, official=facts.official)
    if facts.official and cap == 0:
        raise RuleBroken(_("An assistant does not host public officials. Ask a relationship manager to be the host."), code="official_host")
    if facts.official and facts.per_head > cap:
        sentence = _("With a public official at the table this is above the cap per head. Nobody may approve it.")
        raise RuleBroken(sentence, code="official_cap", fields={"estimate": sentence})
    needs = needs_of(facts, figures)
    if not needs:
        return Route()
    steps = (Need.PER_HEAD in needs) + (Need.PENDING in needs)
    level = raised(max(level_of(facts.together, figures), OWN_LEVELS.get(host_role, Level.TH), key=LEVELS.index), steps)
    return Route(needs, level, consent=any(need in SENSITIVE for need in needs))


def level_of(amount: Decimal, figures: Figures) -> Level:
    """The lowest level that decides on an estimate."""
    return next((level for level in LEVELS if level in figures.ladder and amount <= figures.ladder[level]), Level.HO)


def raised(level: str, steps: int = 1) -> Level:
    """Some levels further up; head office is the last."""
    return LEVELS[min(LEVELS.index(Level(level)) + steps, len(LEVELS) - 1)]


def check_wish(wish: Wish, *, now: dt.datetime, calendar: WorkingCalendar, figures: Figures) -> None:
    """RuleBroken with a sentence for each field that is wrong."""
    wrong: dict[str, Sentence] = {
        "estimate": check_amount(wish.estimate, ceiling=figures.ceiling),
        "event_at": check_day(wish.event_at, now=now, calendar=calendar, figures=figures),
        "venue": _check_venue(wish.venue, figures),
        "kind": "" if wish.kind in Kind.values else _("Pick one of the choices."),
        "purpose": "" if wish.purpose in Purpose.values else _("Pick one of the choices."),
        "note": _("The bank pays for no cash, no chips and no such place.") if figures.forbid(wish.note) else "",
        **check_table(wish.guests, colleagues=len(set(wish.colleague_ids)), figures=figures),
    }
    refuse(wrong)


def _check_venue(venue: str, figures: Figures) -> Sentence:
    if not venue.strip() or len(venue) > LINE_LIMIT:
        return _("Name the place, in a line.")
    return _("The bank pays for no cash, no chips and no such place.") if figures.forbid(venue) else ""


def check_table(guests: Sequence[Invited], *, colleagues: int, figures: Figures) -> dict[str, Sentence]:
    """What is wrong with who sits at the table. The host is one of the bank's people besides `colleagues`."""
    wrong: dict[str, Sentence] = {}
    most = figures.shares["guests"]
    if not guests:
        wrong["guests"] = _("Name at least one guest.")
    elif len(guests) > most:
        wrong["guests"] = _("A table has %(count)s guests at most.") % {"count": most}
    elif any(not guest.contact_id and not guest.name.strip() for guest in guests):
        wrong["guests"] = _("Every guest has a name.")
    elif any(len(text) > NAME_LIMIT for guest in guests for text in (guest.name, guest.title, guest.company)):
        wrong["guests"] = _("A name is longer than %(limit)s characters.") % {"limit": NAME_LIMIT}
    elif len({guest_key(guest) for guest in guests}) < len(guests):
        wrong["guests"] = _("A guest stands here twice.")
    elif colleagues + 1 > len(guests) + 1:
        wrong["colleagues"] = _("There may be one more from the bank than there are guests, not more.")
    return wrong


def guest_key(guest: Invited) -> tuple[int | None, str]:
    """Who a guest is, for telling two of them apart."""
    return (guest.contact_id, "") if guest.contact_id else (None, name_key(guest.name))
