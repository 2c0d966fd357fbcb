"""Telling members of staff, in the app and by mail, each thing once."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import override

from crm.kernel.contributions import NotificationKind, of
from crm.kernel.errors import Sentence
from crm.notifications import gateways
from crm.notifications.models import TITLE_LENGTH, Mail, Notification
from crm.staff.models import User
from crm.staff.selectors import calendar_of

log = logging.getLogger(__name__)

SENT_AT_ONCE = 100
ATTEMPTS = 10
CLAIM = dt.timedelta(minutes=5)
KEPT = dt.timedelta(days=180)


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the language of its reader."""

    subject: str
    body: str


def kind_of(name: str) -> NotificationKind:
    """The contributed kind. LookupError for one that nobody contributed."""
    found = next((kind for kind in of(NotificationKind) if kind.kind == name), None)
    if found is None:
        raise LookupError(f"No feature contributed the notification kind {name!r}.")
    return found


def full_url(path: str) -> str:
    """The address as a mail names it."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, path)


@transaction.atomic
def notify(*, kind: str, user_ids: Iterable[int], key: str, line: Sentence, url: str, now: dt.datetime) -> int:
    """Tell people one line, each in their language, with the page it leads to; by mail too where the kind says so. Returns how many.

    `key` names the event: whoever was told under it is not told again. A mail waits until the person's centre is open, unless the kind is
    for at once. The caller has seen to it that each of them may read the line.
    """
    told, count = kind_of(kind), 0
    for user in User.objects.filter(pk__in=set(user_ids), is_active=True).order_by("pk"):
        with override(user.language):
            title = str(line)[:TITLE_LENGTH]
            values = {"kind": kind, "title": title, "url": url, "at": now}
            _row, is_new = Notification.objects.get_or_create(user=user, key=key, defaults=values)
            count += is_new
            if is_new and told.by_mail:
                letter = Letter(title, f"{title}\n\n{full_url(url)}\n\n{_now('You can read this mail in Rapport too.')}")
                deliver_at = now if told.at_once else calendar_of(user, now=now).next_open(now)
                write_mail(kind=kind, user=user, key=key, letter=letter, deliver_at=deliver_at, now=now)
    return count


def write_mail(*, kind: str, user: User, key: str, letter: Letter, deliver_at: dt.datetime, now: dt.datetime) -> bool:
    """Write a mail that leaves at `deliver_at`. False where one was written to this person under this key before."""
    kind_of(kind)
    values = {
        "kind": kind,
        "subject": " ".join(letter.subject.split())[:TITLE_LENGTH],
        "body": letter.body,
        "written_at": now,
        "deliver_at": deliver_at,
    }
    return Mail.objects.get_or_create(to=user, key=key, defaults=values)[1]


def mailed(*, kind: str, since: dt.datetime) -> QuerySet[Any, Any]:
    """The ids of those to whom a mail of a kind was written since."""
    return Mail.objects.filter(kind=kind, written_at__gte=since).values("to_id")


@transaction.atomic
def mark_read(*, actor: Any, now: dt.datetime) -> int:
    """Mark all of one's own notifications as read. Returns how many were not."""
    return Notification.objects.visible_to(actor).unread().update(read_at=now)


def send_due(*, now: dt.datetime) -> int:
    """Send mails whose time has come, 100 at most. Each is claimed first, so that two workers do not send the same. Returns how many."""
    sent = 0
    for mail in Mail.objects.due(now, attempts=ATTEMPTS).select_related("to")[:SENT_AT_ONCE]:
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        claim = Mail.objects.filter(free, pk=mail.pk, sent_at=None)
        if not claim.update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
            continue
        try:
            gateways.send(mail)
        except OSError:
            log.exception("Mail %s did not leave", mail.pk)
            continue
        Mail.objects.filter(pk=mail.pk).update(sent_at=now)
        sent += 1
    return sent


def forget_old(*, now: dt.datetime) -> int:
    """Remove notifications and mails older than 180 days. Returns how many."""
    old = now - KEPT
    return Notification.objects.filter(at__lt=old).delete()[0] + Mail.objects.filter(written_at__lt=old).delete()[0]
