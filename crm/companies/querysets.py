"""Who may see which companies, people and coverage, and how companies are found by name, code or phone."""

import re
from typing import Any

from django.db.models import Lookup, Q, QuerySet, CharField

from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.kernel.text import fold
from crm.staff.choices import Role

# Domain 1.2, "Company: directory facts": all but the administrator; the lobby (and its branch head) sees names only.
_DIRECTORY_READERS = tuple(role for role in Role.values if role != Role.ADM)
_NAME_ONLY = (Role.LOB, Role.BH)
_WORDS = re.compile(r"\S+")
_MAX_WORDS = 6


@CharField.register_lookup
class Prefix(Lookup):
    """`key__prefix="abc"`: begins with, by an index on both databases (SQLite: a range; PostgreSQL: LIKE under its pattern operators)."""

    lookup_name = "prefix"
    prepare_rhs = True

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`>= text AND < text + the last code point`."""
        left, params = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", [*params, self.rhs, *params, f"{self.rhs}\U0010ffff"]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """LIKE with its wild cards escaped."""
        left, params = self.process_lhs(compiler, connection)
        escaped = str(self.rhs).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{left} LIKE %s", [*params, f"{escaped}%"]


def search_words(query: str) -> list[str]:
    """The folded words of a query, the first six."""
    return _WORDS.findall(fold(query))[:_MAX_WORDS]


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
        """Companies found by every word of the query: name in either script, pinyin initials, stock code, phone."""
        found = self
        for word in search_words(query):
            found = found.filter(pk__in=self.model.key_model().objects.filter(key__prefix=word).values("company_id"))
        return found


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
        reach = user.actor.reach()
        if reach.everything:
            return self.filter(company__merged_into=None)
        covered = self.model.coverage_model().objects.current().within(reach)
        return self.filter(company_id__in=covered.values("company_id"), company__merged_into=None)

    def named(self, query: str) -> "ContactQuerySet":
        """People found by every word of the query."""
        found: QuerySet[Any] = self
        for word in search_words(query):
            found = found.filter(pk__in=self.model.key_model().objects.filter(key__prefix=word).values("contact_id"))
        return found  # type: ignore[return-value]


class KeyQuerySet(VisibleQuerySet[Any]):
    """Search and match keys: only ever joined, never shown."""

    def visible_to(self, user: Any) -> "KeyQuerySet":
        """Nobody reads keys."""
        return self.none()


class GroupQuerySet(VisibleQuerySet[Any]):
    """Corporate groups."""

    def visible_to(self, user: Any) -> "GroupQuerySet":
        """Groups with a member that is covered within reach."""
        reach = user.actor.reach()
        if reach.everything:
            return self.all()
        covered = self.model.coverage_model().objects.current().within(reach)
        return self.filter(Q(companies__in=covered.values("company_id"))).distinct()
