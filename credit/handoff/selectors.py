"""Reads for the handoff: the guard, the amount that is endorsed, who endorses it, the seals of a pack."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from credit.exposure import selectors as exposure
from credit.handoff.models import Endorsement, Seal
from credit.packs.models import Pack, PackVersion
from crm.clients.models import Client
from crm.companies.models import Company
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.visits.choices import VisitKind
from crm.visits.models import BankAttendee, Visit

HOME = exposure.HOME
_FACTS = "_handoff_facts"


def figures(pack: Pack, now: dt.datetime) -> dict[str, int]:
    """The bank's figures for the guard and the endorsement."""
    on = timezone.localdate(now, pack.centre.zone)
    return {key: int(value) for key, value in policy.table("handoff.rules", jurisdiction=pack.jurisdiction, on=on).items()}


def about_company(version: PackVersion) -> dict[str, Any]:
    """KYC's day, and the last visits with one and with two of the bank. One statement, kept with the version.

    No visit is hidden from the guard: it says only whether and when.
    """
    if _FACTS not in version.__dict__:
        pack = version.pack
        met = Visit.objects.done().filter(company_id=OuterRef("pk"), kind__in=(VisitKind.VISIT, VisitKind.JOINT, VisitKind.MEETING))
        along = BankAttendee.objects.filter(visit=OuterRef("pk"))
        newest = met.order_by("-at").values("at")
        row = (
            Company.objects.filter(pk=pack.company_id)
            .annotate(
                kyc_due_on=Subquery(Client.objects.filter(company_id=OuterRef("pk")).values("kyc_due_on")[:1]),
                last_visit=Subquery(newest[:1]),
                last_by_two=Subquery(newest.filter(Exists(along))[:1]),
            )
            .values("kyc_due_on", "last_visit", "last_by_two")
            .get()
        )
        version.__dict__[_FACTS] = row
    found: dict[str, Any] = version.__dict__[_FACTS]
    return found


def total_of(version: PackVersion, now: dt.datetime) -> Decimal:
    """The group's total after this request in Hong Kong dollars (domain 6.7). RuleBroken without the day's rate."""
    pack = version.pack
    return exposure.group_total(pack, version, on=timezone.localdate(now, pack.centre.zone))


def endorsing_role(pack: Pack, amount: Decimal, top: int, writers: set[int], now: dt.datetime) -> Role:
    """Team head up to the figure, centre head above it (domain 6.7); the centre head too where the team head asked or wrote it."""
    heads = _heads_of(pack, now)
    if pack.team_id is None or amount > top or (heads and heads <= writers | {pack.owner_id}):
        return Role.RCH
    return Role.TH


def _heads_of(pack: Pack, now: dt.datetime) -> set[int]:
    """Who holds the team head's post now."""
    if pack.team is None:
        return set()
    return set(pack.team.posts.current(now).filter(role=Role.TH).values_list("user_id", flat=True))


def seals_of(pack: Pack) -> dict[int, Seal]:
    """The seals of a pack's versions, by the version's id. One statement."""
    rows = Seal.objects.filter(version__pack=pack).defer("manifest", "contents").select_related("version__endorsement__actor")
    return {row.version_id: row for row in rows}


def seal_of(version: PackVersion) -> Seal | None:
    """The seal of a version, if it was sealed."""
    return Seal.objects.filter(version=version).first()


def endorsement_of(version: PackVersion) -> Endorsement | None:
    """Its endorsement, if there is one."""
    return Endorsement.objects.filter(version=version).select_related("actor").first()
