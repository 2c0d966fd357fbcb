"""The workflow as a state machine: whatever is done in whatever order, counters equal ledgers, books balance, nobody decides their own."""

import contextlib
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from crm.hospitality import services
from crm.hospitality.choices import State
from crm.hospitality.contributions import (
    _officials_without_consent,
    _paid_without_receipt,
    _self_approved,
    _unbalanced_books,
    _wrong_month_sums,
)
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Invited
from crm.kernel import limits
from crm.kernel.errors import DomainError
from crm.kernel.limits import Budget
from tests.cast import NOW
from tests.crm.hospitality import making

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES, STEPS = 6, 25


def machine(bank: Any) -> type[RuleBasedStateMachine]:
    """The machine of one bank; its rows are taken away after each run."""

    deciders = ("rm2", "head", "centre", "ho", "compliance", "finance")

    class Hospitality(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            _empty()
            self.now, self.turn = NOW, 0
            self.companies = [making.client(bank, name=f"Client {number} {id(self)}") for number in range(2)]
            self.hosts = (bank.rm2, bank.head)

        def attempt(self, act: Any, **values: Any) -> None:
            """A step that may be refused, in words, and then leaves nothing behind."""
            with contextlib.suppress(DomainError):
                act(now=self.now, **values)

        def pick(self, index: int) -> HospitalityRequest:
            rows = HospitalityRequest.objects.order_by("pk")
            return rows[index % rows.count()]

        @rule(
            estimate=st.sampled_from([400, 1800, 2500, 4000, 7000]),
            host=st.integers(0, 1),
            company=st.integers(0, 1),
            days=st.integers(0, 12),
            official=st.booleans(),
        )
        def ask(self, estimate: int, host: int, company: int, days: int, official: bool) -> None:
            self.turn += 1
            guests = (Invited(name=f"Guest {self.turn % 4}", official=official), *making.guests("B", "C", "D"))
            wish = making.wish(estimate, at=self.now + dt.timedelta(days=days, hours=5), guests=guests, venue=f"Place {self.turn}")
            self.attempt(services.draft_request, actor=self.hosts[host], company_id=self.companies[company].pk, wish=wish, submit=True)

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40), who=st.sampled_from(deciders), act=st.integers(0, 6))
        def decide(self, index: int, who: str, act: int) -> None:
            event, actor = self.pick(index), bank.people[who]
            try:
                event = HospitalityRequest.objects.visible_to(actor).get(pk=event.pk)
            except HospitalityRequest.DoesNotExist:
                return
            acts: list[tuple[Any, dict[str, Any]]] = [
                (services.approve, {}),
                (services.approve, {}),
                (services.consent, {}),
                (services.send_back, {"reason": "Why?"}),
                (services.pass_up, {"reason": "Beyond me"}),
                (services.cancel_request, {"reason": "Ill"}),
                (services.query_claim, {"reason": "Whose plate?"}),
            ]
            chosen, values = acts[act]
            self.attempt(chosen, event_id=event.pk, actor=actor, **values)

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40), food=st.sampled_from(["350.00", "1500.00", "4300.00"]), tip=st.sampled_from(["0", "600"]))
        def report(self, index: int, food: str, tip: str) -> None:
            event = self.pick(index)
            told = making.told(event, making.bill(food, tip=tip))
            self.attempt(services.report_event, event_id=event.pk, actor=event.owner, told=told)

        @precondition(lambda self: HospitalityRequest.objects.filter(state__in=("reported", "queried")).exists())
        @rule(index=st.integers(0, 40), number=st.integers(0, 5))
        def claim(self, index: int, number: int) -> None:
            rows = HospitalityRequest.objects.filter(state__in=("reported", "queried")).order_by("pk")
            event = rows[index % rows.count()]
            slips = [making.slip(event, f"N {number}")]
            self.attempt(services.file_claim, event_id=event.pk, actor=event.owner, slips=slips)

        @precondition(lambda self: HospitalityRequest.objects.filter(state="claimed").exists())
        @rule()
        def verify_and_post(self) -> None:
            for event in HospitalityRequest.objects.filter(state="claimed"):
                values = {"total": event.billed, "heads": event.report.heads}
                self.attempt(services.verify_claim, event_id=event.pk, actor=bank.finance, **values)
            self.attempt(services.post_claims, actor=bank.finance)

        @precondition(lambda self: HospitalityRequest.objects.filter(state__in=("posted", "paid")).exists())
        @rule()
        def claw_back(self) -> None:
            event = HospitalityRequest.objects.filter(state__in=("posted", "paid")).first()
            self.attempt(services.claw_back, event_id=event.pk, actor=bank.finance, reason="Altered")

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40))
        def ask_and_grant_more(self, index: int) -> None:
            event = self.pick(index)
            if event.own:
                self.attempt(services.ask_more, event_id=event.pk, actor=event.owner, amount=event.own, reason="Stayed longer")
            for extra in event.extras.filter(state="asked"):
                self.attempt(services.decide_more, extra_id=extra.pk, actor=bank.ho, grant=True)

        @rule(hours=st.sampled_from([5, 30, 24 * 9]))
        def time_passes(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)
            services.keep_terms(now=self.now)

        @invariant()
        def counters_equal_ledgers_and_hold(self) -> None:
            assert limits.drifted() == []
            assert list(_wrong_month_sums()) == []
            assert all(budget.used <= budget.cap for budget in Budget.objects.all())

        @invariant()
        def nobody_decides_their_own_and_officials_have_consent(self) -> None:
            assert [*_self_approved(), *_officials_without_consent(), *_paid_without_receipt(), *_unbalanced_books()] == []

        @invariant()
        def nothing_is_paid_above_what_may_be_claimed(self) -> None:
            for event in HospitalityRequest.objects.exclude(paid=0):
                assert event.eligible is not None
                assert event.paid <= event.eligible <= event.billed
                assert event.state not in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.CANCELLED, State.CLAWED_BACK)

        @invariant()
        def what_is_reserved_is_still_to_come_or_to_be_reported(self) -> None:
            rows = HospitalityRequest.objects.exclude(reserved=Decimal(0))
            assert set(rows.values_list("state", flat=True)) <= {State.APPROVED, State.HELD}

    return Hospitality


def _empty() -> None:
    """No event, and no limit that was used by one."""
    tables = [
        *("hospitality_postingline", "hospitality_receipt", "hospitality_claim", "hospitality_batch", "hospitality_extra"),
        *("hospitality_takenhome", "hospitality_report", "hospitality_step", "hospitality_seat", "hospitality_guest"),
        *("kernel_limitentry", "kernel_budget", "kernel_window"),
        "hospitality_hospitalityrequest",
    ]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def test_whatever_is_done_in_whatever_order_the_limits_and_books_hold(bank):
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine(bank), settings=how)
