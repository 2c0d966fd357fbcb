"""Every list of every scope is read in order from one index, with statistics and without; the board's lanes too."""

from itertools import product

import pytest
from django.db import connection

from crm.web.paging import in_order
from prospects.deals import selectors
from prospects.deals.choices import LADDER, Stage
from prospects.deals.models import Deal
from tests.prospects.deals.test_pages import many

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="Reads SQLite's plans"),
]

SCOPES = {"rm": "owner", "head": "team", "centre": "centre", "ho": "all"}
ORDERS = {"name": ("sort_key",), "age": ("stage_since",), "stage": ("stage", "stage_since")}


def plan(sql: str, params: tuple) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return "\n".join(row[3] for row in cursor.fetchall())


def plan_of(queryset) -> str:
    return plan(*queryset.query.sql_with_params())


@pytest.fixture(params=["without statistics", "with statistics"])
def statistics(request, bank) -> None:
    for name in ("rm", "rm2", "outsider", "sibling"):
        many(bank, bank.people[name], 150)
        many(bank, bank.people[name], 50, Stage.MET)
    if request.param == "with statistics":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_a_list_is_one_scan_of_its_scopes_index_without_sorting(bank, statistics):
    for who, order, towards in product(SCOPES, ORDERS, ("", "-")):
        rows = Deal.objects.in_full(bank.people[who]).open().select_related("company", "owner")
        terms = tuple(f"{towards}{term}" for term in ORDERS[order])
        found = plan_of(in_order(rows, terms)[:51])
        assert f"deals_{SCOPES[who]}_{order}" in found, (who, order, towards)
        assert "TEMP B-TREE" not in found, (who, order, towards)


def test_the_closed_list_is_too(bank, statistics):
    for who, scope in SCOPES.items():
        found = plan_of(in_order(Deal.objects.in_full(bank.people[who]).closed(), ("-stage_since",))[:51])
        assert f"deals_{scope}_closed" in found, who
        assert "TEMP B-TREE" not in found, who


def test_the_teams_list_is_read_by_the_teams_index(bank, statistics):
    found = plan_of(in_order(Deal.objects.of_team_mates(bank.rm2).open(), ("sort_key",))[:51])
    assert "deals_team_name" in found
    assert "TEMP B-TREE" not in found


def test_each_lane_of_the_board_reads_its_own_range_and_stops(bank, statistics):
    for who, scope in SCOPES.items():
        rows = Deal.objects.in_full(bank.people[who])
        lane = rows.open().filter(stage=Stage.MET).order_by("-stage_since", "-pk")[: selectors.LANE_CARDS]
        found = plan_of(lane)
        assert f"deals_{scope}_stage" in found, who
        assert "TEMP B-TREE" not in found, who


def test_beyond_ten_thousand_open_deals_nothing_is_counted_or_summed(bank, monkeypatch, now):
    monkeypatch.setattr(selectors, "SUMS_UP_TO", 5)
    many(bank, bank.rm, 6)
    board = selectors.board(Deal.objects.in_full(bank.ho), on=now.date(), quarter_from=now)
    assert (board.counted, board.count, board.sums) == (False, 5, [])
    assert [lane.count for lane in board.lanes] == [None] * len(LADDER)
    assert len(board.lanes[1].cards) == 6
