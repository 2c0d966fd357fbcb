"""Finds a fitting note in the stock of visit texts and fills in company, person, goods and figures."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.companies.models import Contact
from crm.demo import reading
from crm.demo.seeds.bank import Bank
from crm.visits.choices import FACE_TO_FACE

SCRIPTS = {"en": "en", "zh-hant": "hant", "zh-hans": "hans"}
"""The data files' script by a person's language."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MILLIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)


@dataclass(frozen=True)
class Note:
    """One text of the stock. `stage` is the stage of a pursuit that it belongs to, empty for clients' notes.

    `sells` is "goods" or "services" where the text is of such companies only, else empty.
    """

    kind: str
    purpose: str
    stage: str
    sells: str
    objective: str
    text: str
    next: str

    @property
    def is_face_to_face(self) -> bool:
        """Not a call."""
        return self.kind in FACE_TO_FACE


class Stock:
    """All notes and phrases. The same note comes again only when every other fitting one has been used."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._notes = {script: [_note(item) for item in reading.toml(f"visits/{script}.toml")["note"]] for script in SCRIPTS.values()}
        self._phrases = reading.toml("visits/phrases.toml")
        self._industries = reading.toml("industries.toml")
        self._decks: dict[Any, list[Note]] = defaultdict(list)

    def draw(self, script: str, *, industry: str, purposes: Iterable[str], face_to_face: bool, stage: str = "") -> Note:
        """A note of one of these purposes that fits the industry. KeyError where the stock has none."""
        wanted, sells = tuple(purposes), self._industries[industry]["sells"]
        key = (script, sells, wanted, face_to_face, stage)
        if not self._decks[key]:
            of_kind = [note for note in self._notes[script] if note.purpose in wanted and note.is_face_to_face == face_to_face]
            fitting = [note for note in of_kind if note.stage == stage and note.sells in ("", sells)]
            if not fitting:
                raise KeyError(key)
            self._dice.shuffle(fitting)
            self._decks[key] = fitting
        return self._decks[key].pop()

    def phrase(self, kind: str, script: str) -> str:
        """A short phrase: `promise`, `request`, `rival`, `banks_used`, `cancelled`."""
        return str(self._dice.choice(self._phrases[kind][script]))

    def words(self, bank: Bank, *, company: str, contact: Contact | None, script: str, day: dt.date) -> dict[str, str]:
        """What the slots of a note about this company, written on this day, are filled with."""
        industry = self._industries[bank.industries[company]]
        person = bank.addressed[contact.pk]["en" if script == "en" else "zh"] if contact else ""
        return {
            "company": _called(bank, company, script),
            "person": person or {"en": "the manager", "hant": "負責人", "hans": "负责人"}[script],
            "goods": industry["goods"][script],
            "material": industry["material"][script],
            "pct": str(self._dice.randrange(55, 96, 5)),
            "amount": _amount(self._dice.choice(_MILLIONS), script, mainland=bank.companies[company].jurisdiction == "CN"),
            "month": _month(day, self._dice.randint(1, 4), script),
            "past": _month(day, -self._dice.randint(1, 2), script),
        }


def _note(item: dict[str, str]) -> Note:
    names = ("kind", "purpose", "objective", "text", "next")
    return Note(**{name: item[name] for name in names}, stage=item.get("stage", ""), sells=item.get("sells", ""))


def _called(bank: Bank, company: str, script: str) -> str:
    short = bank.short_names[company].get(script)
    row = bank.companies[company]
    return short or (row.name_en if script == "en" else row.name_zh)


def _amount(millions: int, script: str, *, mainland: bool) -> str:
    if script == "en":
        return f"{'RMB' if mainland else 'HK$'} {millions} million"
    tens_of_thousands = f"{millions * 100:,}".replace(",", "")
    return f"{tens_of_thousands}{'万元' if script == 'hans' else '萬元'}"


def _month(day: dt.date, away: int, script: str) -> str:
    month = (day.month - 1 + away) % 12 + 1
    return _MONTHS[month - 1] if script == "en" else f"{month}月"
