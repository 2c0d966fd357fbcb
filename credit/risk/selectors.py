"""Reads over classes: figures of the bank, days overdue, why a client is watched, what is pending."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from credit.risk import rules
from credit.risk.choices import PENDING, LoanClass, Rating, Watch
from credit.risk.models import Movement, Proposal, Standing
from credit.risk.parts import open_flags
from crm.clients.models import Client
from crm.companies.models import Company
from crm.figures import selectors as figure_files
from crm.figures.choices import FileKind
from crm.figures.models import Conduct, LimitUse
from crm.policy import selectors as policy

TABLES = ("risk.days", "risk.mapping", "risk.rules", "risk.trade")


@dataclass(frozen=True)
class Figures:
    """The bank's figures on a day in one jurisdiction."""

    ladder: Mapping[str, Any]
    mapping: Mapping[str, Any]
    rules: Mapping[str, Any]
    trade: frozenset[str]

    def risk_class(self, loan_class: int, grade: int | None, watch: Sequence[str]) -> Rating:
        """The internal class by these figures."""
        return rules.risk_class(loan_class, grade, watch, mapping=self.mapping, best_grades=int(self.rules["r1_grade"]))


def figures(jurisdiction: str, on: dt.date) -> Figures:
    """Read in one statement."""
    found = policy.tables(TABLES, jurisdiction=jurisdiction, on=on)
    return Figures(found["risk.days"], found["risk.mapping"], found["risk.rules"], frozenset(found["risk.trade"]["facilities"]))


def today_of(client: Client, now: dt.datetime) -> dt.date:
    """The day in the client's centre."""
    return timezone.localdate(now, client.centre.zone)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Days overdue and the day that they are of. Not `is_whole` where a kind of file that used to come is stale: it may be worse."""

    days: int
    on: dt.date
    is_whole: bool = True


def days_overdue(client_ids: Sequence[int], *, on: dt.date, stale_days: int) -> dict[int, Overdue]:
    """Days overdue by client, as the core bank's fresh files say; 0 where they came without the client. Three statements.

    The latest of a client's facilities counts for all of its debt, and what the bank paid for it is overdue from that day on. An account
    over its limit counts from its first day on (C5: continuously over limit). Where no file of arrears or conduct came within
    `stale_days`, nothing is known and nothing is said of anybody.
    """
    stated = figure_files.newest_days((FileKind.CONDUCT, FileKind.ARREARS), on=on)
    fresh = {kind: day for kind, day in stated.items() if (on - day).days < stale_days}
    if not fresh:
        return {}
    held = dict.fromkeys(client_ids, 0)
    if FileKind.CONDUCT in fresh:
        rows = Conduct.objects.standing().filter(on=fresh[FileKind.CONDUCT], client__in=client_ids)
        held.update(rows.values_list("client_id", "excess_days"))
    if FileKind.ARREARS in fresh:
        for client_id, late in figure_files.arrears_of(client_ids, day=fresh[FileKind.ARREARS]).items():
            held[client_id] = max(held[client_id], *(row.overdue_days or int(row.advanced_hkd > 0) for row in late))
    return {pk: Overdue(days, max(fresh.values()), len(fresh) == len(stated)) for pk, days in held.items()}


@dataclass(frozen=True)
class Use:
    """What a client has drawn, in Hong Kong dollars: all of it, and its limits; how much of it is trade finance."""

    limits: Decimal = Decimal(0)
    drawn: Decimal = Decimal(0)
    trade: Decimal = Decimal(0)
    usance: Decimal = Decimal(0)


def uses(client_ids: Sequence[int], *, on: dt.date, days: int, trade: frozenset[str], usance: frozenset[str]) -> dict[int, Use]:
    """By client, of each facility's newest day within `days`. Two statements."""
    rows = LimitUse.objects.between(on - dt.timedelta(days=days), on).filter(client__in=client_ids)
    newest = dict(rows.order_by().values_list("client_id").annotate(Max("on")))
    sums: dict[int, list[int]] = {}
    found = rows.filter(on__in=set(newest.values())).values_list("client_id", "on", "facility", "limit_hkd", "drawn_hkd")
    for client_id, day, facility, limit, drawn in found:
        if day == newest[client_id]:
            held = sums.setdefault(client_id, [0, 0, 0, 0])
            parts = (limit, drawn, drawn if facility in trade else 0, drawn if facility in usance else 0)
            sums[client_id] = [before + more for before, more in zip(held, parts, strict=True)]
    return {pk: Use(*(Decimal(part) / 100 for part in parts)) for pk, parts in sums.items()}


def watches(clients: Sequence[Client], *, on: dt.date, known: Figures, used: Mapping[int, Use]) -> dict[int, list[str]]:
    """Why each of these clients is watched, for those that are."""
    flags = open_flags([client.pk for client in clients])
    found: dict[int, list[str]] = {}
    for client in clients:
        use, why = used.get(client.pk, Use()), []
        if use.drawn and use.trade * 100 > use.drawn * int(known.rules["trade_percent"]):
            why.append(str(Watch.TRADE))
        if on < rules.months_after(client.opened_on, int(known.rules["new_months"])):
            why.append(str(Watch.NEW))
        if flags.get(client.pk, {}).get("M"):
            why.append(str(Watch.FLAG))
        if why:
            found[client.pk] = why
    return found


def watch_of(client: Client, known: Figures, on: dt.date) -> list[str]:
    """Why one client is watched on a day."""
    used = uses([client.pk], on=on, days=int(known.rules["stale_days"]), trade=known.trade, usance=frozenset())
    return watches([client], on=on, known=known, used=used).get(client.pk, [])


def pending_of(standing: Standing) -> Proposal | None:
    """The open proposal."""
    rows = standing.proposals.filter(state__in=PENDING).select_related("proposed_by", "reviewed_by", "standing__client")
    return rows.first()


def movements_of(standing: Standing) -> list[Movement]:
    """The newest first."""
    return list(standing.movements.select_related("actor").order_by("-on", "-pk"))


def standings_of_company(company: Company, *, user: Any) -> list[Standing]:
    """Of a company whose debt this person follows, the whole before its facilities."""
    rows = Standing.objects.visible_to(user).filter(client__company=company)
    return list(rows.select_related("client__company").order_by("facility"))


def risk_classes(client_ids: Sequence[int]) -> dict[int, str]:
    """The class of each client: the worst among its standings. One statement."""
    rows = Standing.objects.filter(client__in=client_ids).order_by().values_list("client_id").annotate(Max("risk_class"))
    return {pk: worst for pk, worst in rows if worst}


def classes_of_companies(company_ids: Sequence[int]) -> dict[int, str]:
    """The same by company, for features that ask through the kernel."""
    rows = Standing.objects.filter(client__company__in=company_ids).order_by().values_list("client__company_id")
    return {pk: worst for pk, worst in rows.annotate(Max("risk_class")) if worst}


TONES: dict[Any, str] = {Rating.R1: "jade", Rating.R2: "jade", Rating.R3: "amber", Rating.R4: "seal", Rating.R5: "seal"}
CLASS_TONES: dict[Any, str] = {
    LoanClass.PASS: "jade",
    LoanClass.SPECIAL_MENTION: "amber",
    LoanClass.SUBSTANDARD: "seal",
    LoanClass.DOUBTFUL: "seal",
    LoanClass.LOSS: "seal",
}
