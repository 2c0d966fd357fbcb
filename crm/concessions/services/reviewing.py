"""The review of what was exercised under own authority (domain 5.3)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.concessions import permissions, rules
from crm.concessions.choices import STANDING, Act, ReviewAct, ReviewState, State, WorkKindName
from crm.concessions.models import Concession
from crm.concessions.services import telling, traces
from crm.kernel.errors import RuleBroken

_OUTCOME = {
    ReviewAct.CONFIRM: (ReviewState.CONFIRMED, Act.CONFIRMED),
    ReviewAct.COACH: (ReviewState.COACHED, Act.COACHED),
    ReviewAct.REVERSE: (ReviewState.REVERSED, Act.REVERSED),
}


@transaction.atomic
def review(*, concession_id: int, actor: Any, now: dt.datetime, act: ReviewAct, words: str = "") -> Concession:
    """Confirm an exercise, talk it over, or reverse it from now on. NotAllowed for others than the head above; RuleBroken without words
    for all but a confirmation.
    """  # fmt: skip
    concession = traces.concession_of(concession_id, actor)
    permissions.can_review(user=actor, concession=concession).require()
    said = traces.tidy(words)[: rules.TEXT]
    if act != ReviewAct.CONFIRM and not said:
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    state, event = _OUTCOME[act]
    concession.review_state, concession.review_words = state, said
    concession.record(actor=actor, fields=["review_state", "review_words"])
    traces.note(concession, event, actor=actor, now=now, post=permissions.review_post(user=actor, concession=concession), words=said)
    traces.close_items(concession, WorkKindName.REVIEW, actor=actor, now=now)
    if act == ReviewAct.REVERSE and concession.state in STANDING:
        telling.end(concession, State.REVOKED, Act.REVOKED, actor=actor, now=now, words=said)
    return concession
