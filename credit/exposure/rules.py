"""How exposure adds up, and how far it is from the bank's thresholds and the law. Amounts in Hong Kong dollars."""

from dataclasses import dataclass
from decimal import Decimal

from crm.kernel.money import round_to

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """For one holder on one day: the legal limit, where a warning begins, and above what nothing more is approved."""

    legal: Decimal
    warn: Decimal
    stop: Decimal

    @classmethod
    def of(cls, *, tier1: Decimal, legal_percent: int, warn_percent: int, stop_percent: int) -> "Thresholds":
        """Shares of the legal limit, which is a share of Tier 1 capital (domain 6.9)."""
        legal = tier1 * legal_percent / 100
        return cls(round_to(legal, 2), round_to(legal * warn_percent / 100, 2), round_to(legal * stop_percent / 100, 2))


@dataclass(frozen=True, slots=True)
class Amounts:
    """What stands with a holder. `live` holds what was drawn of it; `pending` is asked for and not decided."""

    approved: Decimal = ZERO
    live: Decimal = ZERO
    drawn: Decimal = ZERO
    pending: Decimal = ZERO
    excess: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What counts against the limits: live and approved limits, and temporary excesses."""
        return self.live + self.approved + self.excess

    @property
    def with_pending(self) -> Decimal:
        """And what would be added if all that is pending were approved."""
        return self.total + self.pending


def counted(*, requested: Decimal, existing: Decimal, own_cash: Decimal) -> Decimal:
    """What an approval adds: the request less the limits that it takes the place of, less own cash pledged, which counts in full."""
    return max(ZERO, requested - existing - min(own_cash, requested))


def live_limits(*, core: Decimal, packs: Decimal) -> Decimal:
    """The live limits of one company. The core bank and the packs know some of the same: the larger sum, so that nothing is left out."""
    return max(core, packs)


def tone(amounts: Amounts, thresholds: Thresholds) -> str:
    """Seal above the stop, amber from the warning on."""
    if amounts.total > thresholds.stop:
        return "seal"
    return "amber" if amounts.with_pending > thresholds.warn else ""


def percent(amount: Decimal, of: Decimal) -> Decimal | None:
    """To one place; None of nothing."""
    return round_to(100 * amount / of, 1) if of else None
