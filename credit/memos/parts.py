"""How features below give facts to the sections of an application."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from credit.packs.models import PackVersion
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Fact:
    """Something that the bank has on record: a key that names it for ever, its day, and what it says."""

    key: str
    on: dt.date
    text: str


@dataclass(frozen=True)
class FactSource:
    """Facts for some sections: `facts(version, user, now)` gives those that this person may see, the newest first."""

    code: str
    label: Sentence
    sections: tuple[int, ...]
    facts: Callable[[PackVersion, Any, dt.datetime], Sequence[Fact]]
    order: int = 0
