"""A person says whether a company is meant, with one key; the answer is kept and holds for the whole story."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from content.clippings.choices import MENTION_TRANSITIONS, MentionState
from content.clippings.models import Clipping, Mention, Ruling
from content.clippings.permissions import can_rule
from content.clippings.services.telling import PUBLISHED, SEARCH_KIND, tell_timelines
from crm.kernel.errors import RuleBroken
from crm.kernel.reactions import announce, reindex
from crm.kernel.workflow import check_transition


@transaction.atomic
def rule_on_mention(*, mention_id: int, meant: bool, actor: Any, now: dt.datetime) -> Ruling:
    """Confirm (`meant`) or refuse a mention, in this clipping and its near copies; later clippings with that name follow it.

    Raises Mention.DoesNotExist where it is hidden or missing, NotAllowed, RuleBroken where the same answer stands already.
    """
    mention = Mention.objects.visible_to(actor).select_for_update(of=("self",)).select_related("clipping").get(pk=mention_id)
    clipping = mention.clipping
    can_rule(user=actor, clipping=clipping).require()
    state = MentionState.CONFIRMED if meant else MentionState.REFUSED
    if mention.state == state:
        raise RuleBroken(_("Somebody has said so already."))
    check_transition(MENTION_TRANSITIONS, MentionState(mention.state), state)
    ruling = Ruling(
        clipping=clipping, company_id=mention.company_id, name=mention.name, before=mention.state, answer=meant, at=now, actor=actor
    )
    ruling.post = actor.actor.post()
    ruling.save()
    story = [clipping.pk, *_others(clipping)]
    same = Mention.objects.filter(clipping__in=story, company_id=mention.company_id)
    ids = list(same.values_list("clipping_id", flat=True))
    same.update(state=state, reason="", ruled_by=actor, ruled_at=now)
    Clipping.objects.filter(pk__in=ids).update(version=F("version") + 1)
    tell_timelines(ids)
    reindex(SEARCH_KIND, ids, actor=actor)
    if meant and clipping.live:
        announce(PUBLISHED, actor=actor, clipping_ids=ids)
    return ruling


def _others(clipping: Clipping) -> list[int]:
    """The other clippings of its story, which all have its class."""
    if not clipping.live:
        return []
    members = Clipping.objects.filter(head_id=clipping.story_id).values_list("pk", flat=True)
    return [pk for pk in (*members, clipping.story_id) if pk != clipping.pk]
