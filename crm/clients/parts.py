"""How features above have a word in the transfer of a client to another manager: what stands in its way, and what moves with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.clients.models import Client
from crm.kernel.contributions import of
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class TransferGuard:
    """A feature that may stop the plain transfer of a client by its head: `refusal(client)` says why, None where nothing does."""

    code: str
    refusal: Callable[[Client], Sentence | None] = field(hash=False)


@dataclass(frozen=True)
class TransferWitness:
    """A feature whose rows go with a client, in the transaction that moves it: `follow(client=, before_id=, post=, actor=, now=)`.

    The client has its new owner, team and centre already; `before_id` is the user who looked after it.
    """

    name: str
    follow: Callable[..., Any] = field(hash=False)


def refusal_of(client: Client) -> Sentence | None:
    """The first reason against a plain transfer."""
    return next((found for guard in of(TransferGuard) if (found := guard.refusal(client))), None)
