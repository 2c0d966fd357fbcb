"""The keys by which companies and people are found as one types, and by which likely duplicates meet; derived, rebuilt in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection

from crm.companies.choices import IdentifierKind
from crm.companies.models import Company, CompanyName, Contact, ContactKey, Identifier, MatchKey, SearchKey
from crm.companies.querysets import LATER_WORD, WHOLE
from crm.companies.rules import code_keys, mail_domain, phone_keys, phone_numbers
from crm.kernel import pinyin
from crm.kernel.names.keys import KEY_LENGTH, LATER, blocking_keys, search_keys, typed_key
from crm.kernel.names.people import person_initials
from crm.kernel.text import has_han

CHUNK = 500
_INSERT = 2_000


def keys_of(*, names: Iterable[str], identifiers: Iterable[tuple[str, str]] = (), phone: str = "") -> dict[str, int]:
    """The search keys of a company: of its names in either script, of its numbers as (kind, value), of its phone; each with its rank."""
    of_names = [(kind in LATER, key) for name in names for kind, key in search_keys(name)]
    whole = {key for is_later, key in of_names if not is_later}
    for kind, value in identifiers:
        number = typed_key(value)
        whole |= code_keys(value) if kind == IdentifierKind.STOCK else {number, number.replace(" ", "")}
    keys = {key[:KEY_LENGTH]: LATER_WORD for is_later, key in of_names if is_later}
    return keys | {key[:KEY_LENGTH]: WHOLE for key in whole | phone_keys(phone) if key}


def match_keys_of(*, names: Iterable[str], phone: str = "", email: str = "", website: str = "") -> set[str]:
    """The keys that likely duplicates share: blocks of the names, phone numbers, the mail or web domain."""
    keys = {key for name in names for key in blocking_keys(name)}
    keys |= {f"t{number}" for number in phone_numbers(phone)}
    domain = mail_domain(email, website)
    return {key[:60] for key in keys | ({f"d{domain}"} if domain else set())}


def contact_keys_of(contact: Contact) -> dict[str, bool]:
    """A person's search keys, each with whether it is of their phone: whole names, the rest from each word on, initials, pinyin."""
    keys: set[str] = set()
    for name in (contact.name_en, contact.name_zh):
        words = typed_key(name).split(" ")
        keys |= {" ".join(words[start:]) for start in range(len(words))} | {"".join(words)}
        if has_han(name):
            folded = typed_key(name)
            keys |= {folded[1:], "".join(pinyin.syllables(folded, person=True))}
        keys.add(person_initials(name))
    found = {key[:KEY_LENGTH]: False for key in keys if key}
    for phone in (contact.phone, contact.mobile):
        found |= {key: True for key in phone_keys(phone) if key not in found}
    return found


def rebuild_keys(company_ids: Iterable[int], *, fresh: bool = False) -> None:
    """Write the search and match keys of these companies anew. `fresh`: they are new and have none yet, so none are looked for."""
    ids = iter(company_ids)
    while chunk := list(islice(ids, CHUNK)):
        if not fresh:
            SearchKey.objects.filter(company_id__in=chunk).delete()
            MatchKey.objects.filter(company_id__in=chunk).delete()
        searches, matches = _keys_of_companies(chunk)
        _insert(SearchKey, ("company_id", "key", "rank"), searches)
        _insert(MatchKey, ("company_id", "key"), matches)


def rebuild_contact_keys(contacts: Iterable[Contact]) -> None:
    """Write the search keys of these people anew."""
    people = iter(contacts)
    while chunk := list(islice(people, CHUNK)):
        ContactKey.objects.filter(contact_id__in=[contact.pk for contact in chunk]).delete()
        rows = [
            ContactKey(contact=contact, key=key, is_data=is_data) for contact in chunk for key, is_data in contact_keys_of(contact).items()
        ]
        ContactKey.objects.bulk_create(rows, batch_size=_INSERT)


def _insert(model: type[SearchKey] | type[MatchKey], columns: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Insert keys without model objects: a list of 18,000 companies has 400,000, half the time of its loading."""
    table, *named = map(connection.ops.quote_name, (model._meta.db_table, *columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(named)}) VALUES ({places})", rows)  # noqa: S608 - names of our own columns


def _keys_of_companies(ids: Sequence[int]) -> tuple[list[tuple[int, str, int]], list[tuple[int, str]]]:
    names, numbers = _grouped(CompanyName.objects.filter(company_id__in=ids).values_list("company_id", "text")), defaultdict(list)
    for company_id, kind, value in Identifier.objects.filter(company_id__in=ids).values_list("company_id", "kind", "value"):
        numbers[company_id].append((kind, value))
    searches: list[tuple[int, str, int]] = []
    matches: list[tuple[int, str]] = []
    for pk, name_en, name_zh, phone, email, website in Company.objects.filter(pk__in=ids).values_list(
        "pk", "name_en", "name_zh", "phone", "email", "website"
    ):
        called = {*names[pk], name_en, name_zh} - {""}
        searches += [(pk, key, rank) for key, rank in keys_of(names=called, identifiers=numbers[pk], phone=phone).items()]
        matches += [(pk, key) for key in match_keys_of(names=called, phone=phone, email=email, website=website)]
    return searches, matches


def _grouped(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
