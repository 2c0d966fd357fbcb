"""Whose side a person signs for, and what came up since a list was made: pure functions on values."""

from collections.abc import Iterable
from typing import Any

from credit.handovers.choices import Side

THREE = frozenset(Side.values)
REASON = 300


def is_complete(signed: Iterable[str]) -> bool:
    """All three sides have signed."""
    return frozenset(signed) >= THREE


def came_up(kept: set[tuple[str, str]], now: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is open now and does not stand on the list. What was done since may stand on it."""
    return sorted(now - kept)


def count(told: dict[str, Any]) -> int:
    """How many things stand on a list."""
    return sum(len(section["rows"]) for section in told["sections"])
