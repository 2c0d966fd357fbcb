"""What is raced for: requests of each kind of limit, all of them waiting, far more than fit."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.gifts import services as gifts
from crm.gifts.models import Gift
from crm.gifts.selectors import RECIPIENT
from tests.crm.gifts import making as giving


def gift_year(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """Gifts to one person, under what one person gets in twelve months."""
    company = giving.client(bank, name=f"Yau Tat {number}")
    person = giving.contact(company)
    item = giving.item(bank, "30.00", stock=0, name=f"Pen {number}")
    occasions = ("opening", "wedding", "festival", "birth")
    day = timezone.localdate() + dt.timedelta(days=1)
    gifts_asked = Gift.objects.bulk_create(
        Gift(
            number=f"R-{number}-{place}", direction="given", company=company, contact=person, person="Ms Yau", item=item,
            person_key=f"contact:{person.pk}", what=item.name_en, category=item.category, value=item.cost, currency="HKD", basis="cost",
            occasion=occasions[place % len(occasions)], on=day, level="TH", owner=bank.rm, team=bank.units["team"],
            centre=bank.units["centre"],
        )
        for place in range(requests)
    )  # fmt: skip
    ids = [gift.pk for gift in gifts_asked]
    return {
        "scope": RECIPIENT,
        "cap": Decimal("1500.00"),
        "amount": item.cost,
        "ids": ids,
        "decide": lambda pk: gifts.decide(gift_id=pk, act="approve", actor=bank.head, now=timezone.now()),
    }


CONTESTS: dict[str, Callable[[Any, int, int], dict[str, Any]]] = {"gift_year": gift_year}
