"""Gifts by us: out of the catalogue, decided by another, issued by a colleague, within the caps of item, occasion and recipient."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.clients.models import Client
from crm.gifts import services
from crm.gifts.models import Gift, GiftEvent, GiftItem, StockMovement
from crm.gifts.rules import Caps, GivenEntry, Person, TakenHome, is_cash_like, year_before
from crm.gifts.selectors import exchanges, figures
from crm.hospitality.rules import Invited
from crm.kernel.contributions import PendingDecision, _registry
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.limits import LimitEntry, LimitExceeded
from crm.kernel.worklist import TimelineRow, WorkItem
from tests.cast import NOW, Bank
from tests.crm.gifts import making
from tests.crm.hospitality import making as dinners


@pytest.fixture
def umbrella(bank: Bank) -> GiftItem:
    return making.item(bank)


@pytest.fixture
def yau(bank: Bank):
    return making.contact(making.client(bank))


def test_a_gift_goes_from_the_request_to_the_register(bank: Bank, umbrella, yau) -> None:
    gift = making.ask(bank, yau, umbrella, quantity=2)
    assert (gift.number, gift.value, gift.level, gift.needs_consent) == ("GR-2026-0001", Decimal("200.00"), "TH", False)
    assert WorkItem.objects.for_deciders(bank.head).get().subject_id == gift.pk
    making.approve(bank, gift)
    assert WorkItem.objects.open().visible_to(bank.ops).get(kind="gift_issue").unit == bank.units["centre"]
    services.issue(gift_id=gift.pk, actor=bank.ops, now=NOW)
    umbrella.refresh_from_db()
    assert umbrella.stock == 48
    services.hand_over(gift_id=gift.pk, actor=bank.rm, now=NOW)
    gift.refresh_from_db()
    assert gift.state == "given"
    assert [event.act for event in GiftEvent.objects.order_by("pk")] == ["request", "approve", "issue", "give"]
    assert TimelineRow.objects.get(kind="gift").title == "Umbrella"
    assert not WorkItem.objects.open().exists()


@pytest.mark.parametrize(("by", "level"), [("rm", "TH"), ("arm", "TH"), ("head", "RCH"), ("centre", "HO"), ("ho", "HO")])
def test_each_asks_the_level_above(bank: Bank, umbrella, by, level) -> None:
    company = making.client(bank, "rm" if by in ("head", "centre", "ho") else by)
    gift = making.ask(bank, making.contact(company), umbrella, by=by)
    assert gift.level == level


def test_nobody_decides_their_own_nor_below_their_level(bank: Bank, umbrella, yau) -> None:
    own = making.ask(bank, yau, umbrella, by="head")
    for who in ("head", "head2", "outhead"):
        with pytest.raises((NotAllowed, Gift.DoesNotExist)):
            services.decide(gift_id=own.pk, act="approve", actor=bank.people[who], now=NOW)
    making.approve(bank, own, by="centre")
    of_head_office = making.ask(bank, yau, umbrella, by="ho")
    with pytest.raises(NotAllowed, match="their own"):
        services.decide(gift_id=of_head_office.pk, act="approve", actor=bank.ho, now=NOW)
    making.approve(bank, of_head_office, by="ho2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=own.pk).update(decided_by=bank.head)


def test_a_second_decision_finds_it_decided(bank: Bank, umbrella, yau) -> None:
    gift = making.approve(bank, making.ask(bank, yau, umbrella))
    with pytest.raises(NotAllowed, match="decided already"):
        services.decide(gift_id=gift.pk, act="refuse", actor=bank.centre, now=NOW, note="No")


def test_a_refusal_says_why(bank: Bank, umbrella, yau) -> None:
    gift = making.ask(bank, yau, umbrella)
    with pytest.raises(RuleBroken, match="Say why"):
        services.decide(gift_id=gift.pk, act="refuse", actor=bank.head, now=NOW, note=" ")
    services.decide(gift_id=gift.pk, act="refuse", actor=bank.head, now=NOW, note="Twice this month already")
    gift.refresh_from_db()
    assert gift.state == "refused"
    assert not LimitEntry.objects.exists()


def test_the_caps_hold_to_the_cent_per_item_occasion_and_recipient(bank: Bank, yau) -> None:
    dear = making.item(bank, "500.01", name="Lamp")
    with pytest.raises(RuleBroken, match="cap for one item"):
        making.ask(bank, yau, dear)
    bowl = making.item(bank, "500.00", name="Bowl")
    with pytest.raises(RuleBroken, match="one occasion"):
        making.ask(bank, yau, bowl, quantity=3)
    making.approve(bank, making.ask(bank, yau, bowl, quantity=2))
    pen = making.item(bank, "0.01", name="Pen")
    same_occasion = making.ask(bank, yau, pen)
    with pytest.raises(LimitExceeded, match="enough room"):
        making.approve(bank, same_occasion)
    same_occasion.refresh_from_db()
    assert same_occasion.state == "requested"
    making.approve(bank, making.ask(bank, yau, bowl, occasion="wedding"))
    third = making.ask(bank, yau, pen, occasion="birth")
    with pytest.raises(LimitExceeded) as refusal:
        making.approve(bank, third)
    assert "1,500" not in str(refusal.value)
    assert "1500" not in str(refusal.value)
    a_year_later = making.NOW + dt.timedelta(days=372)
    making.approve(bank, making.ask(bank, yau, pen, now=a_year_later, on=a_year_later.date()), now=a_year_later)


def test_the_same_person_by_name_and_by_card_has_one_limit(bank: Bank, yau) -> None:
    bowl = making.item(bank, "500.00", name="Bowl")
    making.approve(bank, making.ask(bank, yau, bowl, quantity=2))
    by_name = GivenEntry(Person(name="ms  yau"), bowl.pk, 1, "festival", making.DAY)
    gift = services.request_gift(company_id=yau.company_id, entry=by_name, actor=bank.rm, now=NOW)
    with pytest.raises(LimitExceeded):
        making.approve(bank, gift)


def test_an_official_gets_small_things_with_compliance_first(bank: Bank, umbrella, yau) -> None:
    with pytest.raises(RuleBroken, match="state-owned"):
        making.ask(bank, yau, making.item(bank, "100.01", name="Lamp"), official=True)
    gift = making.ask(bank, yau, umbrella, official=True)
    assert WorkItem.objects.open().get().kind == "gift_consent"
    with pytest.raises(NotAllowed, match="Compliance has to consent first"):
        making.approve(bank, gift)
    with pytest.raises(NotAllowed, match="Compliance consents"):
        services.consent(gift_id=gift.pk, actor=bank.head, now=NOW, yes=True)
    services.consent(gift_id=gift.pk, actor=bank.compliance, now=NOW, yes=True)
    assert making.approve(bank, gift).state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(consented_at=None)


def test_once_an_official_always_an_official_whichever_register_says_so(bank: Bank, umbrella, yau) -> None:
    making.ask(bank, yau, umbrella, official=True)
    assert making.ask(bank, yau, umbrella).needs_consent
    guest = making.contact(yau.company, "Mr Ho")
    dinners.ask(bank.rm, yau.company, 900, guests=(Invited(contact_id=guest.pk, official=True),))
    assert making.ask(bank, guest, umbrella).is_official
    with pytest.raises(RuleBroken, match="state-owned"):
        making.ask(bank, guest, making.item(bank, "100.01", name="Lamp"))
    event = dinners.ask(bank.rm, yau.company, 900, guests=(Invited(contact_id=yau.pk),), at=dinners.TOMORROW + dt.timedelta(days=5))
    assert event.has_official


def test_an_open_decision_on_the_company_sends_it_one_level_up_and_to_compliance(bank: Bank, umbrella, yau, monkeypatch) -> None:
    pending = PendingDecision("test", lambda ids, day: dict.fromkeys(ids, "A request is before the bank."))
    monkeypatch.setitem(_registry, PendingDecision, [pending])
    gift = making.ask(bank, yau, umbrella)
    assert (gift.level, gift.needs_consent, gift.sensitive) == ("RCH", True, "A request is before the bank.")


def test_an_overdue_review_stops_gifts(bank: Bank, umbrella, yau) -> None:
    Client.objects.update(kyc_due_on=dt.date(2026, 3, 3))
    with pytest.raises(RuleBroken, match="KYC"):
        making.ask(bank, yau, umbrella)


def test_whoever_gives_it_never_issues_it(bank: Bank, umbrella, yau) -> None:
    gift = making.approve(bank, making.ask(bank, yau, umbrella, by="head"), by="centre")
    with pytest.raises(NotAllowed, match="does not issue"):
        services.issue(gift_id=gift.pk, actor=bank.head, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(issued_by=bank.head)
    with pytest.raises(NotAllowed, match="issued from stock first"):
        services.hand_over(gift_id=gift.pk, actor=bank.head, now=NOW)


def test_a_stock_that_is_too_small_gives_nothing(bank: Bank, yau) -> None:
    cups = making.item(bank, stock=1, name="Cup")
    gift = making.approve(bank, making.ask(bank, yau, cups, quantity=2))
    with pytest.raises(RuleBroken, match="not as many"):
        services.issue(gift_id=gift.pk, actor=bank.ops, now=NOW)
    gift.refresh_from_db()
    assert gift.state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftItem.objects.update(stock=-1)


@pytest.mark.parametrize("way", ["decline", "cancel"])
def test_what_was_not_given_goes_back_into_stock_and_limits(bank: Bank, umbrella, yau, way) -> None:
    bowl = making.item(bank, "500.00", name="Bowl")
    gift = making.approve(bank, making.ask(bank, yau, bowl, quantity=2))
    services.issue(gift_id=gift.pk, actor=bank.ops, now=NOW)
    getattr(services, way)(gift_id=gift.pk, actor=bank.rm, now=NOW, note="Not today")
    bowl.refresh_from_db()
    assert bowl.stock == 50
    assert sum(entry.hundredths for entry in LimitEntry.objects.all()) == 0
    making.approve(bank, making.ask(bank, yau, bowl, quantity=2))


def test_nobody_in_time_sends_it_up_and_no_further_than_head_office(bank: Bank, umbrella, yau) -> None:
    gift = making.ask(bank, yau, umbrella)
    for level in ("RCH", "HO", "HO"):
        services.escalate(gift_id=gift.pk, now=NOW)
        gift.refresh_from_db()
        assert gift.level == level
    assert WorkItem.objects.open().get().role == "HO"
    making.approve(bank, gift, by="ho")


def test_a_bottle_taken_home_is_a_gift_that_waits(bank: Bank, yau) -> None:
    bottle = TakenHome(Person(yau.pk), "Bottle of wine", Decimal("480.00"), NOW.date(), "hospitality.request", 7)
    gift = services.record_taken_home(company_id=yau.company_id, entry=bottle, actor=bank.rm, now=NOW)
    assert services.record_taken_home(company_id=yau.company_id, entry=bottle, actor=bank.rm, now=NOW) == gift
    assert (gift.state, gift.level, gift.taken_home) == ("requested", "TH", True)
    assert making.approve(bank, gift).state == "given"
    dear = TakenHome(Person(yau.pk), "Case of wine", Decimal("500.01"), NOW.date(), "hospitality.request", 8)
    over = services.record_taken_home(company_id=yau.company_id, entry=dear, actor=bank.rm, now=NOW)
    with pytest.raises(RuleBroken, match="cap for one item"):
        making.approve(bank, over)


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("quantity", {"quantity": 0}),
        ("quantity", {"quantity": 101}),
        ("on", {"on": dt.date(2026, 3, 3)}),
        ("on", {"on": dt.date(2027, 3, 3)}),
        ("occasion", {"occasion": "because"}),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(bank: Bank, umbrella, yau, field, entry) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.ask(bank, yau, umbrella, **entry)
    assert field in refusal.value.fields
    assert not Gift.objects.exists()


def test_a_gift_to_nobody_and_to_a_stranger_is_refused(bank: Bank, umbrella, yau) -> None:
    stranger = making.contact(making.client(bank, "outsider", name="Far Away"))
    for person in (Person(), Person(stranger.pk)):
        entry = GivenEntry(person, umbrella.pk, 1, "festival", making.DAY)
        with pytest.raises(RuleBroken, match=r"who it is|person of this company"):
            services.request_gift(company_id=yau.company_id, entry=entry, actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="looks after"):
        making.ask(bank, stranger, umbrella)
    with pytest.raises(GiftItem.DoesNotExist):
        making.ask(bank, yau, making.item(bank, name="Fan", centre="far_centre"))


@pytest.mark.parametrize("text", ["Gift card of 200", "a RED  packet", "購物卡", "购物卡", "Lai see", "現金 500", "gold"])
def test_cash_and_what_is_as_good_as_cash_is_known_in_three_scripts(bank: Bank, text) -> None:
    caps: Caps = figures(bank.units["centre"], now=NOW).caps
    assert is_cash_like(text, caps.never)
    assert not is_cash_like("Golden umbrella, 雨傘", caps.never)


def test_the_catalogue_takes_only_what_the_bank_gives(bank: Bank) -> None:
    fit = {"name_en": "Fan", "name_hant": "扇", "name_hans": "扇", "category": "household", "cost": Decimal(80), "quality": "good",
           "has_logo": True, "is_practical": True, "is_offered": True}  # fmt: skip
    unfit = (
        ({"cost": Decimal("500.01")}, "cost"),
        ({"cost": Decimal(0)}, "cost"),
        ({"has_logo": False}, "has_logo"),
        ({"is_practical": False}, "is_practical"),
        ({"name_hant": "禮券"}, "name_en"),
        ({"name_hans": ""}, "name_hans"),
    )
    for wrong, field in unfit:
        with pytest.raises(RuleBroken) as refusal:
            services.keep_item(item_id=None, actor=bank.people["centre"], now=NOW, **(fit | wrong))
        assert field in refusal.value.fields
    item = services.keep_item(item_id=None, actor=bank.people["centre"], now=NOW, **fit)
    with pytest.raises(RuleBroken, match="this name"):
        services.keep_item(item_id=None, actor=bank.people["centre"], now=NOW, **fit)
    with pytest.raises(NotAllowed):
        services.keep_item(item_id=item.pk, version=1, actor=bank.rm, now=NOW, cost=Decimal(10))
    services.move_stock(item_id=item.pk, kind="in", quantity=20, actor=bank.ops, now=NOW)
    with pytest.raises(RuleBroken, match="not as many"):
        services.move_stock(item_id=item.pk, kind="loss", quantity=21, actor=bank.ops, now=NOW, note="Rain")
    item.refresh_from_db()
    assert item.stock == sum(move.quantity for move in StockMovement.objects.all()) == 20


def test_the_ledger_of_give_and_take_counts_both_ways(bank: Bank, umbrella, yau) -> None:
    making.approve(bank, making.ask(bank, yau, umbrella, quantity=3))
    services.declare_received(company_id=yau.company_id, entry=making.received(yau), actor=bank.rm, now=NOW)
    declined = making.received(yau, "900.00", declined=True)
    services.declare_received(company_id=yau.company_id, entry=declined, actor=bank.rm, now=NOW)
    (row,) = exchanges(user=bank.rm, since=dt.date(2025, 3, 4))
    assert (row.given, row.given_value, row.received, row.received_value) == (1, Decimal("300.00"), 1, Decimal("150.00"))
    assert exchanges(user=bank.outsider, since=dt.date(2025, 3, 4)) == []


def test_a_window_of_twelve_months_ends_on_its_day() -> None:
    assert year_before(dt.date(2026, 3, 10), 12) == dt.date(2025, 3, 11)
    assert year_before(dt.date(2024, 2, 29), 12) == dt.date(2023, 3, 1)
    assert year_before(dt.date(2026, 1, 31), 1) == dt.date(2026, 1, 1)
