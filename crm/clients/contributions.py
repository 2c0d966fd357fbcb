"""What clients add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.clients import permissions
from crm.clients.choices import ClientEvent, ClientStatus, KycRisk, Tier
from crm.clients.finding import find_clients, seen_client
from crm.clients.models import Client, TierRow
from crm.companies.choices import CoverageKind
from crm.companies.models import Coverage
from crm.companies.services.identity import RENAMED
from crm.kernel.contributions import (
    ApiRouter,
    Finder,
    Invariant,
    NavItem,
    PaletteCommand,
    PolicyTable,
    Reaction,
    RecordAction,
    TimelineKind,
    register,
)
from crm.kernel.permission import ALLOWED, Permission, denied


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_clients(user=user))


def _is_client(user: Any, company: Any) -> Permission:
    return ALLOWED if _reads(user) and seen_client(user=user, company=company) else denied(_("This company is no client of yours."))


def _client_url(company: Any) -> str:
    return str(company.seen_client.get_absolute_url())


def _without_coverage() -> Iterator[str]:
    held = Coverage.objects.current().filter(kind=CoverageKind.CLIENT, company=OuterRef("company_id"), owner=OuterRef("owner_id"))
    open_ones = Client.objects.exclude(status=ClientStatus.CLOSED)
    for row in open_ones.exclude(Exists(held)).values_list("number", flat=True).iterator():
        yield f"Client {row}: nobody looks after it as its row says."


def _wrong_tiers() -> Iterator[str]:
    today = timezone.localdate()
    running = TierRow.objects.filter(Q(to_on=None) | Q(to_on__gt=today), client=OuterRef("pk"), from_on__lte=today)
    stated = Client.objects.exclude(status=ClientStatus.CLOSED).exclude(tier="")
    for row in stated.filter(Exists(running)).exclude(Exists(running.filter(tier=OuterRef("tier")))).values_list("number", flat=True):
        yield f"Client {row}: its tier is not that of its dated row."


def _out_of_order() -> Iterator[str]:
    for row in Client.objects.exclude(sort_key=F("company__sort_key")).values_list("number", flat=True).iterator():
        yield f"Client {row}: its place in the list is not its company's."


register(
    NavItem(_("Clients"), "clients:client_list", "clients", order=20, shown=_reads, on_phone=True),
    PaletteCommand(_("Clients"), "clients:client_list", "clients", words=_("customers list"), order=200, shown=_reads),
    Finder("clients", _("Clients"), "clients", find_clients, order=10, shown=_reads),
    RecordAction("companies.company", _("Open the client"), "clients", _client_url, _is_client, order=5),
    TimelineKind(ClientEvent.OPENED, _("Became a client"), "jade", "clients:client_detail"),
    TimelineKind(ClientEvent.STATUS, _("Status"), "amber", "clients:client_detail"),
    TimelineKind(ClientEvent.TIER, _("Tier"), "indigo", "clients:client_detail"),
    TimelineKind(ClientEvent.TRANSFER, _("Given to another manager"), "indigo", "clients:client_detail"),
    TimelineKind(ClientEvent.KYC, _("KYC review"), "indigo", "clients:client_detail"),
    Reaction(event=RENAMED, task="clients.follow_names"),
    Invariant("clients.coverage", "Every client is looked after by the owner that its row names", _without_coverage),
    Invariant("clients.tiers", "Every client's tier is that of its dated row", _wrong_tiers),
    Invariant("clients.order", "Clients stand in the order of their companies' names", _out_of_order),
    ApiRouter("clients", "crm.clients.api.router", order=20),
    PolicyTable(
        "clients.tier",
        _("Tiers"),
        _("Clients"),
        "text",
        labels={"initial": _("Tier of a new client"), "manual_months": _("A tier set by hand ends after")},
        units={"manual_months": "months"},
        choices={"initial": dict(Tier.choices)},
        order=210,
    ),
    PolicyTable("clients.kyc_months", _("KYC review by risk"), _("Clients"), "months", labels=dict(KycRisk.choices), order=220),
)
