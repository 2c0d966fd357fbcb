"""What reading gives: articles, and what was refused of a file or a row."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings for one file; sizes in bytes, `seconds` of wall time."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 100 * MEGABYTE
    page_bytes: int = 10 * MEGABYTE
    article_characters: int = 1_000_000
    articles: int = 200_000
    pages: int = 200
    seconds: int = 30
    memory_bytes: int = 512 * MEGABYTE


LIMITS = Limits()


@dataclass(frozen=True)
class Article:
    """One article as plain text. `published` is ISO 8601, with a zone where the source gave one; empty where it said nothing.

    `row` is the line, story or entry of the file, counted from 1.
    """

    row: int
    title: str
    body: str
    published: str = ""
    author: str = ""
    url: str = ""
    source: str = ""
    language: str = ""


@dataclass(frozen=True)
class Refusal:
    """A row that is no article: why (a code of `sentences`), in which column, and what stood there."""

    row: int
    code: str
    column: str = ""
    value: str = ""


class Refused(Exception):
    """The file as a whole is refused; `code` is one of `sentences`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params
