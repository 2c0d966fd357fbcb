"""What the night does to classes: days overdue lower them, closer watch lowers them; nothing improves by itself (domain 7.1)."""

import datetime as dt

from django.db import transaction

from credit.risk import rules, selectors
from credit.risk.choices import Ground
from credit.risk.models import Standing
from credit.risk.services.moving import Verdict, first_class, move
from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.figures.models import LimitUse
from crm.staff.models import OrgUnit

_AT_ONCE = 500


def classify(*, on: dt.date, now: dt.datetime) -> dict[str, int]:
    """Class all clients with something drawn, and those that stand in a class, by the figures of the day.

    Returns how many clients were looked at and how many classes moved. The same day again moves nothing. Figures that are older than the
    bank's `stale_days` say nothing: classes stay as they were.
    """
    done = {"clients": 0, "moved": 0}
    for centre in OrgUnit.objects.filter(pk__in=Client.objects.order_by().values("centre_id")).order_by("pk"):
        known = selectors.figures(centre.jurisdiction, on)
        since = on - dt.timedelta(days=int(known.rules["stale_days"]))
        borrowers = LimitUse.objects.between(since, on).filter(drawn__gt=0).order_by().values("client_id")
        ids = set(Client.objects.filter(centre=centre, pk__in=borrowers).exclude(status=ClientStatus.CLOSED).values_list("pk", flat=True))
        ids |= set(Standing.objects.filter(client__centre=centre).values_list("client_id", flat=True))
        ordered = sorted(ids)
        for start in range(0, len(ordered), _AT_ONCE):
            done["moved"] += _some(ordered[start : start + _AT_ONCE], known, on=on, now=now)
        done["clients"] += len(ordered)
    return done


@transaction.atomic
def _some(client_ids: list[int], known: selectors.Figures, *, on: dt.date, now: dt.datetime) -> int:
    clients = list(Client.objects.filter(pk__in=client_ids).select_related("company", "centre", "team", "owner"))
    stale = int(known.rules["stale_days"])
    overdue = selectors.days_overdue(client_ids, on=on, stale_days=stale)
    used = selectors.uses(client_ids, on=on, days=stale, trade=known.trade, usance=frozenset())
    watches = selectors.watches(clients, on=on, known=known, used=used)
    held: dict[int, list[Standing]] = {}
    for standing in Standing.objects.filter(client__in=client_ids).select_for_update(of=("self",)).order_by("pk"):
        held.setdefault(standing.client_id, []).append(standing)
    moved = 0
    for client in clients:
        if client.pk not in held:
            standing = Standing(client=client, since_on=on)
            if client.pk in overdue:
                standing.days_overdue, standing.days_on = overdue[client.pk].days, overdue[client.pk].on
            first_class(standing, watches.get(client.pk, []), known=known, actor=None, now=now)
            moved += 1
            continue
        for standing in held[client.pk]:
            standing.client = client
            moved += _one(standing, known, overdue.get(client.pk), watches.get(client.pk, []), now=now)
    return moved


def _one(standing: Standing, known: selectors.Figures, overdue: selectors.Overdue | None, watch: list[str], *, now: dt.datetime) -> int:
    if overdue is not None and (overdue.is_whole or overdue.days > standing.days_overdue):
        held = (standing.days_overdue, standing.days_on)
        standing.days_overdue, standing.days_on = overdue.days, overdue.on
        if held != (overdue.days, overdue.on):
            Standing.objects.filter(pk=standing.pk).update(days_overdue=overdue.days, days_on=overdue.on)
    ceiling = int(rules.best_class(standing.days_overdue, known.ladder))
    loan_class = max(standing.loan_class, ceiling)
    watched = sorted({*standing.watch, *watch})
    risk = known.risk_class(loan_class, standing.grade, watched)
    if (loan_class, risk) == (standing.loan_class, standing.risk_class):
        if watched != standing.watch:
            Standing.objects.filter(pk=standing.pk).update(watch=watched)
        return 0
    ground = Ground.DAYS if loan_class > standing.loan_class else Ground.WATCH
    move(standing, Verdict(loan_class, standing.grade, watched, ground), known=known, actor=None, now=now)
    return 1
