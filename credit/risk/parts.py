"""What risk classes and surprise visits hear from features that stand above them, open red flags, and what they tell them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.contributions import of


@dataclass(frozen=True)
class OpenFlags:
    """A feature that knows open red flags: for those of these clients that have any, how many by severity ("L", "M", "H", "C")."""

    counts: Callable[[Sequence[int]], Mapping[int, Mapping[str, int]]] = field(hash=False)


@dataclass(frozen=True)
class ClassWitness:
    """A feature that hears of each movement of a class, in the transaction that writes it: `hear(movement=, now=)`."""

    name: str
    hear: Callable[..., Any] = field(hash=False)


def open_flags(client_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Open flags of clients by severity, of all who know any."""
    found: dict[int, dict[str, int]] = {}
    for source in of(OpenFlags):
        for client_id, counts in source.counts(client_ids).items():
            held = found.setdefault(client_id, {})
            for severity, count in counts.items():
                held[severity] = held.get(severity, 0) + count
    return found
