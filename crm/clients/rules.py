"""Pure functions on dates and numbers of clients."""

import calendar
import datetime as dt

NUMBER_PREFIX = "C"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months on, or the last day of that month where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def customer_number(year: int, sequence: int) -> str:
    """A customer number: "C-2026-00042"."""
    return f"{NUMBER_PREFIX}-{year}-{sequence:05d}"
