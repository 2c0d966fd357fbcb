"""Walks the URLconf and asks each address as each person with each method."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.people import ANONYMOUS
from tests.cast import Bank

METHODS = ("get", "post", "put", "patch", "delete")
OUTSIDE = ("cms/", "api/v1/")  # Wagtail's own tree and the API have tests of their own.


@dataclass(frozen=True)
class Rule:
    """Who gets a page (GET 200, or `opens` where it answers otherwise); everybody else who is signed in gets `others`."""

    who: frozenset[str]
    target: str = ""
    others: int = 404
    opens: int = 200
    query: str = ""
    others_by: dict[str, int] = field(default_factory=dict, hash=False)

    def expected(self, name: str) -> int:
        """The status that GET must answer this person."""
        if name in self.who:
            return self.opens
        return self.others_by.get(name, self.others)


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Every named address of ours."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for item in patterns:
        where = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            if not where.startswith(OUTSIDE):
                inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
                yield from _walk(item.url_patterns, where, inner)
        elif not where.startswith(OUTSIDE):
            yield f"{namespace}{item.name or where}", item


def address(name: str, rule: Rule, world: Any) -> str:
    """The address with the ids of the rule's target."""
    args = [getattr(world, rule.target).pk] if rule.target else []
    return reverse(name, args=args) + rule.query


def clients(bank: Bank) -> dict[str, Client]:
    """A signed-in browser for each person, and one that is not."""
    found = {ANONYMOUS: Client()}
    for name, user in bank.people.items():
        found[name] = Client()
        found[name].force_login(user, backend="crm.staff.backends.PostBackend")
    return found


def ask(client: Client, method: str, url: str) -> int:
    """The status, with whatever was written undone."""
    point = transaction.savepoint()
    try:
        return getattr(client, method)(url).status_code
    finally:
        transaction.savepoint_rollback(point)
