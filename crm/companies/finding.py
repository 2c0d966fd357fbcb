"""Rows of the palette and the search page: companies and people by name in either script, initials, code or phone.

Each finder costs one statement. Where few rows are within reach each of them is asked for the query's keys; where many are, a bounded
range of keys is read first. So the cost follows neither the number of companies nor how common the word is. The statements are prepared:
their form depends on how many words, teams and centres there are, and not on which.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet

from crm.companies.choices import Ring
from crm.companies.models import Company, CompanyName, Contact, ContactKey, SearchKey
from crm.companies.permissions import directory_sight
from crm.companies.querysets import Among, Typed, typed
from crm.kernel.contributions import Found
from crm.kernel.names.keys import typed_key
from crm.kernel.names.legal import core_name
from crm.kernel.prepared import Prepared
from crm.kernel.querysets import Reach

KEYS_READ = 1_000
KEYS_READ_OF_ALL = 200  # where every key's owner is seen
ROWS_RANKED = 60


def has_wide_reach(user: Any) -> bool:
    """The reader's posts reach more than one's own or one team's rows."""
    return is_wide(user.actor.reach())


def is_wide(reach: Reach) -> bool:
    """Of more rows than one's own or one team's."""
    return bool(reach.everything or reach.centre_ids)


def rank(query: str, *, hit: str | None, names: Iterable[str], is_own: bool) -> int:
    """0 for an exact code or name, then own rows before others, each with the whole name's beginning before a word within it."""
    phrases = typed(query).phrases
    if hit in phrases:
        return 0
    begins = any(typed_key(name).startswith(phrases) for name in names if name) if phrases else False
    return 1 + 2 * (not is_own) + (not begins)


def best(found: QuerySet[Any], *columns: str) -> Any:
    """The rows to rank, by name: those whose key is the query itself sort before those whose key only begins with it."""
    return found.values_list(*columns, "hit", named=True).order_by(F("hit").asc(nulls_last=True))[:ROWS_RANKED]


def best_of_few(few: QuerySet[Any], keys: Any, outer: str, asked: Typed, *columns: str) -> Any:
    """As `best`, of a few rows each of which is asked for the query's keys.

    They are chosen before names are joined: PostgreSQL takes all of a team's rows to have such keys, and would read every company for them.
    """
    chosen = keys.asked_of(few, outer, asked).order_by(F("hit").asc(nulls_last=True)).values("pk")[:ROWS_RANKED]
    return best(few.model.objects.filter(Among("pk", chosen)).annotate(hit=keys.hit(outer, asked)), *columns)


def _companies(words: tuple[int, int]) -> Any:
    asked, keys = Typed.given(words), SearchKey.objects
    found = Company.objects.filter(Among("pk", keys.owners(asked, at_most=KEYS_READ_OF_ALL)), merged_into=None)
    return best(found.annotate(hit=keys.hit("pk", asked)), "pk", "name_en", "name_zh", "sort_key", "sector")


def _people(form: tuple[bool, bool, int, int], words: tuple[int, int], is_masked: bool) -> Any:
    reach, asked = Reach.given(form), Typed.given(words)
    keys = ContactKey.objects.without_phones() if is_masked else ContactKey.objects.all()
    columns = ("pk", "name_en", "name_zh", "sort_key", "company__name_en", "company__name_zh")
    if not is_wide(reach):
        return best_of_few(Contact.objects.counted_within(reach), keys, "pk", asked, *columns)
    seen = Contact.objects.covered_within(reach).filter(Among("pk", keys.owners(asked, at_most=KEYS_READ)))
    return best(seen.annotate(hit=keys.hit("pk", asked)), *columns)


_COMPANIES: Prepared[Any] = Prepared(_companies)
_PEOPLE: Prepared[Any] = Prepared(_people)


def find_companies(user: Any, query: str, limit: int) -> list[Found]:
    """Companies, exact codes first; for the lobby and branch heads their names alone."""
    ring = directory_sight(user=user)
    if ring is None:
        return []
    asked = typed(query)
    rows = _COMPANIES(asked.form, **asked.values)
    rows.sort(key=lambda row: (rank(query, hit=row.hit, names=(row.name_en, row.name_zh), is_own=False), row.sort_key, row.pk))
    shown = (Company(pk=row.pk, name_en=row.name_en, name_zh=row.name_zh, sector=row.sector) for row in rows[:limit])
    return [Found(one.name, one.get_absolute_url(), one.other_name, one.sector_name if ring == Ring.FULL else "") for one in shown]


def find_people(user: Any, query: str, limit: int) -> list[Found]:
    """People within coverage; by phone for readers who see phones."""
    reach, asked = user.actor.reach(), typed(query)
    is_masked = ContactKey.objects.are_phones_masked(user)
    rows = _PEOPLE(reach.form, asked.form, is_masked, **reach.values, **asked.values)
    rows.sort(key=lambda row: (rank(query, hit=row.hit, names=(row.name_en, row.name_zh), is_own=False), row.sort_key, row.pk))
    return [_as_found(row) for row in rows[:limit]]


def _as_found(row: Any) -> Found:
    """Of the few people that are shown; making objects of all that are ranked would take longer than finding them."""
    one = Contact(pk=row.pk, name_en=row.name_en, name_zh=row.name_zh)
    return Found(one.name, one.get_absolute_url(), one.other_name, Company(name_en=row.company__name_en, name_zh=row.company__name_zh).name)


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
