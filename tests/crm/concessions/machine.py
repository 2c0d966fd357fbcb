"""The workflow of concessions as a state machine: whatever is done in whatever order, levels, buckets, ledgers and queues agree."""

import contextlib
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from crm.concessions import permissions, rules, services
from crm.concessions.choices import CreditAct, DecideAct, Kind, Level, ReviewAct, State
from crm.concessions.models import Concession, Ruling
from crm.concessions.rules import FIELDS, Terms
from crm.concessions.services import Decision, Reply, ruling, traces
from crm.kernel import limits
from crm.kernel.permission import ALLOWED
from tests.cast import NOW, Bank
from tests.crm.concessions import making
from tests.crm.concessions.making import broken
from tests.crm.machines import Fault, Workflow

PEOPLE = ("rm", "arm", "head", "centre", "ho", "co1", "compliance")
NEVER_BY_HAND = {Kind.CT5, Kind.CT7, Kind.CT8, Kind.CT10}
TOPS = {
    (Kind.CT1, "bp"): (0, 10, 20, 35, 60), (Kind.CT2, "bp"): (5, 10, 15, 25, 50), (Kind.CT6, "days"): (3, 7, 14, 30, 60),
    (Kind.CT9, "minutes"): (15, 30, 45, 60, 120),
}  # fmt: skip
"""The matrix of domain 5.1, from an assistant to a centre head, for the measures that are the same in every currency."""
AMOUNTS = (500, 1_800, 40_000, 900_000, 6_000_000, 30_000_000, 120_000_000)


FAULTS = {
    "half of what is forgone counts": Fault(
        ruling, "_claims",
        lambda claims: lambda concession, found, hand: claims(
            concession, replace(found, forgone=(found.forgone / 2).quantize(Decimal("0.01"))), hand
        ),
    ),
    "what never came into force keeps its room": Fault(ruling, "give_back", lambda _real: lambda concession, **who: None),
    "whoever asks may decide": Fault(permissions, "can_decide", lambda _real: lambda **who: ALLOWED),
    "own authority serves for every type": Fault(rules, "may_exercise", lambda _real: lambda level, matrix: True),
    "no measure is looked at": Fault(rules, "level_forced", lambda _real: lambda row, value, *, own=0: Level.ARM),
    "what is asked for stands in no queue": Fault(traces, "queue_item", lambda _real: lambda concession, *, actor: None),
}  # fmt: skip


def terms(kind: str, amount: int, figure: int) -> Terms:
    """Something of this type."""
    figures = {
        "amount": amount, "bp": figure, "days": figure, "standard": amount * 2, "standard_bp": 20, "cut_percent": figure,
        "limit": amount * 12, "points": figure, "minutes": figure * 4,
    }  # fmt: skip
    return making.terms(kind, **{name: figures[name] for name in FIELDS[kind]})


def machine(bank: Bank) -> type[Workflow]:
    """The machine of one bank."""

    class Concessions(Workflow):
        @initialize()
        def begin(self) -> None:
            self.now = NOW
            self.clients = [making.client(bank, name=f"Mill {number}", name_zh="") for number in range(3)]
            making.group_of(*self.clients[:2])

        def step(self, act: Any, /, **values: Any) -> None:
            """Now, by somebody who may not even see it."""
            with contextlib.suppress(Concession.DoesNotExist):
                self.attempt(act, now=self.now, **values)

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
            self.step(act, actor=bank.people[who], company_id=self.clients[of].company_id, order=order)

        @precondition(lambda self: Concession.objects.exists())
        @rule(index=st.integers(0, 30), who=st.sampled_from(PEOPLE), act=st.sampled_from(list(DecideAct)))
        def decide(self, index: int, who: str, act: DecideAct) -> None:
            one = Concession.objects.get(pk=self.pick(index))
            less = Terms.from_json(
                one.terms | {name: "1" for name in ("bp", "days", "points", "minutes", "cut_percent") if name in one.terms}
            )
            decision = Decision(act, "Because", less if act == DecideAct.PART else None)
            self.step(services.decide, concession_id=one.pk, actor=bank.people[who], decision=decision)

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
            self.step(chosen, concession_id=self.pick(index), actor=bank.people[who], **values)

        @rule(hours=st.sampled_from((1, 5, 26, 24 * 20, 24 * 200)))
        def wait(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)
            services.watch(now=self.now)

        @invariant()
        def all_agrees(self) -> None:
            assert limits.drifted() == broken() == []

        @invariant()
        def authority_is_that_of_the_matrix(self) -> None:
            for ruled in Ruling.objects.select_related("concession").exclude(outcome=State.REFUSED):
                kind = ruled.concession.kind
                assert not (ruled.is_exercise and kind in NEVER_BY_HAND)
                for (of, name), tops in TOPS.items():
                    assert kind != of or ruled.level > Level.RCH or Decimal(ruled.terms[name]) <= tops[ruled.level - 1]

    return Concessions
