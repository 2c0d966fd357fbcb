"""Tables of webhooks."""

from django.utils.translation import gettext_lazy as _

from credit.systems.models import Webhook
from crm.web.tables import Column, NameColumn, Table, WhenColumn


class WebhookTable(Table):
    """Where systems hear of packs."""

    account = NameColumn(verbose_name=_("System"), order_by="account__name_en")
    url = Column(verbose_name=_("Address"), orderable=False)
    created_at = WhenColumn(verbose_name=_("Made"))
    ended_at = WhenColumn(verbose_name=_("Ended"))

    class Meta:
        model = Webhook
