"""Where features above hear of red flags as they are raised, and where those that raise some at night say so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FlagWitness:
    """A feature that hears of a flag in the transaction that raises it, or makes it worse: `hear(flag=, now=)`."""

    name: str
    hear: Callable[..., Any] = field(hash=False)


@dataclass(frozen=True)
class NightlyFlags:
    """A feature that raises flags by the day that is over: `raise_flags(on=, now=)` says how many are new: on the same day again none."""

    raise_flags: Callable[..., int] = field(hash=False)
