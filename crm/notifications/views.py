"""What one was told, and the mails to oneself."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.kernel.addresses import url_of
from crm.notifications import services
from crm.notifications.models import Mail, Notification
from crm.notifications.tables import MailTable, NotificationTable
from crm.web.views import Action, Empty, ListView, Page, RecordPage


class NotificationList(ListView):
    """`/notifications/`: one's own, the newest first."""

    model = Notification
    table_class = NotificationTable
    title = _("Notifications")
    template_name = "notifications/notifications.html"
    ordering = ("-at",)
    empty = Empty(_("Nobody told you anything"), _("What is late, and what others decided of yours, stands here."), icon="info")

    def actions(self) -> list[Action]:
        """The mails."""
        return [Action(_("Mails"), url_of("notifications:mail_list"), "mail")]


class NotificationsRead(Page):
    """Mark all as read."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list."""
        now: dt.datetime = timezone.now()
        count = services.mark_read(actor=request.user, now=now)
        messages.success(request, ngettext("%(count)s marked as read.", "%(count)s marked as read.", count) % {"count": count})
        return HttpResponseRedirect(url_of("notifications:notification_list"))


class MailList(ListView):
    """`/notifications/mails/`: mails to oneself, the newest first."""

    model = Mail
    table_class = MailTable
    title = _("Mails to me")
    ordering = ("-written_at",)
    empty = Empty(_("No mail yet"), _("Every mail that Rapport sends you can be read here too."), icon="mail")


class MailDetail(RecordPage):
    """One mail."""

    model = Mail
    template_name = "notifications/mail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its text."""
        return self.render(self.template_name, self.get_context_data())
