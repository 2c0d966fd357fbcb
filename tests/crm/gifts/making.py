"""A catalogue, a client and its people, as the tests of gifts need them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.companies.models import Company, Contact
from crm.gifts import services
from crm.gifts.models import Gift, GiftItem, StockMovement
from crm.gifts.rules import GivenEntry, Person, ReceivedEntry
from tests.cast import NOW, Bank
from tests.visits import making

DAY = dt.date(2026, 3, 10)


def item(bank: Bank, cost: str = "100.00", *, stock: int = 50, name: str = "Umbrella", centre: str = "centre") -> GiftItem:
    made = GiftItem.objects.create(
        centre=bank.units[centre], name_en=name, name_hant="雨傘", name_hans="雨伞", cost=Decimal(cost), stock=stock
    )
    if stock:
        StockMovement.objects.create(item=made, kind="in", quantity=stock, at=NOW, actor=bank.ops)
    return made


def client(bank: Bank, owner: str = "rm", name: str = "Yau Tat Textiles") -> Company:
    return making.client(bank, owner, name=name).company


def contact(company: Company, name: str = "Ms Yau") -> Contact:
    return making.contact(company, name)


def given(
    person: Contact, of: GiftItem, *, quantity: int = 1, on: dt.date = DAY, occasion: str = "festival", official: bool = False
) -> GivenEntry:
    return GivenEntry(Person(person.pk, is_official=official), of.pk, quantity, occasion, on, "New year")


def received(person: Contact, value: str = "150.00", **changes: Any) -> ReceivedEntry:
    told = {"what": "Desk calendar", "category": "promotional", "basis": "estimate", "occasion": "festival", "on": NOW.date(), **changes}
    return ReceivedEntry(person=Person(person.pk), value=Decimal(value), **told)


def ask(bank: Bank, person: Contact, of: GiftItem, *, by: str = "rm", now: dt.datetime = NOW, **changes: Any) -> Gift:
    return services.request_gift(company_id=person.company_id, entry=given(person, of, **changes), actor=bank.people[by], now=now)


def approve(bank: Bank, gift: Gift, *, by: str = "head", now: dt.datetime = NOW) -> Gift:
    services.decide(gift_id=gift.pk, act="approve", actor=bank.people[by], now=now)
    gift.refresh_from_db()
    return gift
