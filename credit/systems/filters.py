"""Narrow the webhooks."""

from django.utils.translation import gettext_lazy as _

from credit.systems.models import Webhook
from crm.web.filters import FilterSet, YesNoFilter


class WebhookFilters(FilterSet):
    """Whose, and whether they still hear."""

    account__is_active = YesNoFilter(label=_("System let in"))

    class Meta:
        model = Webhook
        fields: list[str] = []
