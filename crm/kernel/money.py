"""Amounts of money: exact, with their currency, rounded once at the end."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

_PREFIXES = {
    "HKD": "HK$", "CNY": "RMB", "USD": "US$", "TWD": "NT$", "MOP": "MOP$", "SGD": "S$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$",
    "EUR": "€", "GBP": "£", "JPY": "JP¥", "KRW": "KR₩",
}  # fmt: skip
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "IDR", "CLP", "ISK", "PYG", "UGX"})
_ENGLISH_UNITS = ((Decimal(10) ** 6, "m"), (Decimal(10) ** 9, "bn"))
# Chinese counts in ten thousands and hundred millions.
_UNITS = {
    "zh-hant": ((Decimal(10) ** 4, "萬"), (Decimal(10) ** 8, "億")),
    "zh-hans": ((Decimal(10) ** 4, "万"), (Decimal(10) ** 8, "亿")),
}

_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")

# Wide enough for any sum of a bank's amounts times a rate; the default of 28 digits would round inside a product of two of them.
_PRECISION = 60


class StrayComma(ValueError):
    """A comma that does not part thousands: "1,2" is as likely a slip for 1.2 as for 12, so nobody guesses."""


def typed_figure(text: str) -> str:
    """A figure as a person types it, without what parts its thousands: "１，２００，０００" is "1200000". StrayComma for "1,2"."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if "," not in plain:
        return plain
    if not _GROUPED.fullmatch(plain):
        raise StrayComma(text)
    return plain.replace(",", "")


class CurrencyError(TypeError):
    """Two amounts in different currencies were added or compared: a mistake in the program, never of the user."""


def exact(value: Decimal | int | str) -> Decimal:
    """`value` as a finite Decimal. TypeError for a float or a bool, ValueError for NaN, infinity or what is no number."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"Money is exact: give a Decimal, an int or a str, not {type(value).__name__}.")
    try:
        number = Decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"{value!r} is not a number.") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number.")
    return number


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency (ISO 4217 code). Never made from a float; nothing is rounded before `rounded()`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact(self.amount))
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"{self.currency!r} is not a currency code.")

    def __add__(self, other: "Money") -> "Money":
        with localcontext(prec=_PRECISION):
            return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        with localcontext(prec=_PRECISION):
            return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        with localcontext(prec=_PRECISION):
            return Money(self.amount * exact(factor), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money goes with Money, not with {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyError(f"{self.currency} does not go with {other.currency}; convert first.")
        return other.amount

    def rounded(self) -> "Money":
        """The amount half-even to the currency's smallest unit (cents; whole yen). The last step of a calculation."""
        return Money(round_to(self.amount, 0 if self.currency in _WITHOUT_CENTS else 2), self.currency)

    def to(self, currency: str, rate: Decimal) -> "Money":
        """This amount in `currency` at `rate` units of it for one unit of ours; not rounded."""
        return Money((self * rate).amount, currency)

    def __str__(self) -> str:
        """Grouped, with its prefix: "HK$ 1,234.00", "HK$ -5.10"."""
        return f"{prefix(self.currency)} {self.rounded().amount:,f}"

    def short(self, language: str = "en") -> str:
        """For tiles and tables: "HK$ 41.2m", "HK$ 1.8bn"; below a million in whole units, "HK$ 96,000". Chinese: "HK$ 4,120.0萬"."""
        figure, unit, reached = round_to(self.amount, 0), "", Decimal(1)
        for size, name in _UNITS.get(language, _ENGLISH_UNITS):
            # Each step is tried after rounding, so that 999,960,000 is "1.0bn" and not "1,000.0m".
            if abs(figure) < size / reached:
                break
            figure, unit, reached = round_to(self.amount / size, 1), name, size
        return f"{prefix(self.currency)} {figure:,f}{unit}"


def prefix(currency: str) -> str:
    """How `currency` is written before an amount: "HK$"; the code itself where it has no sign of its own."""
    return _PREFIXES.get(currency, currency)


def round_to(amount: Decimal, places: int) -> Decimal:
    """`amount` half-even to `places` decimals; minus zero becomes zero."""
    with localcontext(prec=_PRECISION):
        return exact(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN) + 0
