"""Deals of the demo bank in every stage, with the events and evidence that brought them there."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crm.companies.choices import ConsentBasis, CoverageKind
from crm.companies.models import Contact, Coverage
from crm.demo import reading
from crm.demo.seeds.bank import Bank, insert, keep
from crm.demo.seeds.notes import SCRIPTS
from crm.demo.seeds.pursuits import Pursuit, Step
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.visits.choices import WorkKindName
from crm.visits.models import Visit
from crm.visits.rules import closing_time
from prospects.deals import rules
from prospects.deals.choices import CLOSED_STAGES, LADDER, OPEN_STAGES, Criterion, DealEventKind, DealWork, Stage
from prospects.deals.models import Deal, DealEvent, Evidence
from prospects.deals.selectors import stale_after
from prospects.deals.services.traces import EVIDENCE_SUBJECT, SUBJECT

_WAITING_FOR_A_SECOND_PERSON = 0.4
_HAS_A_NEXT_STEP = 0.7
_OPENED_AT, _MOVED_AT = (9, 30), (16, 0)
_KYC_PRESCORES = ("low", "low", "medium", "medium", "high")


def plant(bank: Bank) -> None:
    """Deals with coverage of the open new ones, what was stated and confirmed, their events, and what is to be done about them."""
    words = reading.toml("deals.toml")
    seen = _last_contacts(bank)
    busy = set(WorkItem.objects.open().filter(kind=WorkKindName.TASK).values_list("company_id", flat=True))
    deals = keep(Deal, (_deal(bank, pursuit, words, seen, busy) for pursuit in bank.pursuits))
    pairs = list(zip(bank.pursuits, deals, strict=True))
    insert(Coverage, (_coverage(bank, pursuit, deal) for pursuit, deal in pairs if pursuit.is_new))
    evidence = keep(Evidence, (stated for pursuit, deal in pairs for stated in _evidence(bank, pursuit, deal, words)))
    course = [event for pursuit, deal in pairs for event in _events(bank, pursuit, deal, words)]
    insert(DealEvent, sorted([*course, *_events_of_evidence(bank, evidence)], key=lambda event: event.at))
    insert(TimelineRow, (_shown(event) for event in course))
    insert(WorkItem, [*_next_steps(bank, pairs), *_confirmations(evidence)])


def _last_contacts(bank: Bank) -> dict[int, dt.datetime]:
    """When somebody of each company was last spoken to."""
    visits = Visit.objects.filter(company__in=bank.companies.values()).reached().order_by("at")
    return {visit.company_id: visit.at for visit in visits.only("company_id", "at")}


def _deal(bank: Bank, pursuit: Pursuit, words: dict[str, Any], seen: dict[int, dt.datetime], busy: set[int]) -> Deal:
    facts, company, script = pursuit.facts, bank.companies[pursuit.company], SCRIPTS[bank.people[pursuit.owner].language]
    opened, entered = pursuit.steps[0].day, pursuit.steps[-1].day
    last = seen.get(company.pk)
    if last and last < bank.at(opened, *_OPENED_AT):
        last = None
    counts_from = last.date() if last and pursuit.stage == Stage.NURTURE else entered
    qualified_on = pursuit.day_of(Stage.QUALIFIED)
    return Deal(
        company=company,
        sort_key=company.sort_key,
        kind=pursuit.kind,
        stage=pursuit.stage,
        stage_since=bank.at(entered, *(_MOVED_AT if pursuit.passed else _OPENED_AT)),
        stale_on=stale_after(pursuit.stage, since=counts_from, centre=bank.centre_of(pursuit.owner)),
        resume_stage=pursuit.reached if pursuit.stage in {Stage.NURTURE, Stage.LOST} else "",
        source=facts["source"],
        source_detail=_source_detail(bank, pursuit, words, script),
        currency=facts["currency"],
        amount=Decimal(facts["amount"]),
        expected_income=Decimal(facts["income"]),
        protected_until=_protected_until(bank, pursuit, last),
        last_activity_at=last,
        qualified_at=bank.at(qualified_on, *_MOVED_AT) if qualified_on else None,
        opened_at=bank.at(opened, *_OPENED_AT),
        closed_at=bank.at(entered, *_MOVED_AT) if pursuit.stage in CLOSED_STAGES else None,
        created_by=bank.people[pursuit.owner],
        **_known(bank, pursuit, words, script),
        **_lost(bank, pursuit),
        **({} if company.pk in busy else _next_step(bank, pursuit, words, script)),
        **bank.owned_by(pursuit.owner),
    )


def _known(bank: Bank, pursuit: Pursuit, words: dict[str, Any], script: str) -> dict[str, Any]:
    """What the stages left behind asked for."""
    reached = LADDER.index(pursuit.reached)
    known: dict[str, Any] = {}
    if reached >= LADDER.index(Stage.CONTACTED):
        known["need"] = words["need"][pursuit.facts["need"]][script]
    if reached >= LADDER.index(Stage.MET):
        industry = reading.toml("industries.toml")[bank.industries[pursuit.company]]
        known["decision_maker"] = _decision_maker(bank, pursuit)
        known["business"] = f"{industry[script]}: {industry['goods'][script]}"
        known["banks_used"] = bank.pick(reading.toml("visits/phrases.toml")["banks_used"][script])
        known["size"] = words["size"][script].format(staff=bank.headcounts[pursuit.company])
    if reached >= LADDER.index(Stage.QUALIFIED):
        known["kyc_prescore"] = bank.pick(_KYC_PRESCORES)
    return known


def _decision_maker(bank: Bank, pursuit: Pursuit) -> Contact | None:
    people = bank.contacts[pursuit.company]
    agreed = [person for person in people if person.consent_basis != ConsentBasis.NONE]
    return next((person for person in agreed if person.is_decision_maker), agreed[0] if agreed else None)


def _next_step(bank: Bank, pursuit: Pursuit, words: dict[str, Any], script: str) -> dict[str, Any]:
    """What the owner means to do next, for most open pursuits; due within two weeks, now and then a few days ago."""
    if pursuit.stage not in OPEN_STAGES or str(pursuit.stage) not in words["next"] or bank.dice.random() > _HAS_A_NEXT_STEP:
        return {}
    day = bank.calendar(pursuit.owner).add_working_days(bank.today, bank.dice.choice((-2, -1, 1, 2, 3, 4, 5, 7, 9)))
    return {"next_step": bank.pick(words["next"][str(pursuit.stage)][script]), "next_step_on": day}


def _lost(bank: Bank, pursuit: Pursuit) -> dict[str, Any]:
    facts = pursuit.facts
    if pursuit.stage != Stage.LOST:
        return {}
    months = policy.table("deals.max_age_days", jurisdiction="", on=bank.today)[Stage.LOST]
    return {
        "lost_reason": facts["lost_reason"],
        "competitor": facts["competitor"],
        "price_gap_bps": int(facts["price_gap_bp"]) if facts["price_gap_bp"] else None,
        "revisit_on": pursuit.steps[-1].day + dt.timedelta(days=int(months)),
    }


def _source_detail(bank: Bank, pursuit: Pursuit, words: dict[str, Any], script: str) -> str:
    return str(bank.pick(words["source"][pursuit.facts["source"]][script]))


def _protected_until(bank: Bank, pursuit: Pursuit, last: dt.datetime | None) -> dt.date:
    opened = pursuit.steps[0].day
    figures = policy.table("deals.protection", jurisdiction="", on=bank.today)
    return rules.protected_until(
        opened_on=opened,
        active_on=max(opened, last.date()) if last else opened,
        qualified=pursuit.day_of(Stage.QUALIFIED) is not None,
        days=int(figures["days"]),
        months_unqualified=int(figures["months_unqualified"]),
    )


def _coverage(bank: Bank, pursuit: Pursuit, deal: Deal) -> Coverage:
    """Who pursues the company; ended where it became a client or was lost."""
    client = bank.clients.get(pursuit.company)
    until = bank.at(client.opened_on, 10) if client else deal.closed_at
    return Coverage(
        company=deal.company,
        kind=CoverageKind.PROSPECT,
        post=bank.posts[pursuit.owner],
        from_at=deal.opened_at,
        to_at=until,
        **bank.owned_by(pursuit.owner),
    )


def _events(bank: Bank, pursuit: Pursuit, deal: Deal, words: dict[str, Any]) -> Iterator[DealEvent]:
    script = SCRIPTS[bank.people[pursuit.owner].language]
    common = {"deal": deal, "actor": deal.owner, "post": bank.posts[pursuit.owner]}
    first = pursuit.steps[0]
    facts = {"source": deal.source}
    yield DealEvent(kind=DealEventKind.OPENED, to_stage=first.stage, at=deal.opened_at, facts=facts, **common)
    before = first.stage
    for step in pursuit.steps[1:]:
        note = bank.pick(words["stage"][str(step.stage)][script])
        yield DealEvent(
            kind=_kind_of(step), from_stage=before, to_stage=step.stage, at=bank.at(step.day, *_MOVED_AT), reason=note, **common
        )
        before = step.stage


def _kind_of(step: Step) -> DealEventKind:
    return {Stage.LOST: DealEventKind.LOST, Stage.NURTURE: DealEventKind.NURTURED}.get(step.stage, DealEventKind.ADVANCED)


def _evidence(bank: Bank, pursuit: Pursuit, deal: Deal, words: dict[str, Any]) -> Iterator[Evidence]:
    """What was stated to leave each stage, confirmed by the team head where two must see it; now and then one that still waits."""
    for step in pursuit.steps:
        if step.stage not in rules.CRITERIA:
            continue
        left = step.stage != pursuit.stage
        for criterion in rules.criteria_of(step.stage, credit_free=False):
            if criterion not in rules.STATED or criterion == Criterion.ATTEMPT:
                continue
            waits = not left and criterion in rules.FOUR_EYES and bank.dice.random() < _WAITING_FOR_A_SECOND_PERSON
            if left or waits:
                yield _stated(bank, pursuit, deal, step, criterion, words, confirmed=left)


def _events_of_evidence(bank: Bank, evidence: list[Evidence]) -> Iterator[DealEvent]:
    for row in evidence:
        about: dict[str, Any] = {"criterion": row.criterion}
        stated = {"at": row.stated_at, "actor": row.stated_by, "post": bank.posts[row.stated_by.username], "reason": row.statement}
        yield DealEvent(deal=row.deal, kind=DealEventKind.STATED, facts=about | {"on": str(row.dated_on)}, **stated)
        if row.confirmed_by and row.confirmed_at:
            confirmed = {"at": row.confirmed_at, "actor": row.confirmed_by, "post": bank.posts[row.confirmed_by.username]}
            yield DealEvent(deal=row.deal, kind=DealEventKind.CONFIRMED, facts=about | {"stated_by": row.stated_by_id}, **confirmed)


def _shown(event: DealEvent) -> TimelineRow:
    deal = event.deal
    return TimelineRow(
        company_id=deal.company_id,
        kind=f"deal_{event.kind}",
        at=event.at,
        actor_id=event.actor_id,
        owner_id=deal.owner_id,
        team_id=deal.team_id,
        centre_id=deal.centre_id,
        title=event.reason or deal.need or deal.source_detail,
        facts={"from": str(event.from_stage), "to": str(event.to_stage), **event.facts},
        subject_type=SUBJECT,
        subject_id=deal.pk,
    )


def _next_steps(bank: Bank, pairs: list[tuple[Pursuit, Deal]]) -> Iterator[WorkItem]:
    for pursuit, deal in pairs:
        if deal.next_step_on:
            yield WorkItem(
                kind=DealWork.NEXT_STEP,
                title=deal.next_step,
                company_id=deal.company_id,
                assignee=deal.owner,
                due_at=closing_time(deal.next_step_on, bank.calendar(pursuit.owner)),
                subject_type=SUBJECT,
                subject_id=deal.pk,
                created_by=deal.owner,
            )


def _confirmations(evidence: list[Evidence]) -> Iterator[WorkItem]:
    """What the team heads are asked to confirm."""
    for row in evidence:
        if row.criterion in rules.FOUR_EYES and row.confirmed_at is None:
            yield WorkItem(
                kind=DealWork.CONFIRM,
                title=row.statement,
                company_id=row.deal.company_id,
                unit_id=row.deal.team_id,
                role=Role.TH,
                subject_type=EVIDENCE_SUBJECT,
                subject_id=row.pk,
                created_by=row.stated_by,
            )


def _stated(
    bank: Bank, pursuit: Pursuit, deal: Deal, step: Step, criterion: Criterion, words: dict[str, Any], *, confirmed: bool
) -> Evidence:
    owner = bank.people[pursuit.owner]
    stated_at = bank.at(step.day, 17)
    by_two = confirmed and criterion in rules.FOUR_EYES
    return Evidence(
        deal=deal,
        criterion=criterion,
        statement=words["statement"][str(criterion)][SCRIPTS[owner.language]],
        dated_on=step.day,
        stated_by=owner,
        stated_at=stated_at,
        confirmed_by=bank.head_of(owner.username) if by_two else None,
        confirmed_at=stated_at + dt.timedelta(hours=bank.dice.randint(1, 40)) if by_two else None,
    )
