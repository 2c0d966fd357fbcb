"""What is raced for: requests of each kind of limit, all of them waiting, far more than fit."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from crm.concessions.models import Concession
from crm.concessions.selectors import BUCKET
from crm.gifts import services as gifts
from crm.gifts.models import Gift
from crm.gifts.selectors import RECIPIENT
from crm.hospitality import services as hospitality
from crm.hospitality.choices import MONTH
from crm.hospitality.models import Guest, HospitalityRequest
from crm.kernel.addresses import url_of
from crm.kernel.limits import LimitExceeded
from crm.kernel.submissions import new_key, submit_once
from tests.crm.concessions import making as conceding
from tests.crm.gifts import making as giving
from tests.crm.hospitality import making as hosting

# By how many events of one client at 250 the month of an assistant is used up, and its client's quarter as well: never before the month.
EVENTS_OF_A_CLIENT = 12


def gift_year(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """Gifts to one person, under what one person gets in twelve months: of 1,500 at 100 each."""
    company = giving.client(bank, name=f"Yau Tat {number}")
    person = giving.contact(company)
    item = giving.item(bank, "100.00", stock=0, name=f"Pen {number}")
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
    head = bank.head
    return {
        "scope": RECIPIENT,
        "cap": Decimal("1500.00"),
        "amount": item.cost,
        "ids": [gift.pk for gift in gifts_asked],
        "decide": _carried_out(head, lambda pk: gifts.decide(gift_id=pk, act="approve", actor=head, now=timezone.now())),
    }


def hospitality_month(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """Dinners of one assistant in one month of 3,000, at 250 each; each client, day, place and guest holds them all."""
    head = bank.head
    return dinners(bank, requests, number) | {
        "decide": _carried_out(head, lambda pk: hospitality.approve(event_id=pk, actor=head, now=timezone.now()))
    }


def hospitality_pages(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """The same dinners, approved by the page: whoever comes too late is answered 422 with the neutral sentence."""
    browser = Browser(raise_request_exception=False)
    browser.force_login(bank.head)
    sentence = str(LimitExceeded(MONTH))

    def approve(pk: int) -> None:
        answer = browser.post(url_of("hospitality:request_approve", pk), {"submission": new_key(), "reason": ""})
        if answer.status_code == 422 and sentence in answer.content.decode():
            raise LimitExceeded(MONTH)
        if answer.status_code != 302:
            raise RuntimeError(f"answered {answer.status_code}")

    asked = dinners(bank, requests, number)
    browser.get(url_of("hospitality:request_approve", asked["ids"][0]))  # so that each process finds its templates read
    return asked | {"decide": approve}


def concession_bucket(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """Waived fees of one client, under what the head of a team may forgo for it in a year: 120,000, at 7,000 each.

    They were asked for longer ago than like ones are added together, so no measure but the bucket sends one further up. Each run is in
    a month of its own, since the head's own month holds only a few of these buckets.
    """
    client = conceding.client(bank, name=f"Mill {number}", name_zh="")
    now = timezone.now() + dt.timedelta(days=31 * number)
    amount = Decimal("7000.00")
    made = conceding.ask(
        bank.rm,
        client,
        conceding.terms("CT3", amount=amount, standard=amount),
        now=now - dt.timedelta(days=40),
        sunset_on=now.date() + dt.timedelta(days=90),
    )
    waiting = Concession.objects.bulk_create(clone(made, number=f"R-{number}-{place}") for place in range(requests))
    head = bank.head
    return {
        "scope": BUCKET,
        "cap": Decimal("120000.00"),
        "amount": amount,
        "ids": [one.pk for one in waiting],
        "decide": _carried_out(head, lambda pk: conceding.decide(head, Concession(pk=pk), now=now)),
        "full": ("goes_up",),
    }


def dinners(bank: Any, requests: int, number: int) -> dict[str, Any]:
    """Dinners of one assistant that wait for the head of the team, each with its guest; only the first has its task in the inbox."""
    clients = [hosting.client(bank, "arm", f"Client {number} {place}") for place in range(-(-requests // EVENTS_OF_A_CLIENT))]
    first = _month_ahead(2 + number)
    amount = Decimal("250.00")
    made = hosting.ask(bank.arm, clients[0], amount, now=first - dt.timedelta(days=20), at=first)
    places = [divmod(place, len(clients)) for place in range(requests)]
    events = HospitalityRequest.objects.bulk_create(
        clone(
            made, number=f"R-{number}-{day}-{whose}", company=clients[whose], venue=f"Place {whose}", venue_key=f"place {number} {whose}",
            event_at=first + dt.timedelta(days=2 * day + 2), event_on=made.event_on + dt.timedelta(days=2 * day + 2),
        )
        for day, whose in places
    )  # fmt: skip
    Guest.objects.bulk_create(
        Guest(request=event, name=f"Guest {event.pk}", holder=f"name:{event.company_id}:guest {event.pk}") for event in events
    )
    return {"scope": MONTH, "cap": Decimal("3000.00"), "amount": amount, "ids": [event.pk for event in events]}


def _month_ahead(months: int) -> dt.datetime:
    """The evening of the first day of a month to come."""
    day = timezone.localdate().replace(day=1)
    for _turn in range(months):
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(19)))


def clone(made: Any, **changes: Any) -> Any:
    """The same once more, not saved."""
    values = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields if not field.primary_key}
    one = type(made)(**values)
    for name, value in changes.items():
        setattr(one, name, value)
    return one


def _carried_out(actor: Any, act: Callable[[int], Any]) -> Callable[[int], Any]:
    """As the pages and the API carry an operation out."""

    def decide(pk: int) -> None:
        def action() -> dict[str, Any]:
            act(pk)
            return {}

        submit_once(new_key(), actor=actor, operation="race", body=pk, action=action)

    return decide


CONTESTS: dict[str, Callable[[Any, int, int], dict[str, Any]]] = {
    "gift_year": gift_year,
    "hospitality_month": hospitality_month,
    "hospitality_pages": hospitality_pages,
    "concession_bucket": concession_bucket,
}
