"""Writing the application: sections saved, the whole attested, carried into the next version."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.memos import permissions, selectors
from credit.memos.catalogue import ADVERSE
from credit.memos.models import Attestation, Section
from credit.memos.rich import tidied
from credit.packs.choices import Act
from credit.packs.models import Pack, PackVersion
from credit.packs.selectors import draft_of
from credit.packs.services import steps
from crm.kernel import drafts
from crm.kernel.errors import RuleBroken, StaleVersion

MOST_CHARACTERS = 40_000
"""In one section: twenty pages of two thousand Chinese characters."""


@dataclass(frozen=True)
class Draft:
    """A section as typed: the text with its marks, whether it is complete, and which save it was begun from."""

    text: str
    is_done: bool
    edits: int


def follow(version: PackVersion, actor: Any, now: dt.datetime) -> None:
    """A draft has a row for each section of its model. Two statements at most."""
    held = set(version.sections.values_list("code", flat=True))
    missing = selectors.missing_kinds(version.pack, held)
    if missing:
        Section.objects.bulk_create([Section(version=version, code=kind.code) for kind in missing], ignore_conflicts=True)
        selectors.forget(version)


@transaction.atomic
def save_section(*, section_id: int, draft: Draft, actor: Any, now: dt.datetime) -> Section:
    """Save a section; what was attested before does not stand for the new text.

    Section.DoesNotExist where hidden; NotAllowed; StaleVersion, with the text as it stands, where somebody saved it meanwhile (other
    sections may be saved by others at the same time); RuleBroken for too long a text and for an empty one that is to be complete.
    """
    section, pack = _locked(section_id, actor)
    permissions.can_write(user=actor, pack=pack, version=section.version).require()
    text = tidied(draft.text)
    if len(text) > MOST_CHARACTERS:
        too_long = _("A section has %(most)s characters at most.") % {"most": MOST_CHARACTERS}
        raise RuleBroken(too_long, code="too_long", fields={"text": too_long})
    if draft.is_done and not text and section.code != ADVERSE:
        sentence = _("An empty section is not complete.")
        raise RuleBroken(sentence, fields={"is_done": sentence})
    if section.edits != draft.edits:
        raise StaleVersion(
            _("Somebody else saved this meanwhile. Compare both versions; nothing that you typed is lost."), current={"text": section.text}
        )
    facts = selectors.facts_for(section.version, [section.code], user=actor, now=now)[section.code]
    changed = text != section.text
    section.text, section.is_done, section.edits = text, draft.is_done, section.edits + 1
    section.facts, section.written_at = selectors.as_saved(facts), now
    if changed:
        section.written_by = actor
        _withdraw(section.version)
    section.save()
    selectors.forget(section.version)
    what = selectors.SECTION if changed else selectors.MARK
    steps.step(pack, Act.CHANGE, actor=actor, now=now, version=section.version, what=what, section=section.code, characters=len(text))
    return section


def _locked(section_id: int, actor: Any) -> tuple[Section, Pack]:
    """The section and its pack. The section alone is locked, so that two people write different ones at the same time."""
    pk = Section.objects.visible_to(actor).values_list("pk", flat=True).get(pk=section_id)
    Section.objects.select_for_update(of=("self",)).get(pk=pk)
    section = Section.objects.select_related("version__pack__company__group", "version__pack__centre", "version__pack__team").get(pk=pk)
    return section, section.version.pack


def _withdraw(version: PackVersion) -> None:
    Attestation.objects.filter(version=version).delete()


@transaction.atomic
def attest(*, pack_id: int, none_known: bool, actor: Any, now: dt.datetime) -> Attestation:
    """Say that it is true and whole. `none_known` is said where no adverse fact is written, and only there.

    NotAllowed for others than the relationship manager; RuleBroken while sections are open, and where adverse facts are neither
    written nor denied.
    """
    pack = steps.locked(pack_id, actor)
    version = draft_of(pack)
    permissions.can_attest(user=actor, pack=pack, version=version).require()
    if version is None:
        raise RuleBroken(_("No version is open."))
    version.pack = pack
    missing = selectors.open_sections(version)
    if missing or not selectors.sections_of(version):
        numbers = ", ".join(str(row.code) for row in missing)
        raise RuleBroken(_("These sections are not complete: %(numbers)s.") % {"numbers": numbers}, code="open_sections")
    adverse = next((row.text for row in selectors.sections_of(version) if row.code == ADVERSE), "")
    if not adverse and not none_known:
        sentence = _("Write the adverse facts, or say that none are known.")
        raise RuleBroken(sentence, fields={"none_known": sentence})
    if adverse and none_known:
        sentence = _("Adverse facts are written: “none” cannot be attested.")
        raise RuleBroken(sentence, fields={"none_known": sentence})
    Attestation.objects.filter(version=version).delete()
    made = Attestation.objects.create(version=version, by=actor, at=now, none_known=none_known)
    selectors.forget(version)
    steps.step(pack, Act.CHANGE, actor=actor, now=now, version=version, what="attestation", none_known=str(none_known))
    return made


def copy(old: PackVersion, new: PackVersion, actor: Any, now: dt.datetime) -> None:
    """The sections with who wrote them, and what people typed and did not save; what was attested before is attested anew."""
    new.sections.all().delete()
    before = {row.code: row for row in selectors.sections_of(old)}
    made = Section.objects.bulk_create(
        Section(
            version=new,
            code=row.code,
            text=row.text,
            is_done=row.is_done,
            facts=row.facts,
            written_by_id=row.written_by_id,
            written_at=row.written_at,
        )
        for row in before.values()
    )
    place = selectors.draft_place
    drafts.carry({place(before[row.code].pk): (place(row.pk), before[row.code].edits, row.edits) for row in made})
    selectors.forget(new)
