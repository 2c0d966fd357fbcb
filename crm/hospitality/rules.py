"""The rules of hospitality as pure functions: caps, what is asked first, who decides, what is paid (domain 4.2 to 4.5)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.hospitality.choices import (
    ASKED_FIRST,
    AT_LUNCH_CAP,
    FORBIDDEN_PLACES,
    FORBIDDEN_THINGS,
    LEVELS,
    SENSITIVE,
    Kind,
    Level,
    Means,
    Need,
    OwnCost,
    Purpose,
    Relationship,
)
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.text import fold

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
NAME_LIMIT, LINE_LIMIT, TEXT_LIMIT = 120, 300, 2_000
OWN_LEVELS = {"TH": Level.RCH, "RCH": Level.HO, "HO": Level.HO}
_FORBIDDEN = tuple(fold(word) for word in (*FORBIDDEN_PLACES, *FORBIDDEN_THINGS))


@dataclass(frozen=True)
class Figures:
    """What one host may do on one day, from the policy tables of the host's grade and jurisdiction. Amounts in the centre's currency."""

    month: Decimal
    lunch: Decimal
    dinner: Decimal
    official_lunch: Decimal
    official_dinner: Decimal
    client: Decimal
    guest: int
    free: Decimal
    ladder: Mapping[str, Decimal]
    cash: Decimal
    ceiling: Decimal
    terms: Mapping[str, int]
    shares: Mapping[str, int]

    def per_head(self, kind: str, *, official: bool) -> Decimal:
        """The cap per head. With one official at the table it is theirs for all, food and drink counted together."""
        if kind in AT_LUNCH_CAP:
            return self.official_lunch if official else self.lunch
        return self.official_dinner if official else self.dinner

    def overrun(self, approved: Decimal) -> Decimal:
        """What is paid at most of an approved estimate: 110 % of it."""
        return (approved * (100 + self.shares["overrun_percent"]) / 100).quantize(CENT)

    def tip(self, base: Decimal) -> Decimal:
        """What may be claimed of a tip."""
        return (base * self.shares["tip_percent"] / 100).quantize(CENT)


def column_of(role: str) -> str:
    """Whose row holds for a host: head office uses that of a centre head (domain 4.2)."""
    return "RCH" if role == "HO" else role


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


def share(amount: Decimal, heads: int) -> Decimal:
    """An amount by head, rounded up, so that no cent above a cap is lost."""
    cents = -(-int(amount * 100) // max(heads, 1))
    return Decimal(cents) / 100


def check_amount(amount: Any, *, ceiling: Decimal) -> Sentence:
    """What is wrong with an amount; empty where nothing is."""
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0:
        return _("Enter an amount above zero.")
    if amount != amount.quantize(CENT):
        return _("An amount has no fractions of a cent.")
    if amount > ceiling:
        return _("This is more than any single event of the bank may cost. Is there a digit too many?")
    return ""


def forbidden(*texts: str) -> bool:
    """Whether a text names a place or thing that the bank never pays for: cash, chips, adult venues (domain 4.2)."""
    folded = [" ".join(fold(text).split()) for text in texts]
    return any(word in text for text in folded for word in _FORBIDDEN)


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


# Time


def month_of(day: dt.date) -> str:
    """The month whose limit an event uses: "2026-03"."""
    return f"{day:%Y-%m}"


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of a day's quarter."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, _first_of_next(first.replace(month=first.month + 2)) - dt.timedelta(days=1)


def _first_of_next(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def closes_on(month: str, calendar: WorkingCalendar, *, working_day: int) -> dt.date:
    """The last day on which a month is open: the fifth working day of the next one (domain 4.6)."""
    first = _first_of_next(dt.date.fromisoformat(f"{month}-01"))
    return calendar.add_working_days(first - dt.timedelta(days=1), working_day)


def posting_period(month: str, today: dt.date, calendar: WorkingCalendar, *, working_day: int) -> str:
    """The period into which an event of `month` is posted today: its own while that is open, else the earliest that still is."""
    period = month
    while today > closes_on(period, calendar, working_day=working_day):
        period = month_of(_first_of_next(dt.date.fromisoformat(f"{period}-01")))
    return period


def check_day(event_at: dt.datetime, *, now: dt.datetime, calendar: WorkingCalendar, figures: Figures) -> Sentence:
    """What is wrong with when an event is; empty where nothing is."""
    today, day = now.astimezone(calendar.zone).date(), event_at.astimezone(calendar.zone).date()
    if day > today + dt.timedelta(days=figures.terms["ahead_days"]):
        return _("This is too far ahead. Ask nearer to the day.")
    if day < today and today > closes_on(month_of(day), calendar, working_day=figures.terms["close_working_day"]):
        return _("The month of this event is closed.")
    if day < today - dt.timedelta(days=figures.terms["behind_days"]):
        return _("This is too long ago to be entered.")
    return ""


# What is asked for, and what is reported


def check_wish(wish: Wish, *, now: dt.datetime, calendar: WorkingCalendar, figures: Figures) -> None:
    """RuleBroken with a sentence for each field that is wrong."""
    wrong: dict[str, Sentence] = {
        "estimate": check_amount(wish.estimate, ceiling=figures.ceiling),
        "event_at": check_day(wish.event_at, now=now, calendar=calendar, figures=figures),
        "venue": _check_venue(wish.venue),
        "kind": "" if wish.kind in Kind.values else _("Pick one of the choices."),
        "purpose": "" if wish.purpose in Purpose.values else _("Pick one of the choices."),
        "note": _("The bank pays for no cash, no chips and no such place.") if forbidden(wish.note) else "",
        **check_table(wish.guests, colleagues=len(set(wish.colleague_ids)), figures=figures),
    }
    refuse(wrong)


def _check_venue(venue: str) -> Sentence:
    if not venue.strip() or len(venue) > LINE_LIMIT:
        return _("Name the place, in a line.")
    return _("The bank pays for no cash, no chips and no such place.") if forbidden(venue) else ""


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


def name_key(name: str) -> str:
    """A name or place as it is compared: folded, without spaces and marks."""
    return "".join(sign for sign in fold(name) if sign.isalnum())


def refuse(wrong: Mapping[str, Sentence]) -> None:
    """Raise RuleBroken where a field has something wrong."""
    left = {name: sentence for name, sentence in wrong.items() if sentence}
    if left:
        raise RuleBroken(next(iter(left.values())), code="hospitality_invalid", fields=left)


@dataclass(frozen=True)
class Bill:
    """What the table cost, as it was paid: without what was carried away. Amounts in the centre's currency."""

    food: Decimal = ZERO
    drink: Decimal = ZERO
    other: Decimal = ZERO
    service: Decimal = ZERO
    tip: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What was paid."""
        return self.food + self.drink + self.other + self.service + self.tip

    def eligible(self, figures: Figures) -> Decimal:
        """What may be claimed: all but the tip above a tenth of food, drink and other."""
        return self.total - self.tip + min(self.tip, figures.tip(self.food + self.drink + self.other))


def check_bill(bill: Bill, *, figures: Figures) -> dict[str, Sentence]:
    """What is wrong with a bill."""
    wrong: dict[str, Sentence] = {}
    for name in ("food", "drink", "other", "service", "tip"):
        amount = getattr(bill, name)
        if amount != 0:
            wrong[name] = check_amount(amount, ceiling=figures.ceiling)
    if not any(wrong.values()) and bill.food + bill.drink + bill.other <= 0:
        wrong["food"] = _("What was eaten and drunk? Enter the bill.")
    elif not any(wrong.values()) and bill.total > figures.ceiling:
        wrong["food"] = check_amount(bill.total, ceiling=figures.ceiling)
    return wrong


@dataclass(frozen=True)
class Carried:
    """Something a guest carried away: no entertainment but an advantage, so it is a gift and leaves the bill (domain 4.1)."""

    what: str
    value: Decimal
    guest: str = ""


@dataclass(frozen=True)
class Told:
    """What a host reports of an event. `came` are the ids of the invited guests who came; `more` are further guests."""

    bill: Bill
    means: str
    relationship: str
    purposes: tuple[str, ...]
    came: tuple[int, ...]
    more: tuple[Invited, ...] = ()
    colleague_ids: tuple[int, ...] = ()
    venue: str = ""
    topics: str = ""
    client_requests: str = ""
    commitments: str = ""
    result: str = ""
    intelligence: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    deviation: str = ""
    declared: bool = False
    carried: tuple[Carried, ...] = ()

    def texts(self) -> dict[str, str]:
        """What was written freely."""
        names = ("topics", "client_requests", "commitments", "result", "intelligence", "next_step", "deviation")
        return {name: getattr(self, name).strip() for name in names}


def check_told(told: Told, *, figures: Figures, day: dt.date) -> None:
    """RuleBroken with a sentence for each field that is wrong."""
    wrong: dict[str, Sentence] = dict(check_bill(told.bill, figures=figures))
    known = bool(told.purposes) and all(purpose in Purpose.values for purpose in told.purposes)
    wrong["purposes"] = "" if known else _("Pick at least one purpose.")
    wrong["relationship"] = "" if told.relationship in Relationship.values else _("How does the relationship stand now?")
    wrong["means"] = "" if told.means in Means.values else _("Pick one of the choices.")
    if told.means == Means.CASH and told.bill.total > figures.cash:
        wrong["means"] = _("Cash pays for small bills only. Pay by card.")
    wrong["declared"] = "" if told.declared else _("Confirm that no advantage was given and nobody is left out.")
    wrong["topics"] = "" if told.topics.strip() else _("What was talked about?")
    wrong["result"] = "" if told.result.strip() else _("What came of it?")
    if told.next_step and (told.next_step_on is None or told.next_step_on < day):
        wrong["next_step_on"] = _("By when? A next step needs a day that is not before the event.")
    for thing in told.carried:
        if not thing.what.strip() or check_amount(thing.value, ceiling=figures.ceiling):
            wrong["carried"] = _("Say what was carried away, and what it cost.")
    if forbidden(told.venue, *(thing.what for thing in told.carried)):
        wrong["venue"] = _("The bank pays for no cash, no chips and no such place.")
    refuse(wrong)


# What is paid


@dataclass(frozen=True)
class Room:
    """What is left for one settlement, with what was reserved for it given back. None: no such limit applies."""

    month: Decimal
    client: Decimal
    per_head: Decimal
    approved: Decimal | None


@dataclass(frozen=True)
class Settled:
    """What the bank pays of what may be claimed, and the first reason for which it pays no more."""

    paid: Decimal
    own: Decimal
    reason: str = ""


def settle(eligible: Decimal, room: Room) -> Settled:
    """Actual cost, never an allowance: the least of what may be claimed and each limit (domain 4.4)."""
    limits = [(room.month, OwnCost.MONTH), (room.client, OwnCost.CLIENT), (room.per_head, OwnCost.PER_HEAD)]
    if room.approved is not None:
        limits.insert(0, (room.approved, OwnCost.APPROVED))
    least, reason = min(limits, key=lambda one: one[0])
    paid = max(min(eligible, least), ZERO)
    return Settled(paid, eligible - paid, reason.value if paid < eligible else "")


def per_head_room(figures: Figures, *, kind: str, heads: int, official: bool, approved: Decimal) -> Decimal:
    """What the cap per head leaves for a table; above it no more than was approved above it."""
    cap = figures.per_head(kind, official=official) * heads
    return cap if official else max(cap, approved)


@dataclass(frozen=True)
class Slip:
    """A receipt: who was paid, its number and day, what it says."""

    merchant: str
    number: str
    day: dt.date
    amount: Decimal
    file_id: int | None = None


def check_slips(slips: Sequence[Slip], *, total: Decimal, event_on: dt.date, today: dt.date, figures: Figures) -> None:
    """RuleBroken where receipts are missing, odd, or do not add up to the bill."""
    wrong: Sentence = ""
    if not slips:
        wrong = _("No receipt, no payment. Add the receipt.")
    elif any(not slip.merchant.strip() or not slip.number.strip() for slip in slips):
        wrong = _("A receipt has a merchant and a number.")
    elif any(len(slip.merchant) > NAME_LIMIT or len(slip.number) > 60 for slip in slips):
        wrong = _("The merchant or the number is too long.")
    elif any(check_amount(slip.amount, ceiling=figures.ceiling) for slip in slips):
        wrong = _("Enter the amounts of the receipts.")
    elif any(slip.day > today or abs((slip.day - event_on).days) > 3 for slip in slips):
        wrong = _("The day of a receipt is not that of the event.")
    elif sum((slip.amount for slip in slips), ZERO) != total:
        wrong = _("The receipts do not add up to the bill of the report.")
    if wrong:
        raise RuleBroken(wrong, code="receipts", fields={"receipts": wrong})


@dataclass(frozen=True)
class Line:
    """One line of a posting: an account, and what stands on its debit or credit side."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO


def posting_of(*, paid: Decimal, total: Decimal, means: str) -> list[Line]:
    """Debit the expense; credit the member of staff, or the card that the bank settles in full, with the host's part as receivable."""
    if means != Means.CORPORATE_CARD:
        return [Line("expense", debit=paid), Line("payable", credit=paid)] if paid else []
    own = total - paid
    lines = [Line("expense", debit=paid)] if paid else []
    return [*lines, *([Line("receivable", debit=own)] if own else []), Line("clearing", credit=total)]


def payment_of(*, paid: Decimal, total: Decimal, means: str) -> list[Line]:
    """Payment clears what was payable."""
    amount, account = (total, "clearing") if means == Means.CORPORATE_CARD else (paid, "payable")
    return [Line(account, debit=amount), Line("bank", credit=amount)] if amount else []


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """The same lines with their sides changed."""
    return [Line(line.account, debit=line.credit, credit=line.debit) for line in lines]


def balances(lines: Iterable[Any]) -> bool:
    """Whether debit equals credit."""
    listed = list(lines)
    return sum((line.debit for line in listed), ZERO) == sum((line.credit for line in listed), ZERO)


def outliers(*, per_head: Decimal, cap: Decimal, amount: Decimal, event_on: dt.date, near_percent: int) -> list[str]:
    """Just under the cap per head, a round sum, a weekend. Being with the same guest often is told by counting guests."""
    found = []
    if cap > 0 and cap * near_percent / 100 <= per_head <= cap:
        found.append("near_cap")
    if amount > 0 and amount % 100 == 0:
        found.append("round_sum")
    if event_on.weekday() >= 5:
        found.append("weekend")
    return found
