"""Reading what is sealed: compliance a client's draws to come, audit the draws of a closed year against its escrowed key. Each is noted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import reasoned
from credit.surprises import permissions, planning, selectors
from credit.surprises.choices import Origin
from credit.surprises.drawing import Drawn
from credit.surprises.models import DrawOrder, PlanRead, Quota, SurpriseVisit
from crm.clients.models import Client
from crm.kernel.errors import RuleBroken
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.staff.models import OrgUnit
from crm.staff.selectors import holders

READ = "surprise_plan_read"


@transaction.atomic
def read_plan(*, client_id: int, reason: str, actor: Any, now: dt.datetime) -> list[Drawn]:
    """The draws of a client from tomorrow on. NotAllowed for others than compliance; RuleBroken without a reason.

    The reading is kept for good and told to all others of compliance before a day is given out.
    """
    permissions.can_read_plan(user=actor).require()
    client = Client.objects.visible_to(actor).select_related("centre", "company").get(pk=client_id)
    today = selectors.today_in(client.centre, now)
    words = reasoned(reason)
    read = PlanRead.objects.create(client=client, year=today.year, reason=words, at=now, actor=actor, post=actor.actor.post(Role.COMP))
    others = {one for one in holders(role=Role.COMP, unit_id=None, now=now) if one != actor.pk}
    line = _("%(who)s read the sealed draws of %(client)s: %(reason)s") % {"who": actor.name, "client": client, "reason": words}
    notify(kind=READ, user_ids=others, key=f"{READ}:{read.pk}", line=line, url=client.get_absolute_url(), now=now)
    calendar = selectors.calendar_of(client.centre, now)
    years = [today.year, today.year + 1]
    quotas = selectors.quotas_of([client.pk], since=today).get(client.pk, [])
    known = selectors.figures(client.centre.jurisdiction, today)
    found = [one for one in planning.draws(quotas, days=planning.days_of(calendar, years), figures=lambda on: known) if one.day > today]
    return sorted([*found, *_owed(client, today, calendar)], key=lambda one: one.day)


def _owed(client: Client, today: dt.date, calendar: Any) -> Iterator[Drawn]:
    for order in DrawOrder.objects.filter(client=client, until_on__gt=today).order_by("pk"):
        drawn = planning.draw_of(order, calendar=calendar, jurisdiction=client.centre.jurisdiction)
        if drawn is not None and drawn.day > today:
            yield drawn


@dataclass(frozen=True)
class Replayed:
    """A year drawn again: how many draws, and those that are not as they were made ("<client> <window> <attempt>")."""

    draws: int
    different: list[str]


@transaction.atomic
def replay(*, year: int, secret: bytes, actor: Any, now: dt.datetime) -> Replayed:
    """Draw a closed year again with its escrowed key and compare. NotAllowed for others than audit; RuleBroken for a year that runs."""
    if not actor.actor.has_role(Role.AUD):
        permissions.denied(_("Internal audit replays closed years.")).require()
    if year >= now.year:
        raise RuleBroken(_("Only closed years are replayed."))
    PlanRead.objects.create(client=None, year=year, reason="replay", at=now, actor=actor, post=actor.actor.post(Role.AUD))
    again, made = set(), set()
    for centre in OrgUnit.objects.filter(pk__in=Client.objects.order_by().values("centre_id")).order_by("pk"):
        again |= set(_drawn_again(centre, year, secret))
        rows = SurpriseVisit.objects.filter(centre=centre, origin=Origin.DRAWN, on__year=year)
        made |= {_line(row.client_id, row.window, row.attempt, row.on, row.slot) for row in rows}
    return Replayed(len(again), sorted(again ^ made))


def _line(client_id: int, window: str, attempt: str, on: dt.date, slot: str) -> str:
    return f"{client_id} {window} {attempt} {on.isoformat()} {slot}"


def _drawn_again(centre: OrgUnit, year: int, secret: bytes) -> Iterator[str]:
    calendar = selectors.working_calendar(centre, on=dt.date(year, 12, 31))
    days = planning.days_of(calendar, [year])
    quotas: dict[int, list[Quota]] = {}
    for row in Quota.objects.filter(client__centre=centre, from_on__year=year).order_by("client_id", "from_on"):
        quotas.setdefault(row.client_id, []).append(row)
    known: dict[dt.date, selectors.Figures] = {}

    def figures(on: dt.date) -> selectors.Figures:
        if on not in known:
            known[on] = selectors.figures(centre.jurisdiction, on)
        return known[on]

    for client_id, rows in quotas.items():
        for one in planning.draws(rows, days=days, figures=figures, secret=lambda _year: secret):
            yield _line(client_id, one.window, one.attempt, one.day, one.slot)
