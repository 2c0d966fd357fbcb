"""What alerts add to shared screens."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from content.alerts import permissions, selectors
from content.alerts.services import KIND
from content.alerts.tasks import FIND
from content.clippings.services.telling import PUBLISHED
from crm.kernel.addresses import url_of
from crm.kernel.contributions import NotificationKind, PaletteCommand, QueryAction, Reaction, TodayCard, register


def _keeps(user: Any) -> bool:
    return bool(permissions.can_keep_alerts(user=user))


def _keep_url(text: str) -> str:
    return f"{url_of('alerts:alert_create')}?{urlencode({'query': text})}"


register(
    Reaction(PUBLISHED, FIND),
    NotificationKind(KIND, _("Alerts"), by_mail=True, at_once=True),
    QueryAction(_("Keep this as an alert"), "star", _keep_url, shown=_keeps),
    TodayCard("alerts", _("Alerts"), "alerts/today.html", selectors.on_today, order=15, shown=_keeps, column=2),
    PaletteCommand(_("Alerts"), "alerts:alert_list", "star", words=_("saved searches watch"), order=229, shown=_keeps),
)
