"""What hospitality brings (domain 4.6): what was spent on each client beside its income of twelve months and its deposits."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from crm.clients.models import Client
from crm.figures.rules import share
from crm.figures.selectors import clients_seen, deposit_change, income_of
from crm.hospitality.models import HospitalityRequest
from crm.kernel.limits import ZERO
from crm.kernel.money import round_to
from crm.policy import selectors as policy

HOME = "HKD"
A_YEAR = dt.timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Effect:
    """A client's year, in Hong Kong dollars. `deposit_change` is None where a year ago is not known; `percent` without income, too."""

    client: Client
    events: int
    spent: Decimal
    income: Decimal
    deposit_change: Decimal | None
    percent: Decimal | None
    is_outlier: bool


def effects(*, user: Any, on: dt.date) -> list[Effect]:
    """The clients whom the reader sees whole and for whom a meal was paid in twelve months, outliers first. Seven statements or fewer.

    What was spent is that of the events that the reader sees. A client that earns nothing stands out with whatever it costs.
    """
    spent = _spent(user, since=on - A_YEAR, until=on)
    clients = {row.pk: row for row in clients_seen(user).filter(company__in=spent).select_related("company", "owner")}
    earned = income_of(list(clients), since=on - A_YEAR, until=on)
    moved = deposit_change(list(clients), on=on)
    limit = int(policy.table("hospitality.effect", jurisdiction="", on=on)["outlier_percent"])
    found = [_effect(row, spent[row.company_id], earned.get(pk, ZERO), moved.get(pk), limit) for pk, row in clients.items()]
    return sorted(found, key=lambda one: (not one.is_outlier, -one.spent, one.client.sort_key))


def _spent(user: Any, *, since: dt.date, until: dt.date) -> dict[int, tuple[int, Decimal]]:
    """How many events were paid for, and how much, by company."""
    rates = policy.table("hospitality.effect_rates", jurisdiction="", on=until)
    rows = HospitalityRequest.objects.visible_to(user).filter(event_on__range=(since, until), paid__gt=0).order_by()
    found: dict[int, tuple[int, Decimal]] = {}
    for company_id, currency, events, paid in rows.values_list("company_id", "currency").annotate(Count("pk"), Sum("paid")):
        # A currency without a rate counts at par until the bank gives it one, which is better than not at all.
        rate = Decimal(1) if currency == HOME else Decimal(str(rates.get(currency, 100))) / 100
        before = found.get(company_id, (0, ZERO))
        found[company_id] = (before[0] + events, before[1] + round_to(paid * rate, 2))
    return found


def _effect(client: Client, spent: tuple[int, Decimal], income: Decimal, moved: Decimal | None, limit: int) -> Effect:
    events, amount = spent
    return Effect(
        client=client,
        events=events,
        spent=amount,
        income=income,
        deposit_change=moved,
        percent=share(amount, income),
        is_outlier=stands_out(amount, income, limit_percent=limit),
    )


def stands_out(spent: Decimal, income: Decimal, *, limit_percent: int) -> bool:
    """More was spent than `limit_percent` of the income (domain 4.6); with no income, anything."""
    return spent * 100 > max(income, ZERO) * limit_percent
