"""Keeping, changing and removing one's own alerts."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from content.alerts import rules
from content.alerts.choices import Pace
from content.alerts.models import Alert, AlertHit
from content.alerts.permissions import can_keep_alerts
from crm.kernel.errors import RuleBroken
from crm.kernel.query import parse

_COLUMNS = ("name", "query", "pace", "quiet_from", "quiet_to", "cap", "is_on")


@dataclass(frozen=True)
class AlertTerms:
    """What an owner says of an alert."""

    name: str
    query: str
    pace: str = Pace.DAILY
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    cap: int = rules.CAP
    is_on: bool = True


@transaction.atomic
def keep_alert(*, terms: AlertTerms, actor: Any) -> Alert:
    """A new alert of one's own. NotAllowed; QueryError for a query that is not well formed; RuleBroken for other terms, or too many."""
    can_keep_alerts(user=actor).require()
    # The lock on the person makes two at once count each other.
    get_user_model()._default_manager.select_for_update().get(pk=actor.pk)
    if Alert.objects.visible_to(actor).count() >= rules.MOST_ALERTS:
        raise RuleBroken(_("You have %(count)d alerts already. Remove one first.") % {"count": rules.MOST_ALERTS})
    alert = Alert(owner=actor)
    _fill(alert, terms)
    alert.save()
    return alert


@transaction.atomic
def change_alert(*, alert_id: int, version: int | None, terms: AlertTerms, actor: Any, now: dt.datetime) -> Alert:
    """Change it; what is not yet told is due by the new terms. Alert.DoesNotExist where hidden; StaleVersion, QueryError, RuleBroken."""
    alert: Alert = Alert.objects.visible_to(actor).select_for_update().get(pk=alert_id)
    alert.claim(version or 0, shown=_COLUMNS)
    _fill(alert, terms)
    if alert.hand_back():
        return alert
    alert.save()
    due = rules.due_at(alert.pace, now=now, zone=zone_of(actor), quiet_from=alert.quiet_from, quiet_to=alert.quiet_to)
    AlertHit.objects.filter(alert=alert).untold().update(due_at=due)
    return alert


@transaction.atomic
def remove_alert(*, alert_id: int, actor: Any) -> None:
    """Take it away with all that it found. Alert.DoesNotExist where hidden."""
    Alert.objects.visible_to(actor).get(pk=alert_id).delete()


def zone_of(user: Any) -> Any:
    """The time zone of the owner's centre."""
    return user.actor.centre.zone if user.actor.centre else ZoneInfo(settings.TIME_ZONE)


def _fill(alert: Alert, terms: AlertTerms) -> None:
    """Check the terms and set the columns."""
    for name, value in asdict(terms).items():
        setattr(alert, name, " ".join(value.split()) if isinstance(value, str) else value)
    parse(alert.query)
    if not alert.name or len(alert.name) > rules.NAME_LENGTH:
        raise RuleBroken(_("Give it a short name."), fields={"name": _("Give it a short name.")})
    if alert.pace not in Pace.values or not 1 <= alert.cap <= rules.MOST_TOLD:
        raise RuleBroken(_("From 1 to %(limit)s.") % {"limit": rules.MOST_TOLD}, fields={"cap": _("From 1 to 100.")})
    if (alert.quiet_from is None) != (alert.quiet_to is None):
        message = _("Quiet hours need a beginning and an end.")
        raise RuleBroken(message, fields={"quiet_to": message})
    if Alert.objects.filter(owner=alert.owner, name=alert.name).exclude(pk=alert.pk).exists():
        raise RuleBroken(_("You have an alert of this name."), fields={"name": _("You have an alert of this name.")})
