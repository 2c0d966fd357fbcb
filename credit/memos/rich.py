"""Rich text as light marks, read into blocks: headings, paragraphs, lists, tables, bold and italic words. Pure.

What is typed or pasted is kept as text and never as HTML, so nothing in it can run: pages escape every word, the typesetter sets it as
plain strings.

    # Heading            - item of a list         1. item of a numbered list
    | Risk | Softened by |                         **bold**  *italic*
"""

import re
import unicodedata
from dataclasses import dataclass, field

from crm.kernel.text import strip_controls

HEADING, PARAGRAPH, BULLETS, NUMBERS, TABLE = "heading", "paragraph", "bullets", "numbers", "table"
MOST_COLUMNS = 12
_SPAN = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\s][^*\n]*)\*")
_BULLET = re.compile(r"^\s*[-•]\s+(.*)$")
_NUMBER = re.compile(r"^\s*\d{1,3}[.)、]\s*(\S.*)$")
_RULE = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True)
class Span:
    """Some words, plain, bold or italic."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list or table. `lines` are its lines or items; `rows` a table's cells, the first row its heading."""

    kind: str
    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = field(default=())


def tidied(text: str) -> str:
    """As it is kept: NFC, one kind of line end, no control characters, no blanks at line ends, no more than one empty line."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    lines = [strip_controls(line).rstrip() for line in plain.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def spans(text: str) -> Line:
    """A line in its parts."""
    found, at = [], 0
    for match in _SPAN.finditer(text):
        if match.start() > at:
            found.append(Span(text[at : match.start()]))
        style = "bold" if match["bold"] else "italic"
        found.append(Span(match[style], style))
        at = match.end()
    if at < len(text) or not found:
        found.append(Span(text[at:]))
    return tuple(found)


def blocks(text: str) -> list[Block]:
    """The blocks of a text in their order."""
    found: list[Block] = []
    kind = ""
    held: list[str] = []
    for line in [*text.split("\n"), ""]:
        now, words = _kind_of(line)
        if held and (now != kind or now == HEADING or not now):
            found.append(_block(kind, held))
            held = []
        kind = now
        if now:
            held.append(words)
    return found


def _kind_of(line: str) -> tuple[str, str]:
    if not line.strip():
        return "", ""
    if line.startswith("#"):
        return HEADING, line.lstrip("#").strip()
    if line.lstrip().startswith("|"):
        return TABLE, line.strip()
    if bullet := _BULLET.match(line):
        return BULLETS, bullet[1]
    if number := _NUMBER.match(line):
        return NUMBERS, number[1]
    return PARAGRAPH, line.strip()


def _block(kind: str, held: list[str]) -> Block:
    if kind != TABLE:
        return Block(kind, tuple(spans(line) for line in held))
    rows = [line.strip("|").split("|")[:MOST_COLUMNS] for line in held if not _RULE.match(line)]
    wide = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (wide - len(row))] for row in rows]
    return Block(TABLE, rows=tuple(tuple(spans(cell.strip()) for cell in row) for row in filled))
