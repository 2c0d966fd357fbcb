"""Webhooks made, rotated and ended; steps spread to them; deliveries tried, given up and asked for again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from credit.handoff.choices import EVENT_NAMES
from credit.handoff.telling import name_of, step_of
from credit.packs.models import PackEvent
from credit.systems import gateways, permissions, rules, selectors
from credit.systems.choices import DELIVER, TRANSITIONS, DeliveryState
from credit.systems.models import Delivery, Webhook
from crm.kernel import clock
from crm.kernel.errors import RuleBroken
from crm.kernel.outbox import Outbox
from crm.kernel.workflow import check_transition

MOST_WEBHOOKS = 20
NAMES = frozenset({*EVENT_NAMES.values(), "pack.resubmitted"})


@transaction.atomic
def make_webhook(*, url: str, events: Sequence[str] = (), actor: Any, now: dt.datetime) -> Webhook:
    """A webhook of the actor's own. NotAllowed for people; RuleBroken for an address that is not listed or is there, or too many."""
    permissions.can_keep_at_all(user=actor).require()
    if not rules.is_allowed(url, settings.WEBHOOK_HOSTS):
        sentence = _("This address is not on the bank’s list: https to a listed host, or http on this machine.")
        raise RuleBroken(sentence, code="not_listed", fields={"url": sentence})
    if Webhook.objects.filter(account=actor, ended_at=None).count() >= MOST_WEBHOOKS:
        raise RuleBroken(_("A system has %(most)s webhooks at most.") % {"most": MOST_WEBHOOKS})
    webhook = Webhook(account=actor, url=url, events=sorted(set(events)), rotated_at=now)
    try:
        with transaction.atomic():
            webhook.record(actor=actor)
    except IntegrityError as error:
        sentence = _("There is a webhook at this address already.")
        raise RuleBroken(sentence, fields={"url": sentence}) from error
    return webhook


def _locked(webhook_id: int, actor: Any) -> Webhook:
    pk = Webhook.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=webhook_id)
    return Webhook.objects.select_related("account").get(pk=pk)


@transaction.atomic
def rotate_secret(*, webhook_id: int, actor: Any, now: dt.datetime) -> Webhook:
    """The next secret; for some hours both sign. NotAllowed for others than its account."""
    webhook = _locked(webhook_id, actor)
    permissions.can_keep(user=actor, webhook=webhook).require()
    webhook.generation += 1
    webhook.rotated_at = now
    webhook.record(actor=actor, fields=["generation", "rotated_at"])
    return webhook


@transaction.atomic
def end_webhook(*, webhook_id: int, actor: Any, now: dt.datetime) -> Webhook:
    """It hears of nothing any more; what waits is dropped. NotAllowed for others than its account and administrators."""
    webhook = _locked(webhook_id, actor)
    permissions.can_end(user=actor, webhook=webhook).require()
    webhook.ended_at, webhook.ended_by = now, actor
    webhook.record(actor=actor, fields=["ended_at", "ended_by"])
    webhook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED, next_at=None)
    return webhook


@transaction.atomic
def spread(*, event_id: int, now: dt.datetime) -> int:
    """A delivery of a step for each webhook that wants it and may hear of it; a second run makes none. Returns how many were made."""
    event = PackEvent.objects.select_related("pack", "version").get(pk=event_id)
    if event.act not in EVENT_NAMES:
        return 0
    name, made = name_of(event), 0
    for webhook in selectors.wanting(event, name):
        delivery, is_new = Delivery.objects.get_or_create(
            webhook=webhook, event=event, defaults={"name": name, "made_at": now, "next_at": now}
        )
        if is_new:
            made += 1
            _enqueue(delivery, at=None)
    return made


def _enqueue(delivery: Delivery, *, at: dt.datetime | None) -> None:
    """A row of the outbox that no worker takes before its time."""
    Outbox.objects.create(task=DELIVER, args={"delivery_id": delivery.pk, "attempt": delivery.attempts + 1}, leased_until=at)


def deliver(*, delivery_id: int, attempt: int) -> None:
    """Try once, outside of any transaction, and write down what came of it. Safe to run twice: one event keeps its id for the receiver.

    Killed between sending and writing it down, the attempt is made again when the outbox's lease is over.
    """
    delivery = Delivery.objects.select_related("webhook__account", "event__pack", "event__version").get(pk=delivery_id)
    if delivery.state != DeliveryState.WAITING or delivery.attempts + 1 != attempt:
        return
    webhook, now = delivery.webhook, clock.now()
    if webhook.ended_at is not None or not selectors.is_told(webhook, delivery.event):
        _note(delivery, attempt, None, "not_handed", now=now)
        return
    body, timestamp = rules.body_of(step_of(delivery.event)), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Rapport-Event": str(delivery.event_id),
        "Rapport-Delivery": str(delivery.pk),
        "Rapport-Signature": rules.signature(selectors.secrets_of(webhook, now), timestamp=timestamp, body=body),
    }
    status, failure = gateways.send(webhook.url, body, headers, seconds=selectors.figures(now)["seconds"])
    _note(delivery, attempt, status, failure, now=clock.now())


@transaction.atomic
def _note(delivery: Delivery, attempt: int, status: int | None, failure: str, *, now: dt.datetime) -> None:
    held = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if held.state != DeliveryState.WAITING or held.attempts + 1 != attempt:
        return
    figures = selectors.figures(now)
    held.attempts, held.next_at = attempt, None
    if status is not None and rules.took(status):
        held.state, held.done_at = DeliveryState.DONE, now
    elif failure == "not_handed":
        held.state = DeliveryState.DROPPED
    elif attempt % figures["attempts"] == 0:
        held.state = DeliveryState.GIVEN_UP
    else:
        again = attempt % figures["attempts"]
        held.next_at = now + rules.wait(again, first=figures["first_wait"], factor=figures["factor"], longest=figures["longest_wait"])
    why = failure or ("" if held.state == DeliveryState.DONE else "status")
    held.log = [*held.log, {"at": now.isoformat(), "status": status, "failure": why}][-50:]
    held.save(update_fields=["attempts", "state", "next_at", "done_at", "log"])
    if held.next_at is not None:
        _enqueue(held, at=held.next_at)


@transaction.atomic
def resend(*, delivery_id: int, actor: Any, now: dt.datetime) -> Delivery:
    """Send again what was delivered or given up, with the same event id. NotAllowed for others than the webhook's account."""
    pk = Delivery.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=delivery_id)
    delivery: Delivery = Delivery.objects.select_related("webhook").get(pk=pk)
    permissions.can_resend(user=actor, delivery=delivery).require()
    check_transition(TRANSITIONS, delivery.state, DeliveryState.WAITING)
    delivery.state, delivery.next_at = DeliveryState.WAITING, now
    delivery.save(update_fields=["state", "next_at"])
    _enqueue(delivery, at=None)
    return delivery
