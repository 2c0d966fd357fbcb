"""Where features above hear of red flags as they are raised: surprise visits, which one of them makes due."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FlagWitness:
    """A feature that hears of a flag in the transaction that raises it, or makes it worse: `hear(flag=, now=)`."""

    name: str
    hear: Callable[..., Any] = field(hash=False)
