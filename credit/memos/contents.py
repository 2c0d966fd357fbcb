"""The application as a part of a version, and what of it stands in the way of the handoff."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.memos import selectors, services
from credit.memos.catalogue import ADVERSE, section_kinds
from credit.memos.models import Attestation, Section
from credit.packs.choices import Authorship
from credit.packs.models import PackVersion
from credit.packs.parts import HandoffCheck, Obstacle, PackPart, called
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence


def content(version: PackVersion) -> dict[str, Any]:
    """Each section by its number, and the attestation. One statement."""
    found: dict[str, Any] = {}
    for row in selectors.sections_of(version):
        found[f"section_{row.code:02d}"] = {
            "title": row.kind.en,
            "text": row.text,
            "is_done": row.is_done,
            "written_by": row.written_by.username if row.written_by else None,
            "written_at": row.written_at.isoformat() if row.written_at else None,
            "facts": {fact["key"]: f"{fact['on']} {fact['text']}" for fact in row.facts},
        }
    attestation = selectors.attestation_of(version)
    found["attestation"] = (
        {"by": attestation.by.username, "at": attestation.at.isoformat(), "none_known": attestation.none_known} if attestation else None
    )
    return found


def obstacles(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """Open sections, adverse facts that are neither written nor denied, an attestation that is missing."""
    url = url_of("memos:application", version.pack_id)
    rows, attestation = selectors.sections_of(version), selectors.attestation_of(version)
    is_memo = version.pack.authorship == Authorship.RM
    missing = selectors.open_sections(version)
    if missing or not rows:
        sentence = _("The application is not complete.") if is_memo else _("The fact sheet is not complete.")
        yield Obstacle(sentence, ", ".join(str(row) for row in missing[:4]) + ("…" if len(missing) > 4 else ""), url)
    adverse = next((row.text for row in rows if row.code == ADVERSE), "")
    if not adverse and not (attestation and attestation.none_known):
        yield Obstacle(
            _("Adverse facts are neither written nor denied."), _("If none are known, that is attested."), f"{url}#section-{ADVERSE}"
        )
    if attestation is None:
        yield Obstacle(_("The application is not attested.") if is_memo else _("The fact sheet is not attested."), url=f"{url}#attestation")


def words(content: dict[str, Any]) -> dict[str, Sentence]:
    """Sections by number and title, fields as they are called. Keys of facts stay as they are."""
    fields = called(Section, ("text", "is_done", "written_by", "written_at"))
    attested = called(Attestation, ("by", "at", "none_known"))
    titles = {f"section_{code:02d}": f"{code}. {kind.title}" for code, kind in section_kinds().items()}
    return {**fields, **attested, **titles, "title": "", "facts": _("On record"), "attestation": Attestation._meta.verbose_name or ""}


PART = PackPart("application", _("Application"), content, services.copy, changed=services.follow, words=words, order=30)
CHECK = HandoffCheck("application", obstacles, order=30)
