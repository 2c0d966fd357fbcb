"""Gifts to us: declared in time, kept only where that is permitted, otherwise shared, donated, returned."""

import datetime as dt

import pytest

from crm.gifts import services
from crm.gifts.models import Gift
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, Bank
from tests.crm.gifts import making


@pytest.fixture
def yau(bank: Bank):
    return making.contact(making.client(bank))


def declare(bank: Bank, yau, value: str = "150.00", **changes) -> Gift:
    return services.declare_received(company_id=yau.company_id, entry=making.received(yau, value, **changes), actor=bank.rm, now=NOW)


def test_a_promotional_item_of_200_may_be_kept_at_once_and_a_cent_more_may_not(bank: Bank, yau) -> None:
    small = declare(bank, yau, "200.00")
    assert small.state == "approved"
    services.dispose(gift_id=small.pk, disposal="kept", actor=bank.rm, now=NOW)
    assert declare(bank, yau, "200.01").state == "requested"
    assert declare(bank, yau, "20.00", category="food").state == "requested"


def test_above_1000_compliance_has_a_word_and_a_no_sends_it_back(bank: Bank, yau) -> None:
    assert not declare(bank, yau, "1000.00").needs_consent
    dear = declare(bank, yau, "1000.01", what="Watch")
    assert dear.needs_consent
    services.consent(gift_id=dear.pk, actor=bank.compliance, now=NOW, yes=False, note="Too much")
    dear.refresh_from_db()
    assert dear.state == "to_return"
    with pytest.raises(RuleBroken, match="go back"):
        services.dispose(gift_id=dear.pk, disposal="kept", actor=bank.rm, now=NOW)
    services.dispose(gift_id=dear.pk, disposal="returned", actor=bank.rm, now=NOW)
    dear.refresh_from_db()
    assert (dear.state, dear.disposal) == ("closed", "returned")


def test_what_was_declined_is_registered_and_done(bank: Bank, yau) -> None:
    gift = declare(bank, yau, "5000.00", what="Gold watch", category="cash_like", declined=True)
    assert gift.state == "declined"
    assert not WorkItem.objects.open().exists()


def test_cash_is_never_declared_as_taken(bank: Bank, yau) -> None:
    for wrong in ({"category": "cash_like"}, {"what": "八達通一張"}):
        with pytest.raises(RuleBroken, match="as good as cash"):
            declare(bank, yau, **wrong)


@pytest.mark.parametrize(("on", "late"), [(dt.date(2026, 2, 25), False), (dt.date(2026, 2, 24), True)])
def test_a_declaration_is_late_after_five_working_days(bank: Bank, yau, on, late) -> None:
    assert declare(bank, yau, on=on).is_late is late


@pytest.mark.parametrize("on", [dt.date(2026, 3, 5), dt.date(2025, 3, 1)])
def test_a_day_to_come_or_long_past_is_refused(bank: Bank, yau, on) -> None:
    with pytest.raises(RuleBroken):
        declare(bank, yau, on=on)


def test_only_the_receiver_says_what_became_of_it_and_only_once(bank: Bank, yau) -> None:
    gift = declare(bank, yau)
    with pytest.raises(NotAllowed, match="Only who received it"):
        services.dispose(gift_id=gift.pk, disposal="kept", actor=bank.head, now=NOW)
    services.dispose(gift_id=gift.pk, disposal="shared", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="over already"):
        services.dispose(gift_id=gift.pk, disposal="kept", actor=bank.rm, now=NOW)


@pytest.mark.parametrize("value", ["0", "-1", "0.001", "1000000.01", "NaN"])
def test_a_value_that_cannot_be_is_refused(bank: Bank, yau, value) -> None:
    with pytest.raises(RuleBroken):
        declare(bank, yau, value)
    assert not Gift.objects.exists()
