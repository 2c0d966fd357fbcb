"""What is reported and paid: the bill, what is reimbursed, receipts, the lines of the books, outliers (domain 4.4 to 4.6)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.hospitality.choices import (
    LEVELS,
    ExtraKind,
    Level,
    Means,
    OwnCost,
    Purpose,
    Relationship,
)
from crm.hospitality.rules.asking import Invited, level_of, raised
from crm.hospitality.rules.figures import NAME_LIMIT, ZERO, Figures, check_amount, refuse
from crm.kernel.errors import RuleBroken, Sentence


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
    if figures.forbid(told.venue, *(thing.what for thing in told.carried)):
        wrong["venue"] = _("The bank pays for no cash, no chips and no such place.")
    refuse(wrong)


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


def way_of_more(*, total: Decimal, per_head: Decimal, reason: str, level: str, figures: Figures) -> tuple[ExtraKind, Level]:
    """What it is to pay `total` where `level` approved less, and who decides it: inside the limits that level varies it, outside them the
    next one makes an exception (domain 4.4); never a level whose ladder does not hold the total. `per_head`: what its cap leaves.
    """
    inside = reason == OwnCost.APPROVED and total <= per_head
    ladder = level_of(total, figures)
    if inside:
        return ExtraKind.VARIATION, max(Level(level), ladder, key=LEVELS.index)
    return ExtraKind.EXCEPTION, max(raised(level), ladder, key=LEVELS.index)


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
