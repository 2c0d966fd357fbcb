"""What a client delivered since a concession is in force, beside what it promised (domain 5.3: volume promised against delivered)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.concessions.models import Concession
from crm.figures.selectors import average_deposits, income_of, paid_in_of
from crm.kernel.errors import Sentence
from crm.kernel.limits import ZERO

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the client, in Hong Kong dollars, over the days in force and over as many days before."""

    label: Sentence
    before: Decimal
    since: Decimal

    @property
    def change(self) -> Decimal:
        """How far it moved."""
        return self.since - self.before


@dataclass(frozen=True, slots=True)
class Delivered:
    """The days in force, both included, and what moved in them."""

    since: dt.date
    until: dt.date
    days: int
    measures: tuple[Measure, ...]


def delivered(concession: Concession, *, client_id: int, on: dt.date) -> Delivered | None:
    """The client's figures since the concession came into force, at most a year, beside those of as many days before.

    None before it is in force. Six statements.
    """
    since = concession.effective_on
    if since is None or since > on:
        return None
    until = min(on, concession.expires_on or on, since + dt.timedelta(days=MOST_DAYS - 1))
    days = (until - since).days + 1
    earlier = since - dt.timedelta(days=1)
    began, ids = since - dt.timedelta(days=days), [client_id]
    pairs = (
        (_("Average deposits"), average_deposits(ids, on=earlier, days=days), average_deposits(ids, on=until, days=days)),
        (_("Paid in"), paid_in_of(ids, since=began, until=earlier), paid_in_of(ids, since=since, until=until)),
        (_("Income"), income_of(ids, since=began, until=earlier), income_of(ids, since=since, until=until)),
    )
    measures = tuple(Measure(label, before.get(client_id, ZERO), now.get(client_id, ZERO)) for label, before, now in pairs)
    return Delivered(since, until, days, measures)
