"""What the news suggests: court cases, defaults and penalties of clients; a person takes a suggestion up or refuses it (RF-35, RF-36)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.clippings.choices import Class, Event, MentionState
from content.clippings.models import Clipping, Mention
from credit.flags import permissions
from credit.flags.choices import Origin, SuggestionState
from credit.flags.models import Flag, Suggestion
from credit.flags.services.raising import raise_flag
from credit.reviews.rules import text
from crm.kernel.text import fold

_PENALTIES = ("penalty", "fined", "tax evasion", "罚款", "罰款", "处罚", "處罰", "偷税", "偷稅", "违规排放", "違規排放")
_OF_EVENT = {Event.LITIGATION: "RF-35", Event.DEFAULT: "RF-35"}


def suggest_from_news(*, on: dt.date, days: int, now: dt.datetime) -> int:
    """Suggest flags from public stories of the last days that name clients. Returns how many are new; safe to run again.

    Litigation and default suggest RF-35; a headline that speaks of a penalty suggests RF-36.
    """
    since = now - dt.timedelta(days=days)
    named = Mention.objects.filter(
        published_at__gte=since, state__in=(MentionState.LINKED, MentionState.CONFIRMED), company__client__isnull=False
    )
    penal = Q(pk__in=[])
    for word in _PENALTIES:
        penal |= Q(clipping__title__icontains=word)
    rows = named.filter(Q(clipping__event__in=list(_OF_EVENT)) | penal, clipping__live=True, clipping__klass=Class.PUBLIC)
    found: dict[tuple[int, int, str], None] = {}
    told = ("company__client", "clipping_id", "clipping__head_id", "clipping__event", "clipping__title")
    for client_id, clipping_id, head_id, event, title in rows.order_by("pk").values_list(*told):
        code = "RF-36" if _is_penalty(title) else _OF_EVENT.get(event, "")
        if code:
            found.setdefault((client_id, head_id or clipping_id, code), None)
    known = set(Suggestion.objects.filter(clipping__in={key[1] for key in found}).values_list("client_id", "clipping_id", "code"))
    new = [Suggestion(client_id=a, clipping_id=b, code=c, made_at=now) for a, b, c in found if (a, b, c) not in known]
    Suggestion.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _is_penalty(title: str) -> bool:
    folded = fold(title)
    return any(fold(word) in folded for word in _PENALTIES)


def _locked(suggestion_id: int, actor: Any) -> Suggestion:
    rows = Suggestion.objects.visible_to(actor).select_for_update(of=("self",))
    pk = rows.values_list("pk", flat=True).get(pk=suggestion_id)
    found: Suggestion = Suggestion.objects.select_related("client__company", "client__owner", "clipping").get(pk=pk)
    return found


@transaction.atomic
def take_suggestion(*, suggestion_id: int, note: str, actor: Any, now: dt.datetime, critical: bool = False) -> Flag:
    """Raise the flag that a story suggests, linked to it. NotAllowed for others; RuleBroken without words."""
    suggestion = _locked(suggestion_id, actor)
    permissions.can_rule(user=actor, suggestion=suggestion).require()
    flag = raise_flag(
        client_id=suggestion.client_id, code=suggestion.code, note=note, actor=actor, now=now,
        origin=Origin.NEWS, critical=critical, clipping_id=suggestion.clipping_id,
    )  # fmt: skip
    _rule(suggestion, SuggestionState.TAKEN, actor=actor, now=now, flag=flag)
    return flag


@transaction.atomic
def refuse_suggestion(*, suggestion_id: int, reason: str, actor: Any, now: dt.datetime) -> Suggestion:
    """It is no flag, and why. NotAllowed for others; RuleBroken without a word."""
    suggestion = _locked(suggestion_id, actor)
    permissions.can_rule(user=actor, suggestion=suggestion).require()
    words = text(reason, 1000, "reason", _("Say why."))
    _rule(suggestion, SuggestionState.REFUSED, actor=actor, now=now, reason=words)
    return suggestion


def _rule(suggestion: Suggestion, state: str, *, actor: Any, now: dt.datetime, reason: str = "", flag: Flag | None = None) -> None:
    suggestion.state, suggestion.ruled_by, suggestion.ruled_at = state, actor, now
    suggestion.reason, suggestion.flag = reason, flag
    suggestion.save(update_fields=["state", "ruled_by", "ruled_at", "reason", "flag"])


def news_of(flag: Flag, user: Any) -> Clipping | None:
    """The story behind a flag, where the reader may see it."""
    if flag.clipping_id is None:
        return None
    found: Clipping | None = Clipping.objects.visible_to(user).filter(pk=flag.clipping_id).first()
    return found
