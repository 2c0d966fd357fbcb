"""Clients and events of hospitality as the tests need them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.companies.models import Company
from crm.hospitality import services
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Invited, Slip, Told, Wish
from tests.cast import NOW, Bank
from tests.visits import making

TOMORROW = NOW + dt.timedelta(days=1, hours=9)  # 19:00 in Hong Kong
YESTERDAY = NOW - dt.timedelta(hours=15)
PRIVATE = (Invited(name="Ms Yau", title="CFO"),)
# Half an hour after a dinner at which somebody was asked beforehand.
AFTER = TOMORROW + dt.timedelta(hours=14)


def client(bank: Bank, owner: str = "rm2", name: str = "Yau Tat Textiles") -> Company:
    return making.client(bank, owner, name=name).company


def guests(*names: str, **more: Any) -> tuple[Invited, ...]:
    return tuple(Invited(name=name, **more) for name in names)


def wish(estimate: Any = 1800, *, at: dt.datetime = TOMORROW, **values: Any) -> Wish:
    values.setdefault("guests", guests("Ms Yau", "Mr Tat"))
    values.setdefault("venue", "Harbour Garden")
    values.setdefault("kind", "dinner")
    values.setdefault("purpose", "thanks")
    return Wish(event_at=at, estimate=Decimal(estimate), **values)


def ask(host: Any, company: Company, estimate: Any = 1800, *, now: dt.datetime = NOW, **values: Any) -> HospitalityRequest:
    return services.draft_request(actor=host, now=now, company_id=company.pk, wish=wish(estimate, **values), submit=True)


def approved(host: Any, company: Company, estimate: Any, by: Any, *, now: dt.datetime = NOW, **values: Any) -> HospitalityRequest:
    event = ask(host, company, estimate, now=now, **values)
    return services.approve(event_id=event.pk, actor=by, now=now)


def told(event: HospitalityRequest, bill: Bill, **values: Any) -> Told:
    values.setdefault("means", "own_card")
    values.setdefault("came", tuple(event.guests.values_list("pk", flat=True)))
    return Told(
        bill=bill,
        relationship=values.pop("relationship", "warming"),
        purposes=values.pop("purposes", ("thanks",)),
        topics="The new site.",
        result="They stay with us.",
        declared=values.pop("declared", True),
        **values,
    )


def bill(food: Any, **parts: Any) -> Bill:
    return Bill(food=Decimal(food), **{name: Decimal(amount) for name, amount in parts.items()})


def report(event: HospitalityRequest, of: Bill, *, now: dt.datetime = AFTER, **values: Any) -> HospitalityRequest:
    return services.report_event(event_id=event.pk, actor=event.owner, now=now, told=told(event, of, **values))


def slip(event: HospitalityRequest, number: str = "KT-88213", **values: Any) -> Slip:
    values.setdefault("amount", event.billed)
    return Slip(values.pop("merchant", "Harbour Garden"), number, values.pop("day", event.event_on), **values)


def claimed(event: HospitalityRequest, number: str = "KT-88213", *, now: dt.datetime = AFTER) -> HospitalityRequest:
    services.file_claim(event_id=event.pk, actor=event.owner, now=now, slips=[slip(event, number)])
    event.refresh_from_db()
    return event


def verified(event: HospitalityRequest, by: Any, *, now: dt.datetime = AFTER) -> HospitalityRequest:
    return services.verify_claim(event_id=event.pk, actor=by, now=now, total=event.billed, heads=event.report.heads)
