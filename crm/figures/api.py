"""Clients' figures through the API: the newest that were stated of each, for those who see the client whole."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from crm.clients.finding import named
from crm.clients.models import Client
from crm.figures import permissions, selectors
from crm.kernel.limits import ZERO
from crm.web.api import identity, page
from crm.web.bodies import RecordId

router = Router(tags=["figures"])

CURRENCY = "HKD"


def _clients(request: HttpRequest) -> QuerySet[Client]:
    permissions.can_read_figures(user=request.user).require()
    return selectors.clients_seen(request.user)


def _stated(client_ids: list[int], on: dt.date) -> dict[int, dict[str, Any]]:
    """What each client holds, has drawn and earned in twelve months, in a fixed number of statements."""
    stands = selectors.standings(client_ids, on=on)
    earned = selectors.income_of(client_ids, since=on - dt.timedelta(days=364), until=on)
    return {pk: _sums(one, earned.get(pk, ZERO)) for pk, one in stands.items()}


def _sums(one: selectors.Standing, earned: Decimal) -> dict[str, Any]:
    return {
        "as_of": one.on,
        "currency": CURRENCY,
        "deposits": one.deposits,
        "average_deposits": one.average_deposits,
        "limits": one.limits,
        "drawn": one.drawn,
        "income_12_months": earned,
    }


@router.get("")
def figures(request: HttpRequest, q: str = "", client_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """The newest figures of clients, by name, in Hong Kong dollars; `q` finds clients by name, code or phone. Ids are the clients'."""
    rows = _clients(request)
    if client_id is not None:
        rows = rows.filter(pk=client_id)
    if q:
        rows = named(rows, q, user=request.user)
    answer = page(rows, request, lambda row: {**identity(row), "number": row.number}, ordering=("sort_key",))
    stated = _stated([item["id"] for item in answer["items"]], timezone.localdate())
    return {**answer, "items": [{**item, **stated[item["id"]]} for item in answer["items"]]}


@router.get("{int:client_id}")
def figures_of(request: HttpRequest, client_id: int) -> dict[str, Any]:
    """One client's: besides the sums its facilities, its months and its income by product."""
    client, on = get_object_or_404(_clients(request), pk=client_id), timezone.localdate()
    stands, income = selectors.standings([client.pk], on=on)[client.pk], selectors.income_split([client.pk], on=on)
    return {
        **identity(client),
        "number": client.number,
        **_sums(stands, income.total),
        "fee_share": income.fee_share,
        "income": [{"product": product, "amount": amount} for product, amount in income.products],
        "facilities": [
            {
                "reference": row.reference,
                "type": row.facility,
                "currency": row.currency,
                "limit": row.limit_amount,
                "drawn": row.drawn_amount,
            }
            for row in stands.facilities
        ],
        "arrears": [
            {
                "reference": row.reference,
                "type": row.facility,
                "overdue_days": row.overdue_days,
                "overdue": row.overdue_amount,
                "advanced": row.advanced_amount,
            }
            for row in selectors.newest_arrears(client, on=on)
        ],
        "months": [
            {
                "month": month.first,
                "average_balance": month.balance,
                "paid_in": month.paid_in,
                "paid_out": month.paid_out,
                "returned_items": month.returned_items,
                "excess_days": month.excess_days,
            }
            for month in selectors.movements(client, on=on)
        ],
    }
