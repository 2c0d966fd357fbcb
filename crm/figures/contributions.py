"""What figures add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.clients.finding import seen_client
from crm.figures import permissions
from crm.figures.choices import FileState
from crm.figures.models import MODELS, FigureFile
from crm.kernel.contributions import ApiRouter, ClientPanel, GroupPanel, Invariant, NavItem, PaletteCommand, PolicyTable, register


def _reads_files(user: Any) -> bool:
    return bool(permissions.can_read_files(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    if not permissions.can_read_figures(user=user):
        return False
    client = seen_client(user=user, company=company)
    return client is not None and bool(permissions.can_read_figures_of(user=user, client=client))


def _group_panel_shown(user: Any, group: Any) -> bool:
    return bool(permissions.can_read_figures(user=user))


def _untied() -> Iterator[str]:
    """What stands in the tables beside what each file says it loaded, and that beside the trailer."""
    for kind, model in MODELS.items():
        names = (*model.AMOUNTS, *model.COUNTS)
        rows = model.objects.order_by().values("file_id").annotate(**{f"sum_{name}": Sum(name) for name in names})
        held = {row["file_id"]: row for row in rows}
        for file in FigureFile.objects.filter(kind=kind).iterator():
            there = held.get(file.pk, {})
            for name, total in file.totals.items():
                if (there.get(f"sum_{name}") or 0) != total["loaded"]:
                    yield f"Nightly file {file.pk} ({file.name}): its rows do not add up to what it loaded in {name}."
                parts = total["loaded"] + total["unchanged"] + total["refused"]
                if file.state == FileState.DONE and file.totals_match and parts != total["stated"]:
                    yield f"Nightly file {file.pk} ({file.name}): {name} passes as tied and is not."


def _restated_by_nothing() -> Iterator[str]:
    """A row that no longer stands has a newer one of the same key beside it."""
    for model in MODELS.values():
        same = {name: OuterRef(name) for name in ("client_id", "on", *model.KEYS)}
        newer = model.objects.filter(is_latest=True, pk__gt=OuterRef("pk"), **same)
        for pk in model.objects.filter(is_latest=False).exclude(Exists(newer)).values_list("pk", flat=True).iterator():
            yield f"{model.__name__} {pk}: it was put aside, and nothing stands in its place."


_HEADING = pgettext_lazy("core bank", "Figures")

register(
    NavItem(_("Nightly figures"), "figures:file_list", "box", order=740, section=_("Know"), shown=_reads_files),
    PaletteCommand(
        _("Nightly figures"), "figures:file_list", "box", words=_("core bank files late missing"), order=240, shown=_reads_files
    ),
    ClientPanel("figures", _HEADING, "figures:company_figures", order=15, shown=_panel_shown),
    GroupPanel("figures", _HEADING, "figures:group_figures", order=10, shown=_group_panel_shown),
    Invariant("figures.totals", "Every nightly file's rows add up to what it loaded, and that to its trailer", _untied),
    Invariant("figures.restated", "Every figure that was put aside has a newer one in its place", _restated_by_nothing),
    ApiRouter("figures", "crm.figures.api.router", order=25),
    PolicyTable(
        "figures.windows",
        _("What figures are taken over"),
        _HEADING,
        "days",
        labels={"average_days": _("Average balance over"), "months": _("Movements and income over")},
        units={"months": "months"},
        order=230,
    ),
    PolicyTable(
        "figures.outflow",
        _("What a large outflow is"),
        _HEADING,
        "percent",
        labels={"percent": _("More than this share of the average balance"), "days": _("Within")},
        units={"days": "days"},
        order=231,
    ),
    PolicyTable(
        "figures.fee_share",
        _("Fee share"),
        _HEADING,
        "percent",
        labels={"target": _("Aimed at"), "alert": _("Noted below"), "one_off": _("Fees that come once stand apart above")},
        order=232,
    ),
    PolicyTable(
        "figures.delivery",
        _("When nightly files are due"),
        _HEADING,
        "hours",
        labels={"due_hours": _("After the end of their day")},
        order=233,
    ),
)
