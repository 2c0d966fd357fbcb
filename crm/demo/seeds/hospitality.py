"""Plants hospitality in every state: a month of rm's nearly used up, and something in the queue of each who decides or checks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from crm.companies.models import Company, Contact, Coverage
from crm.demo.seeds.bank import Bank
from crm.hospitality import selectors, services
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Carried, Invited, Slip, Told, Wish
from crm.kernel.contributions import known_officials
from crm.staff.models import User

_PLACES = ("Harbour Garden", "Lotus Court", "The Pier Grill", "Jade Terrace", "Old Dock Kitchen", "Peony Hall")
_STRANGERS = ("Alice Mok", "Ben Siu", "Carol Yip", "David Kan", "Emily Ng", "Frank Lo", "Grace Tam", "Henry Au", "Iris Poon", "Jack Wu",
              "Kitty Fu", "Leo Mak", "Mona Sit", "Ned Tong")  # fmt: skip
_LEAVES = Decimal(900)
"""What rm's month has left, about."""


@dataclass
class Table:
    """Sets one table after the other: each with another client and place."""

    bank: Bank
    companies: dict[str, Iterator[Company]] = field(default_factory=dict)
    set_so_far: int = 0

    def user(self, name: str) -> User:
        """Somebody of the demo bank."""
        return User.objects.get(username=name)

    def company(self, name: str) -> Company:
        """The next company that this person, or for heads somebody below them, looks after; after the last the first again."""
        owner = {"head": "rm2", "centre": "rm"}.get(name, name)
        if owner not in self.companies:
            rows = Coverage.objects.current().filter(owner__username=owner).select_related("company").order_by("pk")
            self.companies[owner] = cycle([row.company for row in rows])
        return next(self.companies[owner])

    def evening(self, days: int, hour: int = 19) -> dt.datetime:
        """An evening so many days from the day on which the bank is made."""
        local = timezone.localtime(self.bank.now) + dt.timedelta(days=days)
        return local.replace(hour=hour, minute=30, second=0, microsecond=0)

    def ask(self, name: str, at: dt.datetime, estimate: int, people: int, **values: Any) -> HospitalityRequest:
        """A request of this person for so many guests, handed in some days before the event, and never in the future."""
        self.set_so_far += 1
        company, submit = self.company(name), values.pop("submit", True)
        known = list(Contact.objects.filter(company=company, left_on=None).order_by("pk").values_list("pk", flat=True)[:6])
        officials = known_officials(known)
        guests = [Invited(contact_id=pk) for pk in known if pk not in officials][: min(people, 2)]
        guests += [Invited(name=_STRANGERS[number]) for number in range(people - len(guests))]
        wish = Wish(
            event_at=at,
            venue=_PLACES[self.set_so_far % len(_PLACES)],
            kind=values.pop("kind", "dinner"),
            purpose=values.pop("purpose", "thanks"),
            estimate=Decimal(estimate),
            guests=(*guests, *values.pop("more", ())),
            **values,
        )
        asked = min(self.bank.now, at - dt.timedelta(days=4))
        return services.draft_request(actor=self.user(name), now=asked, company_id=company.pk, wish=wish, submit=submit)

    def approve(self, event: HospitalityRequest) -> HospitalityRequest:
        """By the head of the team, within the day."""
        now = min(self.bank.now, event.event_at - dt.timedelta(days=3))
        return services.approve(event_id=event.pk, actor=self.user("head"), now=now)

    def report(self, event: HospitalityRequest, food: str, *, drink: str = "0", carried: tuple[Carried, ...] = ()) -> HospitalityRequest:
        """On the morning after."""
        told = Told(
            bill=Bill(food=Decimal(food), drink=Decimal(drink)),
            means="own_card",
            relationship="warming",
            purposes=("thanks", "deposits"),
            came=tuple(event.guests.values_list("pk", flat=True)),
            topics="Plans for the coming season; idle funds until the new year.",
            result="They will ask us for the next time deposit.",
            declared=True,
            carried=carried,
        )
        now = min(self.bank.now, event.event_at + dt.timedelta(hours=15))
        return services.report_event(event_id=event.pk, actor=event.owner, now=now, told=told)

    def claim(self, event: HospitalityRequest) -> HospitalityRequest:
        """At noon of that day."""
        slip = Slip(event.venue, f"KT-{event.pk:05d}", event.event_on, event.billed or Decimal(0))
        now = min(self.bank.now, event.event_at + dt.timedelta(hours=17))
        services.file_claim(event_id=event.pk, actor=event.owner, now=now, slips=[slip])
        event.refresh_from_db()
        return event


def plant(bank: Bank) -> None:
    """Plant all of it through the services, each step at its time."""
    table = Table(bank)
    _paid(table)
    _claimed(table)
    _to_do(table)
    _queues(table)
    _fill_month(table)
    services.keep_terms(now=bank.now)


def _paid(table: Table) -> None:
    """What was posted and paid, with a bottle that went to the gift register; one just under the cap, one of a round sum."""
    finance = table.user("finance")
    bottle = (Carried("A bottle of wine", Decimal("480.00")),)
    first = table.claim(table.report(table.approve(table.ask("rm", table.evening(-9), 4000, 3)), "3420.00", drink="460.00", carried=bottle))
    second = table.claim(table.report(table.approve(table.ask("rm2", table.evening(-8), 2400, 2)), "2400.00"))
    for event in (first, second):
        services.verify_claim(event_id=event.pk, actor=finance, now=table.bank.now, total=event.billed or Decimal(0), heads=event.heads)
    for batch in services.post_claims(actor=finance, now=table.bank.now):
        services.pay_batch(batch_id=batch.pk, actor=finance, now=table.bank.now)


def _claimed(table: Table) -> None:
    """What finance has to check and to post, and more that somebody asks for."""
    table.claim(table.report(table.approve(table.ask("rm", table.evening(-3), 2600, 2)), "2540.00"))
    over = table.report(table.approve(table.ask("rm2", table.evening(-2), 2100, 3)), "2450.00")
    services.ask_more(
        event_id=over.pk, actor=over.owner, now=table.bank.now, amount=over.own or Decimal(0), reason="A fourth guest stayed for dinner"
    )
    ready = table.claim(table.report(table.ask("rm2", table.evening(-4, 12), 900, 1, kind="lunch"), "612.00"))
    services.verify_claim(
        event_id=ready.pk, actor=table.user("finance"), now=table.bank.now, total=ready.billed or Decimal(0), heads=ready.heads
    )


def _to_do(table: Table) -> None:
    """What waits for the host: a report, a claim, a draft, one that came back, one that expired."""
    table.ask("rm", table.evening(-1, 12), 800, 1, kind="lunch")
    table.report(table.ask("rm", table.evening(-2, 12), 1000, 2, kind="lunch"), "940.00")
    table.ask("rm", table.evening(9), 1600, 2, submit=False)
    back = table.ask("rm2", table.evening(12), 2300, 2)
    services.send_back(
        event_id=back.pk, actor=table.user("head"), now=table.bank.now, reason="Say which contract this is about, and who of them decides."
    )
    table.approve(table.ask("rm2", table.evening(-36), 2200, 2))


def _queues(table: Table) -> None:
    """Requests for the head of the team, of the centre, head office and compliance."""
    table.ask("rm2", table.evening(4), 2500, 2, purpose="facility")
    table.ask("rm2", table.evening(6, 9), 1500, 1, kind="golf", purpose="referral")
    table.ask("rm", table.evening(8), 3200, 2, purpose="deposits")
    table.ask("rm", table.evening(14), 9000, 8, purpose="facility")
    table.ask("head", table.evening(10), 3600, 2, purpose="repair")
    table.ask("centre", table.evening(20), 18000, 14, purpose="deposits")
    official = (Invited(name="Director Ho", title="Lands Department", official=True),)
    table.ask("rm2", table.evening(11), 1100, 1, more=official, purpose="intelligence")


def _fill_month(table: Table) -> None:
    """Reserve what rm's month has left, all but a little, as far as the month still has evenings."""
    for days, hour, most in ((days, hour, most) for days in range(1, 8) for hour, most in ((12, 3300), (19, 4400))):
        at = table.evening(days, hour)
        month = selectors.own_month(table.user("rm"), now=table.bank.now)
        if month is None or f"{at:%Y-%m}" != month.month or month.left < _LEAVES * 2:
            return
        amount = int(min(Decimal(most), month.left - _LEAVES))
        event = table.ask("rm", at, amount, 5, kind="lunch" if hour < 15 else "dinner")
        if event.state == "submitted":
            table.approve(event)
