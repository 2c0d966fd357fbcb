"""Reads over cases and decisions: the level, who may not decide, conditions that are open."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from credit.decisions import rules
from credit.decisions.choices import GRANTS, LETTER_CONTEXT, ConditionKind, ConditionState, Ground, Level, MotionState
from credit.decisions.models import Case, Condition, Decision, FacilityLetter, Motion
from credit.exposure import selectors as exposure
from credit.packs import selectors as packs
from credit.packs.choices import Act
from credit.packs.models import Facility, Pack, PackEvent, PackVersion
from credit.reviews import selectors as reviews
from crm.figures import selectors as core_bank
from crm.papers.models import LetterTemplate
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.models import User


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


def letter_templates() -> QuerySet[LetterTemplate]:
    """The published facility letters, of which credit administration takes one."""
    found: QuerySet[LetterTemplate] = LetterTemplate.objects.offered(LETTER_CONTEXT)
    return found


def letter_of(pack: Pack) -> FacilityLetter | None:
    """The facility letter that was drawn up last."""
    return pack.letters.select_related("actor", "issue__actor").order_by("-pk").first()


def letters_of(pack: Pack, *, user: Any) -> list[FacilityLetter]:
    """Those that this person may see, the newest first. One statement."""
    rows = FacilityLetter.objects.visible_to(user).filter(pack=pack)
    return list(rows.select_related("actor", "file", "issue__actor").order_by("-pk"))


def content_of(letter: FacilityLetter) -> bytes | None:
    """Its file as it was kept; None where the content is gone or is another now."""
    try:
        with letter.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == letter.sha256 else None


def lives_of(packs: Sequence[Pack], now: dt.datetime) -> dict[int, rules.Life]:
    """The days of live limits, by pack id. Two statements, and one for each jurisdiction among them."""
    ids = [pack.pk for pack in packs]
    live: dict[int, dt.datetime] = {}
    reviewed: dict[int, dt.datetime] = {}
    steps = PackEvent.objects.filter(pack__in=ids, act__in=(Act.GO_LIVE, Act.RESTORE)).order_by("at", "pk")
    for pack_id, act, at, values in steps.values_list("pack_id", "act", "at", "values"):
        if act == Act.GO_LIVE:
            live[pack_id] = at
        elif values.get("reviewed"):
            reviewed[pack_id] = at
    stands = Facility.objects.filter(version__pack__in=ids, version__state="sealed").order_by()
    tenors = dict(stands.values_list("version__pack_id").annotate(Max("tenor_months")))
    held: dict[str, dict[str, Any]] = {}
    found = {}
    for pack in packs:
        if pack.pk in live and pack.pk in tenors:
            if pack.jurisdiction not in held:
                held[pack.jurisdiction] = figures(pack, now)
            zone = pack.centre.zone
            found[pack.pk] = rules.life(
                live_on=timezone.localdate(live[pack.pk], zone),
                reviewed_on=timezone.localdate(reviewed[pack.pk], zone) if pack.pk in reviewed else None,
                tenor_months=tenors[pack.pk],
                figures=held[pack.jurisdiction],
            )
    return found


def life_of(pack: Pack, now: dt.datetime) -> rules.Life | None:
    """The days of one limit; None before it went live."""
    return lives_of([pack], now).get(pack.pk)


def is_reviewed(pack: Pack, life: rules.Life) -> bool:
    """Another pack of the client was granted since the review began to fall due."""
    since = dt.datetime.combine(life.review_from, dt.time(), pack.centre.zone)
    return Decision.objects.filter(pack__company=pack.company_id, outcome__in=GRANTS, at__gte=since).exclude(pack=pack).exists()


def suspended_by(pack: Pack) -> int | None:
    """Who suspended it last; None for the system, and where nobody did."""
    return pack.events.filter(act=Act.SUSPEND).order_by("-pk").values_list("actor_id", flat=True).first()


def why_suspended(pack: Pack) -> str:
    """The reason of the last suspension."""
    return pack.events.filter(act=Act.SUSPEND).order_by("-pk").values_list("reason", flat=True).first() or ""


def drawn_beyond(pack: Pack, now: dt.datetime) -> Decimal:
    """What the client has drawn beyond its other live limits, in Hong Kong dollars, by the core bank's newest figures: it hangs on this
    pack. Zero or below where nothing does.
    """  # fmt: skip
    today = reviews.today_of(pack, now)
    client = getattr(pack.company, "client", None)
    if client is None:
        return Decimal(0)
    _limits, drawn = core_bank.limits_of([client.pk], on=today).get(client.pk, (Decimal(0), Decimal(0)))
    holder = exposure.Holder.of(pack.company)
    lines = exposure.exposure_of(holder, jurisdiction=pack.jurisdiction, on=today).lines if drawn else []
    return drawn - sum((row.amount for row in lines if row.stands == "live" and row.pack.company_id == pack.company_id
                        and row.pack.pk != pack.pk), Decimal(0))  # fmt: skip


def administrators(now: dt.datetime) -> list[int]:
    """Who holds a post in credit administration now."""
    holding = Q(posts__role=Role.CAD, posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    return list(User.objects.filter(holding, is_active=True).values_list("pk", flat=True).distinct())
