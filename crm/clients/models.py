"""The banking relationship with a company, and its dated tier."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.querysets import ClientQuerySet, TierQuerySet
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, OwnedModel, VersionedModel


class Client(AuditedModel, VersionedModel, OwnedModel):
    """A company that banks with us. Seen by who looks after it, their heads, head office, compliance and audit (domain 1.2)."""

    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="client", verbose_name=_("company"))
    number = models.CharField(_("customer number"), max_length=20, unique=True)
    sort_key = models.CharField(max_length=80, editable=False, help_text="The company's, kept here for lists in order of name.")
    status = models.CharField(_("status"), max_length=10, choices=ClientStatus.choices, default=ClientStatus.ONBOARDING)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices, blank=True, help_text="Of the current TierRow.")
    opened_on = models.DateField(_("client since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    kyc_risk = models.CharField(_("KYC risk"), max_length=6, choices=KycRisk.choices, blank=True)
    kyc_reviewed_on = models.DateField(_("KYC reviewed"), null=True, blank=True)
    kyc_due_on = models.DateField(_("next KYC review"), null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="clients_by_name"),
            models.Index(fields=["owner", "sort_key", "id"], name="clients_by_owner"),
            models.Index(fields=["team", "sort_key", "id"], name="clients_by_team"),
            models.Index(fields=["centre", "sort_key", "id"], name="clients_by_centre"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(status=ClientStatus.CLOSED),
                name="clients_closed_when_closed",
                violation_error_message=_("Only a closed client has a closing date."),
            ),
        ]

    def __str__(self) -> str:
        return self.company.name

    def get_absolute_url(self) -> str:
        """The client's page."""
        return url_of("clients:client_detail", self.pk)


class TierRow(models.Model):
    """A client's tier over a span of days. Tiers are worked out each quarter; a manual one has a reason and an end (domain 3.2)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tiers")
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))

    objects = TierQuerySet.as_manager()

    class Meta:
        verbose_name = _("tier")
        constraints = [models.UniqueConstraint(fields=["client"], condition=Q(to_on=None), name="clients_tier_once")]

    def __str__(self) -> str:
        return f"{self.client}: {self.tier}"

    @staticmethod
    def client_model() -> type[Client]:
        """For querysets, which stand below the models."""
        return Client
