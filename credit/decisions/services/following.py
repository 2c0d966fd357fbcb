"""After the offer: accepted, conditions listed, live; what nobody takes up lapses (transitions 16 to 19, 24)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, selectors
from credit.decisions.models import Decision
from credit.decisions.services.letters import require_valid
from credit.packs import permissions as packs
from credit.packs.choices import Act, State
from credit.packs.models import Pack
from credit.packs.parts import require_not_stopped
from credit.packs.rules import reasoned
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from credit.reviews.choices import ReviewWork
from crm.kernel.errors import NotAllowed, RuleBroken


@transaction.atomic
def accept(*, pack_id: int, signed_by: str, actor: Any, now: dt.datetime) -> Pack:
    """The client's authorised signatories signed (transitions 16 and 18): its conditions are listed.

    NotAllowed for others than the manager; RuleBroken without their names, and once the approval is not valid any more.
    """
    pack = steps.locked(pack_id, actor)
    packs.owns(user=actor, pack=pack).require()
    if pack.state != State.OFFERED:
        raise NotAllowed(_("Nothing was offered."))
    words = reasoned(signed_by, "signed_by")
    require_valid(pack, now)
    steps.step(pack, Act.ACCEPT, actor=actor, now=now, target=State.ACCEPTED, reason=words)
    steps.step(pack, Act.OPEN_CONDITIONS, actor=actor, now=now, target=State.CP_PENDING)
    steps.close(pack, ReviewWork.DECIDED, actor=actor, now=now)
    return pack


@transaction.atomic
def go_live(*, pack_id: int, actor: Any, now: dt.datetime) -> Pack:
    """The limit is live (transition 19). NotAllowed for others than credit administration, and for who offered it; RuleBroken while an
    essential condition is open, and while the company’s undrawn limits are suspended.
    """  # fmt: skip
    pack = steps.locked(pack_id, actor)
    permissions.can_administer(user=actor, pack=pack, states=(State.CP_PENDING,)).require()
    if pack.events.filter(act=Act.OFFER).order_by("-pk").values_list("actor_id", flat=True).first() == actor.pk:
        raise NotAllowed(_("A second person of credit administration makes the limit live."))
    require_not_stopped(pack.company_id)
    still = selectors.essential_open(pack)
    if still:
        raise RuleBroken(_("Essential conditions that are neither met nor waived: %(number)s.") % {"number": still})
    steps.step(pack, Act.GO_LIVE, actor=actor, now=now, target=State.AVAILABLE)
    return pack


def lapse(*, now: dt.datetime) -> int:
    """Offers that nobody accepted in time and deferrals that nobody answered lapse (transitions 17 and 24). Returns how many; safe to
    run again.
    """  # fmt: skip
    today = timezone.localdate(now)
    late = Decision.objects.filter(pack__state=State.OFFERED, valid_until__lt=today)
    late = late | Decision.objects.filter(pack__state=State.DEFERRED, due_on__lt=today)
    return sum(_lapse(pack_id, now) for pack_id in sorted(set(late.values_list("pack_id", flat=True))))


@transaction.atomic
def _lapse(pack_id: int, now: dt.datetime) -> int:
    Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    pack = Pack.objects.select_related("company", "centre", "team", "owner").get(pk=pack_id)
    decision = selectors.decision_of(pack)
    if decision is None or pack.state not in (State.OFFERED, State.DEFERRED):
        return 0
    last = decision.valid_until if pack.state == State.OFFERED else decision.due_on
    if last is None or reviews.today_of(pack, now) <= last:
        return 0
    steps.step(pack, Act.LAPSE, actor=None, now=now, target=State.LAPSED)
    steps.close(pack, *ReviewWork, actor=None, now=now)
    return 1
