"""What time does to surprise visits: revealed on the eve, shown in the morning, visitors replaced, those not made drawn anew.

All of it may run every minute, and again after any break: what is done is done once.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.risk.selectors import risk_classes
from credit.surprises import drawing, planning, rules, selectors
from credit.surprises.choices import VISIT_TRANSITIONS, Origin, VisitState
from credit.surprises.drawing import Drawn
from credit.surprises.keys import secret_of
from credit.surprises.models import DrawOrder, Quota, RevealRun, SurpriseVisit
from credit.surprises.services.ordering import order_anew
from credit.surprises.services.tainting import look_for_contacts
from crm.clients.models import Client
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.workflow import check_transition
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.staff.models import OrgUnit
from crm.staff.selectors import holders

REVEALED, MORNING = "surprise_revealed", "surprise_morning"


def keep(*, now: dt.datetime) -> dict[str, int]:
    """Reveal, tell, replace, draw anew. Returns how many of each."""
    done = {"revealed": 0, "told": 0, "replaced": 0, "missed": 0, "tainted": 0}
    for centre in OrgUnit.objects.filter(pk__in=Client.objects.order_by().values("centre_id")).order_by("pk"):
        done["revealed"] += reveal(centre, now=now)
        done["missed"] += _miss(centre, now)
    for visit_id in SurpriseVisit.objects.filter(state=VisitState.REVEALED, told_at__lte=now).order_by("pk").values_list("pk", flat=True):
        replaced, told = _morning(visit_id, now)
        done["replaced"] += replaced
        done["told"] += told
    done["tainted"] = look_for_contacts(now=now)
    return done


def revealed_through(calendar: WorkingCalendar, at: dt.time, now: dt.datetime) -> dt.date:
    """Up to which day draws are revealed by now: the working day after the last working day whose hour of reveal has come."""
    local = now.astimezone(calendar.zone)
    come = calendar.is_working_day(local.date()) and local.time() >= at
    evening = local.date() if come else calendar.add_working_days(local.date(), -1)
    return calendar.add_working_days(evening, 1)


@transaction.atomic
def reveal(centre: OrgUnit, *, now: dt.datetime) -> int:
    """Write down the visits of the next working day, once its eve has come, and tell the centre's coordinator. Returns how many."""
    today = selectors.today_in(centre, now)
    known, calendar = selectors.figures(centre.jurisdiction, today), selectors.calendar_of(centre, now)
    through = revealed_through(calendar, known.at("reveal"), now)
    run = RevealRun.objects.select_for_update().filter(centre=centre).first()
    since = run.through_on if run else through - dt.timedelta(days=1)
    found = _owed(centre, calendar, through)
    if run is None or run.through_on < through:
        found += _regular(centre, calendar, since, through)
        RevealRun.objects.update_or_create(centre=centre, defaults={"through_on": through, "at": now})
    visits = [_write(client_id, drawn, origin, centre, known, now) for client_id, drawn, origin in found]
    for visit in visits:
        people = holders(role=Role.RCH, unit_id=centre.pk, now=now)
        line = _("Surprise visit on %(day)s: %(client)s") % {"day": visit.on.isoformat(), "client": visit.client}
        notify(kind=REVEALED, user_ids=people, key=f"{REVEALED}:{visit.pk}", line=line, url=visit.get_absolute_url(), now=now)
    return len(visits)


def _regular(centre: OrgUnit, calendar: WorkingCalendar, since: dt.date, through: dt.date) -> list[tuple[int, Drawn, str]]:
    """The draws of all accounts of a centre after `since`, up to `through`."""
    years = sorted({since.year, through.year})
    days = planning.days_of(calendar, years)
    known: dict[dt.date, selectors.Figures] = {}

    def figures(on: dt.date) -> selectors.Figures:
        if on not in known:
            known[on] = selectors.figures(centre.jurisdiction, on)
        return known[on]

    keys = {year: secret_of(year) for year in years} if Quota.objects.exists() else {}
    quotas: dict[int, list[Quota]] = {}
    for row in Quota.objects.filter(client__centre=centre, from_on__year__in=years).order_by("client_id", "from_on"):
        quotas.setdefault(row.client_id, []).append(row)
    return [
        (client_id, drawn, Origin.DRAWN)
        for client_id, rows in quotas.items()
        for drawn in planning.draws(rows, days=days, figures=figures, secret=keys.__getitem__)
        if since < drawn.day <= through
    ]


def _owed(centre: OrgUnit, calendar: WorkingCalendar, through: dt.date) -> list[tuple[int, Drawn, str]]:
    """The draws that are owed beyond the windows and whose eve has come."""
    made = set(
        SurpriseVisit.objects.filter(centre=centre).exclude(origin=Origin.DRAWN).values_list("client_id", "window", "attempt").distinct()
    )
    found = []
    for order in DrawOrder.objects.filter(client__centre=centre, from_on__lte=through).order_by("pk"):
        if (order.client_id, order.window, order.attempt) in made:
            continue
        drawn = planning.draw_of(order, calendar=calendar, jurisdiction=centre.jurisdiction)
        if drawn is not None and drawn.day <= through:
            found.append((order.client_id, drawn, order.origin))
    return found


def _write(client_id: int, drawn: Drawn, origin: str, centre: OrgUnit, known: selectors.Figures, now: dt.datetime) -> SurpriseVisit:
    client = Client.objects.select_related("company", "owner").get(pk=client_id)
    begins, ends = known.span(drawn.slot)
    risk = risk_classes([client.pk]).get(client.pk, "")
    visit = SurpriseVisit(
        client=client, origin=origin, window=drawn.window, attempt=drawn.attempt, choice=drawn.choice, choices=drawn.choices,
        on=drawn.day, slot=drawn.slot, risk_class=risk, revealed_at=now, owner_id=client.owner_id, team_id=client.team_id, centre=centre,
        begins_at=dt.datetime.combine(drawn.day, begins, centre.zone), ends_at=dt.datetime.combine(drawn.day, ends, centre.zone),
        told_at=dt.datetime.combine(drawn.day, known.at("tell"), centre.zone),
    )  # fmt: skip
    visit.visitor_id, visit.companion_id = choose(visit, known, now=now)
    visit.record(actor=None, reason="revealed")
    return visit


def choose(visit: SurpriseVisit, known: selectors.Figures, *, now: dt.datetime, turn: int = 0) -> tuple[int, int | None]:
    """Who goes: the account's manager in seven of ten, else another of the centre; from R4 on two, of whom one is not the manager.

    Drawn like the day, by the year's key. Whoever is on leave or gone is left out; where no manager is left, a head of the centre goes.
    """
    away = selectors.away(visit.on)
    managers = rules.fits(selectors.managers_of(visit.centre, now=now), away)
    others = [one for one in managers if one != visit.owner_id]
    heads = [one for one in rules.fits(selectors.heads_of(visit.centre, now=now), away) if one != visit.owner_id]
    others = others or heads or selectors.heads_of(visit.centre, now=now)
    secret = secret_of(visit.on.year)
    label = drawing.label_of(str(visit.client_id), visit.window, f"{visit.attempt}|visitor{turn or ''}")
    owner = visit.owner_id if visit.owner_id in managers else None
    takes_owner = owner is not None and drawing.below(secret, label, drawing.DAY, 100) < known.days("manager_percent")
    if not others:
        return visit.owner_id, None
    other = others[drawing.below(secret, label, drawing.SLOT, len(others))]
    first = owner if takes_owner and owner is not None else other
    if not selectors.origin_needs_two(visit.risk_class, known):
        return first, None
    rest = [one for one in (*others, *heads) if one != first]
    second = other if first == owner else (owner if owner is not None else (rest[0] if rest else None))
    return first, second if second != first else None


def _morning(visit_id: int, now: dt.datetime) -> tuple[int, int]:
    """Those who go learn of it; whoever left the bank or fell ill meanwhile is replaced."""
    with transaction.atomic():
        visit = locked(visit_id)
        if visit.state != VisitState.REVEALED:
            return 0, 0
        fit = set(selectors.managers_of(visit.centre, now=now)) | set(selectors.heads_of(visit.centre, now=now))
        fit -= selectors.away(visit.on)
        people = [one for one in (visit.visitor_id, visit.companion_id) if one is not None]
        replaced = 0
        if any(one not in fit for one in people):
            known = selectors.figures(visit.centre.jurisdiction, visit.on)
            before = (visit.visitor_id, visit.companion_id)
            visit.visitor_id, visit.companion_id = choose(visit, known, now=now, turn=visit.history.count())
            if (visit.visitor_id, visit.companion_id) != before:
                visit.record(actor=None, reason="visitor replaced")
                replaced = 1
        told = 0 if visit.is_told and not replaced else 1
        if told:
            people = [one for one in (visit.visitor_id, visit.companion_id) if one is not None]
            line = _("Surprise visit today: %(client)s") % {"client": visit.client}
            notify(kind=MORNING, user_ids=people, key=f"{MORNING}:{visit.pk}", line=line, url=visit.get_absolute_url(), now=now)
            visit.is_told = True
            visit.save(update_fields=["is_told", "updated_at"])
        return replaced, told


def locked(visit_id: int) -> SurpriseVisit:
    """The visit with what hangs on it, locked."""
    SurpriseVisit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    found: SurpriseVisit = SurpriseVisit.objects.select_related("client__company", "client__centre", "centre", "owner").get(pk=visit_id)
    return found


def _miss(centre: OrgUnit, now: dt.datetime) -> int:
    """Visits whose day is over without a check-in are drawn anew."""
    rows = SurpriseVisit.objects.filter(centre=centre, state=VisitState.REVEALED, on__lt=selectors.today_in(centre, now))
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for visit_id in ids:
        with transaction.atomic():
            visit = locked(visit_id)
            end(visit, VisitState.MISSED, "Its day went by.", actor=None, now=now)
    return len(ids)


def end(visit: SurpriseVisit, state: VisitState, reason: str, *, actor: Any, now: dt.datetime) -> None:
    """A visit that is not made; another is drawn for it. The caller holds its lock."""
    check_transition(VISIT_TRANSITIONS, visit.state, state)
    visit.state, visit.end_reason = state, reason[:300]
    visit.record(actor=actor, reason=reason[:100])
    order_anew(visit, reason, actor=actor, now=now)
