"""The list of clients."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.models import Client
from crm.clients.permissions import columns_seen
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn


class ClientTable(Table):
    """Clients. Finance gets name and number, the lobby and branch heads name and tier (domain 1.2)."""

    company = NameColumn(verbose_name=_("Client"), order_by="sort_key")
    number = Column(sight="number", order_by="number", css="nowrap")
    tier = ChipColumn(sight="tier", tones={Tier.A: "jade", Tier.B: "indigo"}, orderable=False)
    status = ChipColumn(sight="status", tones={ClientStatus.ACTIVE: "jade", ClientStatus.DORMANT: "amber"}, orderable=False)
    owner = PersonColumn(sight="owner", verbose_name=_("Looked after by"), orderable=False)
    last_contact = WhenColumn(
        accessor="company__last_contact_at", verbose_name=_("Last contact"), sight="contact_times", order_by="company__last_contact_at"
    )
    last_met = WhenColumn(accessor="company__last_met_at", verbose_name=_("Last visit"), sight="contact_times", orderable=False)
    kyc_risk = ChipColumn(sight="kyc", tones={KycRisk.HIGH: "seal", KycRisk.MEDIUM: "amber"}, orderable=False)
    kyc_due_on = WhenColumn(sight="kyc", due=True)
    opened_on = WhenColumn(sight="opened_on")

    class Meta:
        model = Client

    @classmethod
    def visible_fields(cls, user: Any) -> Collection[str]:
        """The groups of fields that the reader sees of every row."""
        return columns_seen(user=user)
