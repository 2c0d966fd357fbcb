"""Who may see which companies, people and coverage, and how companies are found by name, code or phone."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, CharField, Exists, F, Func, Lookup, OuterRef, Q, QuerySet, Subquery, Value

from crm.kernel.names.keys import typed_key
from crm.kernel.prepared import Given
from crm.kernel.querysets import OwnedQuerySet, Ranked, Reach, VisibleQuerySet
from crm.staff.choices import Role

# Domain 1.2, "Company: directory facts": all but the administrator; the lobby (and its branch head) sees names only.
_DIRECTORY_READERS = tuple(role for role in Role.values if role not in (Role.ADM, Role.SYS, Role.HR))
_NAME_ONLY = (Role.LOB, Role.BH)
_MAX_WORDS = 6
WHOLE, LATER_WORD = 0, 1  # the ranks of keys: of a whole name, code or phone; of a name from a later word on
_NOT_DIGIT = re.compile(r"\D+")
_PHONE = re.compile(r"\+?[\d\s()\-‐-―./]{5,}")
_CODE_WITH_EXCHANGE = re.compile(r"\s*(\d{1,6})\.(?:hk|ss|sh|sz|bj|tw|two)\s*", re.IGNORECASE)


@CharField.register_lookup
class Prefix(Lookup):
    """`key__prefix="abc"`: begins with, by an index on both databases (SQLite: a range; PostgreSQL: LIKE, on a `KeyField`)."""

    lookup_name = "prefix"
    prepare_rhs = True

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`>= text AND < text + the last code point`."""
        left, params = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", [*params, self.rhs, *params, self._changed(_above)]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """LIKE with its wild cards escaped."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} LIKE %s", (*params, self._changed(_beginning))

    def _changed(self, change: Callable[[str], str]) -> Any:
        return self.rhs.then(change) if isinstance(self.rhs, Given) else change(str(self.rhs))


def _above(text: str) -> str:
    """After all that begins with a text."""
    return f"{text}\U0010ffff"


def _beginning(text: str) -> str:
    """The pattern of what begins with a text."""
    escaped = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"{escaped}%"


class Among(Func):
    """`.filter(Among("company_id", ids))`: the column is one of the ids that a query gives, which is run once, before anything else.

    SQLite does so by itself for IN. PostgreSQL would join the two and guess how many rows meet; as an array it cannot.
    """

    def __init__(self, column: str, ids: Any) -> None:
        super().__init__(F(column), Subquery(ids), output_field=BooleanField())

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """`column IN (query)`, or on PostgreSQL `column = ANY(ARRAY(query))`."""
        column, ids = self.get_source_expressions()
        left, left_params = compiler.compile(column)
        right, right_params = compiler.compile(ids)
        test = f"{left} = ANY(ARRAY{right})" if connection.vendor == "postgresql" else f"{left} IN {right}"
        return test, (*left_params, *right_params)


class WithKeyIn(Func):
    """`.filter(WithKeyIn("pk", SearchKey, ranges))`: the row owns a key, of a name, in one of some thousand `key_ranges`.

    The ranges are sent as one value and each is one step into the index of keys.
    """

    def __init__(self, column: str, keys: Any, ranges: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(F(column), output_field=BooleanField())
        self.keys, self.ranges = keys, ranges

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """On PostgreSQL over arrays, on SQLite over the values of a JSON list."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        table, owner = (connection.ops.quote_name(name) for name in (self.keys._meta.db_table, self.keys.OWNER))
        named = " AND NOT k.is_data" if hasattr(self.keys, "is_data") else ""
        if connection.vendor == "postgresql":
            ranges = "unnest(%s::text[], %s::text[], %s::text[]) AS r(low, high, pattern)"
            within = f"k.key >= r.low AND k.key < r.high AND k.key LIKE r.pattern{named}"
            owners = f"SELECT k.{owner} FROM {ranges} JOIN {table} k ON {within}"  # noqa: S608 - names of our own columns
            return f"{column} = ANY(ARRAY({owners}))", (*params, *([one[part] for one in self.ranges] for part in range(3)))
        within = f"k.key >= r.value ->> 0 AND k.key < r.value ->> 1 AND k.key LIKE r.value ->> 2{named}"
        owners = f"SELECT k.{owner} FROM json_each(%s) r CROSS JOIN {table} k WHERE {within}"  # noqa: S608 - names of our own columns
        return f"{column} IN ({owners})", (*params, json.dumps(list(self.ranges)))


class Holds(Func):
    """Whether there is one of some keys that belong to a row, asked row by row with one step into their index.

    EXISTS says the same, but PostgreSQL may then read all keys of a common word into memory first.
    """

    template = "(%(expressions)s IS NOT NULL)"

    def __init__(self, keys: Any) -> None:
        super().__init__(Subquery(keys.values("key")[:1]), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed to find a name, in the form of the keys: the whole of it (a phone number in two forms), and its words.

    The longest word comes first, being likely the rarest.
    """

    phrases: tuple[Any, ...]
    words: tuple[Any, ...]

    @property
    def form(self) -> tuple[int, int]:
        """How many phrases and words, for `Prepared`."""
        return len(self.phrases), len(self.words)

    @classmethod
    def given(cls, form: tuple[int, int]) -> "Typed":
        """Phrases and words that come in by `values`."""
        phrases, words = form
        return cls(
            tuple(Given(f"phrase_{at}", CharField()) for at in range(phrases)),
            tuple(Given(f"word_{at}", CharField()) for at in range(words)),
        )

    @property
    def values(self) -> dict[str, str]:
        """Its texts, by the names that `given` takes them under."""
        phrases = {f"phrase_{at}": text for at, text in enumerate(self.phrases)}
        return {**phrases, **{f"word_{at}": text for at, text in enumerate(self.words)}}


@lru_cache(maxsize=256)
def typed(query: str) -> Typed:
    """A query as keys are written: names folded, "0700.HK" as its code, phone numbers as digits; at most six words."""
    number = _NOT_DIGIT.sub("", query)
    if len(number) >= 5 and _PHONE.fullmatch(query.strip()):
        return Typed(tuple(dict.fromkeys((number, number[-8:]))), (number,))
    with_exchange = _CODE_WITH_EXCHANGE.fullmatch(query)
    phrase = with_exchange[1] if with_exchange else typed_key(query)
    words = phrase.split(" ")[:_MAX_WORDS] if phrase else []
    return Typed((phrase,) if phrase else (), tuple(sorted(words, key=len, reverse=True)))


def _asked(query: str | Typed) -> Typed:
    return query if isinstance(query, Typed) else typed(query)


class CompanyQuerySet(VisibleQuerySet[Any]):
    """Companies."""

    def visible_to(self, user: Any) -> "CompanyQuerySet":
        """Directory facts are read by all staff but administrators."""
        return self.filter(merged_into=None) if user.actor.has_role(*_DIRECTORY_READERS) else self.none()

    def covered_for(self, user: Any) -> "CompanyQuerySet":
        """Companies that somebody within the person's reach looks after now."""
        reach = user.actor.reach()
        if reach.everything:
            return self.filter(merged_into=None)
        covered = self.model.coverage_model().objects.current().within(reach)
        return self.filter(merged_into=None, pk__in=covered.values("company_id"))

    def named(self, query: str) -> "CompanyQuerySet":
        """Companies found by name in either script, pinyin initials, stock code or phone: as a phrase, or by every word of the query."""
        return self.filter(Among("pk", self.model.key_model().objects.owners(query)))


class CompanyPartQuerySet(VisibleQuerySet[Any]):
    """Names, identifiers, addresses, officers and source records: seen with their company's directory facts."""

    def visible_to(self, user: Any) -> "CompanyPartQuerySet":
        """As the company, but not for those who see names only."""
        readers = set(_DIRECTORY_READERS) - set(_NAME_ONLY)
        return self.filter(company__merged_into=None) if user.actor.has_role(*readers) else self.none()


class CoverageQuerySet(OwnedQuerySet[Any]):
    """Who looks after whom."""

    def visible_to(self, user: Any) -> "CoverageQuerySet":
        """Within reach: own, team, centre, all for head office, compliance and audit."""
        return self.within(user.actor.reach())

    def current(self) -> "CoverageQuerySet":
        """Not ended."""
        return self.filter(to_at=None)


class ContactQuerySet(VisibleQuerySet[Any]):
    """People of companies."""

    def visible_to(self, user: Any) -> "ContactQuerySet":
        """People of the companies covered within reach. Phones and addresses are masked where `permissions.sees_contact_data` says no."""
        return self.covered_within(user.actor.reach())

    def covered_within(self, reach: Reach) -> "ContactQuerySet":
        """People of the companies covered within a reach."""
        if reach.everything:
            return self.filter(company__merged_into=None)
        return self.filter(company_id__in=self._covered(reach), company__merged_into=None)

    def in_order_for(self, user: Any) -> "ContactQuerySet":
        """As `visible_to`, for pages that many people pass: a centre's are read in the order of the page until it is full.

        Asked of each row, the coverage is one step into its index; asked as a list, SQLite gathers all of a centre's people and sorts.
        """
        reach = user.actor.reach()
        if reach.everything or not reach.centre_ids:
            return self.visible_to(user)
        coverage = self.model.coverage_model().objects.current().within(reach).filter(company_id=OuterRef("company_id"))
        return self.filter(Exists(coverage), company__merged_into=None)

    def parts_for(self, user: Any) -> "Sequence[ContactQuerySet]":
        """What `visible_to` holds, as it is counted: by company, without looking at each (one that was merged is covered by nobody)."""
        reach = user.actor.reach()
        return (self.visible_to(user) if reach.everything else self.counted_within(reach),)

    def counted_within(self, reach: Reach) -> "ContactQuerySet":
        """People of the companies covered within a reach that is not all, by company."""
        return self.filter(Among("company_id", self._covered(reach)))

    def _covered(self, reach: Reach) -> Any:
        """The ids of the companies that somebody within the reach looks after now."""
        return self.model.coverage_model().objects.current().within(reach).values("company_id")

    def with_sight(self, user: Any) -> "ContactQuerySet":
        """Marks each person with `shows_data`: whether the reader sees phones, mail addresses and birthday.

        Head office reads all clients with contacts masked (domain 1.2); what one of its other posts covers is shown.
        """
        if user.actor.has_role(Role.COMP, Role.AUD) or not user.actor.has_role(Role.HO):
            return self.annotate(shows_data=Value(True))
        covered = self.model.coverage_model().objects.current().within(user.actor.reach_of())
        return self.annotate(shows_data=Exists(covered.filter(company_id=OuterRef("company_id"))))

    def named(self, query: str, *, user: Any) -> "ContactQuerySet":
        """People found by name in either script or pinyin initials; by phone only for readers who see phones everywhere they look."""
        return self.filter(Among("pk", self.model.key_model().objects.readable_by(user).owners(query)))


class KeyQuerySet(VisibleQuerySet[Any]):
    """Search and match keys: only ever joined, never shown."""

    def visible_to(self, user: Any) -> "KeyQuerySet":
        """Nobody reads keys."""
        return self.none()

    def readable_by(self, user: Any) -> "KeyQuerySet":
        """Keys of people without those of their phones where the reader sees phones masked, so that no search tells them."""
        return self.without_phones() if self.are_phones_masked(user) else self.all()

    @staticmethod
    def are_phones_masked(user: Any) -> bool:
        """Head office sees phones masked, unless it is compliance or audit as well."""
        return user.actor.has_role(Role.HO) and not user.actor.has_role(Role.COMP, Role.AUD)

    def without_phones(self) -> "KeyQuerySet":
        """Keys of people that are no phone numbers."""
        return self.filter(is_data=False)

    def starting(self, phrases: tuple[Any, ...]) -> "KeyQuerySet":
        """Keys that begin with one of some phrases: index ranges."""
        test = Q()
        for phrase in phrases:
            test |= Q(key__prefix=phrase)
        return self.filter(test) if phrases else self.none()

    def owners(self, query: str | Typed, *, at_most: int | None = None) -> Any:
        """The ids behind the keys that a query finds, for `Among`: keys that begin with its phrase, else owners of all its words.

        `at_most` bounds the keys that are read, so that a finder costs the same however common a word is; equal keys come first.
        """
        asked = _asked(query)
        column = self.model.OWNER
        found = self.starting(asked.phrases)
        if len(asked.words) < 2:
            if not at_most:
                return found.values(column)
            exact = self.filter(key__in=asked.phrases)
            return exact.values(column).union(found.values(column), all=True)[:at_most]
        # That no phrase is there is asked once, before any word is looked for.
        longest, *others = asked.words
        by_words = self.filter(~Exists(self.starting(asked.phrases)), key__prefix=longest)
        if at_most:
            by_words = by_words.filter(Among(column, self.filter(key__prefix=longest).values(column)[:at_most]))
        for word in others:
            by_words = by_words.filter(Exists(self.filter(**{column: OuterRef(column)}, key__prefix=word)))
        return found.values(column).union(by_words.values(column), all=True)[:at_most]

    def ranked(self, query: str) -> "Iterator[Ranked]":
        """The owners that a query finds, in two ways of which the first that finds any is meant: by the phrase, else by all words. Best
        match first: names and codes that begin so, the shortest first, then names that hold it further on.
        """
        asked = typed(query)
        yield Ranked(self.starting(asked.phrases), self._firsts(asked.phrases))
        if len(asked.words) > 1:
            longest, *others = asked.words
            own = self.filter(**{self.model.OWNER: OuterRef(self.model.OWNER)})
            held = [own.filter(key__prefix=word) for word in others]
            # All are counted by whatever way is short; the first ones are looked for in the order of the index until there are enough.
            found = self.starting((longest,)).filter(*map(Exists, held))
            yield Ranked(found, [part.filter(*map(Holds, held)) for part in self._firsts((longest,))])

    def _firsts(self, phrases: tuple[Any, ...]) -> "Sequence[KeyQuerySet]":
        """Of the keys that begin with one of some phrases each owner's first, in parts by rank."""
        starting = self.starting(phrases)
        own = starting.filter(**{self.model.OWNER: OuterRef(self.model.OWNER)})
        earlier = own.filter(key__lt=OuterRef("key"))
        whole = starting.filter(rank=WHOLE).exclude(Holds(earlier.filter(rank=WHOLE)))
        later = starting.filter(rank=LATER_WORD).exclude(Holds(own.filter(rank=WHOLE))).exclude(Holds(earlier.filter(rank=LATER_WORD)))
        return (whole, later)

    def held_by(self, outer: str, query: str | Typed) -> Q:
        """As a condition on rows whose `outer` column is the keys' owner: for few rows, each of which is asked for the query's keys."""
        asked = _asked(query)
        own = self.filter(**{self.model.OWNER: OuterRef(outer)})
        held = Q(Holds(own.starting(asked.phrases)))
        if len(asked.words) < 2:
            return held
        by_words = Q()
        for word in asked.words:
            by_words &= Q(Holds(own.filter(key__prefix=word)))
        return held | by_words

    def asked_of(self, few: QuerySet[Any], outer: str, query: str | Typed) -> QuerySet[Any]:
        """Those of a few rows that `held_by` keeps, each with its `hit`; for one word the hit itself says whether there is one."""
        rows = few.annotate(hit=self.hit(outer, query))
        return rows.filter(hit__isnull=False) if len(_asked(query).words) < 2 else rows.filter(self.held_by(outer, query))

    def hit(self, outer: str, query: str | Typed) -> Subquery:
        """The first key of an owner that begins with the query's phrase: equal to it for a code, a whole name or all initials."""
        own = self.filter(**{self.model.OWNER: OuterRef(outer)}).starting(_asked(query).phrases)
        return Subquery(own.order_by("key").values("key")[:1])


class GroupQuerySet(VisibleQuerySet[Any]):
    """Corporate groups."""

    def visible_to(self, user: Any) -> "GroupQuerySet":
        """Groups with a member that is covered within reach."""
        reach = user.actor.reach()
        if reach.everything:
            return self.all()
        covered = self.model.coverage_model().objects.current().within(reach)
        return self.filter(pk__in=self.model.member_model().objects.filter(pk__in=covered.values("company_id")).values("group_id"))

    def called(self, query: str) -> "GroupQuerySet":
        """Groups whose name in either script holds the text. There are few."""
        return self.filter(Q(name_en__icontains=query) | Q(name_zh__icontains=query))
