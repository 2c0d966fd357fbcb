"""Reads for the pages of companies, people and groups: what this reader sees of each."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.companies.choices import SECTORS, Channel
from crm.companies.models import Company, CompanyGroup, Contact, Coverage, Officer, SearchKey, SourceRecord
from crm.companies.rules import COMPANY_FACTS, CONTACT_DATA, CONTACT_FACTS, months_before, person_key, same_person
from crm.kernel.addresses import url_of
from crm.kernel.changes import Change, changes_of, changes_of_several
from crm.kernel.contributions import TimelineKind, of
from crm.kernel.querysets import Ranked
from crm.kernel.worklist import TimelineRow
from crm.policy import selectors as policy

_NAMES = ("name_en", "name_zh")
_WORDS = {"opt_outs": dict(Channel.choices), "sector": SECTORS}
_CONTACT_HISTORY = (*CONTACT_FACTS, "opt_outs", "left_on")


def covered_company(*, user: Any, company_id: int) -> Company | None:
    """A company that the reader may see, with who looks after it; None where hidden. One statement, two where nobody looks after it."""
    seen = Company.objects.visible_to(user).filter(pk=company_id)
    covered = list(Coverage.objects.current().filter(company__in=seen).select_related("company").order_by("kind"))
    company = covered[0].company if covered else seen.first()
    if company is not None:
        company.current_coverage = covered
    return company


def ranked_companies(*, user: Any, query: str) -> Iterator[Ranked]:
    """The companies that `CompanyQuerySet.named` finds for a reader, by their keys, best match first."""
    reads_none = Company.objects.visible_to(user).query.is_empty()
    return (SearchKey.objects.none() if reads_none else SearchKey.objects.all()).ranked(query)


def best_matches(*, user: Any, query: str, at_most: int) -> list[Company]:
    """The first companies of `ranked_companies`."""
    for way in ranked_companies(user=user, query=query):
        ids: list[int] = []
        for part in way.firsts:
            ids += part.order_by("key", "company_id").values_list("company_id", flat=True)[:at_most]
        ids = ids[:at_most]
        if ids:
            found = Company.objects.visible_to(user).in_bulk(ids)
            return [found[key] for key in ids if key in found]
    return []


def timeline(*, user: Any, company: Company, whole: bool, kinds: Sequence[str] = ()) -> QuerySet[TimelineRow]:
    """What happened with a company, for `kinds` only where some are named. Order by `-at` for pages.

    `whole`: the reader looks after the company now (`permissions.within_reach`), and so reads all of its rows, those from before their
    time too; others read the rows of their own scope.
    """
    seen = TimelineRow.objects.all() if whole else TimelineRow.objects.visible_to(user)
    rows = seen.filter(company_id=company.pk)
    return (rows.filter(kind__in=kinds) if kinds else rows).select_related("actor")


def timeline_kinds() -> dict[str, list[TimelineKind]]:
    """The kinds that features contribute, by their word; several may share one."""
    words: dict[str, list[TimelineKind]] = {}
    for kind in of(TimelineKind):
        words.setdefault(str(kind.label), []).append(kind)
    return words


def timeline_words(*, user: Any, company: Company, whole: bool, chosen: str = "") -> list[str]:
    """The words of the kinds that stand on this company's timeline for this reader, and the one that is chosen. One query."""
    rows = timeline(user=user, company=company, whole=whole).select_related(None).order_by()
    there = set(rows.values_list("kind", flat=True).distinct())
    return [word for word, kinds in timeline_kinds().items() if word == chosen or any(kind.kind in there for kind in kinds)]


def timeline_entries(rows: Sequence[TimelineRow]) -> list[dict[str, Any]]:
    """Timeline rows as the component draws them: the word of the kind, when, who, what happened, whom one met, the page behind it."""
    known = {kind.kind: kind for kind in of(TimelineKind)}
    return [_entry(row, known.get(row.kind)) for row in rows]


def _entry(row: TimelineRow, kind: TimelineKind | None) -> dict[str, Any]:
    met = row.facts.get("met")
    title = kind.words(row.title) if kind else row.title
    return {
        "tone": kind.tone if kind else "mute",
        "title": str(kind.label) if kind else row.kind,
        "url": url_of(kind.url_name, row.subject_id) if kind and kind.url_name and row.subject_id else "",
        "at": row.at,
        "who": row.actor.name if row.actor else "",
        "texts": [text for text in dict.fromkeys((title, row.facts.get("reason"))) if text],
        "chips": [(met, "")] if met else [],
    }


def people_of(*, user: Any, company_ids: Sequence[int]) -> QuerySet[Any]:
    """The people of some companies that the reader may see, marked with whether their phones and addresses are shown."""
    return Contact.objects.visible_to(user).with_sight(user).filter(company_id__in=company_ids)


def said_by_sources(*, user: Any, company: Company) -> QuerySet[SourceRecord]:
    """What each source said of a company, the newest first."""
    return SourceRecord.objects.visible_to(user).filter(company=company).order_by("-as_of", "source")


def group_of(*, user: Any, company: Company) -> CompanyGroup | None:
    """The company's group, where the reader may see it."""
    if company.group_id is None:
        return None
    return CompanyGroup.objects.visible_to(user).filter(pk=company.group_id).first()


@dataclass(frozen=True, slots=True)
class Shared:
    """A person who stands for several companies of a group: as what, where."""

    name: str
    places: tuple[tuple[Company, str], ...]


def shared_people(*, user: Any, group: CompanyGroup) -> list[Shared]:
    """Who stands for more than one member, by name: officers whom directories name, and people whom the reader may see. Three statements.

    Names are compared, not persons: two people of one name look alike, which is for the reader to say.
    """
    members = {company.pk: company for company in members_of(user=user, group=group)}
    officers = Officer.objects.visible_to(user).filter(company__in=members)
    people = Contact.objects.visible_to(user).filter(company__in=members, left_on=None)
    found: list[tuple[str, int, str]] = [(row.name, row.company_id, row.title) for row in officers]
    found += [(name, row.company_id, row.title or row.get_role_display()) for row in people for name in (row.name_en, row.name_zh) if name]
    both = same_person((name, company_id) for name, company_id, _title in found)
    rows: dict[str, tuple[str, dict[int, str]]] = {}
    for name, company_id, title in found:
        if person_key(name) in both:
            rows.setdefault(person_key(name), (name, {}))[1].setdefault(company_id, title)
    shared = (Shared(name, tuple((members[pk], title) for pk, title in places.items())) for name, places in rows.values())
    return sorted(shared, key=lambda one: (-len(one.places), one.name))


def confirmed_since(on: dt.date) -> dt.date:
    """The day on or after which a group's tree must have been confirmed, to hold on `on` (domain 6.7: twelve months)."""
    return months_before(on, int(policy.table("companies.group", jurisdiction="", on=on)["confirmed_months"]))


def is_tree_confirmed(group: CompanyGroup, *, on: dt.date) -> bool:
    """Whether the group's tree stands confirmed on a day, as the handoff of a credit pack needs it."""
    return group.is_confirmed(on, since=confirmed_since(on))


def members_of(*, user: Any, group: CompanyGroup) -> QuerySet[Company]:
    """The companies of a group, by name."""
    return Company.objects.visible_to(user).filter(group=group).order_by("sort_key", "pk")


def history_of_company(*, user: Any, company: Company) -> list[Change]:
    """Who changed what of a company and its people, newest first; contact data only of people whose data the reader sees.

    For readers who look after the company (`permissions.within_reach`): names of colleagues who work on it tell who covers it.
    """
    people = people_of(user=user, company_ids=[company.pk])
    found = [
        *changes_of(company, (*_NAMES, *COMPANY_FACTS, "group", "group_basis", "group_share"), _WORDS),
        *changes_of_several(people.filter(shows_data=True), contact_fields(shows_data=True), _WORDS),
        *changes_of_several(people.filter(shows_data=False), contact_fields(shows_data=False), _WORDS),
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def history_of_contact(contact: Contact, *, shows_data: bool) -> list[Change]:
    """Who changed what of a person."""
    return changes_of(contact, contact_fields(shows_data=shows_data), _WORDS)


def contact_fields(*, shows_data: bool) -> tuple[str, ...]:
    """The fields of a person that stand in a history: without contact data where those are masked."""
    return tuple(name for name in _CONTACT_HISTORY if shows_data or name not in CONTACT_DATA)
