"""Conditions, and what follows a decision until the limit is live (domain 6.7, 6.8; transitions 15 to 19; invariant 23)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from credit.decisions import services
from credit.decisions.choices import ConditionState, Outcome
from credit.decisions.models import Condition
from credit.packs.choices import State
from crm.kernel.errors import NotAllowed, RuleBroken
from tests.cast import NOW
from tests.credit import deciding

DAY = dt.timedelta(days=1)


def pending(bank):
    """Approved with one essential condition, offered by `cad`, accepted."""
    pack = deciding.up(bank)
    condition = deciding.condition(bank, pack)
    deciding.decide(bank, pack)
    deciding.offered(bank, pack)
    services.accept(pack_id=pack.pk, signed_by="Chan Tai Man, director", actor=bank.rm, now=NOW + DAY)
    pack.refresh_from_db()
    condition.refresh_from_db()
    return pack, condition


def test_an_approval_takes_the_proposed_conditions_with_it(bank):
    pack = deciding.up(bank)
    for wrong, field in (
        ({"kind": "maybe"}, "kind"),
        ({"type": "moral"}, "type"),
        ({"text": " "}, "text"),
        ({"kind": "subsequent"}, "due_on"),
    ):
        with pytest.raises(RuleBroken) as refused:
            deciding.condition(bank, pack, **wrong)
        assert field in refused.value.fields
    deciding.condition(bank, pack)
    gone = deciding.condition(bank, pack, text="Never mind")
    services.take_condition_back(condition_id=gone.pk, actor=bank.analyst, now=NOW)
    deciding.condition(bank, pack, kind="subsequent", text="Accounts for 2025", due_on=dt.date(2026, 9, 30), by="co1")
    with pytest.raises(NotAllowed, match="credit department proposes"):
        deciding.condition(bank, pack, by="head")
    decision = deciding.decide(bank, pack)
    assert (pack.state, decision.outcome) == (State.APPR_COND, Outcome.APPR_COND)
    assert [row["text"] for row in decision.conditions] == ["Guarantee signed", "Accounts for 2025"]
    assert [row.state for row in Condition.objects.order_by("number")] == ["open", "dropped", "open"]
    with pytest.raises(NotAllowed, match="not up for decision"):
        deciding.condition(bank, pack)


def test_what_is_declined_drops_its_conditions(bank):
    pack = deciding.up(bank)
    deciding.condition(bank, pack)
    assert deciding.decide(bank, pack, "decline").conditions == []
    assert Condition.objects.get().state == ConditionState.DROPPED


def test_the_limit_is_live_once_every_essential_condition_is_met_and_checked_by_two(bank):
    pack, condition = pending(bank)
    assert pack.state == State.CP_PENDING
    with pytest.raises(RuleBroken, match="neither met nor waived: 1"):
        services.go_live(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    with pytest.raises(NotAllowed, match="not shown yet"):
        services.check_condition(condition_id=condition.pk, is_met=True, actor=bank.cad, now=NOW)
    services.show_condition(condition_id=condition.pk, evidence="Deed of 5 March", actor=bank.cad, now=NOW)
    with pytest.raises(NotAllowed, match="second person"):
        services.check_condition(condition_id=condition.pk, is_met=True, actor=bank.cad, now=NOW)
    services.check_condition(condition_id=condition.pk, is_met=False, actor=bank.cad2, now=NOW)
    services.show_condition(condition_id=condition.pk, evidence="Deed with stamp", actor=bank.cad, now=NOW)
    services.check_condition(condition_id=condition.pk, is_met=True, actor=bank.cad2, now=NOW)
    with pytest.raises(NotAllowed, match="second person of credit administration"):
        services.go_live(pack_id=pack.pk, actor=bank.cad, now=NOW)
    services.go_live(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.AVAILABLE


def test_the_database_knows_no_condition_that_one_person_met(bank):
    _pack, condition = pending(bank)
    for values in ({"state": "met", "shown_by": bank.cad}, {"shown_by": bank.cad, "checked_by": bank.cad}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Condition.objects.filter(pk=condition.pk).update(**values)


def test_an_essential_condition_is_waived_by_the_approving_level_alone(bank):
    pack, condition = pending(bank)
    for name in ("cad", "analyst", "rm"):
        with pytest.raises(NotAllowed):
            services.waive_condition(condition_id=condition.pk, reason="Never mind", actor=bank.people[name], now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.waive_condition(condition_id=condition.pk, reason="", actor=bank.co1, now=NOW)
    services.waive_condition(condition_id=condition.pk, reason="Covered by the deed of 2024", actor=bank.co1, now=NOW)
    services.go_live(pack_id=pack.pk, actor=bank.cad2, now=NOW)


def test_who_offers_and_accepts_is_fixed_and_an_old_offer_lapses(bank):
    pack = deciding.up(bank)
    deciding.decide(bank, pack)
    with pytest.raises(NotAllowed, match="Credit administration"):
        services.offer(pack_id=pack.pk, actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="Draw up the facility letter first"):
        services.offer(pack_id=pack.pk, actor=bank.cad, now=NOW)
    deciding.drawn(bank, pack)
    with pytest.raises(NotAllowed, match="second person of credit administration sends"):
        services.offer(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    with pytest.raises(RuleBroken, match="not valid any more"):
        services.offer(pack_id=pack.pk, actor=bank.cad, now=NOW + 91 * DAY)
    services.offer(pack_id=pack.pk, actor=bank.cad, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.accept(pack_id=pack.pk, signed_by=" ", actor=bank.rm, now=NOW)
    assert services.lapse(now=NOW + 90 * DAY) == 0
    assert services.lapse(now=NOW + 91 * DAY) == 1
    pack.refresh_from_db()
    assert pack.state == State.LAPSED
    with pytest.raises(NotAllowed, match="Nothing was offered"):
        services.accept(pack_id=pack.pk, signed_by="Chan", actor=bank.rm, now=NOW)
