"""Notifications and mails: each person's own."""

import datetime as dt
from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet


class NotificationQuerySet(VisibleQuerySet[Any]):
    """What people were told in the app."""

    def visible_to(self, user: Any) -> "NotificationQuerySet":
        """One's own, as long as one holds a post."""
        return self.filter(user_id=user.pk) if user.pk and user.actor.posts else self.none()

    def unread(self) -> "NotificationQuerySet":
        """Not marked as read."""
        return self.filter(read_at=None)


class MailQuerySet(VisibleQuerySet[Any]):
    """Mails to members of staff."""

    def visible_to(self, user: Any) -> "MailQuerySet":
        """Those to oneself, as long as one holds a post."""
        return self.filter(to_id=user.pk) if user.pk and user.actor.posts else self.none()

    def due(self, now: dt.datetime, *, attempts: int) -> "MailQuerySet":
        """Not sent, whose time has come, that nobody sends at this moment and that have not failed so often."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, sent_at=None, deliver_at__lte=now, attempts__lt=attempts).order_by("deliver_at", "pk")
