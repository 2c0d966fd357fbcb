"""A month of a report, as a page or a program names it."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

CURRENCIES = ("HKD", "CNY")
Currency = Literal["HKD", "CNY"]
MonthName = Annotated[str, Field(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")]
"""A month in a query of the API; empty for this one."""
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Month:
    """A month of the calendar, by its first day."""

    first: dt.date

    @classmethod
    def named(cls, name: str) -> "Month":
        """`2026-03`; this month for anything else."""
        first = dt.date.fromisoformat(f"{name}-01") if _MONTH.fullmatch(name) else timezone.localdate().replace(day=1)
        return cls(first)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.later.first - dt.timedelta(days=1)

    @property
    def earlier(self) -> "Month":
        """The month before."""
        return Month((self.first - dt.timedelta(days=1)).replace(day=1))

    @property
    def later(self) -> "Month":
        """The month after."""
        return Month((self.first + dt.timedelta(days=32)).replace(day=1))

    @property
    def is_over(self) -> bool:
        """There is a later one to be read."""
        return self.later.first <= timezone.localdate()

    @property
    def since(self) -> dt.datetime:
        """Its first moment in the reader's zone; it lasts until the later month's."""
        return dt.datetime.combine(self.first, dt.time(), timezone.get_current_timezone())
