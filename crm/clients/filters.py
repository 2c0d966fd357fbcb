"""What the list of clients is narrowed by: only by fields that the reader sees, so that no filter tells more than the list."""

from django.utils.translation import gettext_lazy as _

from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.models import Client
from crm.clients.selectors import owners
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter


class TierFilters(FilterSet):
    """For readers of names and tiers."""

    tier = ChoiceFilter(label=_("Tier"), choices=Tier.choices)

    class Meta:
        model = Client
        fields: list[str] = []


class ClientFilters(TierFilters):
    """For readers of all fields."""

    status = ChoiceFilter(label=_("Status"), choices=ClientStatus.choices)
    owner = PersonFilter(label=_("Looked after by"), colleagues=owners)
    kyc_risk = ChoiceFilter(label=_("KYC risk"), choices=KycRisk.choices)
    kyc_due_on = DateSpanFilter(label=_("Next KYC review"))
    last_contact = DateSpanFilter(label=_("Last contact"), field_name="company__last_contact_at")
    opened_on = DateSpanFilter(label=_("Client since"))
