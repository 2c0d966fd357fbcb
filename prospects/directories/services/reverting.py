"""Takes an import back: companies that it made are removed, values that it changed are put back, what the source said before stands again.

From the last row to the first, in chunks as they were carried out; killed half-way, it goes on. A row with whose company somebody works
at that very moment stays as it is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.deletion import Collector, ProtectedError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.companies.choices import NameKind
from crm.companies.models import Address, Company, CompanyName, Identifier, MatchKey, Officer, SearchKey, SourceRecord
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from prospects.directories.choices import TRANSITIONS, ImportState, Verdict
from prospects.directories.models import Import, RowDecision, StagedRow
from prospects.directories.permissions import can_revert
from prospects.directories.rules import Changes, from_plain
from prospects.directories.selectors import Obstacle, obstacles
from prospects.directories.services.importing import REVERT, hand_over, held_import, locked_import
from prospects.directories.services.staging import Progress
from prospects.directories.services.writing import finish_changes, remove_parts, shown_as

_AT_ONCE = 100
_CARRIED_OUT = (Verdict.CREATED, Verdict.UPDATED, Verdict.UNCHANGED)
_PARTS = (CompanyName, Identifier, Address, Officer, SourceRecord, SearchKey, MatchKey)


@transaction.atomic
def revert(*, import_id: int, actor: Any, now: dt.datetime) -> Import:
    """Hand the taking back to a worker.

    NotAllowed; RuleBroken (code `worked_on`) with all that stands against it (`selectors.obstacles`).
    """
    directory_import = locked_import(import_id, actor=actor)
    can_revert(user=actor, directory_import=directory_import).require()
    check_transition(TRANSITIONS, directory_import.state, ImportState.REVERTING)
    if found := obstacles(directory_import):
        raise RuleBroken("\n".join(in_words(obstacle) for obstacle in found), code="worked_on")
    directory_import.state = ImportState.REVERTING
    hand_over(directory_import, REVERT, actor=actor, title=_("Take back %(list)s") % {"list": directory_import})
    directory_import.record(actor=actor, fields=["state", "job", "outbox_id"])
    return directory_import


def in_words(obstacle: Obstacle) -> str:
    """An obstacle in one line, with the first of its companies."""
    names = ", ".join(str(company) for company in obstacle.companies[:3])
    if not names:
        return str(obstacle.what)
    count = ngettext("%(count)d company", "%(count)d companies", obstacle.count) % {"count": obstacle.count}
    return f"{obstacle.what} ({count}: {names})"


def take_back(directory_import: Import, *, actor: Any, now: dt.datetime, progress: Progress) -> int:
    """Take back all rows that are left, then close. Returns how many had to stay."""
    carried_out = StagedRow.objects.filter(of_import=directory_import, verdict__in=_CARRIED_OUT)
    total = carried_out.count()
    left = carried_out.filter(number__lte=directory_import.published_through).count()
    stayed = 0
    while left:
        count, kept = _chunk(directory_import.pk, actor=actor)
        left, stayed = left - count, stayed + kept
        progress(total - left, total)
        if not count:
            break
    with transaction.atomic():
        RowDecision.objects.filter(of_import=directory_import).delete()
        directory_import.refresh_from_db()
        directory_import.state, directory_import.finished_at = ImportState.REVERTED, now
        directory_import.record(actor=actor, fields=["state", "finished_at"])
    return stayed


@transaction.atomic
def _chunk(import_id: int, *, actor: Any) -> tuple[int, int]:
    """(rows gone through, of these left as they are)."""
    directory_import = held_import(import_id)
    rows = StagedRow.objects.filter(
        of_import=directory_import, number__lte=directory_import.published_through, verdict__in=_CARRIED_OUT
    ).order_by("-number")
    staged = list(rows[:_AT_ONCE])
    if not staged:
        return 0, 0
    _put_back([row for row in staged if row.verdict != Verdict.CREATED and row.done], directory_import, actor=actor)
    stayed = _remove([row.company_id for row in staged if row.verdict == Verdict.CREATED and row.company_id], directory_import, actor=actor)
    Import.objects.filter(pk=import_id).update(published_through=staged[-1].number - 1)
    return len(staged), stayed


def _remove(company_ids: Sequence[int], directory_import: Import, *, actor: Any) -> int:
    """Remove companies that the import made, with their parts; returns how many are in use and stay."""
    try:
        with transaction.atomic():
            _delete(list(company_ids), directory_import, actor=actor)
    except ProtectedError:
        if len(company_ids) == 1:
            return 1
        return sum(_remove([pk], directory_import, actor=actor) for pk in company_ids)
    return 0


def _delete(company_ids: list[int], directory_import: Import, *, actor: Any) -> None:
    companies = list(Company.objects.filter(pk__in=company_ids).select_for_update(of=("self",)))
    for company in companies:
        company._history_user, company._change_reason = actor, directory_import.change_reason
    for model in _PARTS:
        parts = model._default_manager.filter(company_id__in=company_ids)
        parts._raw_delete(parts.db)
    collector = Collector(using=Company.objects.db)
    collector.collect(companies)
    collector.delete()


def _put_back(rows: Sequence[StagedRow], directory_import: Import, *, actor: Any) -> None:
    """Undo what rows changed, the last row first."""
    companies = Company.objects.select_for_update(of=("self",)).in_bulk({row.company_id for row in rows if row.company_id})
    undone: dict[int, list[Changes]] = defaultdict(list)
    for row in rows:
        company = companies.get(row.company_id or 0)
        if company is None or row.done is None:
            continue
        _put_back_record(row, directory_import)
        undone[company.pk].append(_put_back_parts(company, row.done, directory_import.source.name))
    undone = {pk: [one for one in several if one] for pk, several in undone.items()}
    undone = {pk: several for pk, several in undone.items() if several}
    for pk, several in undone.items():
        fields = {name for one in several for name in one.values}
        if any(one.names for one in several):
            fields.update(shown_as(companies[pk], dict(companies[pk].names.order_by("pk").values_list("text", "kind"))))
        companies[pk].version += 1
        companies[pk].record(actor=actor, reason=directory_import.change_reason, fields=[*sorted(fields), "version"])
    finish_changes(undone, [companies[pk] for pk in undone], actor=actor)


def _put_back_record(row: StagedRow, directory_import: Import) -> None:
    record = SourceRecord.objects.filter(source=directory_import.source.name, row_key=row.key)
    before = (row.done or {}).get("said_before")
    if before is None:
        record.delete()
    else:
        record.update(as_of=dt.date.fromisoformat(before["as_of"]), facts=before["facts"])


def _put_back_parts(company: Company, done: dict[str, Any], source: str) -> Changes:
    """Undo one row's changes of a company and its parts; the company itself is saved by the caller."""
    for name, (old, new) in done["values"].items():
        if getattr(company, name) == from_plain(name, new):
            setattr(company, name, from_plain(name, old))
    for text, (before, _now) in done["names"].items():
        held_name = CompanyName.objects.filter(company=company, text=text)
        if before is None:
            held_name.delete()
        else:
            held_name.update(kind=NameKind(before))
    for kind, scope, value in done["keys"]:
        Identifier.objects.filter(company=company, kind=kind, scope=scope, value=value).delete()
    (addresses, old_addresses), (officers, old_officers) = done["addresses"], done["officers"]
    remove_parts(company.pk, addresses=addresses, officers=officers)
    for kind, text_en, text_zh in old_addresses:
        Address.objects.get_or_create(company=company, kind=kind, text_en=text_en, text_zh=text_zh, defaults={"source": source})
    for person, title in old_officers:
        Officer.objects.get_or_create(company=company, name=person, title=title, defaults={"source": source})
    return Changes(
        values={name: (new, old) for name, (old, new) in done["values"].items()},
        names={text: (after, before or "") for text, (before, after) in done["names"].items()},
        keys=[(key[0], key[1], key[2]) for key in done["keys"]],
        addresses=(old_addresses, addresses),
        officers=(old_officers, officers),
    )
