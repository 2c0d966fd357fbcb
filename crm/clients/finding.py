"""Clients for the palette and the search page."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from crm.clients.models import Client
from crm.clients.permissions import fields_seen
from crm.companies.finding import KEYS_READ, best, best_of_few, has_wide_reach, is_wide, rank
from crm.companies.models import Company, SearchKey
from crm.companies.querysets import Among, Typed, typed
from crm.kernel.contributions import Found
from crm.kernel.prepared import Prepared
from crm.kernel.querysets import Reach
from crm.staff.choices import Role

_OWN = ("pk", "number", "tier", "sort_key", "owner_id", "team_id", "centre_id")
_BESIDE = ("company__name_en", "company__name_zh", "owner__name_en", "owner__name_zh")


def sees_many(user: Any) -> bool:
    """The reader sees more than one's own or one team's clients."""
    return has_wide_reach(user) or user.actor.has_role(Role.FIN, Role.LOB, Role.BH)


def of_few(clients: QuerySet[Client], query: str) -> QuerySet[Client]:
    """Those of a few clients that a query finds: each is asked for its company's keys, however common the word is elsewhere."""
    return clients.filter(SearchKey.objects.held_by("company_id", query))


def named(clients: QuerySet[Client], query: str, *, user: Any) -> QuerySet[Client]:
    """All clients that a query finds by name, code, number or phone, for lists."""
    return clients.filter(Among("company_id", SearchKey.objects.owners(query))) if sees_many(user) else of_few(clients, query)


def _found(form: tuple[bool, bool, int, int], words: tuple[int, int]) -> Any:
    reach, asked, keys = Reach.given(form), Typed.given(words), SearchKey.objects
    seen = Client.objects.within(reach)
    if not is_wide(reach):
        return best_of_few(seen, keys, "company_id", asked, *_OWN, *_BESIDE)
    bounded = seen.filter(Among("company_id", keys.owners(asked, at_most=KEYS_READ)))
    return best(bounded.annotate(hit=keys.hit("company_id", asked)), *_OWN, *_BESIDE)


_FOUND: Prepared[Any] = Prepared(_found)


def find_clients(user: Any, query: str, limit: int) -> list[Found]:
    """Clients that the reader sees: exact codes, then one's own, the beginning of the name before a word within it. One statement."""
    reach, asked = Client.objects.reach_of(user), typed(query)
    rows = _FOUND(reach.form, asked.form, **reach.values, **asked.values)
    rows.sort(key=lambda row: (_rank(row, user, query), row.sort_key, row.pk))
    return [_as_found(row, user) for row in rows[:limit]]


def _rank(row: Any, user: Any, query: str) -> int:
    return rank(query, hit=row.hit, names=(row.company__name_en, row.company__name_zh), is_own=row.owner_id == user.pk)


def _as_found(row: Any, user: Any) -> Found:
    """Of the few that are shown; making objects of all that are ranked would take longer than finding them."""
    company = Company(name_en=row.company__name_en, name_zh=row.company__name_zh)
    client = Client(**{name: getattr(row, name) for name in _OWN})
    if row.owner_id:
        client.owner = get_user_model()(pk=row.owner_id, name_en=row.owner__name_en, name_zh=row.owner__name_zh)
    return Found(company.name, client.get_absolute_url(), company.other_name, _detail(client, user))


def _detail(row: Any, user: Any) -> str:
    """Tier and owner, or what of them the reader sees."""
    seen = fields_seen(user=user, client=row)
    parts = {
        "number": row.number if "tier" not in seen else "",
        "tier": row.get_tier_display(),
        "owner": row.owner.name if row.owner else "",
    }
    return " · ".join(str(text) for field, text in parts.items() if field in seen and text)


def seen_client(*, user: Any, company: Any) -> Client | None:
    """The company's client where the reader sees it; kept on the company, which one page loads once. A client's own page has it already."""
    if "seen_client" not in company.__dict__:
        loaded = company._state.fields_cache.get("client")
        company.seen_client = loaded or Client.objects.visible_to(user).filter(company_id=company.pk).first()
    return company.seen_client
