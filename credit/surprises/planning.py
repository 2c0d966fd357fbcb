"""The plan of an account, worked out anew each time it is asked for and kept nowhere: its frequencies and the year's key give its draws."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from credit.surprises import drawing, selectors
from credit.surprises.drawing import Days, Drawn
from credit.surprises.keys import secret_of
from credit.surprises.models import DrawOrder, Quota
from crm.kernel.calendars import WorkingCalendar


def days_of(calendar: WorkingCalendar, years: Sequence[int]) -> dict[int, Days]:
    """The days of each of these years."""
    return {year: Days.of(calendar, dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in years}


def draws(
    quotas: Sequence[Quota],
    *,
    days: Mapping[int, Days],
    figures: Callable[[dt.date], selectors.Figures],
    secret: Callable[[int], bytes] = secret_of,
) -> Iterator[Drawn]:
    """What the frequencies of one account give, in order of days. Each holds until the day before the next one, or its year's end.

    `figures` gives the bank's figures of a day, `secret` the key of a year.
    """
    for place, quota in enumerate(quotas):
        following = quotas[place + 1].from_on if place + 1 < len(quotas) else dt.date.max
        year = quota.from_on.year
        found = drawing.schedule(
            secret=secret(year),
            account=str(quota.client_id),
            first=quota.from_on,
            count=quota.windows,
            terms=figures(quota.from_on).terms(quota.gap, quota.at_night),
            days=days[year],
            previous=quota.after_on,
        )
        yield from (one for one in found if one.day < following)


def draw_of(order: DrawOrder, *, calendar: WorkingCalendar, jurisdiction: str, secret: bytes | None = None) -> Drawn | None:
    """The draw that an order owes; None where its days hold no working day."""
    known = selectors.figures(jurisdiction, order.from_on)
    return drawing.draw_between(
        secret=secret or secret_of(order.from_on.year),
        account=str(order.client_id),
        window=order.window,
        attempt=order.attempt,
        first=order.from_on,
        last=order.until_on,
        terms=known.terms(1, False),
        days=Days.of(calendar, order.from_on, order.until_on),
    )


def window_end(quotas: Sequence[Quota], window: str) -> dt.date | None:
    """The last day of a window of these frequencies."""
    begins, _slash, number = window.partition("/")
    for quota in quotas:
        if quota.from_on.isoformat() == begins and number.isdigit():
            cut = drawing.windows(quota.from_on, dt.date(quota.from_on.year, 12, 31), quota.windows)
            if int(number) <= len(cut):
                return dt.date.fromordinal(cut[int(number) - 1][1])
    return None
