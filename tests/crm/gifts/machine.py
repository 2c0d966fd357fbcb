"""The workflow of gifts as a state machine, with a model of its own of what stands in stock and of who was given how much (domain 4.7)."""

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from crm.gifts import permissions, rules, services
from crm.gifts.choices import GIFT_TRANSITIONS, HOLDS_ROOM, Direction, GiftState
from crm.gifts.models import Gift, GiftEvent, GiftItem, StockMovement
from crm.gifts.rules import Person, TakenHome
from crm.gifts.services import deciding, moving
from crm.kernel import limits
from crm.kernel.contributions import Invariant, of
from crm.kernel.models import WorkItem
from crm.kernel.permission import ALLOWED
from tests.cast import NOW
from tests.crm.gifts import making
from tests.crm.machines import Fault, Workflow

OVER = (GiftState.GIVEN, GiftState.DECLINED, GiftState.REFUSED, GiftState.CANCELLED)
PEOPLE = ("rm", "arm", "head", "centre", "ho", "compliance", "ops", "outsider")
ITEMS = (("Card case", "90.00", 8), ("Umbrella", "240.00", 6), ("Tea set", "500.00", 3))
OFFICIAL_ONE = 2
"""Who is an official once is one for ever, so it is always the same person."""
MOSTLY_ONE = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 1, OFFICIAL_ONE))
RARELY = st.sampled_from((False, False, False, True))
ACTS = ("approve", "approve", "approve", "refuse", "pass_up")
ITEM, OCCASION, RECIPIENT, OFFICIAL, KEPT, RETURNED = (Decimal(figure) for figure in (500, 1000, 1500, 100, 200, 1000))
FAULTS = {
    "half of a gift's value counts": Fault(
        deciding, "_claims", lambda claims: lambda gift, caps: claims(Gift(**_half(gift)), caps)
    ),
    "what was given last month is forgotten": Fault(rules, "year_before", lambda _real: lambda day, months: day),
    "what was not taken keeps its room": Fault(moving, "release", lambda _real: lambda gift, **who: None),
    "a gift that is called off does not come back into stock": Fault(
        moving, "change_stock",
        lambda change: lambda item, kind, quantity, **who: change(item, kind, quantity, **who) if quantity < 0 else None,
    ),
    "whoever gives it issues it": Fault(permissions, "can_issue", lambda _real: lambda *, user, gift: ALLOWED),
    "what has to go back is kept": Fault(rules, "may_dispose", lambda _real: lambda *, disposal, to_return: True),
}  # fmt: skip


def _half(gift: Gift) -> dict[str, Any]:
    return {"value": (gift.value / 2).quantize(Decimal("0.01")), "on": gift.on, "person_key": gift.person_key, "occasion": gift.occasion}


def machine(bank: Any) -> type[Workflow]:
    """The machine of one bank."""

    class Gifts(Workflow):
        @initialize()
        def begin(self) -> None:
            self.now, self.turn = NOW, 0
            self.items = [making.item(bank, cost, stock=stock, name=name) for name, cost, stock in ITEMS]
            self.stock = Counter({item.pk: item.stock for item in self.items})
            self.people = [making.contact(making.client(bank, name=f"Mill {name}"), name) for name in ("Ms Yau", "Mr Poon", "Director Ho")]

        def gift(self, index: int) -> Gift:
            rows = Gift.objects.order_by("pk")
            return rows[index % rows.count()]

        def act(self, service: Any, gift: Gift, who: str, **values: Any) -> Any:
            """A step on a gift by somebody, if they see it at all."""
            actor = bank.people[who]
            if not Gift.objects.visible_to(actor).filter(pk=gift.pk).exists():
                return None
            return self.attempt(service, gift_id=gift.pk, actor=actor, now=self.now, **values)

        def settle(self, gift: Gift, act: str) -> None:
            """By whoever it waits for."""
            who = "compliance" if gift.waits_for_consent else {"TH": "head", "RCH": "centre"}.get(gift.level, "ho")
            self.act(services.settle, gift, who, act=act, note="Because")

        @rule(
            item=st.integers(0, 2), person=MOSTLY_ONE, quantity=st.integers(1, 2), days=st.sampled_from((0, 3, 20, 45, 170)),
            occasion=st.sampled_from(("festival", "opening", "wedding")), who=st.sampled_from(("rm", "head", "centre")),
            at_once=st.sampled_from((True, True, False)),
        )  # fmt: skip
        def ask(self, item: int, person: int, quantity: int, days: int, occasion: str, who: str, at_once: bool) -> None:
            self.ask_for(item, person, quantity, days, occasion, who, at_once=at_once)

        def ask_for(self, item: int, person: int, quantity: int, days: int, occasion: str, who: str, *, at_once: bool) -> None:
            """Ask, and have it decided at once or not."""
            entry = making.given(
                self.people[person], self.items[item], quantity=quantity, on=self.now.date() + dt.timedelta(days=days),
                occasion=occasion, official=person == OFFICIAL_ONE,
            )  # fmt: skip
            company_id = self.people[person].company_id
            gift = self.attempt(services.request_gift, company_id=company_id, entry=entry, actor=bank.people[who], now=self.now)
            if gift and at_once:
                self.settle(gift, "approve")

        @rule(days=st.sampled_from((0, 20, 45)), occasion=st.sampled_from(("festival", "opening", "wedding")), quantity=st.integers(1, 2))
        def give_dear_things_to_one(self, days: int, occasion: str, quantity: int) -> None:
            dearest = len(ITEMS) - 1
            self.ask_for(dearest, 0, quantity, days, occasion, "rm", at_once=True)

        @rule(
            value=st.sampled_from(("60.00", "200.00", "200.01", "1000.00", "4000.00")), person=MOSTLY_ONE,
            category=st.sampled_from(("promotional", "food", "cash_like")), declined=RARELY, days=st.sampled_from((0, 2, 15)),
            act=st.sampled_from(("", "approve", "refuse")),
        )  # fmt: skip
        def declare(self, value: str, person: int, category: str, declined: bool, days: int, act: str) -> None:
            entry = making.received(
                self.people[person], value, category=category, declined=declined, on=self.now.date() - dt.timedelta(days=days)
            )
            company_id = self.people[person].company_id
            gift = self.attempt(services.declare_received, company_id=company_id, entry=entry, actor=bank.rm, now=self.now)
            if gift and gift.state == GiftState.REQUESTED and act:
                self.settle(gift, act)

        @rule(person=MOSTLY_ONE, disposal=st.sampled_from(("kept", "shared", "returned")))
        def receive_what_has_to_go_back(self, person: int, disposal: str) -> None:
            entry = making.received(self.people[person], "4000.00", category="promotional", on=self.now.date())
            company_id = self.people[person].company_id
            if gift := self.attempt(services.declare_received, company_id=company_id, entry=entry, actor=bank.rm, now=self.now):
                self.settle(gift, "refuse")
                self.act(services.dispose, gift, "rm", disposal=disposal)

        @rule(person=MOSTLY_ONE, value=st.sampled_from(("180.00", "400.00")))
        def take_home(self, person: int, value: str) -> None:
            self.turn += 1
            who = Person(self.people[person].pk, is_official=person == OFFICIAL_ONE)
            entry = TakenHome(who, "A bottle of wine", Decimal(value), self.now.date(), "tests.table", self.turn)
            company_id = self.people[person].company_id
            self.attempt(services.record_taken_home, company_id=company_id, entry=entry, actor=bank.rm, now=self.now)

        @precondition(lambda self: Gift.objects.exists())
        @rule(
            index=st.integers(0, 60),
            who=st.sampled_from(PEOPLE),
            act=st.sampled_from(ACTS),
        )
        def decide(self, index: int, who: str, act: str) -> None:
            self.act(services.settle, self.gift(index), who, act=act, note="Because")

        @precondition(lambda self: Gift.objects.filter(state=GiftState.REQUESTED).exists())
        @rule(index=st.integers(0, 60), act=st.sampled_from(ACTS))
        def decide_as_meant(self, index: int, act: str) -> None:
            rows = Gift.objects.filter(state=GiftState.REQUESTED).order_by("pk")
            self.settle(rows[index % rows.count()], act)

        @precondition(lambda self: Gift.objects.filter(state=GiftState.APPROVED, direction=Direction.GIVEN).exists())
        @rule(index=st.integers(0, 60), who=st.sampled_from(("giver", "head", "ops", "ops")))
        def issue(self, index: int, who: str) -> None:
            rows = Gift.objects.filter(state=GiftState.APPROVED, direction=Direction.GIVEN).order_by("pk")
            gift = rows[index % rows.count()]
            if self.act(services.issue, gift, gift.owner.username if who == "giver" else who):
                self.stock[gift.item_id] -= gift.quantity

        @precondition(lambda self: Gift.objects.filter(direction=Direction.GIVEN).exists())
        @rule(
            index=st.integers(0, 60),
            what=st.sampled_from(("hand_over", "decline", "cancel")),
            by_giver=st.sampled_from((True, True, False)),
        )
        def end(self, index: int, what: str, by_giver: bool) -> None:
            rows = Gift.objects.filter(direction=Direction.GIVEN).exclude(state__in=OVER).order_by("state", "-pk")
            if not rows.exists():
                return
            gift = rows[index % rows.count()]
            was_out = gift.state == GiftState.ISSUED
            done = self.act(getattr(services, what), gift, gift.owner.username if by_giver else "head")
            if done and was_out and what != "hand_over":
                self.stock[gift.item_id] += gift.quantity

        @precondition(lambda self: Gift.objects.filter(direction=Direction.RECEIVED).exists())
        @rule(
            index=st.sampled_from((0, 0, 1, 2, 30)),
            who=st.sampled_from(("rm", "rm", "head")),
            disposal=st.sampled_from(("kept", "shared", "returned")),
        )
        def dispose(self, index: int, who: str, disposal: str) -> None:
            rows = Gift.objects.filter(direction=Direction.RECEIVED).order_by("disposal", "-state", "pk")
            self.act(services.dispose, rows[index % rows.count()], who, disposal=disposal)

        @rule(
            item=st.integers(0, 2),
            kind=st.sampled_from(("in", "loss")),
            pieces=st.integers(1, 9),
            who=st.sampled_from(("ops", "ops", "rm")),
        )
        def count(self, item: int, kind: str, pieces: int, who: str) -> None:
            values = {"kind": kind, "quantity": pieces, "note": "Counted"}
            moved = self.attempt(services.move_stock, item_id=self.items[item].pk, actor=bank.people[who], now=self.now, **values)
            if moved:
                self.stock[self.items[item].pk] += pieces if kind == "in" else -pieces

        @rule(days=st.sampled_from((0, 1, 1, 6, 40, 200)))
        def wait(self, days: int) -> None:
            self.now += dt.timedelta(days=days)
            late = WorkItem.objects.open().filter(kind="gift_decide", due_at__lt=self.now).values_list("subject_id", flat=True)
            for gift_id in list(late):
                self.attempt(services.escalate, gift_id=gift_id, now=self.now)

        @invariant()
        def ledgers_and_stock_agree(self) -> None:
            assert limits.drifted() == []
            assert [what for one in of(Invariant) if one.code.startswith("gifts.") for what in one.broken()] == []
            stock = dict(GiftItem.objects.values_list("pk", "stock"))
            assert stock == dict(self.stock)
            assert all(pieces >= 0 for pieces in stock.values())

        @invariant()
        def nobody_is_given_more_than_the_bank_gives(self) -> None:
            held = list(Gift.objects.filter(direction=Direction.GIVEN, state__in=HOLDS_ROOM))
            for gift in held:
                assert gift.value / gift.quantity <= (OFFICIAL if gift.is_official else ITEM)
                assert not gift.is_official or gift.consented_by == bank.compliance
                same = [one for one in held if one.person_key == gift.person_key and one.on <= gift.on]
                assert sum(one.value for one in same if one.on > gift.on - dt.timedelta(days=365)) <= RECIPIENT
                once = [one for one in same if one.occasion == gift.occasion and one.on >= gift.on - dt.timedelta(days=30)]
                assert sum(one.value for one in once) <= OCCASION

        @invariant()
        def whoever_gives_neither_decides_nor_issues(self) -> None:
            moved: defaultdict[int, Counter[str]] = defaultdict(Counter)
            for gift_id, kind in StockMovement.objects.exclude(gift=None).values_list("gift_id", "kind"):
                moved[gift_id][kind] += 1
            for gift in Gift.objects.all():
                assert gift.owner_id not in (gift.decided_by_id, gift.consented_by_id, gift.issued_by_id)
                moves = moved[gift.pk]
                assert moves["issue"] == (gift.issued_by_id is not None)
                assert moves["back"] == (moves["issue"] and gift.state in (GiftState.DECLINED, GiftState.CANCELLED))

        @invariant()
        def what_was_received_is_kept_only_if_it_may_be(self) -> None:
            for gift in Gift.objects.filter(direction=Direction.RECEIVED):
                if gift.category == "cash_like":
                    assert (gift.state, gift.was_declined) == (GiftState.DECLINED, True)
                if gift.state == GiftState.CLOSED and gift.disposal != "returned":
                    assert gift.decided_by_id or (gift.value <= KEPT and gift.category == "promotional")
                    assert gift.value <= RETURNED or gift.consented_by_id
                    assert not gift.events.filter(to_state=GiftState.TO_RETURN).exists()

        @invariant()
        def each_step_follows_from_the_last_and_what_waits_waits_once(self) -> None:
            taken: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
            for gift_id, source, target in GiftEvent.objects.order_by("pk").values_list("gift_id", "from_state", "to_state"):
                taken[gift_id].append((source, target))
            waiting: defaultdict[int, list[str]] = defaultdict(list)
            for gift_id, kind in WorkItem.objects.open().filter(subject_type="gifts.gift").values_list("subject_id", "kind"):
                waiting[gift_id].append(kind)
            for gift in Gift.objects.all():
                steps = taken[gift.pk]
                assert steps[-1][1] == gift.state
                assert all(source == target or target in GIFT_TRANSITIONS[source] for source, target in steps[1:])
                assert waiting[gift.pk] == _waits_as(gift)

    return Gifts


def _waits_as(gift: Gift) -> list[str]:
    """The kinds of what is open about a gift."""
    if gift.state == GiftState.REQUESTED:
        return ["gift_consent" if gift.needs_consent and not gift.consented_at else "gift_decide"]
    if gift.direction == Direction.RECEIVED:
        return ["gift_dispose"] if gift.state in (GiftState.APPROVED, GiftState.TO_RETURN) else []
    return ["gift_issue"] if gift.state == GiftState.APPROVED else []
