"""The workflow as a state machine: whatever is done in whatever order, levels, buckets, ledgers and queues agree."""

import contextlib
import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from crm.concessions import services
from crm.concessions.choices import CreditAct, DecideAct, Kind, ReviewAct
from crm.concessions.models import Concession
from crm.concessions.rules import FIELDS, Terms
from crm.concessions.services import Decision, Reply
from crm.kernel import limits
from crm.kernel.errors import DomainError
from tests.cast import NOW, Bank
from tests.crm.concessions import making
from tests.crm.concessions.making import broken

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES, STEPS = 5, 25
PEOPLE = ("rm", "arm", "head", "centre", "ho", "co1", "compliance")
AMOUNTS = (500, 1_800, 40_000, 900_000, 6_000_000, 30_000_000, 120_000_000)


def terms(kind: str, amount: int, figure: int) -> Terms:
    """Something of this type."""
    figures = {
        "amount": amount, "bp": figure, "days": figure, "standard": amount * 2, "standard_bp": 20, "cut_percent": figure,
        "limit": amount * 12, "points": figure, "minutes": figure * 4,
    }  # fmt: skip
    return making.terms(kind, **{name: figures[name] for name in FIELDS[kind]})


def machine(bank: Bank) -> type[RuleBasedStateMachine]:
    """The machine of one bank; what a run did is taken back after it."""

    class Concessions(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.point = transaction.savepoint()
            self.now = NOW
            self.clients = [making.client(bank, name=f"Mill {number}", name_zh="") for number in range(3)]
            making.group_of(*self.clients[:2])

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

        def attempt(self, step: Any, **values: Any) -> None:
            """A step that may be refused, in words, and then leaves nothing behind."""
            with contextlib.suppress(DomainError, Concession.DoesNotExist), transaction.atomic():
                step(now=self.now, **values)

        def pick(self, index: int) -> int:
            ids = list(Concession.objects.order_by("pk").values_list("pk", flat=True))
            return ids[index % len(ids)]

        @rule(
            kind=st.sampled_from(list(Kind)),
            amount=st.sampled_from(AMOUNTS),
            figure=st.sampled_from((1, 4, 9, 15, 22, 40)),
            who=st.sampled_from(("rm", "head", "centre")),
            of=st.integers(0, 2),
            own=st.booleans(),
        )
        def ask(self, kind: str, amount: int, figure: int, who: str, of: int, own: bool) -> None:
            act = services.exercise_concession if own else services.request_concession
            order = making.order(terms(kind, amount, figure), facts_changed="More was offered")
            self.attempt(act, actor=bank.people[who], company_id=self.clients[of].company_id, order=order)

        @precondition(lambda self: Concession.objects.exists())
        @rule(index=st.integers(0, 30), who=st.sampled_from(PEOPLE), act=st.sampled_from(list(DecideAct)))
        def decide(self, index: int, who: str, act: DecideAct) -> None:
            one = Concession.objects.get(pk=self.pick(index))
            less = Terms.from_json(
                one.terms | {name: "1" for name in ("bp", "days", "points", "minutes", "cut_percent") if name in one.terms}
            )
            decision = Decision(act, "Because", less if act == DecideAct.PART else None)
            self.attempt(services.decide, concession_id=one.pk, actor=bank.people[who], decision=decision)

        @precondition(lambda self: Concession.objects.exists())
        @rule(index=st.integers(0, 30), who=st.sampled_from(PEOPLE), what=st.integers(0, 7))
        def go_on(self, index: int, who: str, what: int) -> None:
            told = Reply("phone", "declined" if index % 3 == 0 else "pleased")
            acts: list[tuple[Any, dict[str, Any]]] = [
                (services.tell, {"reply": told}),
                (services.apply, {}),
                (services.withdraw, {}),
                (services.answer_question, {"answer": "As asked"}),
                (services.revoke, {"reason": "Misused"}),
                (services.review, {"act": ReviewAct.REVERSE, "words": "Too much"}),
                (services.say_credit, {"act": CreditAct.VETO, "reason": "Watch"}),
                (services.keep_promise, {}),
            ]
            chosen, values = acts[what]
            self.attempt(chosen, concession_id=self.pick(index), actor=bank.people[who], **values)

        @rule(hours=st.sampled_from((1, 5, 26, 24 * 20, 24 * 200)))
        def wait(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)
            services.watch(now=self.now)

        @invariant()
        def all_agrees(self) -> None:
            assert limits.drifted() == broken() == []

    return Concessions


def test_whatever_is_done_in_whatever_order_levels_buckets_and_queues_agree(bank: Bank):
    run_state_machine_as_test(
        machine(bank),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
