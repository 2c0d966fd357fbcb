"""How often each account is visited, settled at night: by class and multipliers; a change lays new windows over the rest of the year."""

import datetime as dt

from django.db import transaction
from django.db.models import Max, Min

from credit.risk.selectors import risk_classes
from credit.surprises import drawing, selectors
from credit.surprises.choices import Origin
from credit.surprises.models import DrawOrder, Premises, Quota, SurpriseVisit
from credit.surprises.services.ordering import first_sealed
from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.figures.models import LimitUse
from crm.staff.models import OrgUnit

_AT_ONCE = 1000
_EVE_OF_YEAR = (12, 15)


def settle(*, on: dt.date, now: dt.datetime) -> dict[str, int]:
    """Settle the frequency of every client that stands in a class, and owe first-use checks. The same day again adds nothing."""
    done = {"clients": 0, "quotas": 0, "first_uses": 0}
    for centre in OrgUnit.objects.filter(pk__in=Client.objects.order_by().values("centre_id")).order_by("pk"):
        known = selectors.figures(centre.jurisdiction, on)
        first = max(first_sealed(centre, now), on + dt.timedelta(days=1))
        rows = Client.objects.filter(centre=centre, risk_standings__isnull=False).exclude(status=ClientStatus.CLOSED).distinct()
        ids = sorted(rows.values_list("pk", flat=True))
        done["clients"] += len(ids)
        for start in range(0, len(ids), _AT_ONCE):
            done["quotas"] += _some(ids[start : start + _AT_ONCE], known, on=on, first=first, now=now)
        done["first_uses"] += _first_uses(centre, known, on=on, now=now)
    return done


def _years(on: dt.date, first: dt.date) -> list[dt.date]:
    """From which days on frequencies are due: the rest of this year, and next year from the middle of December on."""
    found = [first] if first.year == on.year else []
    if (on.month, on.day) >= _EVE_OF_YEAR:
        found.append(max(first, dt.date(on.year + 1, 1, 1)))
    return found


@transaction.atomic
def _some(ids: list[int], known: selectors.Figures, *, on: dt.date, first: dt.date, now: dt.datetime) -> int:
    clients = list(Client.objects.filter(pk__in=ids).order_by("pk"))
    classes, names = risk_classes(ids), selectors.factors(clients, on=on, known=known)
    nights = set(Premises.objects.filter(client__in=ids, runs_at_night=True).values_list("client_id", flat=True))
    held = selectors.quotas_of(ids, since=on)
    drawn = SurpriseVisit.objects.filter(client__in=ids, origin__in=selectors.DRAWN, on__lt=first).order_by()
    last = dict(drawn.values_list("client_id").annotate(Max("on")))
    fresh = []
    for client in clients:
        risk = classes.get(client.pk, "")
        if not risk:
            continue
        count, gap = selectors.needed(risk, names[client.pk], known), int(known.gaps[risk])
        for begins in _years(on, first):
            standing = [one for one in held.get(client.pk, []) if one.from_on.year == begins.year]
            if standing and (standing[-1].count, standing[-1].gap, standing[-1].at_night) == (count, gap, client.pk in nights):
                continue
            if any(one.from_on >= begins for one in standing):
                continue
            values = {"risk_class": risk, "factors": names[client.pk], "after_on": last.get(client.pk), "at_night": client.pk in nights}
            left = drawing.rest_of_year(count, begins)
            fresh.append(Quota(client=client, from_on=begins, count=count, windows=left, gap=gap, at=now, **values))
    Quota.objects.bulk_create(fresh)
    return len(fresh)


def _first_uses(centre: OrgUnit, known: selectors.Figures, *, on: dt.date, now: dt.datetime) -> int:
    """A facility that was first drawn within the last days is looked at: purpose and goods. Figures must reach back before that day."""
    span = known.days("first_use_days")
    since = on - dt.timedelta(days=span - 1)
    begun = LimitUse.objects.aggregate(first=Min("on"))["first"]
    if begun is None or begun >= on:
        return 0
    rows = LimitUse.objects.between(max(since, begun + dt.timedelta(days=1)), on).filter(drawn__gt=0, client__centre=centre)
    recent = dict(rows.order_by().values_list("client_id", "reference").annotate(first=Min("on")).values_list("reference", "client_id"))
    before = LimitUse.objects.standing().filter(reference__in=recent, drawn__gt=0, on__lt=max(since, begun + dt.timedelta(days=1)))
    used = set(before.values_list("reference", flat=True))
    owed = 0
    for reference, client_id in sorted(recent.items()):
        if reference in used:
            continue
        begins = first_sealed(centre, now)
        values = {"origin": Origin.FIRST_USE, "from_on": begins, "until_on": max(begins, on + dt.timedelta(days=span - 1)), "at": now}
        _row, is_new = DrawOrder.objects.get_or_create(client_id=client_id, window=f"use-{reference}"[:40], attempt="1", defaults=values)
        owed += is_new
    return owed
