"""What features know of companies, for those that may not import them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.kernel.contributions.registry import of
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class PendingDecision:
    """A feature in which the bank may have a decision about a company before it: what makes hospitality and gifts to it sensitive.

    `pending(company_ids, day)` gives a sentence for each of these companies for which one stands on that day.
    """

    code: str
    pending: Callable[[Sequence[int], dt.date], Mapping[int, Sentence]]


def pending_decisions(company_ids: Sequence[int], day: dt.date) -> dict[int, tuple[Sentence, ...]]:
    """What the bank has to decide about companies on a day: a sentence of each feature that has something, by company."""
    found: dict[int, tuple[Sentence, ...]] = {}
    for source in of(PendingDecision):
        for company_id, sentence in source.pending(company_ids, day).items():
            found[company_id] = (*found.get(company_id, ()), sentence)
    return found


@dataclass(frozen=True)
class KnownOfficials:
    """A feature that has recorded contacts as public officials or state-owned staff: `known(contact_ids)` gives those among them."""

    code: str
    known: Callable[[Sequence[int]], set[int]]


def known_officials(contact_ids: Sequence[int]) -> set[int]:
    """Contacts whom some feature knows as officials: recorded once, they are officials for all of the bank."""
    return {pk for source in of(KnownOfficials) for pk in source.known(contact_ids)} if contact_ids else set()


@dataclass(frozen=True)
class RiskClasses:
    """A feature that knows the internal risk class of clients: `classes(company_ids)` gives "R1" to "R5" for those that have one."""

    classes: Callable[[Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True)
class CompanyNames:
    """Who the companies are: `ids(user, name)` bear a name or alias, `names(user, ids)` are the names that this person may read."""

    ids: Callable[[Any, str], Iterable[int]]
    names: Callable[[Any, Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True)
class StageEvidence:
    """A feature that proves a stage's criterion: `proves(company_id)` says whether it stands, and by what."""

    criterion: str
    proves: Callable[[int], str | None]
