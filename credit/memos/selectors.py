"""Reads for applications: sections of a version, the facts beside them and what changed in those since they were written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from credit.memos.catalogue import ADVERSE, SectionKind, kinds_for
from credit.memos.models import Attestation, Section
from credit.memos.parts import Fact, FactSource
from credit.packs.choices import Act
from credit.packs.models import Pack, PackEvent, PackVersion
from crm.kernel import drafts
from crm.kernel.contributions import of
from crm.kernel.errors import Sentence

_KEPT = "_sections"
SECTION, MARK = "section", "section_mark"
"""What the step of a save says: text was changed, or only whether the section is complete."""


def sections_of(version: PackVersion) -> list[Section]:
    """In their order, with the version's attestation; read once for each loaded version. One statement."""
    if _KEPT not in version.__dict__:
        rows = version.sections.select_related("written_by", "version__attestation__by").order_by("code")
        version.__dict__[_KEPT] = list(rows)
    found: list[Section] = version.__dict__[_KEPT]
    return found


def forget(version: PackVersion) -> None:
    """What was read is read again."""
    version.__dict__.pop(_KEPT, None)


def draft_place(section_id: int) -> str:
    """Under which name somebody's draft of a section is kept."""
    return f"memos:section_update:{section_id}"


def drafts_of(version: PackVersion, *, user: Any) -> set[int]:
    """The sections, by id, of which this person typed something that is not saved yet. One statement."""
    places = {draft_place(row.pk): row.pk for row in sections_of(version)}
    return {places[place] for place in drafts.held(places, actor=user)}


def attestation_of(version: PackVersion) -> Attestation | None:
    """The attestation of a version, if there is one."""
    rows = sections_of(version)
    return getattr(rows[0].version, "attestation", None) if rows else None


def open_sections(version: PackVersion) -> list[Section]:
    """Those that are not complete yet, the adverse facts left to the attestation."""
    return [row for row in sections_of(version) if not row.is_done and row.code != ADVERSE]


def missing_kinds(pack: Pack, held: set[int]) -> list[SectionKind]:
    """The sections that a version lacks rows of."""
    return [kind for kind in kinds_for(pack.authorship) if kind.code not in held]


def writers_of(version: PackVersion) -> set[int]:
    """Whoever wrote in a section of this pack, in this version or one before, by id; also where somebody else wrote over it."""
    wrote = PackEvent.objects.filter(pack_id=version.pack_id, act=Act.CHANGE, values__what=SECTION).values_list("actor_id", flat=True)
    return set(wrote.order_by().distinct()) | {row.written_by_id for row in sections_of(version) if row.written_by_id}


@dataclass(frozen=True)
class CarriedFact:
    """A fact beside a section: its source, day and text, and whether it is new or says something else than when the section was saved."""

    key: str
    source: Sentence
    on: dt.date
    text: str
    was: str = ""
    is_new: bool = False

    @property
    def is_changed(self) -> bool:
        """Says something else now."""
        return bool(self.was)


@dataclass(frozen=True)
class SectionFacts:
    """The facts for a section now, and those that stood there and are no more."""

    now: list[CarriedFact]
    gone: list[dict[str, str]]

    @property
    def is_flagged(self) -> bool:
        """Something that was carried in is different, gone or new."""
        return bool(self.gone) or any(fact.is_changed or fact.is_new for fact in self.now)


def facts_for(version: PackVersion, codes: list[int], *, user: Any, now: dt.datetime) -> dict[int, list[tuple[FactSource, Fact]]]:
    """The facts of each section as they stand; each source is asked once."""
    found: dict[int, list[tuple[FactSource, Fact]]] = {code: [] for code in codes}
    for source in of(FactSource):
        wanted = [code for code in codes if code in source.sections]
        rows = source.facts(version, user, now) if wanted else ()
        for code in wanted:
            found[code] += [(source, fact) for fact in rows]
    return found


def beside(section: Section, facts: list[tuple[FactSource, Fact]]) -> SectionFacts:
    """The facts of a section against those of its last save. Before the first save nothing is new."""
    saved = {fact["key"]: fact for fact in section.facts}
    began = section.written_at is not None
    rows = [
        CarriedFact(
            fact.key,
            source.label,
            fact.on,
            fact.text,
            was=saved[fact.key]["text"] if fact.key in saved and saved[fact.key]["text"] != fact.text else "",
            is_new=began and fact.key not in saved,
        )
        for source, fact in facts
    ]
    held = {row.key for row in rows}
    return SectionFacts(rows, [fact for key, fact in saved.items() if key not in held] if began else [])


def as_saved(facts: list[tuple[FactSource, Fact]]) -> list[dict[str, str]]:
    """As kept in the section."""
    return [{"key": fact.key, "source": source.code, "on": fact.on.isoformat(), "text": fact.text} for source, fact in facts]


def today_of(pack: Pack, now: dt.datetime) -> dt.date:
    """The day at the pack's centre."""
    return timezone.localdate(now, pack.centre.zone)
