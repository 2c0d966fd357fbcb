"""The demo bank's credit system: an account that never signs in, its confirmed token, its webhook, and what was delivered to it."""

import datetime as dt
from typing import Any

from credit.handoff.choices import EVENT_NAMES
from credit.handoff.telling import name_of
from credit.packs.models import PackEvent
from credit.systems.choices import DeliveryState
from credit.systems.models import Delivery, Webhook
from crm.demo.seeds.bank import Bank, keep
from crm.staff.choices import Role
from crm.staff.models import ApiToken, Post, User
from crm.staff.systems import confirm_token, create_system, make_token

SYSTEM, NAME, NAME_ZH = "loanflow", "Loan Flow", "信貸流程系統"
"""What it is called, and the name of its account: `create_token loanflow` gives an operator a token to try the API with."""
ADDRESS = "https://loanflow.tungyee.example/hooks/rapport"
SECOND = dt.timedelta(seconds=1)
# Attempts at one event after the other: seconds after it was made, the status of the answer (None: nobody answered), why it failed.
COURSES = (
    ((2, 200, ""),),
    ((1, 503, "status"), (63, 200, "")),
    ((2, 202, ""),),
    ((30, None, "too_slow"), (95, None, "too_slow"), (260, 204, "")),
    ((2, 500, "status"), (64, 500, "status"), (190, 500, "status"), (450, 500, "status"), (960, 500, "status"), (1990, 500, "status")),
)


def plant(bank: Bank) -> None:
    """Made by one administrator, let in by the other, a month ago; each step since of one manager's packs was told to it."""
    first, second = (User.objects.get(username=name) for name in ("admin", "admin2"))
    made_at = bank.now - dt.timedelta(days=30)
    account = create_system(actor=first, username=SYSTEM, name_en=NAME, name_zh=NAME_ZH)
    keep(Post, [Post(user=account, role=Role.SYS, grade=0, unit=bank.posts["analyst"].unit, from_at=made_at)])
    make_token(user_id=account.pk, actor=first)
    confirm_token(token_id=ApiToken.objects.get(user=account).pk, actor=second, now=made_at)
    webhook = Webhook(account=account, url=ADDRESS, rotated_at=made_at)
    webhook.record(actor=account)
    told = PackEvent.objects.filter(act__in=EVENT_NAMES, pack__owner=bank.people["rm"], pack__handed_off_at__isnull=False).order_by(
        "at", "pk"
    )
    heard = [event for event in told.select_related("pack", "version") if event.at >= event.pack.handed_off_at]
    Delivery.objects.bulk_create(_delivery(webhook, event, COURSES[at % len(COURSES)]) for at, event in enumerate(heard))


def _delivery(webhook: Webhook, event: PackEvent, course: Any) -> Delivery:
    log = [{"at": (event.at + after * SECOND).isoformat(), "status": status, "failure": why} for after, status, why in course]
    after, _status, why = course[-1]
    return Delivery(
        webhook=webhook,
        event=event,
        name=name_of(event),
        state=DeliveryState.GIVEN_UP if why else DeliveryState.DONE,
        attempts=len(course),
        made_at=event.at,
        done_at=None if why else event.at + after * SECOND,
        log=log,
    )
