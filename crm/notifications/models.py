"""What members of staff are told, in the app and by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.notifications.querysets import MailQuerySet, NotificationQuerySet

TITLE_LENGTH = 300


class Notification(models.Model):
    """One thing that a person was told, with the page that it leads to. Seen by that person alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=100, editable=False)
    title = models.CharField(_("what"), max_length=TITLE_LENGTH)
    url = models.CharField(max_length=300, editable=False)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notifications_told_once")]
        indexes = [models.Index(fields=["user", "-at", "-id"], name="notifications_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_new(self) -> bool:
        """Not read yet."""
        return self.read_at is None


class Mail(models.Model):
    """One e-mail to a member of staff, which they can also read here. Seen by that person alone."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("to"))
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=100, editable=False)
    subject = models.CharField(_("subject"), max_length=TITLE_LENGTH)
    body = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))
    deliver_at = models.DateTimeField(_("not before"))
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="notifications_mailed_once")]
        indexes = [
            models.Index(fields=["to", "-written_at", "-id"], name="notifications_mails"),
            models.Index(fields=["deliver_at", "id"], condition=Q(sent_at=None), name="notifications_mail_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return url_of("notifications:mail_detail", self.pk)
