"""Tables of webhooks."""

from django.utils.translation import gettext_lazy as _

from credit.systems.models import Webhook
from crm.web.tables import Column, NameColumn, Table, WhenColumn


class WebhookTable(Table):
    """Where systems hear of packs."""

    url = NameColumn(verbose_name=_("Address"))
    account = Column(verbose_name=_("System"), orderable=False)
    created_at = WhenColumn(verbose_name=_("Made"))
    ended_at = WhenColumn(verbose_name=_("Ended"))

    class Meta:
        model = Webhook
