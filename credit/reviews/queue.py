"""The intake in its order, the nearest to its limit first, and the card of one pack beside it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from credit.handoff.canonical import digest
from credit.handoff.models import Endorsement, Seal, SealedDocument
from credit.packs.choices import Act
from credit.packs.models import Pack, PackEvent, PackVersion
from credit.reviews import rules, selectors
from credit.reviews.choices import Party
from credit.reviews.models import Review
from credit.reviews.rules import Clock

SHOWN_PAPERS = 8


@dataclass(frozen=True, slots=True)
class Tally:
    """What the head of the intake says: how many, over their clock, stopped, not yet assigned."""

    packs: int
    late: int
    stopped: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The packs found with their clocks, the nearest to its limit first: clock used against clock allowed."""

    clocks: dict[int, Clock]
    tally: Tally

    @classmethod
    def of(cls, packs: Sequence[Any], *, now: dt.datetime) -> "Queue":
        """Of packs with their centre and review and with what stops them. Statements: one, and two for each centre among them."""
        clocks = selectors.clocks_of(packs, now=now)
        ordered = sorted(packs, key=lambda pack: (-clocks[pack.pk].share, pack.handed_off_at or now, pack.pk))
        tally = Tally(
            packs=len(packs),
            late=sum(clock.is_late for clock in clocks.values()),
            stopped=sum(bool(pack.is_blocked or pack.is_held) for pack in packs),
            unassigned=sum(getattr(pack, "review", None) is None for pack in packs),
        )
        return cls({pack.pk: clocks[pack.pk] for pack in ordered}, tally)

    def among(self, rows: Iterable[Any]) -> list[Any]:
        """Some of the packs in this order, each with its clock at hand."""
        found = {row.pk: row for row in rows}
        ordered = [found[pk] for pk in self.clocks if pk in found]
        for row in ordered:
            row.clock_at_hand = self.clocks[row.pk]
        return ordered


@dataclass(frozen=True, slots=True)
class Paper:
    """A sealed paper: whether its file is still the one that was sealed, by its hash."""

    title: str
    size: int
    short: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One pack beside the queue: who handed it off and endorsed it, its clock and its pauses, its seal with the papers under it."""

    pack: Pack
    version: PackVersion | None
    handed_off: PackEvent | None
    endorsement: Endorsement | None
    clock: Clock | None
    paused: Clock | None
    seal: Seal | None
    seal_stands: bool
    papers: tuple[Paper, ...]
    review: Review | None

    @property
    def matching(self) -> int:
        """How many papers still are what was sealed."""
        return sum(paper.stands for paper in self.papers)

    @property
    def shown(self) -> tuple[Paper, ...]:
        """The first papers; those that do not match come before all others."""
        return tuple(sorted(self.papers, key=lambda paper: paper.stands))[:SHOWN_PAPERS]


def card_of(pack: Pack, *, now: dt.datetime) -> Card:
    """The card of a pack that was loaded with its centre and company. A fixed number of statements."""
    version = pack.versions.filter(state__in=("sealed", "on_hold")).first()
    seal = Seal.objects.filter(version=version).defer("contents").first() if version is not None else None
    rows = SealedDocument.objects.filter(seal=seal).select_related("file").order_by("place") if seal is not None else ()
    papers = tuple(Paper(row.title, row.size, row.sha256[:12], row.sha256 == row.file.sha256 and row.file.path.exists()) for row in rows)
    calendar, days = selectors.calendar_of(pack, now), selectors.target_days(pack, now)
    found = selectors.stretches_of([pack]).get(pack.pk, [])
    clocks = [rules.clock(found, party, calendar=calendar, target_days=days, now=now) for party in (Party.CREDIT, Party.MANAGER)]
    return Card(
        pack=pack,
        version=version,
        handed_off=pack.events.filter(act=Act.SUBMIT).select_related("actor").order_by("-pk").first(),
        endorsement=Endorsement.objects.filter(version=version).select_related("actor", "post").first(),
        clock=clocks[0],
        paused=clocks[1],
        seal=seal,
        seal_stands=seal is not None and digest(seal.manifest.encode("utf-8")) == seal.hash,
        papers=papers,
        review=selectors.review_of(pack),
    )
