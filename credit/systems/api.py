"""A credit system's own webhooks through the API: made, rotated, ended; what was delivered, and asking for it again."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from credit.systems import permissions, selectors, services
from credit.systems.models import Delivery, Webhook
from crm.web.api import once, page
from crm.web.bodies import Body

router = Router(tags=["credit webhooks"])
EventName = Literal[
    "pack.handed_off", "pack.resubmitted", "pack.sent_back", "version.superseded", "version.on_hold", "version.restored", "pack.withdrawn",
    "pack.in_review", "pack.moved", "questions.asked", "question.answered", "pack.resumed", "pack.returned", "pack.for_decision",
    "pack.decided", "pack.appealed", "pack.offered", "pack.accepted", "pack.lapsed", "pack.conditions_open", "pack.available",
    "pack.suspended", "pack.restored", "pack.review_due", "pack.cancelled", "pack.matured",
]  # fmt: skip
_HOOK: dict[str, Any] = {
    "id": 3, "url": "https://credit.example.com/rapport", "events": ["pack.handed_off"], "secret_number": 1,
    "made_at": "2026-03-01T02:00:00Z", "ended_at": None,
}  # fmt: skip


class WebhookIn(Body):
    """Where to tell the system of what. Without events: of all."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"url": "https://credit.example.com/rapport", "events": ["pack.handed_off", "pack.decided"]}}
    )

    url: Annotated[str, Field(min_length=1, max_length=500)]
    events: Annotated[list[EventName], Field(max_length=40)] = []


class WebhookOut(Schema):
    """A webhook."""

    model_config = ConfigDict(json_schema_extra={"example": _HOOK})

    id: int
    url: str
    events: list[str]
    secret_number: int
    made_at: dt.datetime
    ended_at: dt.datetime | None


class WebhookSecret(WebhookOut):
    """With its secret, which this answer alone holds: a replay of the same key gives null."""

    model_config = ConfigDict(json_schema_extra={"example": _HOOK | {"secret": f"whs_{'5e' * 32}"}})

    secret: str | None


class WebhookPage(Schema):
    """A page of webhooks."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_HOOK], "next": None}})

    items: list[WebhookOut]
    next: str | None


class AttemptOut(Schema):
    """One attempt: the status of the answer, or why there was none."""

    at: dt.datetime
    status: int | None
    failure: str


class DeliveryOut(Schema):
    """One event for one webhook."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 90, "webhook_id": 3, "event_id": 501, "event": "pack.handed_off", "state": "waiting", "attempts": 1,
                "made_at": "2026-03-04T02:00:00Z", "next_at": "2026-03-04T02:00:31Z", "done_at": None,
                "log": [{"at": "2026-03-04T02:00:01Z", "status": 503, "failure": "status"}],
            }
        }
    )  # fmt: skip

    id: int
    webhook_id: int
    event_id: int
    event: str
    state: Literal["waiting", "done", "given_up", "dropped"]
    attempts: int
    made_at: dt.datetime
    next_at: dt.datetime | None
    done_at: dt.datetime | None
    log: list[AttemptOut]


class DeliveryPage(Schema):
    """A page of deliveries, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"items": [DeliveryOut.model_config["json_schema_extra"]["example"]], "next": None}}  # type: ignore[index,call-overload]
    )

    items: list[DeliveryOut]
    next: str | None


def serialise(webhook: Webhook) -> dict[str, Any]:
    """A webhook, without its secret."""
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "events": webhook.events,
        "secret_number": webhook.generation,
        "made_at": webhook.created_at,
        "ended_at": webhook.ended_at,
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    read = ("webhook_id", "event_id", "state", "attempts", "made_at", "next_at", "done_at", "log")
    return {"id": row.pk, "event": row.name, **{name: getattr(row, name) for name in read}}


def _own(request: HttpRequest) -> Any:
    permissions.can_keep_at_all(user=request.user).require()
    return Webhook.objects.visible_to(request.user)


def _with_secret(request: HttpRequest, answer: Status) -> Status:
    """Adds the secret to the answer of what was carried out just now; the kept answer, which a replay gives, never holds it."""
    fresh: Webhook | None = getattr(request, "_made", None)
    return Status(answer.status_code, answer.value | {"secret": selectors.secret_of(fresh) if fresh else None})


@router.get("webhooks", response=WebhookPage, summary="One's own webhooks")
def webhooks(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Of the token's system account, with those that are ended."""
    return page(_own(request), request, serialise)


@router.post("webhooks", response={201: WebhookSecret}, summary="Make a webhook")
def make(request: HttpRequest, body: WebhookIn) -> Status:
    """At an address of the bank's list (422 `not_listed` else). The secret signs what is sent: `Rapport-Signature: t=…,v1=…` is
    HMAC-SHA256 in hex over the timestamp, a full stop and the body. It is shown in this answer alone."""  # fmt: skip

    @once("credit.webhook")
    def carry_out(request: HttpRequest) -> tuple[int, dict[str, Any]]:
        made = services.make_webhook(url=body.url, events=body.events, actor=request.user, now=timezone.now())
        request._made = made  # type: ignore[attr-defined]
        return 201, serialise(made)

    return _with_secret(request, carry_out(request))


@router.post("webhooks/{int:webhook_id}/rotate", response={200: WebhookSecret}, summary="The next secret of a webhook")
def rotate(request: HttpRequest, webhook_id: int) -> Status:
    """For some hours the one before signs too, as a further `v1`."""

    @once("credit.webhook_rotate")
    def carry_out(request: HttpRequest) -> tuple[int, dict[str, Any]]:
        held = services.rotate_secret(webhook_id=webhook_id, actor=request.user, now=timezone.now())
        request._made = held  # type: ignore[attr-defined]
        return 200, serialise(held)

    return _with_secret(request, carry_out(request))


@router.post("webhooks/{int:webhook_id}/end", response={200: WebhookOut}, summary="End a webhook")
@once("credit.webhook_end")
def end(request: HttpRequest, webhook_id: int) -> tuple[int, dict[str, Any]]:
    """It hears of nothing any more; what waits for it is dropped."""
    permissions.can_keep_at_all(user=request.user).require()
    return 200, serialise(services.end_webhook(webhook_id=webhook_id, actor=request.user, now=timezone.now()))


@router.get("webhooks/{int:webhook_id}/deliveries", response=DeliveryPage, summary="What was delivered to a webhook")
def deliveries(request: HttpRequest, webhook_id: int, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Each event with its attempts, the newest first."""
    webhook = get_object_or_404(_own(request), pk=webhook_id)
    return page(Delivery.objects.visible_to(request.user).filter(webhook=webhook), request, _delivery, ordering=("-pk",))


@router.post("deliveries/{int:delivery_id}/resend", response={200: DeliveryOut}, summary="Send an event again")
@once("credit.webhook_resend")
def resend(request: HttpRequest, delivery_id: int) -> tuple[int, dict[str, Any]]:
    """What was delivered or given up, with the same event id."""
    permissions.can_keep_at_all(user=request.user).require()
    return 200, _delivery(services.resend(delivery_id=delivery_id, actor=request.user, now=timezone.now()))
