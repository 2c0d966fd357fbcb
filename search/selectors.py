"""What the palette and the search page show: rows of each finder and the commands that fit. Knows no feature."""

from dataclasses import dataclass
from typing import Any

from crm.kernel.contributions import Finder, Found, PaletteCommand, of
from crm.kernel.errors import Sentence
from crm.kernel.text import fold

LONGEST_QUERY = 100


@dataclass(frozen=True)
class Group:
    """One kind of rows found."""

    slug: str
    label: Sentence
    icon: str
    rows: list[Found]
    more: bool = False


def tidy(query: str) -> str:
    """A query as it is asked: one line, at most 100 characters."""
    return " ".join(query.replace("\x00", " ").split())[:LONGEST_QUERY]


def finders(user: Any, *, in_palette: bool = False) -> list[Finder]:
    """The finders that this person has, on the search page or in the palette."""
    return [finder for finder in of(Finder) if finder.shown(user) and (in_palette or not finder.in_palette_only)]


def groups(user: Any, query: str, *, limit: int, kind: str = "", in_palette: bool = False) -> list[Group]:
    """The rows that each finder gives this person, best first, `limit` a kind; `more` where there are further ones."""
    if not query:
        return []
    found = []
    for finder in finders(user, in_palette=in_palette):
        if kind and finder.kind != kind:
            continue
        rows = list(finder.find(user, query, limit + 1))
        if rows:
            found.append(Group(finder.kind, finder.label, finder.icon, rows[:limit], more=len(rows) > limit))
    return found


def commands(user: Any, query: str) -> list[PaletteCommand]:
    """The commands whose words all begin with what was typed, in any of the languages; all of them where nothing was."""
    wanted = fold(query).split()
    shown = [command for command in of(PaletteCommand) if command.shown(user)]
    if not wanted:
        return shown
    return [command for command in shown if _fits(command.folded, wanted)]


def _fits(text: str, wanted: list[str]) -> bool:
    words = text.split()
    # Chinese has no spaces between words, so there any place in the label counts.
    return all(any(word.startswith(part) for word in words) or (not part.isascii() and part in text) for part in wanted)
