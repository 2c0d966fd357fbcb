"""Where features say what of a client is open, for the list by which it is handed over."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.clients.models import Client
from crm.kernel.contributions import of
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Item:
    """One open thing: a lasting key within its source, what it is, by when, and a word on it. No sentence in anybody's language."""

    key: str
    label: str
    due_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class HandoverSource:
    """A feature that knows open things: `found(client, outgoing_id)` gives them in a fixed number of statements.

    It gives nothing that a relationship manager may not learn: no hushed flag, no verification, no draw that is sealed. `notes` are words
    for the notes of its items.
    """

    code: str
    label: Sentence
    found: Callable[[Client, int], Iterable[Item]] = field(hash=False, compare=False)
    notes: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    order: int = 0


def sources() -> list[HandoverSource]:
    """All, in their order."""
    return sorted(of(HandoverSource), key=lambda source: source.order)


def sections(client: Client, outgoing_id: int) -> list[dict[str, Any]]:
    """What is open of a client, source by source, as JSON values."""
    return [
        {
            "code": source.code,
            "rows": [
                {"key": one.key, "label": one.label, "due_on": one.due_on.isoformat() if one.due_on else None, "note": one.note}
                for one in source.found(client, outgoing_id)
            ],
        }
        for source in sources()
    ]


def keys_of(told: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """What stands on a list."""
    return {(section["code"], row["key"]) for section in told for row in section["rows"]}
