"""The facts that come by themselves: visits of the last months, news of the company, its group."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from content.clippings.models import Clipping
from content.clippings.selectors import naming
from credit.memos.catalogue import GROUP, MARKET, VISITS
from credit.memos.parts import Fact, FactSource
from credit.packs.models import PackVersion
from crm.companies.models import Company
from crm.policy import selectors as policy
from crm.visits.models import Visit

_NEWS_DAYS = 180
_MOST = 8


def visits(version: PackVersion, user: Any, now: dt.datetime) -> Sequence[Fact]:
    """Visits of the days that the guard counts, by how many of the bank."""
    pack = version.pack
    on = timezone.localdate(now, pack.centre.zone)
    days = int(policy.table("memos.facts", jurisdiction=pack.jurisdiction, on=on)["visit_days"])
    rows = Visit.objects.visible_to(user).done().filter(company_id=pack.company_id, at__gte=now - dt.timedelta(days=days))
    found = []
    for row in rows.annotate(along=Count("bank_attendees")).order_by("-at")[:_MOST]:
        with override("en"):
            who = f"{row.get_kind_display()}, {1 + row.along} of the bank"
        text = ". ".join(part for part in (who, row.place_text, row.headline) if part)
        found.append(Fact(f"visit:{row.pk}", timezone.localdate(row.at, pack.centre.zone), text[:400]))
    return found


def news(version: PackVersion, user: Any, now: dt.datetime) -> Sequence[Fact]:
    """What the papers wrote about the company: title and source."""
    since = now - dt.timedelta(days=_NEWS_DAYS)
    rows = Clipping.objects.visible_to(user).filter(pk__in=naming(version.pack.company_id), published_at__gte=since)
    zone = version.pack.centre.zone
    return [
        Fact(f"clipping:{row.pk}", timezone.localdate(row.published_at, zone), f"{row.title} ({row.source})"[:400])
        for row in rows.select_related("source").order_by("-published_at", "-pk")[:_MOST]
    ]


def group(version: PackVersion, user: Any, now: dt.datetime) -> Sequence[Fact]:
    """The members of the company's group that this person may see."""
    company = version.pack.company
    if company.group_id is None:
        return ()
    others = Company.objects.visible_to(user).filter(group_id=company.group_id).exclude(pk=company.pk).order_by("sort_key", "pk")
    on = timezone.localdate(now, version.pack.centre.zone)
    names = ", ".join(str(row) for row in others[:20])
    return [Fact(f"group:{company.group_id}", on, f"{company.group}: {names}" if names else str(company.group))]


SOURCES = (
    FactSource("visits", _("Visits"), (VISITS,), visits, order=10),
    FactSource("news", _("News"), (MARKET,), news, order=20),
    FactSource("group", _("Group"), (GROUP,), group, order=30),
)
