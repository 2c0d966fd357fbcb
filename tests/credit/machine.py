"""The whole life of packs as a state machine: whatever is done by whomever in whatever order, what domain 6.8 and section 11 say holds."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from credit.decisions import permissions, rules, selectors
from credit.decisions import services as decisions
from credit.decisions.models import Condition
from credit.decisions.services import deciding, following
from credit.handoff.models import Seal
from credit.handoff.services import submitting
from credit.packs.models import Pack, PackEvent
from credit.reviews import rules as review_rules
from credit.reviews import selectors as reviews
from credit.reviews import services as review_services
from credit.reviews.models import Question
from crm.clients.models import Client
from crm.companies.models import CompanyGroup
from crm.kernel.contributions import Invariant, of
from crm.kernel.permission import ALLOWED
from crm.kernel.worklist import WorkItem
from crm.policy.models import Figure
from crm.staff.models import Post, User
from tests.cast import NOW, Bank
from tests.credit import deciding as maker
from tests.credit import making
from tests.credit.acts import ACTS, ONWARD, Desk
from tests.credit.domain import GRANTED, LIVE, OVER, PRE_DECISION, SYSTEM, number_of
from tests.credit.handoff import making as handing
from tests.crm.machines import Fault, Workflow

STOP = Decimal(2_200_000)
"""Of the group: below what both packs ask for together."""
TOPS = {"CO1": 2_000_000, "CO2": 8_000_000, "CO3": 30_000_000}
PEOPLE = ("rm", "head", "both", "centre", "analyst", "analyst2", "co1", "co2", "approver", "chair", "member0", "cad", "cad2", "compliance")
_IN = (("submit", "rm"), ("endorse", "both"), ("assign", "analyst"))
_UP = (*_IN, ("rate", "analyst"), ("route", "analyst"))
_UP_BY_CREDIT = (
    *_IN, ("start_memo", "analyst"), ("write_memo", "analyst"), ("send_facts", "analyst"), ("check_facts", "rm"), ("rate", "analyst"),
    ("route", "analyst"),
)  # fmt: skip
STAGES = (
    (), (("submit", "rm"),), _IN, _UP, (*_UP, ("propose", "analyst"), ("approve", "co2")),
    (*_UP, ("approve", "co2"), ("draw", "cad"), ("offer", "cad2"), ("accept", "rm"), ("go_live", "cad")), _UP_BY_CREDIT,
)  # fmt: skip
"""How far a pack is when a run begins."""


Tempted = tuple[tuple[int, str, str | int], ...]


@dataclass(frozen=True)
class Trap:
    """A fault to plant, how far the two packs are, and what would lead into it: what the machine tries oftener than the rest.

    Without the fault the same machine holds: what is tried is refused.
    """

    fault: Fault
    stages: tuple[int, int]
    tempting: Tempted


FAULTS = {
    "who had a part in a pack may decide on it": Trap(
        Fault(selectors, "barred", lambda _real: lambda pack: set()), (3, 0), ((0, "approve", "both"), (0, "pass_up", "co1"))
    ),
    "blockers stop nothing": Trap(
        Fault(reviews, "blockers", lambda _real: lambda pack, states=(): 0), (3, 0),
        ((0, "ask_blocker", "co2"), (0, "resume", "rm")),
    ),
    "nobody asks for the exposure of the group": Trap(
        Fault(deciding.exposure, "check", lambda _real: lambda pack, version, *, now: Decimal(0)), (4, 6),
        ((1, "approve", "co2"), (1, "propose", "analyst")),
    ),
    "essential conditions are not counted": Trap(
        Fault(selectors, "essential_open", lambda _real: lambda pack: 0), (4, 0),
        ((0, "draw", "cad"), (0, "offer", "cad2"), (0, "accept", "rm"), (0, "go_live", "cad")),
    ),
    "who drew up a letter sends it": Trap(
        Fault(permissions, "can_offer", lambda _real: lambda **told: ALLOWED), (4, 0), ((0, "draw", "cad"), (0, "offer", "cad"))
    ),
    "an approval holds for ever": Trap(
        Fault(following, "require_valid", lambda _real: lambda pack, now: None), (4, 0),
        ((0, "draw", "cad"), (0, "offer", "cad2"), (0, "accept", "rm"), (0, "wait", 95)),
    ),
    "every refusal is appealed": Trap(
        Fault(selectors, "has_appealed", lambda _real: lambda pack: False), (3, 0), ((0, "decline", "approver"), (0, "appeal", "rm"))
    ),
    "a version on hold is decided": Trap(
        Fault(permissions, "_open", lambda _real: lambda pack, case: ALLOWED), (3, 0), ((0, "open_version", "rm"), (0, "approve", "co2"))
    ),
    "what was to be done about the version before stays": Trap(
        Fault(submitting, "of", lambda _real: lambda kind: ()), (3, 0), ((0, "open_version", "rm"), (0, "submit", "rm"))
    ),
    "who suspended a limit restores it": Trap(
        Fault(selectors, "suspended_by", lambda _real: lambda pack: None), (5, 0), ((0, "suspend", "co2"), (0, "restore", "co2"))
    ),
    "every approver's authority reaches": Trap(
        Fault(rules, "reaches", lambda _real: lambda grade, level: level != "CC"), (3, 6),
        ((1, "approve", "co1"), (1, "propose", "analyst")),
    ),
    "the credit department's clock runs while it waits": Trap(
        Fault(review_rules, "_whose", lambda real: lambda state, held: "credit" if state == "query" else real(state, held)), (2, 0),
        ((0, "ask_blocker", "analyst"), (0, "wait", 3)),
    ),
}  # fmt: skip


def prepared(bank: Bank) -> list[int]:
    """Two packs of one group that are ready for the handoff, under either model, and a draft; a committee; a head who approves too."""
    for place, user in enumerate(maker.members(bank, 4)):
        bank.people[f"member{place}"] = user
    both = User.objects.create(username="both", name_en="Both Lau", staff_number="S-both")
    for role, grade, unit in (("TH", 4, bank.team), ("CO", 3, bank.credit)):
        Post.objects.create(user=both, role=role, grade=grade, unit=unit, from_at=maker.SINCE)
    bank.people["both"] = both
    Figure.objects.filter(table="exposure.capital", key="tier1").delete()
    capital = str(STOP / Decimal("0.225"))
    Figure.objects.create(table="exposure.capital", key="tier1", value=capital, effective_from=dt.date(2020, 1, 1))
    group = CompanyGroup.objects.create(name_en="Golden Hill Group", name_zh="金山集團", confirmed_on=NOW.date())
    found = []
    for name, authorship, amount in (("Foods", "A", "1500000"), ("Cold Store", "B", "1000000")):
        company = making.company(bank, name=f"Golden Hill {name}", name_zh="")
        company.group = group
        company.save(update_fields=["group"])
        Client.objects.filter(company=company).update(kyc_due_on=NOW.date() + dt.timedelta(days=900))
        found.append(handing.ready(bank, of=company, authorship=authorship, amount=amount, tenor=24).pk)
    draft = making.pack(bank, making.company(bank, name="Silver Bay", name_zh=""))
    making.facility(bank, draft, amount="400000")
    return [*found, draft.pk]


def broken() -> list[str]:
    """What the product's own checks of packs say."""
    ours = ("packs.", "reviews.", "decisions.", "handoff.", "exposure.", "memos.", "checklists.")
    return [what for one in of(Invariant) if one.code.startswith(ours) for what in one.broken()]


def roles_of(event: PackEvent) -> set[str]:
    """In which roles somebody could have taken a step."""
    return {post.role for post in event.actor.actor.posts} if event.actor is not None else {SYSTEM}


def machine(bank: Bank, *, stages: tuple[int, int] | None = None, tempting: Tempted = ()) -> type[Workflow]:
    """The machine of one bank; for a trap with the packs at its stages, tempted by what would lead into it."""
    ids = prepared(bank)

    class Packs(Workflow):
        seen: set[int] = set()
        """The transitions that any run went through."""

        @initialize(first=st.integers(0, len(STAGES) - 1), second=st.integers(0, len(STAGES) - 1))
        def begin(self, first: int, second: int) -> None:
            self.desk = Desk(bank, NOW)
            self.last = PackEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.sealed: dict[int, str] = {}
            for pk, stage in zip(ids, stages or (first, second), strict=False):
                for act, who in STAGES[stage]:
                    self.take(pk, act, who, 1)

        def take(self, pk: int, act: str, who: str, number: int) -> Any:
            """Somebody tries it, who may not even see the pack. None where it is refused."""
            with contextlib.suppress(Pack.DoesNotExist, Condition.DoesNotExist, Question.DoesNotExist):
                return self.attempt(ACTS[act], desk=self.desk, pack=Pack.objects.get(pk=pk), who=bank.people[who], number=number)
            return None

        def attempt(self, act: Any, /, **told: Any) -> Any:
            return super().attempt(lambda: act(told["desk"], told["pack"], told["who"], told["number"]))

        @rule(of=st.integers(0, 5), choice=st.integers(0, 60), number=st.integers(0, 12))
        def go_on(self, of: int, choice: int, number: int) -> None:
            """What usually comes next; near a trap, what leads into it."""
            if tempting:
                self.be_tempted(of, choice, number)
                return
            pk = ids[min(of // 2, 2)]
            usual = ONWARD.get(Pack.objects.values_list("state", flat=True).get(pk=pk), ())
            if usual:
                act, people = usual[choice % len(usual)]
                self.take(pk, act, people[(choice // len(usual)) % len(people)], number)

        @rule(of=st.integers(0, 5), choice=st.integers(0, 60), number=st.integers(0, 12))
        def be_tempted(self, of: int, choice: int, number: int) -> None:
            """What would lead into a trap; without one, what usually comes next once more."""
            if not tempting:
                self.go_on(of, choice, number)
                return
            place, act, who = tempting[choice % len(tempting)]
            if act == "wait":
                self.wait(int(who), False)
            else:
                self.take(ids[place], act, str(who), number)

        @rule(of=st.integers(0, 2), act=st.sampled_from(sorted(ACTS)), who=st.sampled_from(PEOPLE), number=st.integers(0, 12))
        def anything(self, of: int, act: str, who: str, number: int) -> None:
            """By anybody at any time."""
            self.take(ids[of], act, who, number)

        @rule(days=st.sampled_from((1, 3, 8, 40, 95, 330)), watched=st.booleans())
        def wait(self, days: int, watched: bool) -> None:
            """Time passes, with or without what runs by the clock; who waits for whom is counted exactly meanwhile."""
            paused = {pk: clock.spent for pk, clock in self.clocks() if self.waits(pk)}
            self.desk.now += dt.timedelta(days=days)
            for pk, clock in self.clocks():
                assert pk not in paused or clock.spent == paused[pk], "the clock of credit ran while it waited"
            if watched:
                review_services.watch(now=self.desk.now)
                decisions.lapse(now=self.desk.now)
                decisions.age(now=self.desk.now)
                decisions.remind(now=self.desk.now)

        def clocks(self) -> Iterator[tuple[int, Any]]:
            rows = Pack.objects.filter(pk__in=ids, handed_off_at__isnull=False).select_related("centre")
            return iter(reviews.clocks_of(list(rows), now=self.desk.now).items())

        def waits(self, pk: int) -> bool:
            pack = Pack.objects.get(pk=pk)
            return pack.state in ("query", "returned", "endorse", "deferred") or pack.versions.filter(state="draft").exists()

        @invariant()
        def every_step_is_one_of_the_domain(self) -> None:
            for event in PackEvent.objects.filter(pk__gt=self.last).select_related("pack", "actor").order_by("pk"):
                self.last = event.pk
                if event.target and event.act != "create":
                    numbers = {number_of(event.source, event.target, role) for role in roles_of(event)} - {None}
                    assert numbers, f"{event.act}: {event.source} to {event.target} by {roles_of(event)}"
                    type(self).seen |= {number for number in numbers if number}
                    assert event.actor_id is None or event.post is None or event.post.user_id == event.actor_id
                check = getattr(self, f"at_{event.act}", None)
                if check is not None:
                    check(event, event.pack)

        @invariant()
        def what_is_sealed_stays_and_one_version_stands(self) -> None:
            for seal in Seal.objects.filter(version__pack__in=ids).order_by("pk"):
                assert self.sealed.setdefault(seal.pk, seal.hash + seal.contents) == seal.hash + seal.contents
            for pack in Pack.objects.filter(pk__in=ids).prefetch_related("versions"):
                states = [row.state for row in pack.versions.all()]
                assert states.count("draft") <= 1
                assert states.count("sealed") + states.count("on_hold") <= 1
                assert pack.state not in PRE_DECISION or "draft" not in states or "sealed" not in states

        @invariant()
        def no_blocker_waits_where_a_pack_is_up_for_decision(self) -> None:
            """Invariant 29."""
            for pack in Pack.objects.filter(pk__in=ids, state="for_decision"):
                assert not pack.questions.filter(severity="blocker", state__in=("open", "reopened")).exists()

        @invariant()
        def the_queues_hold_what_waits_and_nothing_else(self) -> None:
            for pack in Pack.objects.filter(pk__in=ids):
                kinds = list(WorkItem.objects.open().filter(subject_type="packs.pack", subject_id=pack.pk).values_list("kind", flat=True))
                decide = kinds.count("credit_decision")
                assert decide == 1 if pack.state == "for_decision" else decide == 0 or pack.state == "query", (pack.state, kinds)
                assert kinds.count("pack_endorse") == (pack.state == "endorse"), (pack.state, kinds)
                assert pack.state not in OVER or not kinds, (pack.state, kinds)

        def at_submit(self, event: PackEvent, pack: Pack) -> None:
            """Invariant 20."""
            lacking = event.version.papers.filter(need="R").exclude(state__in=("checked", "waived", "not_applicable"))
            assert not lacking.exists(), list(lacking.values_list("code", "state"))

        def at_endorse(self, event: PackEvent, pack: Pack) -> None:
            assert event.actor_id != pack.owner_id

        def at_assign(self, event: PackEvent, pack: Pack) -> None:
            endorsed = pack.events.filter(act="endorse").values_list("actor_id", flat=True)
            assert pack.review.analyst_id not in {pack.owner_id, *endorsed}

        def at_decide(self, event: PackEvent, pack: Pack) -> None:
            """Invariants 21 and 22: four eyes, authority, headroom; never on a version that a newer one holds up."""
            decision = pack.decisions.order_by("-pk").first()
            parts = {pack.owner_id, *pack.memos.values_list("written_by_id", flat=True)}
            parts |= set(pack.events.filter(act="endorse").values_list("actor_id", flat=True))
            unsettled = pack.questions.filter(severity="blocker", state__in=("open", "answered", "reopened"))
            assert not unsettled.exists(), "it was decided with a blocker that is not settled"
            assert decision.actor_id not in parts, "who had a part in it decided"
            assert not pack.versions.filter(state="draft").exists(), "a version on hold was decided"
            assert decision.due_on is None or decision.due_on <= event.at.date() + dt.timedelta(days=31)
            if decision.level == "CC":
                votes = list(decision.case.motions.get(state="carried").votes.values_list("choice", flat=True))
                assert len(votes) >= 5
                assert 3 * votes.count("for") >= 2 * len(votes)
            else:
                assert decision.post.role == "CO"
                top = TOPS[f"CO{decision.post.grade}"]
                assert decision.outcome not in ("approved", "appr_cond") or decision.total <= top, "beyond the approver's authority"
                assert decision.case.rating not in ("R4", "R5")
            held = Pack.objects.filter(pk__in=ids[:2], state__in=GRANTED | LIVE).values_list("requested", flat=True)
            assert sum(held) <= STOP, "the group stands above its stop"

        def at_appeal(self, event: PackEvent, pack: Pack) -> None:
            assert pack.events.filter(act="appeal").count() == 1

        def at_offer(self, event: PackEvent, pack: Pack) -> None:
            letter = pack.letters.get(pk=event.values["letter"])
            assert letter.issue.actor_id != letter.actor_id, "one person drew up and sent it"
            asked = [f"{row.amount:.2f}" for row in letter.decision.version_read.facilities.order_by("pk")]
            assert [row["amount"] for row in letter.terms["facilities"]] == asked

        def at_accept(self, event: PackEvent, pack: Pack) -> None:
            assert event.at.date() <= pack.decisions.order_by("-pk").first().valid_until, "an offer was accepted too late"

        def at_lapse(self, event: PackEvent, pack: Pack) -> None:
            decision = pack.decisions.order_by("-pk").first()
            assert event.at.date() > (decision.valid_until if event.source == "offered" else decision.due_on)

        def at_go_live(self, event: PackEvent, pack: Pack) -> None:
            """Invariant 23."""
            assert not pack.conditions.filter(kind="precedent", is_essential=True, state__in=("open", "shown")).exists()
            assert event.actor_id != pack.events.filter(act="offer").latest("pk").actor_id
            for row in pack.conditions.filter(state="met"):
                assert row.shown_by_id != row.checked_by_id

        def at_restore(self, event: PackEvent, pack: Pack) -> None:
            stopped = pack.events.filter(act="suspend", pk__lt=event.pk).order_by("-pk").first()
            assert event.source != "suspended" or stopped.actor_id != event.actor_id, "who suspended it restored it"

        def walk(self, path: str) -> str:
            """A way through by hand, "0 submit rm, wait 40", with every check after each step. Gives where the packs end."""
            for step in filter(None, (part.strip() for part in path.split(","))):
                first, act, *who = step.split()
                if first == "wait":
                    self.wait(int(act), True)
                else:
                    assert self.take(ids[int(first)], act, who[0], 1) is not None, f"{step} was refused"
                self.every_step_is_one_of_the_domain()
                self.what_is_sealed_stays_and_one_version_stands()
                self.no_blocker_waits_where_a_pack_is_up_for_decision()
                self.the_queues_hold_what_waits_and_nothing_else()
            return " ".join(Pack.objects.get(pk=pk).state for pk in ids)

        def teardown(self) -> None:
            try:
                assert broken() == []
            finally:
                super().teardown()

    return Packs
