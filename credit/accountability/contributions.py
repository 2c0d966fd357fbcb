"""What accountability files add to shared screens, the duties of features below, and what must hold."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.accountability import own, permissions, rules, services
from credit.accountability.choices import CommitteeWork, Outcome
from credit.accountability.models import Compilation
from credit.accountability.parts import DutySource
from credit.accountability.selectors import COMMITTEE, DEFERRAL
from credit.accountability.services.freezing import FROZEN
from credit.accountability.services.judging import TOLD
from credit.handoff.canonical import canonical, digest
from credit.packs.choices import LIVE
from credit.packs.models import Pack
from credit.packs.parts import PackAction
from credit.risk.parts import ClassWitness
from crm.kernel.contributions import ApiRouter, Invariant, NavItem, NotificationKind, PaletteCommand, PolicyTable, WorkKind, register
from crm.kernel.permission import Permission

HEADING = _("Accountability files")


def _changed() -> Iterator[str]:
    """What was frozen has its hash, and its own duties give its score."""
    for row in Compilation.objects.order_by("pk").iterator(chunk_size=200):
        told = row.told
        counted = rules.tally_of(told)
        if digest(row.content.encode("utf-8")) != row.sha256 or canonical(told).decode("utf-8") != row.content:
            yield f"Frozen file {row.pk}: it is not what its hash says."
        if (counted.due, counted.on_time, counted.score) != (row.due, row.on_time, row.score):
            yield f"Frozen file {row.pk}: its duties give another score."


def _open(user: Any, pack: Pack, version: Any, now: Any) -> Permission:
    return permissions.can_read_files(user=user)


def _shown(user: Any, pack: Pack) -> bool:
    return pack.state in LIVE and permissions.reads(user)


register(
    NavItem(HEADING, "accountability:file_list", "check", order=432, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        HEADING,
        "accountability:file_list",
        "check",
        words=_("duties due done responsibility due diligence exemption"),
        order=51,
        shown=permissions.reads,
    ),
    PackAction("accountability", _("Accountability file"), "accountability:file_of_pack", "check", _open, _shown, order=70),
    WorkKind(CommitteeWork.ANSWER, CommitteeWork.ANSWER.label, "edit", "accountability:file_detail"),
    WorkKind(CommitteeWork.CLOSE, CommitteeWork.CLOSE.label, "check", "accountability:file_detail"),
    NotificationKind(TOLD, _("The accountability committee")),
    PolicyTable(
        COMMITTEE,
        _("Accountability committee"),
        HEADING,
        "count",
        labels={
            "statement_days": _("Answers in writing within (working days)"),
            "decide_days": _("Decided within (working days)"),
            "quorum": _("Members who decide, at least"),
            "majority_percent": _("Carried by more than (per cent of votes)"),
        },
        order=670,
    ),
    PolicyTable(
        DEFERRAL,
        _("Deferral of variable pay, proposed"),
        HEADING,
        "percent",
        labels={str(one.value): one.label for one in Outcome},
        order=671,
    ),
    NotificationKind(FROZEN, _("An accountability file was frozen")),
    ClassWitness("accountability", services.hear_class),
    DutySource("kyc", {own.KYC: _("Review of know-your-customer")}, own.reviews, order=10),
    DutySource("conditions", {own.CONDITION: _("Condition after the drawdown shown")}, own.conditions, order=20),
    Invariant("accountability.frozen", "A frozen accountability file has its hash, and its duties give its score", _changed),
    ApiRouter("credit-accountability", "credit.accountability.api.router", order=99),
)
