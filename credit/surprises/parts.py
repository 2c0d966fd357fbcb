"""Where other features of credit hear of surprise visits and have a word in them: red flags, above all."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.contributions import of
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Sighting:
    """What a visit saw, as values: `bad` are the points (1 to 21) whose answer tells of trouble; `short_staffed` more than the bank's
    tolerance fewer people than on payroll; `empty` nobody at work and nothing open; `reused_photos` shown by an earlier visit too."""

    visit_id: int
    client_id: int
    result: str
    bad: tuple[int, ...] = ()
    empty: bool = False
    phone_diverted: bool = False
    entry_refused: bool = False
    short_staffed: bool = False
    reused_photos: bool = False


@dataclass(frozen=True)
class VisitWitness:
    """A feature that hears what a visit saw, in the transaction that records it: `hear(sighting=, actor=, now=)`.

    Said again after each change of the record with all that is seen then: whoever hears it makes sure that it counts once.
    """

    name: str
    hear: Callable[..., Any] = field(hash=False)


@dataclass(frozen=True)
class ClientContacts:
    """A feature that knows contacts with clients: `found(company_id, since, until)` names those that were made or agreed in that time."""

    name: str
    found: Callable[[int, dt.datetime, dt.datetime], Iterable[Sentence]] = field(hash=False)


@dataclass(frozen=True)
class VisitCard:
    """A card on a visit's page: `content(user, visit)` is what `template` reads as `card`; None leaves it out."""

    slug: str
    template: str
    content: Callable[[Any, Any], Any] = field(hash=False)
    order: int = 0


def tell(sighting: Sighting, *, actor: Any, now: dt.datetime) -> None:
    """All witnesses hear it."""
    for witness in of(VisitWitness):
        witness.hear(sighting=sighting, actor=actor, now=now)


def contact_between(company_id: int, since: dt.datetime, until: dt.datetime) -> Sentence | None:
    """The first contact with a company in that time that anybody knows of."""
    return next((found for source in of(ClientContacts) for found in source.found(company_id, since, until)), None)
