"""Taking from an event's limits and giving back: the host's month, the client's quarter, each guest's invitations (domain 4.4).

All limits of one operation are locked in the order of their names: clients, guests, months. `crm.kernel.limits` does so within a call;
`settle` locks them itself first, because what is paid depends on what is left.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F

from crm.hospitality import rules, selectors
from crm.hospitality.choices import CLIENT, GUEST, MONTH
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Figures, Room
from crm.kernel import limits
from crm.kernel.limits import Budget, BudgetClaim, Claim, EntryKind, Window, WindowCap, WindowClaim


def month_claim(event: HospitalityRequest, amount: Decimal, figures: Figures) -> BudgetClaim:
    """So much of the host's month of the event. The limit is that of the event's day: one that was lowered since the month began holds."""
    return BudgetClaim(
        MONTH,
        selectors.month_holder(event.owner_id),
        event.month,
        cap=figures.month,
        amount=amount,
        day=event.event_on,
        follows=amount > 0,
    )


def client_claim(event: HospitalityRequest, amount: Decimal, figures: Figures | None) -> WindowClaim:
    """So much of the client's quarter; without figures no cap holds."""
    first, last = rules.quarter_of(event.event_on)
    caps = (WindowCap(figures.client, since=first, until=last),) if figures else ()
    return WindowClaim(CLIENT, selectors.client_holder(event), event.event_on, amount, caps)


def guest_claims(event: HospitalityRequest, holders: Iterable[str], times: int, figures: Figures | None) -> list[WindowClaim]:
    """One invitation more, or less, of each guest."""
    first, last = rules.quarter_of(event.event_on)
    caps = (WindowCap(Decimal(figures.guest), since=first, until=last),) if figures else ()
    return [WindowClaim(GUEST, holder, event.event_on, Decimal(times), caps) for holder in sorted(set(holders))]


def reserve(event: HospitalityRequest, amount: Decimal, *, figures: Figures, actor: Any, now: dt.datetime, post: Any) -> None:
    """Reserve the estimate in month and quarter, and count the guests: all or nothing. LimitExceeded where one is too full."""
    claims: list[Claim] = [month_claim(event, amount, figures), client_claim(event, amount, figures)]
    claims += guest_claims(event, event.guests.values_list("holder", flat=True), 1, figures)
    limits.take(*claims, subject=event, entry=EntryKind.RESERVE, actor=actor, now=now, post=post)
    event.reserved = amount


def release(event: HospitalityRequest, *, figures: Figures, actor: Any, now: dt.datetime, guests: bool = True) -> None:
    """Give back what is reserved, and the guests' invitations."""
    claims: list[Claim] = []
    if event.reserved:
        claims = [month_claim(event, -event.reserved, figures), client_claim(event, -event.reserved, None)]
        if guests:
            claims += guest_claims(event, event.guests.values_list("holder", flat=True), -1, None)
    if claims:
        limits.take(*claims, subject=event, entry=EntryKind.RELEASE, actor=actor, now=now)
    event.reserved = rules.ZERO


def lock(event: HospitalityRequest, holders: Iterable[str], figures: Figures) -> Budget:
    """Lock the client's quarter, these guests' counts and the host's month, in this order. Returns the month's budget as it stands."""
    for scope, holder in [(CLIENT, selectors.client_holder(event)), *((GUEST, holder) for holder in sorted(set(holders)))]:
        Window.objects.get_or_create(scope=scope, holder=holder)
        Window.objects.filter(scope=scope, holder=holder).update(bumps=F("bumps") + 1)
    where = {"scope": MONTH, "holder": selectors.month_holder(event.owner_id), "period": event.month}
    Budget.objects.get_or_create(**where, defaults={"cap_hundredths": limits.hundredths(figures.month)})
    limits.recap(MONTH, where["holder"], event.month, cap=figures.month)
    return Budget.objects.select_for_update().get(**where)


def room(event: HospitalityRequest, month: Budget, figures: Figures, *, heads: int, official: bool) -> Room:
    """What one settlement may use, with what the event itself holds given back. Under `lock`."""
    held = event.reserved + event.paid
    approved = event.approved or rules.ZERO
    return Room(
        month=month.left + held,
        client=figures.client - selectors.client_used(event) + held,
        per_head=rules.per_head_room(figures, kind=event.kind, heads=heads, official=official, approved=approved),
        approved=figures.overrun(event.approved) if event.approved is not None else None,
    )


def spend(event: HospitalityRequest, amount: Decimal, *, figures: Figures, actor: Any, now: dt.datetime, post: Any = None) -> None:
    """Turn what is reserved, or was paid before, into what is paid now. Under `lock`, so that nobody comes between."""
    for held, entry in ((event.reserved, EntryKind.RELEASE), (event.paid, EntryKind.REVERSE)):
        if held:
            back = (month_claim(event, -held, figures), client_claim(event, -held, None))
            limits.take(*back, subject=event, entry=entry, actor=actor, now=now, post=post)
    if amount:
        claims = (month_claim(event, amount, figures), client_claim(event, amount, None))
        limits.take(*claims, subject=event, entry=EntryKind.SPEND, actor=actor, now=now, post=post)
    event.reserved, event.paid = rules.ZERO, amount
