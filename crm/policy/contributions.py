"""What policy adds to shared screens, and what must hold of its rows."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import ApiRouter, Invariant, NavItem, PaletteCommand, WorkKind, register
from crm.policy import permissions
from crm.policy.approving import KIND
from crm.policy.choices import ChangeState, WorkKindName
from crm.policy.models import Figure, FigureChange


def _reads_changes(user: Any) -> bool:
    return bool(permissions.can_read_changes(user=user))


def _place(row: Figure) -> tuple[Any, ...]:
    return row.table, row.key, row.jurisdiction, row.person_id


def _overlapping() -> Iterator[str]:
    rows = Figure.objects.order_by("table", "key", "jurisdiction", "person_id", "effective_from")
    for before, after in pairwise(rows.iterator()):
        same = _place(before) == _place(after)
        if same and (before.effective_to is None or before.effective_to > after.effective_from):
            yield f"Figure {after.pk} ({after}) begins before figure {before.pk} ends."


def _changed_alone() -> Iterator[str]:
    rows = Figure.objects.exclude(change=None)
    alone = Q(set_by=None) | Q(approved_by=None) | Q(set_by=F("approved_by")) | Q(person=F("approved_by")) | Q(person=F("set_by"))
    other = ~Q(change__state=ChangeState.APPROVED) | ~Q(change__proposed_by=F("set_by")) | ~Q(change__decided_by=F("approved_by"))
    for pk in rows.filter(alone | other).values_list("pk", flat=True):
        yield f"Figure {pk} came by a change that two people did not make."


def _not_carried_out() -> Iterator[str]:
    for change in FigureChange.objects.filter(state=ChangeState.APPROVED).prefetch_related("figures"):
        made = {row.key: row.value for row in change.figures.all()}
        wanted = {key: value for key, value in change.values.items() if value is not None}
        if made != wanted:
            yield f"Change {change.pk} of {change.table} is approved, and its figures are others."


register(
    NavItem(_("Policies"), "policy:table_list", "settings", order=905, section=_("Administration")),
    PaletteCommand(_("Policies"), "policy:table_list", "settings", words=_("limits figures rules authority"), order=895),
    PaletteCommand(
        _("Changes of figures"), "policy:change_list", "check", words=_("policies proposals dual control"), order=896, shown=_reads_changes
    ),
    KIND,
    WorkKind(WorkKindName.DECIDE, WorkKindName.DECIDE.label, "check", "policy:change_detail"),
    Invariant("policy.overlap", "No figure begins before the one before it ends (invariant 43)", _overlapping),
    Invariant("policy.two_people", "Every figure that came by a change has two people (invariants 7, 43)", _changed_alone),
    Invariant("policy.carried_out", "Every approved change made the figures that it names", _not_carried_out),
    ApiRouter("policies", "crm.policy.api.router", order=90),
)
