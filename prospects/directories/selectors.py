"""Reads over several tables: what is held of companies, and what stands against taking an import back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import PROTECT, Exists, Max, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Address, Company, CompanyName, Contact, Coverage, Identifier, Officer, SourceRecord
from crm.companies.rules import COMPANY_FACTS
from crm.kernel.errors import Sentence
from crm.kernel.worklist import TimelineRow, WorkItem
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, StagedRow
from prospects.directories.rules import Held, Said, Statement

AT_ONCE = 400
"""Ids in one IN list."""

OBSTACLES_SHOWN = 20


def in_chunks(items: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def held(company_ids: Collection[int]) -> dict[int, Held]:
    """What we hold of these companies. Six queries for each 400."""
    found: dict[int, Held] = {}
    for ids in in_chunks(company_ids):
        for pk, *values in Company.objects.filter(pk__in=ids).values_list("pk", *COMPANY_FACTS):
            found[pk] = Held(values=dict(zip(COMPANY_FACTS, values, strict=True)))
        for pk, kind, text in _parts(CompanyName, ids, "kind", "text"):
            found[pk].names[text] = kind
        for pk, *key in _parts(Identifier, ids, "kind", "scope", "value"):
            found[pk].keys.add((key[0], key[1], key[2]))
        for pk, *address in _parts(Address, ids, "kind", "text_en", "text_zh"):
            found[pk].addresses.add((address[0], address[1], address[2]))
        for pk, name, title in _parts(Officer, ids, "name", "title"):
            found[pk].officers.add((name, title))
        for pk, source, row_key, as_of, facts in _parts(SourceRecord, ids, "source", "row_key", "as_of", "facts"):
            found[pk].said[source, row_key] = Said(as_of, Statement.from_json(facts))
    return found


def _parts(model: type[Model], ids: Sequence[int], *columns: str) -> Iterable[tuple[Any, ...]]:
    return model._default_manager.filter(company_id__in=ids).order_by("pk").values_list("company_id", *columns)


_WORK: dict[str, tuple[type[Model], Sentence]] = {
    "coverage": (Coverage, _("Somebody began to look after the company since.")),
    "contact": (Contact, _("A person of the company was added since.")),
    "timeline": (TimelineRow, _("Something happened with the company since.")),
    "work": (WorkItem, _("There is something to do with the company since.")),
}
"""What people leave behind when they work with a company that was known before."""


def marks() -> dict[str, int]:
    """The newest ids of all that tells later whether somebody has worked on a company."""
    newest = {name: model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0 for name, (model, _sentence) in _WORK.items()}
    newest["history"] = Company.history.aggregate(newest=Max("history_id"))["newest"] or 0
    return newest


def survivors(company_ids: Collection[int]) -> dict[int, int]:
    """Companies among these that were merged into another one, each with that one."""
    merged: dict[int, int] = {}
    for ids in in_chunks(company_ids):
        merged.update(Company.objects.filter(pk__in=ids).exclude(merged_into=None).values_list("pk", "merged_into_id"))
    return merged


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an import cannot be taken back: what was done since, with how many companies, some of them by name."""

    what: Sentence
    count: int
    companies: tuple[Company, ...]


def obstacles(directory_import: Import) -> list[Obstacle]:
    """What stands against taking the import back: a later load of the same list, and whatever people have done with its companies since.

    One query where nothing does, two more for each obstacle.
    """
    rows = StagedRow.objects.filter(of_import=directory_import).exclude(company=None)
    touched = [_later_load(directory_import), _later_edit(directory_import, rows.values("company_id"))]
    touched += _pointing_at(directory_import, rows.filter(verdict=Verdict.CREATED).values("company_id"))
    touched += _work_since(directory_import, rows.filter(verdict=Verdict.UPDATED).values("company_id"))
    names = [f"obstacle_{index}" for index in range(len(touched))]
    asked = Import.objects.filter(pk=directory_import.pk).annotate(
        **{name: Exists(ids) for name, (_what, ids) in zip(names, touched, strict=True)}
    )
    standing = asked.values_list(*names).get()
    return [_obstacle(what, ids) for stands, (what, ids) in zip(standing, touched, strict=True) if stands]


Touched = tuple[Sentence, QuerySet[Any]]
"""What was done, and the ids of the companies with which it was; for a later load, of the imports."""


def _later_load(directory_import: Import) -> Touched:
    started = (ImportState.PUBLISHING, ImportState.DONE, ImportState.FAILED, ImportState.REVERTING)
    later = Import.objects.filter(source_id=directory_import.source_id, pk__gt=directory_import.pk, state__in=started)
    return _("A list of this source was loaded since. Take that back first."), later.values_list("pk", flat=True)


def _later_edit(directory_import: Import, companies: QuerySet[Any]) -> Touched:
    later = Company.history.filter(id__in=companies, history_id__gt=directory_import.marks.get("history", 0))
    edits = later.exclude(history_change_reason=directory_import.change_reason)
    return _("Somebody has changed the company since."), edits.values_list("id", flat=True)


def _pointing_at(directory_import: Import, created: QuerySet[Any]) -> Iterator[Touched]:
    """Rows of any feature that keep a company from being removed, and what other lists say of it."""
    relation: Any
    for relation in Company._meta.get_fields(include_hidden=True):
        if getattr(relation, "on_delete", None) is not PROTECT or not relation.auto_created:
            continue
        name, model = relation.field.name, relation.related_model
        yield _named(model), model._base_manager.filter(**{f"{name}__in": created}).values_list(f"{name}_id", flat=True)
    others = SourceRecord.objects.filter(company__in=created).exclude(source=directory_import.source.name)
    yield _("Another list names the company too."), others.values_list("company_id", flat=True)


def _named(model: type[Model]) -> Sentence:
    """What stands in the way, in the reader's words; of what has no word for people, that something happened."""
    for worked, sentence in _WORK.values():
        if model is worked:
            return sentence
    name = model._meta.verbose_name
    return _("There is already: %(what)s.") % {"what": name} if isinstance(name, Promise) else _WORK["timeline"][1]


def _work_since(directory_import: Import, updated: QuerySet[Any]) -> Iterator[Touched]:
    for name, (model, sentence) in _WORK.items():
        later = model._default_manager.filter(company__in=updated, pk__gt=directory_import.marks.get(name, 0))
        yield sentence, later.values_list("company_id", flat=True)


def _obstacle(what: Sentence, company_ids: QuerySet[Any]) -> Obstacle:
    if company_ids.model is Import:
        return Obstacle(what, company_ids.count(), ())
    ids = sorted(set(company_ids.order_by()))
    return Obstacle(what, len(ids), tuple(Company.objects.filter(pk__in=ids[:OBSTACLES_SHOWN]).order_by("sort_key")))
