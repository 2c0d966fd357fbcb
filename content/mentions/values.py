"""What goes into a book of names, and what it finds."""

from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["full", "alias", "former", "code"]
"""A registered name ("full"), a listed short or other name ("alias"), an old name, a stock code."""


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A name under which a company is held: registered, another one, an old one; or a stock code as `EXCHANGE:CODE`."""

    company_id: int
    name: str
    kind: EntryKind = "full"


class Reason:
    """Why a person is asked."""

    SEVERAL = "several"
    """Several companies bear the shortened name."""
    COMMON = "common"
    """The shortened name is a common word."""
    SLIGHT = "slight"
    """Two Chinese characters are all that is left of the name."""
    FREQUENT = "frequent"
    """The shortened name stands in more clippings than one company would."""


@dataclass(frozen=True, slots=True)
class Found:
    """A company that a text names: where (characters of the title or the body, `end` excluded), as written, by which folded name."""

    company_id: int
    in_title: bool
    start: int
    end: int
    text: str
    name: str
    is_link: bool
    reason: str = ""
