"""The workflow of hospitality as a state machine: counters equal ledgers, books balance, nobody decides their own (domain 4.4 to 4.6)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from crm.hospitality import rules, services
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
from crm.hospitality.services import claiming, limiting, posting
from crm.kernel import limits
from crm.kernel.limits import Budget
from tests.cast import NOW
from tests.crm.hospitality import making
from tests.crm.machines import Fault, Workflow

GOING_ON = (State.SUBMITTED, State.APPROVED, State.FREE, State.HELD, State.REPORTED, State.CLAIMED)
FAULTS = {
    "half of an event's cost counts in the month": Fault(
        limiting, "month_claim", lambda claim: lambda event, amount, figures: claim(event, (amount / 2).quantize(rules.CENT), figures)
    ),
    "what was called off stays reserved": Fault(limiting, "release", lambda _real: lambda event, **who: None),
    "receipts are not kept": Fault(claiming, "_keep_receipts", lambda _real: lambda event, slips, *, actor: None),
    "a line is left out of the books": Fault(
        posting, "_enter", lambda enter: lambda batch, event, entry, lines, **who: enter(batch, event, entry, list(lines)[:1], **who)
    ),
    "a tip counts in full": Fault(rules.Bill, "eligible", lambda _real: lambda self, figures: self.total),
}


def machine(bank: Any) -> type[Workflow]:
    """The machine of one bank."""

    deciders = ("host", "host", "head", "centre", "ho", "compliance", "finance")

    class Hospitality(Workflow):
        @initialize()
        def begin(self) -> None:
            self.now, self.turn = NOW, 0
            self.companies = [making.client(bank, name=f"Client {number} {id(self)}") for number in range(2)]
            self.hosts = (bank.rm2, bank.head)

        def step(self, act: Any, /, **values: Any) -> None:
            """Now."""
            self.attempt(act, now=self.now, **values)

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
            self.step(services.draft_request, actor=self.hosts[host], company_id=self.companies[company].pk, wish=wish, submit=True)

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40), who=st.sampled_from(deciders), act=st.integers(0, 6))
        def decide(self, index: int, who: str, act: int) -> None:
            event = self.pick(index)
            actor = event.owner if who == "host" else bank.people[who]
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
            self.step(chosen, event_id=event.pk, actor=actor, **values)

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(
            index=st.sampled_from((0, 0, 0, 1, 2, 40)),
            off=st.sampled_from((False, False, False, True)),
            food=st.sampled_from(["1500.00", "350.00"]),
        )
        def go_on_as_meant(self, index: int, off: bool, food: str) -> None:
            """The next step of an event, by whom it waits for."""
            rows = HospitalityRequest.objects.filter(state__in=GOING_ON).order_by("-pk")
            if not rows.exists():
                return
            event = rows[index % rows.count()]
            if event.state == State.SUBMITTED:
                self.settle(event)
            elif off and event.state in (State.APPROVED, State.FREE):
                self.step(services.cancel_request, event_id=event.pk, actor=event.owner, reason="Ill")
            elif event.state in (State.APPROVED, State.FREE, State.HELD):
                self.now = max(self.now, event.event_at + dt.timedelta(hours=3))
                self.step(
                    services.report_event, event_id=event.pk, actor=event.owner, told=making.told(event, making.bill(food, tip="100"))
                )
            elif event.state == State.REPORTED:
                self.step(services.file_claim, event_id=event.pk, actor=event.owner, slips=[making.slip(event, f"Of {event.pk}")])
            else:
                values = {"total": event.billed, "heads": event.report.heads}
                self.step(services.verify_claim, event_id=event.pk, actor=bank.finance, **values)
                self.step(services.post_claims, actor=bank.finance)

        def settle(self, event: HospitalityRequest) -> None:
            """Compliance's word where it waits for that, then the level's."""
            if event.needs_consent:
                self.step(services.consent, event_id=event.pk, actor=bank.compliance)
            decider = {"TH": bank.head, "RCH": bank.centre}.get(event.level, bank.ho)
            self.step(services.approve, event_id=event.pk, actor=decider)

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40), food=st.sampled_from(["350.00", "1500.00", "4300.00"]), tip=st.sampled_from(["0", "600"]))
        def report(self, index: int, food: str, tip: str) -> None:
            event = self.pick(index)
            told = making.told(event, making.bill(food, tip=tip))
            self.step(services.report_event, event_id=event.pk, actor=event.owner, told=told)

        @precondition(lambda self: HospitalityRequest.objects.filter(state__in=("reported", "queried")).exists())
        @rule(index=st.integers(0, 40), number=st.integers(0, 5))
        def claim(self, index: int, number: int) -> None:
            rows = HospitalityRequest.objects.filter(state__in=("reported", "queried")).order_by("pk")
            event = rows[index % rows.count()]
            slips = [making.slip(event, f"N {number}")]
            self.step(services.file_claim, event_id=event.pk, actor=event.owner, slips=slips)

        @precondition(lambda self: HospitalityRequest.objects.filter(state="claimed").exists())
        @rule()
        def verify_and_post(self) -> None:
            for event in HospitalityRequest.objects.filter(state="claimed"):
                values = {"total": event.billed, "heads": event.report.heads}
                self.step(services.verify_claim, event_id=event.pk, actor=bank.finance, **values)
            self.step(services.post_claims, actor=bank.finance)

        @precondition(lambda self: HospitalityRequest.objects.filter(state__in=("posted", "paid")).exists())
        @rule()
        def claw_back(self) -> None:
            event = HospitalityRequest.objects.filter(state__in=("posted", "paid")).first()
            self.step(services.claw_back, event_id=event.pk, actor=bank.finance, reason="Altered")

        @precondition(lambda self: HospitalityRequest.objects.exists())
        @rule(index=st.integers(0, 40))
        def ask_and_grant_more(self, index: int) -> None:
            event = self.pick(index)
            if event.own:
                self.step(services.ask_more, event_id=event.pk, actor=event.owner, amount=event.own, reason="Stayed longer")
            for extra in event.extras.filter(state="asked"):
                self.step(services.decide_more, extra_id=extra.pk, actor=bank.ho, grant=True)

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
                tip = event.report.tip
                assert event.billed - event.eligible >= tip - (event.billed - tip) / 10 - rules.CENT
                assert event.state not in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.CANCELLED, State.CLAWED_BACK)

        @invariant()
        def what_is_reserved_is_still_to_come_or_to_be_reported(self) -> None:
            rows = HospitalityRequest.objects.exclude(reserved=Decimal(0))
            assert set(rows.values_list("state", flat=True)) <= {State.APPROVED, State.HELD}

    return Hospitality
