"""States, tiers and KYC risk of clients."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClientStatus(models.TextChoices):
    """Where the banking relationship stands."""

    ONBOARDING = "onboarding", _("Opening accounts")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    CLOSED = "closed", pgettext_lazy("client", "Closed")


STATUS_TRANSITIONS: dict[str, set[ClientStatus]] = {
    ClientStatus.ONBOARDING: {ClientStatus.ACTIVE, ClientStatus.CLOSED},
    ClientStatus.ACTIVE: {ClientStatus.DORMANT, ClientStatus.CLOSED},
    ClientStatus.DORMANT: {ClientStatus.ACTIVE, ClientStatus.CLOSED},
    ClientStatus.CLOSED: set(),
}


class Tier(models.TextChoices):
    """How closely a client is looked after (domain 3.2)."""

    A = "A", _("Tier A")
    B = "B", _("Tier B")
    C = "C", _("Tier C")
    D = "D", _("Tier D")


class KycRisk(models.TextChoices):
    """Sets how often the know-your-customer review falls due (domain 1.3, rule 8)."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class ClientEvent(models.TextChoices):
    """What of the relationship stands on the timeline."""

    OPENED = "client_opened", _("Became a client")
    STATUS = "client_status", _("Status changed")
    TIER = "client_tier", _("Tier changed")
    KYC = "client_kyc", _("KYC reviewed")
    TRANSFER = "client_transfer", _("Given to another manager")
