"""The pipeline's figures in one currency: Hong Kong dollars at the bank's rates of a month end (domain 2.3)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

from crm.kernel.money import round_to
from crm.policy import selectors as policy
from crm.staff.models import OrgUnit
from prospects.deals import rules

HOME = "HKD"
_RATES = "concessions.fx"
_MINIMUM = "deals.minimum_income"


@dataclass(frozen=True, slots=True)
class Together:
    """All currencies in HKD at the rates of `on`: expected income and the weighted; None where `missing` names one without a rate."""

    on: dt.date
    income: Decimal | None
    weighted: Decimal | None
    missing: tuple[str, ...] = ()


def month_end_rates(*, on: dt.date) -> Mapping[str, Decimal]:
    """HKD for one unit of each currency as the month end up to `on` knew them, HKD itself among them. One query."""
    try:
        hundred = policy.table(_RATES, jurisdiction="HK", on=rules.month_end_up_to(on))
    except ImproperlyConfigured:
        # No rate was in force on that day: a sum is refused in words, and the page of which it is a part stands.
        hundred = {}
    return {HOME: Decimal(1), **{currency: Decimal(rate) / 100 for currency, rate in hundred.items() if Decimal(rate) > 0}}


def together(sums: Iterable[tuple[str, Decimal, Decimal]], *, on: dt.date) -> Together:
    """(currency, income, weighted) of several currencies as one. A query for the rates, and none where all is in HKD."""
    rows = list(sums)
    rates = month_end_rates(on=on) if any(currency != HOME for currency, *_ in rows) else {HOME: Decimal(1)}
    day = rules.month_end_up_to(on)
    missing = tuple(currency for currency, *_ in rows if currency not in rates)
    if missing:
        return Together(day, None, None, missing)
    income = sum((income * rates[currency] for currency, income, _weighted in rows), Decimal(0))
    weighted = sum((weighted * rates[currency] for currency, _income, weighted in rows), Decimal(0))
    return Together(day, round_to(income, 2), round_to(weighted, 2))


def minimum_income(centre: OrgUnit, *, on: dt.date) -> Decimal | None:
    """What a qualified deal must be expected to earn in its first year, in the centre's currency (domain 2.3, S4).

    The figure for all is in HKD, turned at the month-end rate; a jurisdiction's own figure is in its currency already. None where the
    centre's currency has no rate: then nobody can say that an income reaches it. At most three queries, one in Hong Kong.
    """
    known = policy.contributed(_MINIMUM)
    if centre.currency != HOME and known is not None:
        own = policy.values_on(known, on=on, jurisdiction=centre.jurisdiction, person_id=None)
        if own:
            return Decimal(own[""])
    general = Decimal(policy.table(_MINIMUM, jurisdiction=centre.jurisdiction, on=on)[""])
    if centre.currency == HOME:
        return general
    rate = month_end_rates(on=on).get(centre.currency)
    return None if rate is None else round_to(general / rate, 2)
