"""Clients for the palette and the search page."""

from typing import Any

from django.db.models import QuerySet

from crm.clients.models import Client
from crm.clients.permissions import fields_seen
from crm.companies.finding import KEYS_READ, best, has_wide_reach, rank
from crm.companies.models import SearchKey
from crm.companies.querysets import Among
from crm.kernel.contributions import Found
from crm.staff.choices import Role

_SHOWN = (
    *("number", "tier", "sort_key", "owner", "team", "centre", "company__name_en", "company__name_zh"),
    *("owner__name_en", "owner__name_zh"),
)


def sees_many(user: Any) -> bool:
    """The reader sees more than one's own or one team's clients."""
    return has_wide_reach(user) or user.actor.has_role(Role.FIN, Role.LOB, Role.BH)


def of_few(clients: QuerySet[Client], query: str) -> QuerySet[Client]:
    """Those of a few clients that a query finds: each is asked for its company's keys, however common the word is elsewhere."""
    return clients.filter(SearchKey.objects.held_by("company_id", query))


def named(clients: QuerySet[Client], query: str, *, user: Any) -> QuerySet[Client]:
    """All clients that a query finds by name, code, number or phone, for lists."""
    return clients.filter(Among("company_id", SearchKey.objects.owners(query))) if sees_many(user) else of_few(clients, query)


def find_clients(user: Any, query: str, limit: int) -> list[Found]:
    """Clients that the reader sees: exact codes, then one's own, the beginning of the name before a word within it. One statement."""
    keys = SearchKey.objects
    seen = Client.objects.visible_to(user).select_related("company", "owner")
    if sees_many(user):
        found = seen.filter(Among("company_id", keys.owners(query, at_most=KEYS_READ))).annotate(hit=keys.hit("company_id", query))
    else:
        found = keys.asked_of(seen, "company_id", query)
    rows = best(found.only(*_SHOWN))
    rows.sort(key=lambda row: (_rank(row, user, query), row.sort_key, row.pk))
    return [Found(row.company.name, row.get_absolute_url(), row.company.other_name, _detail(row, user)) for row in rows[:limit]]


def _rank(row: Any, user: Any, query: str) -> int:
    return rank(query, hit=row.hit, names=(row.company.name_en, row.company.name_zh), is_own=row.owner_id == user.pk)


def _detail(row: Any, user: Any) -> str:
    """Tier and owner, or what of them the reader sees."""
    seen = fields_seen(user=user, client=row)
    parts = {
        "number": row.number if "tier" not in seen else "",
        "tier": row.get_tier_display(),
        "owner": row.owner.name if row.owner else "",
    }
    return " · ".join(str(text) for field, text in parts.items() if field in seen and text)
