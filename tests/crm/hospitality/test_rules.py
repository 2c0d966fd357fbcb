"""The figures and rules of domain 4.2 to 4.4, by grade and jurisdiction."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.hospitality import rules, selectors
from crm.hospitality.choices import Level, Need
from crm.hospitality.rules import Bill, Facts, Room
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken
from crm.policy.models import Figure
from tests.cast import NOW

DAY = dt.date(2026, 3, 5)
MONTHS = {
    "HK": {"ARM": 3000, "RM": 8000, "SRM": 15000, "TH": 25000, "RCH": 40000, "HO": 40000},
    "CN": {"ARM": 2000, "RM": 5000, "SRM": 9000, "TH": 15000, "RCH": 25000},
}
HEADS = {
    "ARM": (500, 800, 0, 0, 3000, 2, 0),
    "RM": (600, 1000, 450, 600, 6000, 3, 2000),
    "SRM": (600, 1000, 450, 600, 10000, 3, 2000),
    "TH": (800, 1200, 450, 600, 15000, 4, 2000),
    "RCH": (1000, 1500, 450, 600, 25000, 4, 2000),
}


@pytest.fixture
def rm_figures(db):
    return selectors.figures("RM", jurisdiction="HK", on=DAY)


def facts(estimate=1800, *, heads=3, kind="dinner", together=None, **flags):
    values = {"official": False, "family": False, "away": False} | flags
    return Facts(kind=kind, estimate=Decimal(estimate), together=Decimal(together or estimate), heads=heads, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("jurisdiction", "role", "cap"), [(where, role, cap) for where, caps in MONTHS.items() for role, cap in caps.items()]
)
def test_the_month_of_each_grade(jurisdiction, role, cap):
    assert selectors.figures(role, jurisdiction=jurisdiction, on=DAY).month == cap


@pytest.mark.django_db
@pytest.mark.parametrize("role", HEADS)
def test_the_caps_of_each_grade(role):
    read = selectors.figures(role, jurisdiction="HK", on=DAY)
    found = (read.lunch, read.dinner, read.official_lunch, read.official_dinner, read.client, read.guest, read.free)
    assert found == HEADS[role]


@pytest.mark.parametrize(("estimate", "level"), [(2100, "TH"), (5000, "TH"), (5000.01, "RCH"), (15000, "RCH"), (15000.01, "HO")])
def test_the_ladder_goes_by_the_estimate(rm_figures, estimate, level):
    way = rules.route(facts(str(estimate), heads=40), rm_figures, host_role="RM")
    assert (way.level, way.consent) == (level, False)


@pytest.mark.parametrize(("role", "level"), [("ARM", "TH"), ("RM", "TH"), ("TH", "RCH"), ("RCH", "HO"), ("HO", "HO")])
def test_a_heads_own_goes_one_up(db, role, level):
    read = selectors.figures(role, jurisdiction="HK", on=DAY)
    assert rules.route(facts(2100), read, host_role=role).level == level


@pytest.mark.parametrize(
    ("given", "need"),
    [
        (facts(2000), ""),
        (facts("2000.01"), Need.AMOUNT),
        (facts(1000, together=2500), Need.SPLIT),
        (facts(1000, official=True), Need.OFFICIAL),
        (facts(1900, heads=1), Need.PER_HEAD),
        (facts(500, kind="tickets"), Need.KIND),
        (facts(500, kind="golf"), Need.KIND),
        (facts(500, kind="travel"), Need.KIND),
        (facts(500, away=True), Need.AWAY),
        (facts(500, family=True), Need.FAMILY),
        (facts(500, pending=("An open concession",)), Need.PENDING),
    ],
)
def test_what_is_asked_for_beforehand(rm_figures, given, need):
    assert rules.needs_of(given, rm_figures) == ((need,) if need else ())


def test_an_assistant_asks_for_any(db):
    read = selectors.figures("ARM", jurisdiction="HK", on=DAY)
    assert rules.needs_of(facts(1), read) == (Need.AMOUNT,)


def test_above_the_cap_per_head_the_next_level_may_approve(rm_figures):
    assert rules.route(facts(3000, heads=3), rm_figures, host_role="RM").level == Level.TH
    assert rules.route(facts("3000.01", heads=3), rm_figures, host_role="RM").level == Level.RCH
    assert rules.route(facts(1201, heads=2, kind="lunch"), rm_figures, host_role="RM").level == Level.RCH


def test_a_pending_decision_goes_one_level_up_and_to_compliance(rm_figures):
    way = rules.route(facts(500, pending=("An open concession",)), rm_figures, host_role="RM")
    assert (way.level, way.consent) == (Level.RCH, True)


@pytest.mark.parametrize(("kind", "each"), [("lunch", 450), ("dinner", 600)])
def test_with_an_official_the_cap_per_head_is_hard(rm_figures, kind, each):
    way = rules.route(facts(each * 3, kind=kind, official=True), rm_figures, host_role="RM")
    assert (way.level, way.consent) == (Level.TH, True)
    with pytest.raises(RuleBroken) as refused:
        rules.route(facts(f"{each * 3}.01", kind=kind, official=True), rm_figures, host_role="RM")
    assert refused.value.code == "official_cap"


def test_an_assistant_hosts_no_official(db):
    read = selectors.figures("ARM", jurisdiction="HK", on=DAY)
    with pytest.raises(RuleBroken) as refused:
        rules.route(facts(1, official=True), read, host_role="ARM")
    assert refused.value.code == "official_host"


@pytest.mark.parametrize(
    ("amount", "wrong"),
    [("0", "above zero"), ("-1", "above zero"), ("1.001", "fractions"), ("200000.01", "digit too many"), ("NaN", "above zero")],
)
def test_odd_amounts_are_refused_in_plain_words(rm_figures, amount, wrong):
    assert wrong in str(rules.check_amount(Decimal(amount), ceiling=rm_figures.ceiling))


@pytest.mark.parametrize("place", ["Grand Casino Macau", "皇家夜總會", "金輝夜总会", "Ｍａｓｓａｇｅ parlour", "Dinner and red packets"])
def test_forbidden_places_and_things_are_found_in_any_script(rm_figures, place):
    assert rm_figures.forbid(place)


def test_a_usual_place_is_not_forbidden(rm_figures):
    assert not rm_figures.forbid("Harbour Garden Restaurant", "海港花園酒家", "Occasional Kitchen", "Gold Coast Hotel")


def test_a_word_that_the_bank_adds_is_forbidden_from_its_day_on(db):
    words = Figure.objects.get(table="gifts.never", key="places")
    Figure.objects.filter(pk=words.pk).update(effective_to=DAY)
    Figure.objects.create(table="gifts.never", key="places", value=[*words.value, "卡拉OK"], effective_from=DAY)
    before = selectors.figures("RM", jurisdiction="HK", on=DAY - dt.timedelta(days=1))
    assert not before.forbid("加州卡拉ＯＫ")
    assert selectors.figures("RM", jurisdiction="HK", on=DAY).forbid("加州卡拉ＯＫ")


def test_a_tip_above_a_tenth_may_not_be_claimed(rm_figures):
    assert Bill(Decimal("2700"), service=Decimal("70"), tip=Decimal("470")).eligible(rm_figures) == Decimal("3040.00")


@pytest.mark.parametrize(
    ("eligible", "month", "client", "head", "approved", "paid", "reason"),
    [
        ("3040", "9999", "9999", "9999", "3300", "3040", ""),
        ("3400", "9999", "9999", "9999", "3300", "3300", "approved"),
        ("3040", "3020", "9999", "9999", "3300", "3020", "month"),
        ("3040", "9999", "100", "9999", "3300", "100", "client"),
        ("3040", "9999", "9999", "3000", "3300", "3000", "per_head"),
        ("3040", "-5", "9999", "9999", None, "0", "month"),
    ],
)
def test_paid_is_the_least_of_all_limits(eligible, month, client, head, approved, paid, reason):
    room = Room(Decimal(month), Decimal(client), Decimal(head), Decimal(approved) if approved else None)
    settled = rules.settle(Decimal(eligible), room)
    assert (settled.paid, settled.own, settled.reason) == (Decimal(paid), Decimal(eligible) - Decimal(paid), reason)


def test_a_share_by_head_is_rounded_up_so_that_no_cent_hides():
    assert rules.share(Decimal("1000.00"), 3) == Decimal("333.34")
    assert rules.share(Decimal("999.00"), 3) == Decimal("333.00")


def test_quarters_and_months_and_their_closing(rm_figures):
    calendar = WorkingCalendar(dt.UTC)  # type: ignore[arg-type]
    assert rules.quarter_of(dt.date(2026, 2, 28)) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert rules.quarter_of(dt.date(2026, 12, 31)) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert rules.closes_on("2026-03", calendar, working_day=5) == dt.date(2026, 4, 7)
    assert rules.posting_period("2026-03", dt.date(2026, 4, 7), calendar, working_day=5) == "2026-03"
    assert rules.posting_period("2026-03", dt.date(2026, 4, 8), calendar, working_day=5) == "2026-04"
    assert rules.posting_period("2026-01", dt.date(2026, 4, 8), calendar, working_day=5) == "2026-04"


def test_days_too_far_ahead_too_long_ago_and_of_a_closed_month_are_refused(rm_figures):
    calendar = WorkingCalendar(dt.UTC)  # type: ignore[arg-type]

    def wrong(days: int) -> str:
        return str(rules.check_day(NOW + dt.timedelta(days=days), now=NOW, calendar=calendar, figures=rm_figures))

    assert "too far ahead" in wrong(181)
    assert wrong(180) == wrong(0) == wrong(-3) == wrong(-20) == ""
    assert "too long ago" in wrong(-31)
    assert "closed" in wrong(-40)


@pytest.mark.parametrize("means", ["own_card", "corporate_card", "cash"])
@pytest.mark.parametrize(("paid", "total"), [("100.00", "100.00"), ("60.01", "100.00"), ("0.00", "100.00")])
def test_every_posting_and_payment_balances_and_its_reversal_restores(means, paid, total):
    values = {"paid": Decimal(paid), "total": Decimal(total), "means": means}
    lines = rules.posting_of(**values) + rules.payment_of(**values)
    assert rules.balances(lines)
    sums: dict[str, Decimal] = {}
    for line in lines + rules.reversed_lines(lines):
        sums[line.account] = sums.get(line.account, Decimal(0)) + line.debit - line.credit
    assert set(sums.values()) <= {Decimal(0)}
