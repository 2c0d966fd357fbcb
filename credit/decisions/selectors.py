"""Reads over cases and decisions: the level, who may not decide, conditions that are open."""

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.decisions import rules
from credit.decisions.choices import ConditionKind, ConditionState, Ground, Level, MotionState
from credit.decisions.models import Case, Condition, Decision, Motion
from credit.exposure import selectors as exposure
from credit.packs import selectors as packs
from credit.packs.models import Pack, PackVersion
from credit.reviews import selectors as reviews
from crm.policy import selectors as policy


def figures(pack: Pack, now: dt.datetime) -> dict[str, Any]:
    """Quorum, shares and days, on the day."""
    return policy.table("decisions.rules", jurisdiction=pack.jurisdiction, on=reviews.today_of(pack, now))


def tops(pack: Pack, now: dt.datetime) -> dict[str, Decimal]:
    """What each level may decide, in Hong Kong dollars."""
    held = policy.table("decisions.authority", jurisdiction=pack.jurisdiction, on=reviews.today_of(pack, now))
    return {key: Decimal(str(value)) for key, value in held.items()}


def is_secured(version: PackVersion) -> bool:
    """What secures the request lends at least what is asked for."""
    return packs.lending_value(version) >= version.pack.requested > 0


def inputs_of(pack: Pack, version: PackVersion, *, rating: str, is_connected: bool, exception: str, now: dt.datetime) -> rules.Inputs:
    """What the level follows from, as it stands now."""
    version.pack = pack
    total = exposure.group_total(pack, version, on=reviews.today_of(pack, now))
    return rules.Inputs(total, is_secured(version), rating, is_connected, bool(exception))


def level_now(case: Case, now: dt.datetime) -> tuple[Level, Decimal]:
    """The level that the case needs at this moment, never below the one that it was put up at; and the group's exposure."""
    inputs = inputs_of(case.pack, case.version_read, rating=case.rating, is_connected=case.is_connected, exception=case.exception, now=now)
    level, _grounds = rules.level_of(inputs, tops(case.pack, now))
    return max(level, Level(case.level), key=list(Level).index), inputs.total


def case_of(pack: Pack) -> Case | None:
    """The newest case, with the version that it is of."""
    return pack.cases.select_related("version_read", "routed_by", "pack__centre", "pack__company__group").order_by("-number").first()


def decision_of(pack: Pack) -> Decision | None:
    """The newest decision."""
    return pack.decisions.select_related("actor", "post").order_by("-pk").first()


def barred(pack: Pack) -> set[int]:
    """Who never decides on a pack: who asks, wrote, or endorsed (invariant 21)."""
    return reviews.writers_of(pack) | reviews.endorsers_of(pack) | {pack.owner_id}


def conditions_of(case: Case, *states: str) -> list[Condition]:
    """In their order."""
    rows = case.conditions.order_by("number")
    return list(rows.filter(state__in=states) if states else rows)


def open_motion(case: Case) -> Motion | None:
    """What is being voted on."""
    return case.motions.filter(state=MotionState.OPEN).select_related("chair").first()


def essential_open(pack: Pack) -> int:
    """Essential conditions precedent that are neither met nor waived: no limit goes live before (invariant 23)."""
    found: int = (
        pack.conditions.filter(kind=ConditionKind.PRECEDENT, is_essential=True)
        .filter(state__in=(ConditionState.OPEN, ConditionState.SHOWN))
        .count()
    )
    return found


def waiving_level(condition: Condition) -> str:
    """Who may waive it at least: an essential one the level that approved."""
    decision = decision_of(condition.pack)
    return decision.level if decision is not None and condition.is_essential else Level.CO1


def has_appealed(pack: Pack) -> bool:
    """An appeal is heard once."""
    return any(Ground.APPEAL in case.grounds for case in pack.cases.all())
