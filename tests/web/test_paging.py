"""Keyset pages: every row once, in order, forwards and backwards, with ties and empty values, on any ordering."""

import random
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from crm.kernel.jobs import Job
from crm.web.paging import LAST, bounded_count, by_keys, in_order, in_turn, paginate

ORDERINGS = [
    ("title",),
    ("-title",),
    ("finished_at",),
    ("-finished_at",),
    ("total", "-done"),
    ("-total", "finished_at", "title"),
    ("-finished_at", "total"),
    ("owner__name_en", "-finished_at"),
    ("state", "-id"),
    ("pk",),
    ("-pk",),
    (),
]


def _expected(ordering: tuple[str, ...]) -> list[int]:
    """The order worked out in Python: empty values last either way, the key in the direction of the last term."""
    rows = list(Job.objects.select_related("owner"))
    last = ordering[-1] if ordering else ""
    if last.lstrip("-") not in ("pk", "id"):
        ordering = (*ordering, "-id" if last.startswith("-") else "id")
    for term in reversed(ordering):
        name, descending = term.lstrip("-"), term.startswith("-")

        def value(row: Any, name: str = name) -> Any:
            for part in name.split("__"):
                row = getattr(row, part)
            return row

        filled = sorted((row for row in rows if value(row) is not None), key=value, reverse=descending)
        if descending:  # reverse keeps no stability for ties
            filled = sorted((row for row in rows if value(row) is not None), key=value)
            filled = [row for group in _groups(filled, value)[::-1] for row in group]
        rows = filled + [row for row in rows if value(row) is None]
    return [row.pk for row in rows]


def _groups(rows: list[Any], key: Any) -> list[list[Any]]:
    groups: list[list[Any]] = []
    for row in rows:
        if groups and key(groups[-1][-1]) == key(row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


@pytest.fixture
def rows(make_jobs, rm, rm2) -> list[Job]:
    """Seeded at random, with many ties and empty values; two owners."""
    dice = random.Random(7)
    made = make_jobs(83)
    for row in made:
        row.title = dice.choice(["alpha", "Beta", "gamma", "甲", "乙", ""])
        row.total = dice.randrange(4)
        row.done = dice.randrange(3)
        row.owner = dice.choice([rm, rm2])
        if dice.random() < 0.4:
            row.finished_at = None
    Job.objects.bulk_update(made, ["title", "total", "done", "owner", "finished_at"])
    return made


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_walking_forwards_and_back_meets_every_row_once_in_order(rows, ordering):
    expected = _expected(ordering)
    whole, few = Job.objects.all(), Q(total__gt=2)
    ways = (None, by_keys((whole,)), by_keys((whole.filter(few), whole.exclude(few), whole.none())))
    for limit, read in product((1, 7, 50, 83, 200), ways):
        assert _walked(ordering, limit=limit, read=read) == (expected, expected), (limit, ways.index(read))


@pytest.mark.parametrize("ordering", [("total", "title"), ("-total", "done")])
def test_parts_that_stand_one_after_the_other_are_read_in_turn(rows, ordering):
    expected = _expected(ordering)
    parts = [Job.objects.filter(total=total) for total in range(4)]
    for limit in (1, 7, 50, 83, 200):
        assert _walked(ordering, limit=limit, read=in_turn(parts)) == (expected, expected), limit


def _walked(ordering: tuple[str, ...], *, limit: int, read: Any) -> tuple[list[int], list[int]]:
    """(the rows met forwards, those met on the way back)"""
    seen: list[int] = []
    page = paginate(Job.objects.all(), ordering, limit=limit, read=read)
    assert page.previous is None
    pages = [page]
    while page.next:
        page = paginate(Job.objects.all(), ordering, cursor=page.next, limit=limit, read=read)
        pages.append(page)
    for each in pages:
        seen += [row.pk for row in each.rows]

    back = [row.pk for row in page.rows]
    while page.previous:
        page = paginate(Job.objects.all(), ordering, cursor=page.previous, limit=limit, read=read)
        back = [row.pk for row in page.rows] + back
    return seen, back


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_the_last_page_ends_the_list_and_leads_back(rows, ordering):
    expected = _expected(ordering)
    page = paginate(Job.objects.all(), ordering, cursor=LAST, limit=10)
    assert [row.pk for row in page.rows] == expected[-10:]
    assert page.next is None
    before = paginate(Job.objects.all(), ordering, cursor=page.previous, limit=10)
    assert [row.pk for row in before.rows] == expected[-20:-10]
    again = paginate(Job.objects.all(), ordering, cursor=before.next, limit=10)
    assert [row.pk for row in again.rows] == expected[-10:]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_an_export_reads_the_rows_in_the_order_of_the_pages(rows, ordering):
    assert [row.pk for row in in_order(Job.objects.all(), ordering)] == _expected(ordering)


@pytest.mark.parametrize("cursor", ["", "x", "W10", "é", "a.b:c", "last2", "W10:" + "x" * 43, "0" * 5000, "\x00", "bnVsbA:zz"])
def test_garbage_opens_the_first_page(rows, cursor):
    page = paginate(Job.objects.all(), ("title",), cursor=cursor, limit=5)
    assert [row.pk for row in page.rows] == _expected(("title",))[:5]


def test_a_cursor_of_another_order_or_a_changed_one_opens_the_first_page(rows):
    cursor = paginate(Job.objects.all(), ("title",), limit=5).next
    first = _expected(("-done",))[:5]
    assert [row.pk for row in paginate(Job.objects.all(), ("-done",), cursor=cursor, limit=5).rows] == first
    forged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    assert paginate(Job.objects.all(), ("title",), cursor=forged, limit=5).previous is None


def test_a_cursor_behind_which_nothing_is_left_opens_the_first_page(rows):
    page = paginate(Job.objects.all(), ("pk",), limit=80)
    Job.objects.filter(pk__gt=page.rows[-1].pk).delete()
    assert paginate(Job.objects.all(), ("pk",), cursor=page.next, limit=80).rows == page.rows


def test_a_page_is_one_statement_however_deep_and_related_columns_cost_none(rows):
    deep = paginate(Job.objects.all(), ("owner__name_en", "-title"), limit=60).next
    for cursor in (None, deep, LAST):
        with CaptureQueriesContext(connection) as statements:
            paginate(Job.objects.all(), ("owner__name_en", "-title"), cursor=cursor, limit=20)
        assert len(statements) == 1
        assert "OFFSET" not in statements[0]["sql"]


@pytest.mark.parametrize("with_statistics", [False, True])
def test_a_deep_page_seeks_in_the_index(make_jobs, rm, with_statistics):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the table: of a few hundred rows it may read and sort them all")
    make_jobs(400)
    own = Job.objects.filter(owner=rm)
    cursor = paginate(own, ("-id",), limit=300).next
    with CaptureQueriesContext(connection) as statements:
        paginate(own, ("-id",), cursor=cursor, limit=20)
    with connection.cursor() as database:
        if with_statistics:
            database.execute("ANALYZE")
        database.execute(f"EXPLAIN QUERY PLAN {statements[0]['sql']}")
        plan = " ".join(str(part) for line in database.fetchall() for part in line)
    assert "SEARCH" in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_counts_are_exact_up_to_the_limit_and_then_say_so(make_jobs):
    make_jobs(12)
    assert bounded_count(Job.objects.all(), limit=12) == bounded_count(Job.objects.all(), limit=500)
    over = bounded_count(Job.objects.all(), limit=11)
    assert (over.value, over.exact) == (11, False)
