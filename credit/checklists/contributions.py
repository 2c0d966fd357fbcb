"""What checklists add to shared screens and to the pages of packs, and their figures."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.checklists import approving, book, permissions
from credit.checklists.choices import ChecklistWork, ItemState, Need, WaivedBy, WaiverState
from credit.checklists.models import ChecklistItem, OwnPaper, Waiver
from credit.checklists.parts import PARTS
from credit.checklists.requesting import REQUEST
from credit.packs.contributions import HEADING
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction
from credit.packs.permissions import can_change, owns
from credit.packs.selectors import is_open
from crm.kernel.contributions import ApiRouter, ApprovalKind, Invariant, NavItem, PaletteCommand, PolicyTable, WorkKind, register
from crm.kernel.permission import Permission
from crm.policy.querysets import NOTHING


def _checks(user: Any) -> bool:
    return permissions.is_checker(user)


def _keeps_papers(user: Any) -> bool:
    return bool(permissions.can_read_papers(user=user))


def _may_change(user: Any, pack: Pack, version: PackVersion | None, now: Any) -> Permission:
    return can_change(user=user, pack=pack, version=version)


def _of_manager(user: Any, pack: Pack) -> bool:
    return bool(owns(user=user, pack=pack)) and is_open(pack)


def _for_head_office(user: Any) -> Q:
    """Read by head office, compliance and audit, who see all rows anyway."""
    return NOTHING


def _checked_by_themselves() -> Iterator[str]:
    for pk in ChecklistItem.objects.filter(checked_by=F("received_by")).values_list("pk", flat=True):
        yield f"Paper {pk}: whoever received it checked it."
    for pk in Waiver.objects.filter(decided_by=F("asked_by")).values_list("pk", flat=True):
        yield f"Waiver {pk}: whoever asked for it decided it."


def _decided_alone() -> Iterator[str]:
    for pk in OwnPaper.objects.filter(decided_by=F("proposed_by")).values_list("pk", flat=True):
        yield f"Paper of the bank's own {pk}: whoever proposed it decided it."


def _waived_by_nobody() -> Iterator[str]:
    waived = ChecklistItem.objects.filter(state=ItemState.WAIVED).select_related("version__pack")
    for item in waived:
        granted = Waiver.objects.filter(version__pack=item.version.pack, code=item.code, state=WaiverState.GRANTED, until=item.waived_until)
        if not granted.exists():
            yield f"Paper {item.pk}: it is waived without a waiver."


def _here_without_document() -> Iterator[str]:
    here = ChecklistItem.objects.filter(state__in=(ItemState.RECEIVED, ItemState.CHECKED), uses=None)
    for pk in here.values_list("pk", flat=True):
        yield f"Paper {pk}: it is here without a document."


_WHO_WAIVES = dict(WaivedBy.choices)
_LABELS = {code: paper.label for code, paper in book.papers().items()}

register(
    *PARTS,
    PackAction("receive", _("Bring papers"), "checklists:receive", "upload", _may_change, _of_manager, order=30, of_draft=True),
    PackAction("letter", _("Ask client for papers"), "checklists:letter", "mail", _may_change, _of_manager, order=32, of_draft=True),
    PackAction("requested", _("Asked by phone"), "checklists:requested", "phone", _may_change, _of_manager, order=82, of_draft=True),
    NavItem(_("Papers to check"), "checklists:item_list", "check", order=410, section=_("Credit"), shown=_checks),
    WorkKind(ChecklistWork.WAIVE, ChecklistWork.WAIVE.label, "check", "checklists:waiver_decide"),
    WorkKind(ChecklistWork.EXPIRES, ChecklistWork.EXPIRES.label, "clock", "packs:pack_detail"),
    ApprovalKind(
        ChecklistWork.WAIVE, _("Waiver of a paper"), "amber", approving.cards, approving.pane, approving.decide, together=(), order=40
    ),
    NavItem(_("Papers of the bank’s own"), "checklists:own_list", "settings", order=906, section=_("Administration"), shown=_keeps_papers),
    PaletteCommand(
        _("Papers of the bank’s own"), "checklists:own_list", "settings", words=_("checklist codes"), order=897, shown=_keeps_papers
    ),
    WorkKind(ChecklistWork.EDITION, ChecklistWork.EDITION.label, "check", "checklists:own_detail"),
    ApprovalKind(
        ChecklistWork.EDITION,
        _("Change of the checklist"),
        "indigo",
        approving.own_cards,
        approving.own_pane,
        approving.own_decide,
        together=(),
        order=91,
    ),
    ApiRouter("packs", "credit.checklists.api.router", order=91, for_systems=True),
    REQUEST,
    Invariant("checklists.second", "Nobody checked what they received, nor granted their own waiver", _checked_by_themselves),
    Invariant("checklists.own", "Every change of the checklist has two people (invariant 43)", _decided_alone),
    Invariant("checklists.waived", "Every waived paper has its waiver", _waived_by_nobody),
    Invariant("checklists.documents", "Every paper that is here has a document", _here_without_document),
    PolicyTable(
        "checklists.items",
        _("Papers of credit packs"),
        HEADING,
        "text",
        labels=_LABELS,
        choices={code: dict(Need.choices) for code in book.papers()},
        order=620,
    ),
    PolicyTable(
        "checklists.waivers",
        _("Who waives a paper"),
        HEADING,
        "text",
        labels=_LABELS,
        choices=dict.fromkeys(book.papers(), _WHO_WAIVES),
        rows=_for_head_office,
        order=621,
    ),
    PolicyTable(
        "checklists.validity",
        _("For how long papers are good"),
        HEADING,
        "days",
        labels={
            "search": _("Searches"),
            "statements": _("Bank statements"),
            "management": _("Management accounts"),
            "valuation": _("Valuations"),
        },
        order=622,
    ),
    PolicyTable(
        "checklists.above",
        _("Papers required above an amount"),
        HEADING,
        "money",
        labels={code: book.papers()[code].label for code in ("H20", "F50")},
        order=623,
    ),
    PolicyTable(
        "checklists.rules",
        _("Terms and sizes of papers"),
        HEADING,
        "days",
        labels={
            "waiver_days": _("A waiver runs at most"),
            "remind_days": _("Reminded before a paper expires"),
            "decide_days": _("A waiver is decided within (working days)"),
            "megabytes": _("One file at most (MB)"),
            "files": _("Documents of a version at most"),
        },
        units={"megabytes": "mb", "files": "count"},
        order=624,
    ),
)
