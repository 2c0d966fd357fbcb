"""Rows of the palette and the search page: companies and people by name in either script, initials, code or phone.

Each finder costs one statement. Where few rows are within reach each of them is asked for the query's keys; where many are, a bounded
range of keys is read first. So the cost follows neither the number of companies nor how common the word is.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet

from crm.companies.choices import Ring
from crm.companies.models import Company, CompanyName, Contact, ContactKey, SearchKey
from crm.companies.permissions import directory_sight
from crm.companies.querysets import Among, typed
from crm.kernel.contributions import Found
from crm.kernel.names.keys import typed_key
from crm.kernel.names.legal import core_name

KEYS_READ = 1_000
KEYS_READ_OF_ALL = 200  # where every key's owner is seen
ROWS_RANKED = 60


def has_wide_reach(user: Any) -> bool:
    """The reader's posts reach more than one's own or one team's rows."""
    reach = user.actor.reach()
    return bool(reach.everything or reach.centre_ids)


def rank(query: str, *, hit: str | None, names: Iterable[str], is_own: bool) -> int:
    """0 for an exact code or name, then own rows before others, each with the whole name's beginning before a word within it."""
    phrases = typed(query).phrases
    if hit in phrases:
        return 0
    begins = any(typed_key(name).startswith(phrases) for name in names if name) if phrases else False
    return 1 + 2 * (not is_own) + (not begins)


def best(found: QuerySet[Any]) -> list[Any]:
    """The rows to rank: those whose key is the query itself sort before those whose key only begins with it."""
    return list(found.order_by(F("hit").asc(nulls_last=True))[:ROWS_RANKED])


def find_companies(user: Any, query: str, limit: int) -> list[Found]:
    """Companies, exact codes first; for the lobby and branch heads their names alone."""
    ring = directory_sight(user=user)
    if ring is None:
        return []
    found = Company.objects.visible_to(user).filter(Among("pk", SearchKey.objects.owners(query, at_most=KEYS_READ_OF_ALL)))
    hit = SearchKey.objects.hit("pk", query)
    rows = best(found.annotate(hit=hit).values_list("pk", "name_en", "name_zh", "sort_key", "sector", "hit", named=True))
    rows.sort(key=lambda row: (rank(query, hit=row.hit, names=(row.name_en, row.name_zh), is_own=False), row.sort_key, row.pk))
    shown = (Company(pk=row.pk, name_en=row.name_en, name_zh=row.name_zh, sector=row.sector) for row in rows[:limit])
    return [Found(one.name, one.get_absolute_url(), one.other_name, one.sector_name if ring == Ring.FULL else "") for one in shown]


def find_people(user: Any, query: str, limit: int) -> list[Found]:
    """People within coverage; by phone for readers who see phones."""
    keys = ContactKey.objects.readable_by(user)
    if has_wide_reach(user):
        seen = Contact.objects.visible_to(user).filter(Among("pk", keys.owners(query, at_most=KEYS_READ)))
        found = seen.annotate(hit=keys.hit("pk", query))
    else:
        (few,) = Contact.objects.parts_for(user)
        found = keys.asked_of(few, "pk", query)
    rows = best(found.select_related("company").only("name_en", "name_zh", "sort_key", "company__name_en", "company__name_zh"))
    rows.sort(key=lambda row: (rank(query, hit=row.hit, names=(row.name_en, row.name_zh), is_own=False), row.sort_key, row.pk))
    return [Found(row.name, row.get_absolute_url(), row.other_name, row.company.name) for row in rows[:limit]]


def _named_to(user: Any) -> Any:
    """Companies whose names this person may read; for the operator at the machine (None) all."""
    return Company.objects.filter(merged_into=None) if user is None else Company.objects.visible_to(user)


def company_ids(user: Any, name: str) -> list[int]:
    """Companies that bear this name or alias, with or without its legal form, among those whose names this person may read."""
    bearers = CompanyName.objects.filter(core=core_name(name)).values("company_id")
    return list(_named_to(user).filter(pk__in=bearers).order_by("pk").values_list("pk", flat=True))


def company_names(user: Any, ids: Sequence[int]) -> dict[int, str]:
    """Their names as this person reads them."""
    return {row.pk: row.name for row in _named_to(user).filter(pk__in=ids).only("name_en", "name_zh")}
