"""What handovers add to shared screens and to the transfer of clients, what features below hold open, and what must hold."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.handoff.canonical import digest
from credit.handovers import own, permissions, rules, selectors
from credit.handovers.choices import SIGN, HandoverState
from credit.handovers.models import Handover
from credit.handovers.parts import HandoverSource
from credit.handovers.services import TOLD
from crm.clients.models import Client
from crm.clients.parts import TransferGuard
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    Invariant,
    NavItem,
    NotificationKind,
    PaletteCommand,
    RecordAction,
    WorkKind,
    register,
)
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission

HEADING = _("Handovers of clients")


def _refusal(client: Client) -> Sentence | None:
    """Domain 7.7: with live credit a signed list of three is needed."""
    if not selectors.has_live_credit(client):
        return None
    return _("This client has live credit: it is handed over by a list that three people sign.")


def _begin(user: Any, client: Client) -> Permission:
    return permissions.can_begin(user=user, client=client)


def _begin_url(client: Any) -> str:
    return url_of("handovers:handover_begin", client.pk)


def _unsigned() -> Iterator[str]:
    """A client was handed over by three different people who signed the list as it is kept."""
    for row in Handover.objects.filter(state=HandoverState.DONE).order_by("pk").iterator(chunk_size=200):
        signed = selectors.signatures_of(row)
        if not rules.is_complete(one.side for one in signed) or len({one.actor_id for one in signed}) < len(rules.THREE):
            yield f"Handover {row.number}: three different people have not signed its list."
        if digest(row.content.encode("utf-8")) != row.sha256:
            yield f"Handover {row.number}: its list is not what its hash says."


register(
    NavItem(HEADING, "handovers:handover_list", "swap", order=434, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        HEADING, "handovers:handover_list", "swap", words=_("transfer client manager signed list"), order=52, shown=permissions.reads
    ),
    RecordAction("clients.client", _("Hand over"), "swap", _begin_url, _begin, order=90),
    WorkKind(SIGN, _("Sign a handover"), "edit", "handovers:handover_detail"),
    NotificationKind(TOLD, _("Handover of a client")),
    TransferGuard("live_credit", _refusal),
    HandoverSource("work", _("Open duties and tasks"), own.work, order=10),
    HandoverSource("promises", _("Promises"), own.promised, order=30),
    HandoverSource("concessions", pgettext_lazy("handover", "Concessions"), own.granted, own.NOTES, order=40),
    HandoverSource("packs", _("Credit packs"), own.packs, own.PACK_NOTES, order=50),
    HandoverSource("conditions", _("Conditions after the drawdown"), own.conditions, order=60),
    HandoverSource("classes", _("Proposed risk classes"), own.classes, own.CLASS_NOTES, order=62),
    HandoverSource("deals", pgettext_lazy("handover", "Business that is pursued"), own.pursued, own.STAGE_NOTES, order=64),
    HandoverSource("kyc", _("Next review of know-your-customer"), own.review, order=70),
    Invariant("handovers.signed", "Clients are handed over by three people who signed the list", _unsigned),
    ApiRouter("credit-handovers", "credit.handovers.api.router", order=100),
)
