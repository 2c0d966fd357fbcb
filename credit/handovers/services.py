"""A handover begun, its list made anew, signed by three people, dropped. The third signature moves the client (domain 7.7)."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.handoff.canonical import canonical, digest
from credit.handovers import parts, permissions, rules, selectors
from credit.handovers.choices import SIGN, SUBJECT, TRANSITIONS, HandoverState, Side
from credit.handovers.models import Handover, Signature
from credit.packs.rules import reasoned, refuse
from crm.clients.models import Client
from crm.clients.permissions import can_receive
from crm.clients.services import move_client
from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem, WorkState
from crm.notifications.services import notify
from crm.staff.choices import RELATIONSHIP_ROLES

FORMAT = "rapport-handover-1"
TOLD = "handover"


@transaction.atomic
def begin_handover(*, client_id: int, incoming_id: int, witness_id: int, reason: str, actor: Any, now: dt.datetime) -> Handover:
    """Begin to hand a client over: the list of all that is open is made, and waits for three signatures.

    Client.DoesNotExist where hidden; NotAllowed for others than its manager and heads; RuleBroken without a reason, for a manager who
    cannot receive it, and for a witness who is not of the unit or one of the two.
    """
    pk = Client.objects.within(actor.actor.reach()).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=client_id)
    client = Client.objects.select_related("company", "centre", "team", "owner").get(pk=pk)
    permissions.can_begin(user=actor, client=client).require()
    words = reasoned(reason)[: rules.REASON]
    people = get_user_model().objects.colleagues_of(actor)
    incoming = people.filter(pk=incoming_id).first()
    if incoming is None:
        raise refuse("incoming", _("Pick another manager."))
    allowed = can_receive(person=incoming, client=client)
    if not allowed:
        raise refuse("incoming", allowed.reason)
    witness = selectors.witnesses(actor, client, now=now).exclude(pk=incoming_id).filter(pk=witness_id).first()
    if witness is None:
        raise refuse("witness", _("A third person of the unit witnesses it: its head, or a colleague."))
    year = timezone.localdate(now, client.centre.zone).year
    handover = Handover(
        number=f"HV-{year}-{Sequence.take('HV', year):04d}", client=client, outgoing=client.owner, incoming=incoming, witness=witness,
        reason=words, begun_by=actor, begun_at=now,
    )  # fmt: skip
    _list(handover, now)
    handover.record(actor=actor, reason=words[:100])
    _ask(handover, actor=actor, now=now)
    return handover


def _list(handover: Handover, now: dt.datetime) -> None:
    """Make the list: canonical JSON under its hash."""
    client = handover.client
    people = {"out": handover.outgoing, "in": handover.incoming, "witness": handover.witness}
    told = {
        "format": FORMAT,
        "number": handover.number,
        "client": {"id": client.pk, "number": client.number, "name_en": client.company.name_en, "name_zh": client.company.name_zh},
        "people": {side: {"username": one.username, "name": one.name} for side, one in people.items()},
        "reason": handover.reason,
        "listed_at": now.astimezone(dt.UTC).isoformat(),
        "sections": parts.sections(client, handover.outgoing_id),
    }
    content = canonical(told)
    handover.content, handover.sha256, handover.listed_at = content.decode("utf-8"), digest(content), now


def _ask(handover: Handover, *, actor: Any, now: dt.datetime) -> None:
    """Each of the three has it on their list; in the place of who has left, its head sees it among the client's handovers."""
    people = [one for one in (handover.outgoing, handover.incoming, handover.witness) if one.is_active]
    for person in people:
        WorkItem.objects.create(
            kind=SIGN, title=f"{handover.number} · {handover.client}"[:300], due_at=now + dt.timedelta(days=5), subject_type=SUBJECT,
            subject_id=handover.pk, created_by=actor, assignee=person,
        )  # fmt: skip
    line = _("A handover of %(client)s waits for your signature") % {"client": handover.client}
    told = {"key": f"{TOLD}:{handover.pk}:{handover.sha256[:12]}", "line": line, "url": handover.get_absolute_url()}
    notify(kind=TOLD, user_ids=[one.pk for one in people if one.pk != actor.pk], now=now, **told)


def _finish(handover: Handover, *, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE, **narrowed: Any) -> None:
    rows = WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=handover.pk, **narrowed)
    for item in rows.select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=state)


def _locked(handover_id: int, actor: Any) -> Handover:
    """The handover among those that the actor may see, under its client's lock."""
    client_id = Handover.objects.visible_to(actor).values_list("client_id", flat=True).get(pk=handover_id)
    Client.objects.select_for_update(of=("self",)).get(pk=client_id)
    found: Handover = Handover.objects.select_related(*selectors.RELATED).get(pk=handover_id)
    return found


@transaction.atomic
def renew_list(*, handover_id: int, actor: Any, now: dt.datetime) -> Handover:
    """Make the list anew; whoever signed the one before signs again. NotAllowed for others than the three and who began it."""
    handover = _locked(handover_id, actor)
    permissions.can_renew(user=actor, handover=handover).require()
    _list(handover, now)
    handover.record(actor=actor, reason="renewed", fields=["content", "sha256", "listed_at"])
    _finish(handover, actor=actor, now=now, state=WorkState.DROPPED)
    _ask(handover, actor=actor, now=now)
    return handover


@transaction.atomic
def sign(*, handover_id: int, reason: str = "", actor: Any, now: dt.datetime) -> Signature:
    """Sign the list for one's own side. With the third signature the client goes to its new manager.

    NotAllowed for others than the three (the head in the place of who has left, with a reason), and twice; RuleBroken (code `changed`)
    where something came up that does not stand on the list, or the client has another manager meanwhile.
    """
    handover = _locked(handover_id, actor)
    signed = selectors.signatures_of(handover)
    permissions.can_sign(user=actor, handover=handover, signed=signed).require()
    side = str(permissions.side_of(actor, handover))
    words = reasoned(reason)[: rules.REASON] if side == Side.OUT and actor.pk != handover.outgoing_id else ""
    if handover.client.owner_id != handover.outgoing_id:
        raise RuleBroken(_("Another manager looks after this client meanwhile. Drop this handover."), code="changed")
    news = selectors.news_of(handover)
    if news:
        told = {"what": "; ".join(label for _code, label in news[:3])}
        raise RuleBroken(_("This came up since and is not on the list: %(what)s. Make the list anew.") % told, code="changed")
    post = actor.actor.post()
    made: Signature = Signature.objects.create(
        handover=handover, side=side, sha256=handover.sha256, reason=words, at=now, actor=actor, post=post
    )
    _finish(handover, actor=actor, now=now, assignee_id=actor.pk)
    if rules.is_complete([*(one.side for one in signed), made.side]):
        _complete(handover, actor=actor, now=now)
    return made


def _complete(handover: Handover, *, actor: Any, now: dt.datetime) -> None:
    """All three have signed: the client moves, and what is open goes with it."""
    client = handover.client
    allowed = can_receive(person=handover.incoming, client=client)
    if not allowed:
        raise RuleBroken(allowed.reason, code="changed")
    _end(handover, HandoverState.DONE, actor=actor, now=now)
    post = handover.incoming.actor.post(*RELATIONSHIP_ROLES)
    if post is None:
        raise RuleBroken(_("A client is looked after by a relationship manager."), code="changed")
    move_client(client=client, post=post, reason=f"{handover.number}: {handover.reason}"[:200], actor=actor, now=now)
    line = _("%(client)s is handed over to %(name)s") % {"client": client, "name": handover.incoming.name}
    people = [handover.outgoing_id, handover.incoming_id, handover.witness_id]
    notify(kind=TOLD, user_ids=people, key=f"{TOLD}:{handover.pk}:done", line=line, url=handover.get_absolute_url(), now=now)


def _end(handover: Handover, state: HandoverState, *, actor: Any, now: dt.datetime, reason: str = "") -> None:
    check_transition(TRANSITIONS, handover.state, state)
    handover.state, handover.ended_at, handover.end_reason = state, now, reason
    handover.record(actor=actor, reason=reason[:100], fields=["state", "ended_at", "end_reason"])
    _finish(handover, actor=actor, now=now, state=WorkState.DROPPED)


@transaction.atomic
def drop_handover(*, handover_id: int, reason: str, actor: Any, now: dt.datetime) -> Handover:
    """It is not handed over after all. NotAllowed for others than who began it and the client's head; RuleBroken without a reason."""
    handover = _locked(handover_id, actor)
    permissions.can_drop(user=actor, handover=handover).require()
    _end(handover, HandoverState.DROPPED, actor=actor, now=now, reason=reasoned(reason)[: rules.REASON])
    return handover
