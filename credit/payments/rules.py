"""Pure rules of payments: which mode, what counts together, whether a payee stands in the contract (domain 7.6)."""

import datetime as dt
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

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
