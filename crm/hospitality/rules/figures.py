"""A host's figures, and what holds for every amount, name and place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.hospitality.choices import AT_LUNCH_CAP, Level
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.text import fold

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
NAME_LIMIT, LINE_LIMIT, TEXT_LIMIT = 120, 300, 2_000
OWN_LEVELS = {"TH": Level.RCH, "RCH": Level.HO, "HO": Level.HO}


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
    never: tuple[str, ...] = ()
    majors: Mapping[str, Decimal] = field(default_factory=dict)

    def for_major(self) -> "Figures":
        """With the caps per head of a deposit major; those of officials stay (domain 4.2)."""
        more = (100 + self.majors.get("percent", ZERO)) / 100
        return replace(self, lunch=(self.lunch * more).quantize(CENT), dinner=(self.dinner * more).quantize(CENT))

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

    def forbid(self, *texts: str) -> bool:
        """Whether a text names a place or thing that the bank never pays for: cash, chips, adult venues (domain 4.2), in any script."""
        folded = [" ".join(fold(text).split()) for text in texts]
        return any(word in text for text in folded for word in self.never)


def column_of(role: str) -> str:
    """Whose row holds for a host: head office uses that of a centre head (domain 4.2)."""
    return "RCH" if role == "HO" else role


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


def name_key(name: str) -> str:
    """A name or place as it is compared: folded, without spaces and marks."""
    return "".join(sign for sign in fold(name) if sign.isalnum())


def refuse(wrong: Mapping[str, Sentence]) -> None:
    """Raise RuleBroken where a field has something wrong."""
    left = {name: sentence for name, sentence in wrong.items() if sentence}
    if left:
        raise RuleBroken(next(iter(left.values())), code="hospitality_invalid", fields=left)
