"""Pure rules of payments: which mode, what counts together, payees of a contract, equity and progress, a month’s list (domain 7.6)."""

import datetime as dt
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from credit.packs.rules import line, refuse
from credit.payments.choices import Ground, Mode
from crm.kernel.names.legal import core_name

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a payment is judged by. Amounts in the threshold's currency; `threshold` None: no amount makes it a trustee payment."""

    amount: Decimal
    together: Decimal
    threshold: Decimal | None
    is_new: bool = False
    bank_decides: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The mode, why, and whether the payment was split under the threshold."""

    mode: Mode
    grounds: tuple[Ground, ...]
    is_split: bool


def judge(asked: Asked) -> Judged:
    """Trustee payment above the threshold, by itself or with what went to the same payee within the bank's days, which is a split; for a
    new relationship with ordinary credit standing; or as the bank decides (domain 7.6, scenario 14).
    """  # fmt: skip
    grounds, is_split = [], False
    if asked.threshold is not None:
        if asked.amount > asked.threshold:
            grounds.append(Ground.AMOUNT)
        elif asked.amount + asked.together > asked.threshold:
            grounds.append(Ground.TOGETHER)
            is_split = True
    if asked.is_new:
        grounds.append(Ground.NEW)
    if asked.bank_decides:
        grounds.append(Ground.BANK)
    return Judged(Mode.TRUSTEE if grounds else Mode.SELF, tuple(grounds), is_split)


def same_name(one: str, other: str) -> bool:
    """Whether two names mean one payee, however they are written."""
    return bool(core_name(one)) and core_name(one) == core_name(other)


def payee_key(name: str, account: str) -> str:
    """By what payments to one payee are found: the account where it is known, else the name."""
    digits = "".join(c for c in account.upper() if c.isalnum())
    return f"account:{digits}"[:80] if digits else f"name:{core_name(name)}"[:80]


def stands_in(payee: str, parties: Iterable[str]) -> bool:
    """Whether the payee is a party of the contract."""
    return any(same_name(payee, party) for party in parties)


def needs_voucher(number: str, *, key: bytes, percent: int) -> bool:
    """Whether a payment by the borrower is in the sample of vouchers: by a keyed hash of its number, the same each time."""
    return int.from_bytes(hmac.digest(key, number.encode(), "sha256")[:8]) % 10_000 < percent * 100


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a payment out of a fixed-asset loan is backed by: equity as agreed and as paid in, and the certified progress in per cent."""

    equity_planned: Decimal | None
    equity_paid: Decimal | None
    certificate: str
    progress_percent: int | None


def check_proof(proof: Proof, *, drawn: Decimal, approved: Decimal) -> None:
    """RuleBroken at its field where a fixed-asset loan would run ahead of equity or progress (domain 7.6, C20).

    `drawn`: what is paid out with this payment. Equity comes in proportion: its part paid in is at least the loan's part paid out; and so
    is the progress that the supervisor of the works certified.
    """
    if proof.equity_planned is None or proof.equity_planned < 0:
        raise refuse("equity_planned", _("Say what the borrower puts in, as agreed."))
    if proof.equity_paid is None or proof.equity_paid < 0:
        raise refuse("equity_paid", _("Say what the borrower has put in so far."))
    if not proof.certificate:
        raise refuse("certificate", _("A fixed-asset loan is paid out against a progress certificate."))
    if proof.progress_percent is None or not 0 <= proof.progress_percent <= 100:
        raise refuse("progress_percent", _("Certified progress from 0 to 100 per cent."))
    if proof.equity_paid * approved < proof.equity_planned * drawn:
        needed = (proof.equity_planned * drawn / approved).quantize(Decimal("0.01"))
        raise refuse("equity_paid", _("Equity lags behind the loan: %(needed)s is needed first.") % {"needed": f"{needed:,}"})
    if drawn * 100 > approved * proof.progress_percent:
        sentence = _("With this payment more of the loan is paid out than the %(percent)s per cent of progress that are certified.")
        raise refuse("progress_percent", sentence % {"percent": proof.progress_percent})


MOST_LINES = 500
_CUT = re.compile(r"\s*[;；\t]\s*")
_AMOUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,2})?|[0-9]{1,13}(\.[0-9]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """One payment on a borrower's list."""

    on: dt.date
    payee: str
    amount: Decimal
    purpose: str = ""

    def to_json(self) -> dict[str, str]:
        """As it is kept."""
        return {"on": self.on.isoformat(), "payee": self.payee, "amount": str(self.amount), "purpose": self.purpose}

    @classmethod
    def of_json(cls, row: dict[str, str]) -> "Listed":
        """As it was kept."""
        return cls(dt.date.fromisoformat(row["on"]), row["payee"], Decimal(row["amount"]), row["purpose"])


def listed_of(text: str, *, month: dt.date) -> list[Listed]:
    """The payments of a list, one a line: day; payee; amount; purpose, cut at semicolons or tabs. Empty lines are passed over.

    RuleBroken (field `lines`) naming the first line that cannot be read, lies in another month, or is one too many.
    """
    found: list[Listed] = []
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip():
            continue
        if len(found) == MOST_LINES:
            raise refuse("lines", _("A list has %(most)s payments at most.") % {"most": MOST_LINES})
        found.append(_listed(number, row, month))
    return found


def _listed(number: int, row: str, month: dt.date) -> Listed:
    cells = [*_CUT.split(row.strip()), "", "", ""][:4]
    day, payee, amount, purpose = cells[0].replace("/", "-"), line(cells[1], 200), cells[2], line(cells[3], 300)
    told = {"line": number}
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", day, re.ASCII):
        raise refuse("lines", _("Line %(line)s begins with no day (2026-03-31).") % told)
    try:
        on = dt.date(*(int(part) for part in day.split("-")))
    except ValueError:
        raise refuse("lines", _("Line %(line)s begins with no day (2026-03-31).") % told) from None
    if not payee:
        raise refuse("lines", _("Line %(line)s names no payee.") % told)
    try:
        value = Decimal(amount.replace(",", "")) if _AMOUNT.fullmatch(amount) else ZERO
    except InvalidOperation:
        value = ZERO
    if value <= 0:
        raise refuse("lines", _("Line %(line)s has no amount.") % told)
    if (on.year, on.month) != (month.year, month.month):
        raise refuse("lines", _("Line %(line)s is of another month.") % told)
    return Listed(on, payee, value, purpose)


@dataclass(frozen=True, slots=True)
class Compared:
    """A list beside what was paid out: payments that it leaves out, by number, and lines that were not paid out of this loan."""

    left_out: list[str]
    unknown: list[Listed]


def compare(listed: Sequence[Listed], paid: Iterable[tuple[str, str, Decimal]]) -> Compared:
    """By payee and amount, each counted once. `paid`: number, payee and amount of each payment of the month."""
    rest, left_out = list(listed), []
    for number, payee, amount in paid:
        found = next((one for one in rest if one.amount == amount and same_name(one.payee, payee)), None)
        if found is None:
            left_out.append(number)
        else:
            rest.remove(found)
    return Compared(left_out, rest)
