"""Reads over covenants: the bank's figures, the level that waives, how often it was waived, a pack's covenants and their duties."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from credit.covenants.choices import Metric, State, TestState, WaiverState
from credit.covenants.models import Covenant, CovenantEvent, CovenantTest, Waiver, WaiverVote
from credit.decisions import selectors as decisions
from credit.decisions.choices import ConditionKind, ConditionState, ConditionType, Level
from credit.decisions.models import Condition
from credit.decisions.rules import Life, carries
from credit.flags import selectors as flags
from credit.packs.choices import LIVE
from credit.packs.models import Pack
from crm.policy import selectors as policy

RELATED = ("pack__company", "pack__centre", "pack__team", "pack__owner", "proposed_by", "confirmed_by", "condition", "replaces")
OF_TEST = (*(f"covenant__{name}" for name in RELATED), "received_by", "tested_by")
PANEL_SHOWN = 20
_TAKEN_OVER = (ConditionState.OPEN, ConditionState.SHOWN, ConditionState.MET)
_UNMET = (TestState.WAITING, TestState.RECEIVED, TestState.UNTESTABLE)


def figures(*, on: dt.date) -> dict[str, int]:
    """Working days to test, confirm and decide on a waiver; how many waivers raise a high flag."""
    return {name: int(value) for name, value in policy.table("covenants.rules", jurisdiction="", on=on).items()}


def late_days(*, on: dt.date) -> int:
    """A paper that is late by more days than these raises RF-41."""
    return flags.thresholds(on=on).certificate_days


def level_of(pack: Pack) -> str:
    """The level that approved the pack, which alone waives; the committee's where no decision says."""
    decision = decisions.decision_of(pack)
    return str(decision.level if decision is not None else Level.CC)


def asked_waiver(covenant: Covenant) -> Waiver | None:
    """The request that waits for its decision."""
    found: Waiver | None = covenant.waivers.filter(state=WaiverState.ASKED).select_related("test").first()
    return found


def votes_on(waiver: Waiver) -> list[WaiverVote]:
    """Of the committee, its chair first."""
    return list(waiver.votes.select_related("actor").order_by("at", "pk"))


def carried(waiver: Waiver, votes: Sequence[WaiverVote], now: dt.datetime) -> bool | None:
    """Whether the committee grants it by the bank's quorum and share, as it decides on packs; None without a quorum."""
    figures = decisions.figures(waiver.covenant.pack, now)
    share = (int(figures["in_favour"]), int(figures["of_present"]))
    cast = [(vote.choice, place == 0) for place, vote in enumerate(votes)]
    return carries(cast, grants=True, quorum=int(figures["quorum"]), share=share)


def quorum_of(pack: Pack, now: dt.datetime) -> int:
    """How many members of the committee have to vote."""
    return int(decisions.figures(pack, now)["quorum"])


def waivers_granted(pack: Pack) -> int:
    """How often covenants of a pack were waived in its life, those that were replaced since with them."""
    return Waiver.objects.filter(covenant__pack=pack, state=WaiverState.GRANTED).count()


def covering_waivers(covenant_ids: Iterable[int]) -> dict[int, dt.date]:
    """Until when each covenant is waived, of those that are. One statement."""
    rows = Waiver.objects.filter(covenant__in=list(covenant_ids), state=WaiverState.GRANTED, until__isnull=False)
    return dict(rows.order_by("until").values_list("covenant_id", "until"))


def of_pack(pack: Pack, *, user: Any, today: dt.date) -> list[Covenant]:
    """The covenants of a pack with their standing, in the order in which they were written down. One statement."""
    rows = Covenant.objects.visible_to(user).filter(pack=pack).exclude(state=State.REFUSED)
    return list(rows.standing_on(today).order_by("proposed_at", "pk"))


def of_company(company_id: int, *, user: Any, today: dt.date) -> list[Covenant]:
    """The covenants of all packs of a company, those in force first. One statement."""
    rows = Covenant.objects.visible_to(user).filter(pack__company=company_id).exclude(state=State.REFUSED)
    return list(rows.standing_on(today).select_related("pack").order_by("until_on", "proposed_at", "pk")[:PANEL_SHOWN])


def lives_of_company(company_id: int, *, user: Any, now: dt.datetime) -> list[tuple[Pack, Life]]:
    """The live limits of a company with the days of their annual reviews."""
    rows = Pack.objects.visible_to(user).filter(company=company_id, state__in=LIVE).select_related("centre").order_by("pk")
    packs = list(rows)
    lives = decisions.lives_of(packs, now) if packs else {}
    return [(pack, lives[pack.pk]) for pack in packs if pack.pk in lives]


def conditions_to_take_over(pack: Pack, *, user: Any) -> list[Condition]:
    """Financial conditions for afterwards that no covenant was taken from yet. One statement."""
    rows = Condition.objects.visible_to(user).filter(pack=pack, kind=ConditionKind.SUBSEQUENT, type=ConditionType.FINANCIAL)
    taken = Covenant.objects.filter(pack=pack, condition__isnull=False).exclude(state=State.REFUSED).values("condition_id")
    return list(rows.filter(state__in=_TAKEN_OVER).exclude(pk__in=taken).order_by("number"))


def tests_of(covenant: Covenant, *, user: Any) -> list[CovenantTest]:
    """All tests, the newest first, each with its covenant."""
    rows = list(CovenantTest.objects.visible_to(user).filter(covenant=covenant).select_related("tested_by").order_by("-ends_on"))
    for row in rows:
        row.covenant = covenant
    return rows


def waivers_of(covenant: Covenant, *, user: Any) -> list[Waiver]:
    """All requests, the newest first."""
    rows = Waiver.objects.visible_to(user).filter(covenant=covenant).select_related("asked_by", "decided_by", "test")
    return list(rows.order_by("-asked_at", "-pk"))


def events_of(*, user: Any, **narrowed: Any) -> list[CovenantEvent]:
    """The way so far, oldest first, of a covenant or of a test."""
    return list(CovenantEvent.objects.visible_to(user).filter(**narrowed).select_related("actor", "file", "test").order_by("at", "pk"))


def turnover_in_force(client_id: int) -> QuerySet[Covenant]:
    """Covenants of a client that promise turnover through us."""
    found: QuerySet[Covenant] = Covenant.objects.in_force().filter(pack__company__client=client_id, metric=Metric.TURNOVER)
    return found
