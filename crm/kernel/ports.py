"""What lower layers may ask of higher ones, as protocols that are filled at start-up."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from crm.kernel.querysets import Reach


class HeldPost(Protocol):
    """A post that somebody holds now."""

    pk: int
    role: str
    grade: int
    unit_id: int
    serves: tuple[int, ...]

    @property
    def serves_bank(self) -> bool:
        """Whether queues of its role without a unit are its too."""


class Actor(Protocol):
    """Who acts: the posts that a user holds at this moment, and what they reach. `user.actor` returns one."""

    posts: tuple[Any, ...]

    @property
    def deciding_posts(self) -> tuple[Any, ...]:
        """The posts in which the person decides now."""

    def has_role(self, *roles: str) -> bool:
        """Holds at least one of these roles."""

    def reach(self) -> Reach:
        """The widest scope over owned rows that any post gives."""


Authenticate = Callable[[str], tuple[Any, frozenset[str]] | None]
_authenticators: list[Authenticate] = []


def provide_token_check(check: Authenticate) -> None:
    """Say how a bearer token becomes a user and the token's scopes."""
    _authenticators[:] = [check]


def check_token(token: str) -> tuple[Any, frozenset[str]] | None:
    """The user and scopes behind a bearer token, or None."""
    return _authenticators[0](token) if _authenticators else None


CountDays = Callable[[Any, str, str, dt.datetime, dt.datetime], tuple[int, Sequence[dt.datetime]]]
_day_counters: list[CountDays] = []


def provide_day_counter(count: CountDays) -> None:
    """Say how many stories of a kind a query finds in a span, and when they were published."""
    _day_counters[:] = [count]


def count_days(user: Any, kind: str, text: str, *, since: dt.datetime, now: dt.datetime) -> tuple[int, Sequence[dt.datetime]] | None:
    """How many stories of a kind that this person may see a query finds since a moment, and when the newest of them were published.

    None without a search engine. QueryError for a query that is not well formed; a DomainError where the engine is down.
    """
    return _day_counters[0](user, kind, text, since, now) if _day_counters else None


FindText = Callable[[str, str], Sequence[int]]
_finders: list[FindText] = []


def provide_text_finder(find: FindText) -> None:
    """Say how the records of a kind that hold a phrase are found."""
    _finders[:] = [find]


def find_text(kind: str, phrase: str) -> Sequence[int]:
    """The ids of all records of a kind whose text holds a phrase, whoever may see them; none without a search engine."""
    return _finders[0](kind, phrase) if _finders else ()


FindTitles = Callable[[Any, str, str, int], Sequence[int]]
_title_finders: list[FindTitles] = []


def provide_title_finder(find: FindTitles) -> None:
    """Say how the records of a kind are found by the words of their titles, as somebody types."""
    _title_finders[:] = [find]


def find_titles(user: Any, kind: str, typed: str, *, limit: int) -> Sequence[int]:
    """The ids of the newest records of a kind that this person may find by what was typed of their title.

    None without a search engine, and where it does not answer at once. The reader's rows are asked for them all the same.
    """
    return _title_finders[0](user, kind, typed, limit) if _title_finders else ()
