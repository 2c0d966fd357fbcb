"""From what was typed to the tree, by recursive descent; a sentence with a place for what cannot be understood."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError, Sentence
from crm.kernel.query.tree import And, Field, Leaf, Not, Or, Phrase, Prefix, Query, Term, index_tokens, keyword
from crm.kernel.text import CJK, fold

LONGEST_QUERY = 2_000
MOST_LEAVES = 50
DEEPEST = 20
SHORTEST_PREFIX = 2
FIELDS = ("source", "company", "suggested", "sector", "event", "lang", "after", "before")

_CJK_RUN = re.compile(f"[{CJK}]+")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "＂": "＂"}
_LEXEME = re.compile(r"[\s\u3000]+|[()（）]|[^\s\u3000()（）\"“”„«»「」『』＂]+|.", re.DOTALL)
_NAMED = re.compile(r"(?P<name>[A-Za-z_]+)[:：](?P<value>.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class QueryError(DomainError):
    """A query that cannot be run. `position` counts the characters before the place where it goes wrong."""

    code = "bad_query"

    def __init__(self, message: Sentence, *, position: int) -> None:
        super().__init__(message, fields={"q": message})
        self.position = position


@dataclass(frozen=True)
class _Lexeme:
    kind: str  # word, phrase, open, close
    text: str
    position: int
    field: str = ""


def parse(text: str) -> Query:
    """The query that `text` says. QueryError for one that is too long, has nothing to look for, or is not well formed."""
    if len(text) > LONGEST_QUERY:
        message = _("The query has %(length)s characters; %(limit)s are the most.") % {"length": len(text), "limit": LONGEST_QUERY}
        raise QueryError(message, position=LONGEST_QUERY)
    parser = _Parser(list(_lexemes(text)), len(text))
    query = parser.query()
    if query is None:
        raise QueryError(_("There is nothing to look for: write at least one word."), position=0)
    return query


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain words of a query that are looked for in texts: `text` stands at `start` to `end` (excluded) of what was typed."""

    text: str
    start: int
    end: int


def plain_pieces(text: str) -> list[Piece]:
    """The words and phrases that are wanted: no fields, no beginnings with "*", nothing behind NOT; words side by side are one piece.

    QueryError as `parse`.
    """
    parse(text)
    found: list[Piece] = []
    joins = negative = False
    unwanted = 0
    for lexeme in _lexemes(text):
        is_word = lexeme.kind == "word" and not lexeme.field and lexeme.text not in ("AND", "OR", "NOT") and "*" not in lexeme.text
        start = lexeme.position + (lexeme.kind == "phrase")
        end = start + len(lexeme.text)
        if lexeme.kind in ("open", "close") and (unwanted or negative):
            unwanted += 1 if lexeme.kind == "open" else -1
        elif not (unwanted or negative or lexeme.field) and (is_word or lexeme.kind == "phrase"):
            first = found.pop().start if is_word and joins else start
            found.append(Piece(text[first:end], first, end))
        joins = is_word and not (unwanted or negative)
        negative = lexeme.kind == "word" and not lexeme.field and lexeme.text == "NOT"
    return [piece for piece in found if index_tokens(piece.text)]


def _lexemes(text: str) -> Iterator[_Lexeme]:
    position, named = 0, None
    while position < len(text):
        match = _LEXEME.match(text, position)
        piece = match[0] if match else text[position]
        start, position = position, position + len(piece)
        if piece in _QUOTES:
            end = text.find(_QUOTES[piece], position)
            if end < 0:
                raise QueryError(_("The quotation mark at character %(place)s is not closed.") % {"place": start + 1}, position=start)
            yield _Lexeme("phrase", text[position:end], start, named or "")
            position, named = end + 1, None
            continue
        if named is not None:
            raise _empty_field(named, start)
        if piece in "(（":
            yield _Lexeme("open", piece, start)
        elif piece in ")）":
            yield _Lexeme("close", piece, start)
        elif not piece.isspace():
            lexeme, named = _word(piece, start)
            if lexeme:
                yield lexeme
    if named is not None:
        raise _empty_field(named, len(text))


def _word(piece: str, start: int) -> tuple[_Lexeme | None, str | None]:
    """A word; or the name of a field whose value is the phrase that follows."""
    match = _NAMED.fullmatch(piece)
    if match is None or match["value"].startswith("/"):
        return _Lexeme("word", piece, start), None
    name = match["name"].lower()
    if name not in FIELDS:
        sentence = _("There is no field “%(name)s” (character %(place)s). Fields are %(fields)s; in quotation marks it is text.")
        raise QueryError(sentence % {"name": match["name"], "place": start + 1, "fields": ", ".join(FIELDS)}, position=start)
    if match["value"]:
        return _Lexeme("word", match["value"], start, name), None
    return None, name


def _empty_field(name: str, position: int) -> QueryError:
    sentence = _("“%(name)s:” needs a value right behind it (character %(place)s).")
    return QueryError(sentence % {"name": name, "place": position + 1}, position=position)


class _Parser:
    """Recursive descent over the lexemes. Parts without any letter or digit are passed over (None)."""

    def __init__(self, lexemes: list[_Lexeme], length: int) -> None:
        self.lexemes, self.length = lexemes, length
        self.at = self.depth = self.leaf_count = 0

    def query(self) -> Query | None:
        """The whole."""
        found = self._any()
        if self.at < len(self.lexemes):
            place = self.lexemes[self.at].position
            raise QueryError(_("The bracket at character %(place)s closes none that is open.") % {"place": place + 1}, position=place)
        return found

    def _any(self) -> Query | None:
        parts = [self._all()]
        while self._operator() == "OR":
            self._step_over("OR")
            parts.append(self._all())
        return _joined(Or, parts)

    def _all(self) -> Query | None:
        parts = [self._part()]
        while self.at < len(self.lexemes) and self.lexemes[self.at].kind != "close" and self._operator() != "OR":
            if self._operator() == "AND":
                self._step_over("AND")
            parts.append(self._part())
        return _joined(And, parts)

    def _part(self) -> Query | None:
        negative = False
        while self._operator() == "NOT":
            negative = not negative
            self._step_over("NOT")
        part = self._positive()
        return Not(part) if negative and part is not None else part

    def _positive(self) -> Query | None:
        if self.at >= len(self.lexemes):
            return None
        lexeme = self.lexemes[self.at]
        if self._operator() in ("AND", "OR"):
            sentence = _("“%(word)s” at character %(place)s needs something before it and behind it.")
            raise QueryError(sentence % {"word": lexeme.text, "place": lexeme.position + 1}, position=lexeme.position)
        self.at += 1
        if lexeme.kind == "close":
            raise QueryError(
                _("The bracket at character %(place)s closes none that is open.") % {"place": lexeme.position + 1}, position=lexeme.position
            )
        return self._bracket(lexeme) if lexeme.kind == "open" else self._leaf(lexeme)

    def _bracket(self, opening: _Lexeme) -> Query | None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(_("Brackets stand in brackets at most %(limit)s deep.") % {"limit": DEEPEST}, position=opening.position)
        place = {"place": opening.position + 1}
        if self.at < len(self.lexemes) and self.lexemes[self.at].kind == "close":
            raise QueryError(_("The brackets at character %(place)s hold nothing.") % place, position=opening.position)
        found = self._any()
        if self.at >= len(self.lexemes):
            raise QueryError(_("The bracket at character %(place)s is not closed.") % place, position=opening.position)
        self.at += 1
        self.depth -= 1
        return found

    def _leaf(self, lexeme: _Lexeme) -> Query | None:
        found = _field(lexeme) if lexeme.field else _text(lexeme)
        self.leaf_count += found is not None
        if self.leaf_count > MOST_LEAVES:
            sentence = _("At most %(limit)s words and phrases.")
            raise QueryError(sentence % {"limit": MOST_LEAVES}, position=lexeme.position)
        return found

    def _operator(self) -> str:
        if self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme.kind == "word" and not lexeme.field and lexeme.text in ("AND", "OR", "NOT"):
                return lexeme.text
        return ""

    def _step_over(self, word: str) -> None:
        """Pass the operator; something must follow."""
        lexeme = self.lexemes[self.at]
        self.at += 1
        ends = self.at >= len(self.lexemes) or self.lexemes[self.at].kind == "close"
        if ends:
            sentence = _("“%(word)s” at character %(place)s needs something behind it.")
            raise QueryError(sentence % {"word": word, "place": lexeme.position + 1}, position=lexeme.position)


def _joined(kind: type[And] | type[Or], parts: Sequence[Query | None]) -> Query | None:
    kept = tuple(part for part in parts if part is not None)
    return kind(kept) if len(kept) > 1 else (kept[0] if kept else None)


def _text(lexeme: _Lexeme) -> Leaf | None:
    """A word or phrase as tokens."""
    text = lexeme.text
    is_prefix = lexeme.kind == "word" and text.endswith("*")
    if lexeme.kind == "word" and "*" in text.rstrip("*"):
        place = lexeme.position + text.index("*") + 1
        raise QueryError(_("“*” stands only at the end of a word (character %(place)s).") % {"place": place}, position=place - 1)
    found = _run(text, is_prefix=is_prefix)
    if found is None and is_prefix:
        sentence = _("“*” at character %(place)s needs the beginning of a word before it.")
        raise QueryError(sentence % {"place": lexeme.position + 1}, position=lexeme.position)
    if isinstance(found, Prefix) and len(found.start) < SHORTEST_PREFIX and not _CJK_RUN.fullmatch(found.start):
        sentence = _("“%(word)s” at character %(place)s is too short: write at least two letters before “*”.")
        raise QueryError(sentence % {"word": text, "place": lexeme.position + 1}, position=lexeme.position)
    return found


def _run(text: str, *, is_prefix: bool) -> Leaf | None:
    row = index_tokens(text)
    if not row:
        return None
    # The last token of a Chinese run is its last character alone. Where the run ends the phrase, the text may go on behind it.
    ends_chinese = _CJK_RUN.fullmatch(row[-1]) is not None and len(row[-1]) == 1
    if ends_chinese and len(row) > 1 and _pair_before(row):
        row, ends_chinese, is_prefix = row[:-1], False, False
    is_open = is_prefix or ends_chinese
    if len(row) == 1:
        return Prefix(row[0]) if is_open else Term(row[0])
    return Phrase(tuple(row), open_end=is_open)


def _pair_before(row: list[str]) -> bool:
    """Whether the last character ends the pair before it: then they are of one run."""
    before = row[-2]
    return len(before) == 2 and before[1] == row[-1] and _CJK_RUN.fullmatch(before) is not None


def _field(lexeme: _Lexeme) -> Field | None:
    name, value = lexeme.field, lexeme.text.strip()
    if not value:
        raise _empty_field(name, lexeme.position)
    if name in ("after", "before"):
        return Field(name, value, lexeme.position, day=_day(value, lexeme))
    if name == "lang" and fold(value) not in ("en", "zh", "zh-hant", "zh-hans"):
        sentence = _("“lang:” takes en, zh, zh-hant or zh-hans (character %(place)s).")
        raise QueryError(sentence % {"place": lexeme.position + 1}, position=lexeme.position)
    return Field(name, value, lexeme.position, key=keyword(value))


def _day(value: str, lexeme: _Lexeme) -> dt.date:
    """A day; the first one of a month or year."""
    match = _DAY.fullmatch(value)
    try:
        if match is None:
            raise ValueError(value)
        return dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        sentence = _("“%(text)s” at character %(place)s is no day. Write it as 2026-03-31, a month as 2026-03.")
        raise QueryError(sentence % {"text": value[:20], "place": lexeme.position + 1}, position=lexeme.position) from None
