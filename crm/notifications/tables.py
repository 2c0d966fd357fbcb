"""Notifications and mails as tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from crm.kernel.contributions import NotificationKind, of
from crm.notifications.models import Mail, Notification
from crm.web.tables import ChipColumn, Column, Table, WhenColumn


class _KindColumn(Column):
    """The kind in words."""

    def render(self, value: Any, record: Any = None) -> Any:
        """The word of the feature."""
        return next((kind.label for kind in of(NotificationKind) if kind.kind == value), value)

    def export(self, value: Any, record: Any) -> Any:
        """The same word."""
        return (str(self.render(value)),)


def _tone(value: Any, record: Notification) -> str:
    return "jade" if record.read_at is None else ""


class NotificationTable(Table):
    """What one was told."""

    title = Column(verbose_name=_("What"), orderable=False)
    kind = _KindColumn(verbose_name=_("Kind"), orderable=False)
    state = ChipColumn(accessor="is_new", verbose_name=_("State"), orderable=False, tones=_tone)
    at = WhenColumn(verbose_name=_("When"))

    class Meta:
        model = Notification

    def row_url(self, record: Notification) -> str:
        """The page that it leads to."""
        return record.url

    def value_state(self, value: bool, record: Notification) -> str:
        """New, or read."""
        return pgettext("notification", "New") if value else pgettext("notification", "Read")

    def render_state(self, value: bool, record: Notification) -> str:
        """As exported."""
        return self.value_state(value, record)


class MailTable(Table):
    """Mails to oneself."""

    subject = Column(verbose_name=_("Subject"), orderable=False)
    kind = _KindColumn(verbose_name=_("Kind"), orderable=False)
    written_at = WhenColumn(verbose_name=_("Written"))
    sent_at = WhenColumn(verbose_name=_("Sent"), orderable=False)

    class Meta:
        model = Mail
