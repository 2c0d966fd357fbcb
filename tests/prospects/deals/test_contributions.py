"""What deals add to shared screens: menu, palette, finder, buttons on companies, Today."""

import datetime as dt

import pytest

from crm.kernel.contributions import ClientPanel, Finder, NavItem, PaletteCommand, RecordAction, TodayCard, WorkKind, of
from prospects.deals import selectors
from prospects.deals.choices import Stage
from prospects.deals.models import Deal
from tests.cast import NOW, fresh
from tests.companies.making import company
from tests.prospects.deals.making import TODAY, in_stage, prospect

pytestmark = pytest.mark.django_db

READERS = ("arm", "rm", "head", "centre", "ho", "compliance", "auditor")
OTHERS = ("analyst", "finance", "lobby", "branch", "specialist", "editor", "admin", "ops")


def one(kind, test):
    return next(item for item in of(kind) if test(item))


@pytest.mark.parametrize("url_name", ["deals:deal_list", "deals:deal_board"])
def test_the_menu_shows_prospects_to_those_who_read_them(bank, url_name):
    entry = one(NavItem, lambda item: item.url_name == url_name)
    assert all(entry.shown(bank.people[who]) for who in READERS)
    assert not any(entry.shown(bank.people[who]) for who in OTHERS)


def test_the_palette_offers_what_one_may_do(bank):
    add = one(PaletteCommand, lambda item: item.url_name == "deals:deal_create")
    ask = one(PaletteCommand, lambda item: item.url_name == "deals:coverage_ask")
    assert [who for who in (*READERS, *OTHERS) if add.shown(bank.people[who])] == ["arm", "rm", "head"]
    assert [who for who in (*READERS, *OTHERS) if ask.shown(bank.people[who])] == ["arm", "rm", "head", "centre", "ho", "compliance"]


def found(user, query: str) -> list[str]:
    finder = one(Finder, lambda item: item.kind == "prospect")
    return [row.title for row in finder.find(user, query, 6)]


def test_the_finder_finds_by_the_companys_name_within_both_rings_and_no_further(bank):
    prospect(bank.rm, "Wah Kong Logistics", need="A secret")
    assert found(bank.rm, "wah") == found(bank.head, "kong") == found(bank.rm2, "wah kong") == ["Wah Kong Logistics"]
    for who in ("arm", "outsider", "sibling", "outhead"):
        assert found(bank.people[who], "wah") == []
    finder = one(Finder, lambda item: item.kind == "prospect")
    assert "secret" not in str(finder.find(bank.rm2, "wah", 6))


def test_the_finder_puts_ones_own_deals_first_then_the_beginning_of_the_name(bank):
    prospect(bank.rm2, "Harbour Crane Works")
    prospect(bank.rm, "Silver Harbour Mills")
    prospect(bank.rm, "Harbour Light Foods")
    assert found(bank.rm, "harbour") == ["Harbour Light Foods", "Silver Harbour Mills", "Harbour Crane Works"]
    assert found(bank.centre, "harbour") == ["Harbour Crane Works", "Harbour Light Foods", "Silver Harbour Mills"]


def test_the_button_on_a_company_does_not_tell_who_covers_it(bank):
    action = one(RecordAction, lambda item: item.model == "companies.company" and "start" in str(item.label).lower())
    free, owned = company(bank, "Pearl Estuary Foods"), prospect(bank.rm, "Wah Kong Logistics").company
    assert [bool(action.allowed(bank.outsider, of_company)) for of_company in (free, owned)] == [True, True]
    assert not action.allowed(bank.rm, owned)
    assert not action.allowed(bank.ho, free)
    assert action.url(free) == f"/prospects/add/?company={free.pk}"


def test_the_panel_is_for_those_who_read_deals(bank):
    panel = one(ClientPanel, lambda item: item.slug == "deals")
    assert panel.shown(bank.rm, None)
    assert not panel.shown(bank.lobby, None)


def test_today_shows_ones_own_deals_that_go_stale_and_the_heads_the_teams(bank, rm, head, django_assert_num_queries):
    late = in_stage(prospect(rm, "Wah Kong Logistics"), Stage.LEAD, stale_on=TODAY - dt.timedelta(days=2))
    soon = in_stage(prospect(bank.rm2, "Dyeworks Asia"), Stage.LEAD, stale_on=TODAY + dt.timedelta(days=2))
    in_stage(prospect(rm, "Pearl Estuary Foods"), Stage.LEAD, stale_on=TODAY + dt.timedelta(days=20))
    card = one(TodayCard, lambda item: item.slug == "stale")
    assert card.content(user=rm, now=NOW) == [late]
    reader = fresh(head)
    assert reader.actor.posts
    assert reader.actor.covered_posts == ()  # read once for the whole page
    with django_assert_num_queries(1):
        assert card.content(user=reader, now=NOW) == [late, soon]
    assert card.content(user=bank.ho, now=NOW) == []
    assert not card.shown(bank.ho)


def test_a_next_step_can_be_ticked_on_today():
    kind = one(WorkKind, lambda item: item.kind == "deal_step")
    assert kind.tick is not None
    assert kind.untick is not None
    assert one(WorkKind, lambda item: item.kind == "deal_evidence").tick is None


def test_companies_are_found_while_their_name_is_typed(bank, rm):
    company(bank, "Wah Kong Logistics")
    company(bank, "裕達紡織有限公司")
    for typed in ("Wah Ko", "Wah Kong Logistic", "裕达"):
        assert len(selectors.known_companies(rm, [typed], on=TODAY, limit=5)) == 1
    assert selectors.known_companies(rm, ["", "x"], on=TODAY, limit=5) == []


def test_administrators_see_no_row_in_any_ring(bank, admin):
    prospect(bank.rm)
    for rows in (Deal.objects.visible_to(admin), Deal.objects.in_full(admin), Deal.objects.of_team_mates(admin)):
        assert not rows.exists()
