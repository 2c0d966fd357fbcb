"""Telling owners what their alerts found: once each, one mail an owner for all that is due."""

import datetime as dt
from itertools import groupby

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.alerts.models import Alert, AlertHit
from content.alerts.services.keeping import zone_of
from content.clippings.choices import Class
from crm.kernel.addresses import url_of
from crm.notifications.services import Letter, full_url, write_mail
from crm.staff.models import User

KIND = "alerts"
OWNERS_AT_ONCE = 500


def tell_due(*, now: dt.datetime) -> int:
    """Tell every owner of what is due. Returns to how many. Two clocks at once tell nobody twice: the second waits and finds it told."""
    due = AlertHit.objects.untold().filter(due_at__lte=now).order_by()
    owners = list(due.values_list("alert__owner_id", flat=True).distinct()[:OWNERS_AT_ONCE])
    return sum(_tell(owner_id, now=now) for owner_id in owners)


@transaction.atomic
def _tell(owner_id: int, *, now: dt.datetime) -> bool:
    alerts = list(Alert.objects.filter(owner_id=owner_id).select_for_update().order_by("pk").values_list("pk", flat=True))
    told = AlertHit.objects.untold().filter(alert_id__in=alerts, due_at__lte=now).update(told_at=now)
    if told:
        _mail(User.objects.get(pk=owner_id), told_at=now)
    return bool(told)


def _mail(owner: User, *, told_at: dt.datetime) -> None:
    """The mail of what was told at a moment, in the owner's language: it leaves by the owner's own pace, quiet hours or not.

    What the owner may no longer see, or was withdrawn, is left out; without anything left there is none.
    """
    told = AlertHit.objects.visible_to(owner).filter(told_at=told_at)
    rows = told.select_related("alert", "clipping", "clipping__source").order_by(
        "alert__name", "alert_id", "-clipping__published_at", "-pk"
    )
    hits = list(rows)
    if not hits:
        return
    with translation.override(owner.language), timezone.override(zone_of(owner)):
        title = ngettext("%(count)d new story for your alerts", "%(count)d new stories for your alerts", len(hits)) % {"count": len(hits)}
        parts = [_section(list(found)) for _alert, found in groupby(hits, key=lambda hit: hit.alert_id)]
        ending = _("Change your alerts: %(url)s") % {"url": full_url(url_of("alerts:alert_list"))}
        letter = Letter(title, "\n\n".join([*parts, ending]) + "\n")
    write_mail(kind=KIND, user=owner, key=f"{KIND}:{told_at.isoformat()}", letter=letter, deliver_at=told_at, now=told_at)


def _section(hits: list[AlertHit]) -> str:
    """One alert's stories, at most as many as its owner wants."""
    alert = hits[0].alert
    lines = [alert.name, "=" * min(len(alert.name), 60)]
    for hit in hits[: alert.cap]:
        lines += ["", *_story(hit)]
    more = len(hits) - alert.cap
    if more > 0:
        lines += ["", ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}]
    return "\n".join(lines)


def _story(hit: AlertHit) -> list[str]:
    clipping = hit.clipping
    # What is of a deal does not leave the application.
    title = _("A clipping of a deal") if clipping.klass == Class.DEAL else clipping.title
    local = timezone.localtime(clipping.published_at)
    lines = [title, f"{clipping.source.name}, {date_format(local, 'DATE_FORMAT')} {date_format(local, 'H:i')}"]
    if hit.why and clipping.klass != Class.DEAL:
        lines.append(_("Why: %(words)s") % {"words": hit.why})
    return [*lines, full_url(clipping.get_absolute_url())]
