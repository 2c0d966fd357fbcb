"""Reads over red flags: the bank's figures, what a client's flags say, the pictures of the board, who is alerted."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.flags import book
from credit.flags.choices import WORST_FIRST, Severity, SuggestionState
from credit.flags.models import Flag, FlagEvent, Suggestion, Suspension
from credit.flags.rules import Thresholds
from crm.clients.models import Client
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import Sentence
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.selectors import holders, working_calendar

SHOWN_DAYS = 90
STOPPED = _("The client’s undrawn limits are suspended.")
RELATED = ("client__company", "client__owner", "client__centre", "client__team", "raised_by", "clipping")


def severity_of(code: str, *, on: dt.date) -> str:
    """As the bank has set it on the day."""
    return str(policy.table("flags.severity", jurisdiction="", on=on)[code])


def severities(*, on: dt.date) -> dict[str, str]:
    """Of all codes."""
    return {code: str(value) for code, value in policy.table("flags.severity", jurisdiction="", on=on).items()}


def clocks(*, on: dt.date) -> dict[str, int]:
    """Days and minutes by step; and days to the visit of the codes that have their own, under their code."""
    told = policy.tables(("flags.clocks", "flags.visits"), jurisdiction="", on=on)
    return {name: int(value) for table in told.values() for name, value in table.items()}


def thresholds(*, on: dt.date) -> Thresholds:
    """Of flags that raise themselves."""
    return Thresholds.of(policy.table("flags.automatic", jurisdiction="", on=on))


def today_of(client: Client, now: dt.datetime) -> dt.date:
    """The day at the client's centre."""
    return timezone.localdate(now, client.centre.zone)


def calendar_of(client: Client, now: dt.datetime) -> WorkingCalendar:
    """The working time of the client's centre."""
    return working_calendar(client.centre, on=today_of(client, now))


def alerted(now: dt.datetime) -> list[int]:
    """Who is told of a critical flag at once: credit approvers and compliance of the whole bank."""
    return sorted({pk for role in (Role.CO, Role.COMP) for pk in holders(role=role, unit_id=None, now=now)})


def worst_first(rows: QuerySet[Flag]) -> QuerySet[Flag]:
    """Critical ones at the top, then by age."""
    places = [When(severity=severity, then=Value(place)) for place, severity in enumerate(WORST_FIRST)]
    return rows.annotate(place=Case(*places, default=Value(9), output_field=IntegerField())).order_by("place", "raised_at", "pk")


def stopped(company_ids: Iterable[int]) -> dict[int, Sentence]:
    """Companies whose undrawn limits are suspended, with the sentence that everybody may read: it does not say why. One statement."""
    rows = Suspension.objects.filter(client__company_id__in=list(company_ids), lifted_at=None)
    return dict.fromkeys(rows.values_list("client__company_id", flat=True), STOPPED)


def is_stopped(client_id: int) -> bool:
    """Whether nothing may be drawn by this client."""
    return Suspension.objects.filter(client_id=client_id, lifted_at=None).exists()


def events_of(flag: Flag, *, user: Any) -> list[FlagEvent]:
    """The way so far, oldest first."""
    return list(FlagEvent.objects.visible_to(user).filter(flag=flag).select_related("actor", "file").order_by("at", "pk"))


@dataclass(frozen=True, slots=True)
class Count4:
    """One severity on the board: raised and open within the days shown."""

    severity: Severity
    raised: int
    open: int


def counts(user: Any, *, since: dt.datetime) -> list[Count4]:
    """By severity, the worst first: raised since, and open now. One statement."""
    rows = Flag.objects.visible_to(user).order_by().values("severity")
    told = {
        row["severity"]: row
        for row in rows.annotate(raised=Count("pk", filter=Q(raised_at__gte=since)), still=Count("pk", filter=~Q(state="closed")))
    }
    return [Count4(one, told.get(one, {}).get("raised", 0), told.get(one, {}).get("still", 0)) for one in WORST_FIRST]


def shown_since(user: Any, *, since: dt.datetime) -> list[Flag]:
    """For the picture: raised since, or still open; at most 200."""
    rows = Flag.objects.visible_to(user).filter(raised_at__gte=since)
    return list(rows.select_related("client__company").order_by("-raised_at")[:200])


def suggestions(user: Any) -> QuerySet[Suggestion]:
    """Flags that the news suggests and nobody ruled on."""
    rows = Suggestion.objects.visible_to(user).filter(state=SuggestionState.OPEN)
    return rows.select_related("client__company", "client__owner", "clipping__source").order_by("-made_at", "-pk")


def open_counts(client_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Open flags by severity, of those of these clients that have any; hushed ones are not among them, since a risk class would tell."""
    found: dict[int, dict[str, int]] = {}
    rows = Flag.objects.filter(client__in=list(client_ids)).exclude(code__in=book.hushed()).open().order_by()
    for client_id, severity, count in rows.values_list("client_id", "severity").annotate(Count("pk")):
        found.setdefault(client_id, {})[severity] = count
    return found


def pending_of(company_ids: Sequence[int], day: dt.date) -> Mapping[int, Sentence]:
    """For hospitality and gifts: companies with a high or critical flag open (domain 4.2), which are asked for beforehand.

    The sentence names no flag, for it stands where others read it too; hushed ones make no difference, since that would tell.
    """
    rows = Flag.objects.filter(client__company_id__in=company_ids, severity__in=(Severity.HIGH, Severity.CRITICAL)).open()
    found = rows.exclude(code__in=book.hushed()).order_by("pk").values_list("client__company_id", flat=True)
    return dict.fromkeys(found, _("The bank has an open matter with this client."))


def seen_counts(user: Any, client_ids: Iterable[int]) -> dict[int, int]:
    """How many open flags of each of these clients a person sees. One statement."""
    rows = Flag.objects.visible_to(user).filter(client__in=list(client_ids)).open().order_by()
    return dict(rows.values_list("client_id").annotate(Count("pk")))
