"""What runs and holds over the whole product: reactions, figures, invariants, the API."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Reaction:
    """What a feature does after another one's event: the outbox task that runs with the event's ids (`crm.kernel.reactions.announce`)."""

    event: str
    task: str


@dataclass(frozen=True)
class PolicyTable:
    """A table of the bank's figures (`crm.policy`), for the screens on which head office sets them. A table without one is shown to nobody.

    `unit` says what its values are (`crm.policy.choices.Unit`), `units` those of single keys; `parts` the named numbers that each value
    holds ({"meet": …, "call": …}); `special` the words that may stand for a number ({"any": …}), all of them more than any number;
    `choices` the only values of a key. `labels` are words for its keys; roles need none. `rows(user)` narrows the rows that a person may
    see (None: whoever holds a post); head office, compliance and audit see all. `personal`: one person's own figure may differ from that
    of the grade.

    `simulate` is the dotted path of `f(*, proposed: dict[str, Any], jurisdiction: str, since: date, until: date) -> list[Sentence]`: what
    would have been different between two days, both included, had these figures held ("14 requests would have gone higher").
    """

    name: str
    label: Sentence
    heading: Sentence
    unit: str
    labels: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    rows: Callable[[Any], Q] | None = None
    personal: bool = False
    simulate: str | None = None
    units: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    parts: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    special: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    choices: Mapping[str, Mapping[str, Sentence]] = field(default_factory=dict, hash=False, compare=False)
    order: int = 0


@dataclass(frozen=True)
class Invariant:
    """Something that must hold in the whole database: `broken()` yields a sentence for each row that breaks it."""

    code: str
    label: str
    broken: Callable[[], Iterable[str]]


@dataclass(frozen=True)
class ApiRouter:
    """A router of the API, by dotted path, under a prefix. `for_systems`: also for accounts of other systems of the bank."""

    prefix: str
    router: str
    order: int = 0
    for_systems: bool = False
