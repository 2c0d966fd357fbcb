"""Walks the URLconf and asks each address as each person with each method."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.people import ANONYMOUS, ASKED, EACH_SCOPE
from tests.access.rules import Rule
from tests.cast import Bank

METHODS = ("get", "post", "put", "patch", "delete")
WALK_SECONDS = 3600
OUTSIDE = ("cms/", "api/v1/")  # Wagtail's own tree and the API have tests of their own.


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
    """The address with the ids of the rule's records."""
    return reverse(name, args=[_argument(getattr(world, target)) for target in rule.targets]) + rule.query


def _argument(target: Any) -> Any:
    return getattr(target, "pk", target)


def clients(bank: Bank) -> dict[str, Client]:
    """A signed-in browser for one person of each role, for those of other teams and centres, and one that is not signed in.

    On PostgreSQL for one of each scope.
    """
    found = {ANONYMOUS: Client()}
    for name in ASKED if connection.vendor == "sqlite" else EACH_SCOPE:
        found[name] = Client()
        found[name].force_login(bank.people[name], backend="crm.staff.backends.PostBackend")
        _note_the_visit(found[name])
    return found


def _note_the_visit(client: Client) -> None:
    """For the whole walk: what a request writes is undone, so that each would note it again."""
    session = client.session
    session["began_at"], session["seen_at"] = time.time(), time.time() + WALK_SECONDS
    session.save()


def ask(client: Client, method: str, url: str) -> int:
    """The status, with whatever was written undone."""
    point = transaction.savepoint()
    try:
        return getattr(client, method)(url).status_code
    finally:
        transaction.savepoint_rollback(point)
