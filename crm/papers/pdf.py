"""A letter as a PDF: set by typst in a process of its own, which knows neither database nor network. Pure but for that process.

What the letter says goes there as JSON and is set as plain strings; nothing of it is read as markup. The same letter gives the same bytes.
"""

import datetime as dt
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from crm.kernel.confined import Ended, run
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls
from crm.papers.rules import laid_out

MOST_CHARACTERS = 20_000
"""In a letter's text: some ten pages."""

_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sheet:
    """What is to be set: the letterhead's lines, the bank's name first; subject and text in a language; the letter's day."""

    language: str
    head: tuple[str, ...]
    subject: str
    body: str
    day: dt.date


@dataclass(frozen=True)
class Made:
    """The file, and all that it says as a reader's own program finds it there."""

    content: bytes
    text: str


def make(sheet: Sheet) -> Made:
    """The letter on A4, archive-proof (PDF/A-2a), its letters embedded; title, the bank as its author and the letter's day in its metadata.

    RuleBroken where it is too long, holds a character that no typeface of the bank has, or cannot be set.
    """
    if len(sheet.body) + len(sheet.subject) > MOST_CHARACTERS:
        raise RuleBroken(_("A letter of more than %(most)s characters is not made a PDF.") % {"most": MOST_CHARACTERS}, code="too_long")
    with tempfile.TemporaryDirectory(prefix="rapport-letter-") as name:
        folder = Path(name)
        (folder / "letter.json").write_text(json.dumps(_plain(sheet)), encoding="utf-8")
        try:
            answer = json.loads(
                run("crm.papers.typesetter", [name], root=_ROOT, seconds=_SECONDS, environment={"RAYON_NUM_THREADS": "1", "HOME": name})
            )
        except Ended as ended:
            raise RuleBroken(_("This letter cannot be made a PDF. Print its page instead."), code=ended.code) from ended
        if "unshown" in answer:
            told = {"characters": answer["unshown"]}
            raise RuleBroken(_("The PDF has no typeface for “%(characters)s”. Print the letter’s page instead.") % told, code="no_typeface")
        return Made((folder / "letter.pdf").read_bytes(), answer["text"])


def _plain(sheet: Sheet) -> dict[str, object]:
    """As the typesetter's template reads it, without characters that control anything."""
    opening, rest = laid_out(strip_controls(sheet.body))
    return {
        "language": sheet.language,
        "head": [strip_controls(line) for line in sheet.head],
        "subject": " ".join(strip_controls(sheet.subject).split()),
        "opening": opening,
        "rest": rest,
        "day": [sheet.day.year, sheet.day.month, sheet.day.day],
    }
