"""A credit system for the world that access is asked of: its token that waits, its webhook, a delivery that was given up."""

import datetime as dt
from typing import Any

from credit.packs.models import PackEvent
from credit.systems.models import Delivery, Webhook
from crm.staff.models import ApiToken, User
from tests.cast import Bank
from tests.credit.systems import making


def hook(account: User, event: Any, now: dt.datetime) -> dict[str, Any]:
    """Where it stands, and what was given up there."""
    webhook = Webhook.objects.create(account=account, url="https://credit.example.com/hook", rotated_at=now)
    told = {"name": "pack.handed_off", "state": "given_up", "made_at": now}
    return {"webhook": webhook, "delivery": Delivery.objects.create(webhook=webhook, event=event, **told)}


def build(bank: Bank, now: dt.datetime) -> dict[str, Any]:
    """Made by one administrator; the other has its token to confirm. It is one of the people whom the API is asked as."""
    account = bank.people["system"] = making.account(bank)
    making.token(bank, account, confirmed=False)
    event = PackEvent.objects.filter(act="endorse").order_by("pk").first()
    return {"system": account, "system_token": ApiToken.objects.get(user=account), **hook(account, event, now)}
