"""What a person decides on a row that may be a duplicate; remembered for the next list of the source."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.matching import taken
from crm.companies.models import Company, SourceRecord
from crm.companies.rules import one_line
from crm.kernel.errors import InvalidTransition, RuleBroken
from prospects.directories.choices import Verdict
from prospects.directories.models import Import, RowDecision, StagedRow
from prospects.directories.permissions import can_decide
from prospects.directories.rules import Key, Row, merge
from prospects.directories.selectors import held
from prospects.directories.services.importing import locked_import, today_of
from prospects.directories.services.publishing import count_anew, origin_of, row_of
from prospects.directories.services.writing import create_companies, write_changes, write_records


@transaction.atomic
def decide_duplicate(*, row_id: int, same_as: int | None = None, because: str = "", actor: Any, now: dt.datetime) -> StagedRow:
    """The row is of the candidate `same_as`, which takes over what it says; or of none of them, `because`, and a company is made of it.

    Numbers that other companies hold stay with them. StagedRow.DoesNotExist where hidden; NotAllowed; InvalidTransition where the row has
    been decided; RuleBroken for a company that is no candidate, without a reason, or where this row of the source got its company
    meanwhile (code `known`).
    """
    seen = StagedRow.objects.visible_to(actor).get(pk=row_id)
    directory_import = locked_import(seen.of_import_id, actor=actor)
    can_decide(user=actor, directory_import=directory_import).require()
    staged = StagedRow.objects.select_for_update(of=("self",)).get(pk=row_id)
    if staged.verdict != Verdict.DUPLICATE:
        raise InvalidTransition(_("This row has been decided already."))
    row = row_of(directory_import, staged, on=today_of(actor, now))
    because = one_line(because)
    if same_as is None:
        company_id = _make(directory_import, staged, row, because, actor=actor, now=now)
    else:
        company_id = _join(directory_import, staged, row, same_as, actor=actor, now=now)
    staged.company_id, staged.held_back = company_id, ""
    staged.save(update_fields=["company", "held_back", "verdict", "done"])
    RowDecision.objects.update_or_create(
        source=directory_import.source,
        row_key=staged.key,
        defaults={
            "company_id": company_id,
            "of_import": directory_import,
            "is_same": same_as is not None,
            "because": because,
            "by": actor,
            "at": now,
        },
    )
    count_anew(directory_import)
    directory_import.record(actor=actor, fields=[verdict.value for verdict in Verdict])
    return staged


def candidates_of(staged: StagedRow) -> dict[int, int]:
    """The companies that the row may be of, with their scores, likest first; of earlier rows of the file, those that were made of them."""
    numbers = [candidate["row"] for candidate in staged.candidates if "row" in candidate]
    earlier = StagedRow.objects.filter(of_import_id=staged.of_import_id, number__in=numbers)
    company_of = dict(earlier.values_list("number", "company_id")) if numbers else {}
    pairs = [(candidate.get("company") or company_of.get(candidate.get("row", 0)), candidate["score"]) for candidate in staged.candidates]
    return {pk: score for pk, score in pairs if pk}


def _join(directory_import: Import, staged: StagedRow, row: Row, company_id: int, *, actor: Any, now: dt.datetime) -> int:
    if company_id not in candidates_of(staged):
        raise RuleBroken(_("This company is not among those that the row may be of."))
    Company.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=company_id)
    origin = origin_of(directory_import, actor=actor, now=now)
    known = held([company_id])
    changes = merge(known[company_id], row, origin.source_name, foreign=_foreign(row, company_id))
    write_changes({company_id: [changes]}, known, origin)
    if changes.says_new:
        write_records([(company_id, row)], origin)
    staged.verdict, staged.done = Verdict.UPDATED if changes else Verdict.UNCHANGED, changes.to_json()
    return company_id


def _make(directory_import: Import, staged: StagedRow, row: Row, because: str, *, actor: Any, now: dt.datetime) -> int:
    if not because:
        sentence = _("Say why it is not the same company.")
        raise RuleBroken(sentence, code="reason", fields={"because": sentence})
    if SourceRecord.objects.filter(source=directory_import.source.name, row_key=row.key).exists():
        raise RuleBroken(_("This row of the source has been given a company meanwhile. Load the list again."), code="known")
    origin = origin_of(directory_import, actor=actor, now=now)
    try:
        with transaction.atomic():
            company = create_companies([row], origin, foreign={row.number: _foreign(row, 0)})[0]
    except IntegrityError:
        raise RuleBroken(_("Somebody has just taken one of the row's numbers. Look again."), code="taken") from None
    staged.verdict = Verdict.CREATED
    return company.pk


def _foreign(row: Row, company_id: int) -> frozenset[Key]:
    return frozenset(key for key, pk in taken(row.statement.keys).items() if pk != company_id)
