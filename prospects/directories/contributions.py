"""What directories add to shared screens: the menu, the palette, what must hold in the whole database."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import Invariant, NavItem, PaletteCommand, register
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, StagedRow
from prospects.directories.permissions import can_import, can_read_imports


def _reads(user: Any) -> bool:
    return bool(can_read_imports(user=user))


def _imports(user: Any) -> bool:
    return bool(can_import(user=user))


def _miscounted() -> Iterator[str]:
    by_verdict = {verdict.value: Count("rows", filter=Q(rows__verdict=verdict)) for verdict in Verdict}
    for done in Import.objects.filter(state=ImportState.DONE).annotate(**{f"rows_{name}": count for name, count in by_verdict.items()}):
        wrong = [name for name, count in done.counts.items() if count != getattr(done, f"rows_{name}")]
        if wrong or sum(done.counts.values()) != done.read:
            yield f"Import {done.pk}: its counts are not those of its rows ({', '.join(wrong) or 'read'})."


def _without_company() -> Iterator[str]:
    carried_out = (Verdict.CREATED, Verdict.UPDATED, Verdict.UNCHANGED)
    lost = StagedRow.objects.filter(of_import__state=ImportState.DONE, verdict__in=carried_out, company=None)
    for import_id, number in lost.values_list("of_import_id", "number"):
        yield f"Import {import_id}, row {number}: its company does not exist."


register(
    NavItem(_("Directories"), "directories:import_list", "directories", order=25, shown=_reads),
    PaletteCommand(
        _("Import a directory"), "directories:import_create", "upload", words=_("list excel csv load"), order=50, shown=_imports
    ),
    Invariant("directories.counts", "Every row of an import has one verdict, and the counts are those of its rows", _miscounted),
    Invariant("directories.companies", "Every row that was carried out has its company", _without_company),
)
