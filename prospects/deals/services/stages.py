"""Moving a deal: forward when its criteria are shown, backward with a reason, out as lost or to nurture, and back in (domain 2.3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.clients.services import change_status, open_client
from crm.companies.choices import CoverageKind
from crm.companies.services import add_contact, add_identifier, end_coverage, record_consent, take_on
from crm.kernel.errors import RuleBroken
from crm.kernel.wording import listed
from crm.kernel.workflow import check_transition
from prospects.deals.choices import (
    ADVANCES,
    BACKWARD,
    LADDER,
    LOSSES,
    NURTURES,
    REOPENINGS,
    DealEventKind,
    DealKind,
    LostReason,
    Stage,
)
from prospects.deals.models import Deal
from prospects.deals.permissions import can_reopen_deal, can_update_deal
from prospects.deals.rules import COLUMNS, STATED, Answers, Loss, reaches_client
from prospects.deals.selectors import CheckLine, Checklist, local_day, stale_after
from prospects.deals.services.evidence import write_statement
from prospects.deals.services.ownership import is_lead, owning_post, protect, require_room
from prospects.deals.services.traces import drop_all_items, fill, line, locked_deal, plan_next_step, tell, wrong

_PLACE = ("stage", "stage_since", "stale_on", "qualified_at", "protected_until", "resume_stage", "closed_at", "version")


@dataclass(frozen=True, slots=True)
class Advance:
    """What came of asking for a later stage: moved, or what was stated and waits for its second pair of eyes."""

    deal: Deal
    waiting: tuple[CheckLine, ...] = ()

    @property
    def moved(self) -> bool:
        """The deal is in the stage asked for."""
        return not self.waiting

    def get_absolute_url(self) -> str:
        """The deal's page."""
        return self.deal.get_absolute_url()


@transaction.atomic
def advance(*, deal_id: int, to_stage: str, actor: Any, now: dt.datetime, answers: Answers | None = None) -> Advance:
    """Move a deal to a later stage, filling in the same step what is still missing. Skipped stages ask for theirs too (domain 2.3).

    RuleBroken (code `criteria_missing`, a sentence per field) where something is not shown; nothing is kept then. Where all that lacks is
    somebody's confirmation, what was given is kept, the deal stays, and `Advance.waiting` says for what. Leaving S6 makes the client;
    reaching S8 closes the deal as won. InvalidTransition for a stage that does not lie ahead.
    """
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    check_transition(ADVANCES, deal.stage, to_stage)
    changed = _take_answers(deal, answers or Answers(), actor=actor, now=now)
    lines = Checklist(deal, on=local_day(deal.centre, now)).missing(to_stage)
    _require_shown(lines, to_stage)
    if changed:
        deal.version += 1
        deal.record(actor=actor, fields=[*changed, "version"])
    if lines:
        return Advance(deal, tuple(lines))
    source = deal.stage
    if deal.kind == DealKind.NEW and reaches_client(source, to_stage):
        _make_client(deal, actor=actor, now=now)
    _enter(deal, Stage(to_stage), now=now)
    if LADDER.index(Stage(source)) < LADDER.index(Stage.PROPOSAL) <= LADDER.index(Stage(to_stage)):
        protect(deal, active_on=local_day(deal.centre, now))
    deal.record(actor=actor, fields=[*_PLACE])
    tell(deal, DealEventKind.ADVANCED, actor=actor, now=now, from_stage=source)
    if deal.stage == Stage.WON:
        _win(deal, actor=actor, now=now)
    return Advance(deal)


def _take_answers(deal: Deal, answers: Answers, *, actor: Any, now: dt.datetime) -> list[str]:
    """Write what was given with the move. Returns the deal's columns that changed and are not saved yet."""
    if answers.identifier is not None:
        add_identifier(company_id=deal.company_id, identifier=answers.identifier, actor=actor, now=now)
    values = dict(answers.values)
    if answers.contact:
        values["decision_maker"] = add_contact(
            company_id=deal.company_id, facts={"is_decision_maker": True, **answers.contact}, actor=actor, now=now
        )
    changed = fill(deal, values, actor=actor, today=local_day(deal.centre, now))
    if answers.consent is not None and deal.decision_maker is not None:
        basis, on = answers.consent
        deal.decision_maker = record_consent(contact_id=deal.decision_maker.pk, basis=basis, on=on, actor=actor, now=now)
    for criterion, statement in answers.statements.items():
        write_statement(deal, criterion, statement, actor=actor, now=now)
    return changed


def _require_shown(lines: Sequence[CheckLine], to_stage: str) -> None:
    lacking = [found for found in lines if not found.waits]
    if lacking:
        names = listed(found.criterion.label for found in lacking)
        sentence = _("Before “%(stage)s” this is still needed: %(criteria)s.") % {"stage": Stage(to_stage).label, "criteria": names}
        fields = {_field(found): found.evidence.declined_because if found.evidence else _("Still needed.") for found in lacking}
        raise RuleBroken(sentence, code="criteria_missing", fields=fields)


def _field(found: CheckLine) -> str:
    return f"{found.criterion}_text" if found.criterion in STATED else COLUMNS.get(found.criterion, str(found.criterion))


def _make_client(deal: Deal, *, actor: Any, now: dt.datetime) -> None:
    """The account is opened or the credit decided: the company becomes a client of the deal's owner. No visit, contact or deal moves."""
    held = Client.objects.filter(company_id=deal.company_id).exclude(status=ClientStatus.CLOSED).exists()
    if not held:
        risk: dict[str, Any] = {"kyc_risk": deal.kyc_prescore} if deal.kyc_prescore else {}
        open_client(company_id=deal.company_id, post=owning_post(deal.owner), actor=actor, now=now, **risk)
    end_coverage(company=deal.company, kind=CoverageKind.PROSPECT, actor=actor, now=now)


def _win(deal: Deal, *, actor: Any, now: dt.datetime) -> None:
    """The first income came: nothing is left to do for the deal, and a client whose accounts were being opened is active."""
    drop_all_items(deal, actor=actor, now=now)
    client = Client.objects.filter(company_id=deal.company_id, status=ClientStatus.ONBOARDING).first()
    if client is not None:
        change_status(client_id=client.pk, status=ClientStatus.ACTIVE, reason=str(Stage.WON.label), actor=actor, now=now)


def _enter(deal: Deal, stage: Stage, *, now: dt.datetime) -> None:
    """Put a deal into a stage: since when, until when unflagged, open or over. Saves nothing."""
    deal.stage, deal.stage_since = stage, now
    deal.stale_on = stale_after(stage, since=local_day(deal.centre, now), centre=deal.centre)
    deal.closed_at = now if stage in (Stage.WON, Stage.LOST) else None
    if stage in LADDER and LADDER.index(stage) >= LADDER.index(Stage.QUALIFIED) and deal.qualified_at is None:
        deal.qualified_at = now
    deal.version += 1


def _require_room_for_lead(deal: Deal, *, now: dt.datetime) -> None:
    """The deal comes back among the leads that the cap counts."""
    require_room(deal.owner, post=owning_post(deal.owner), on=local_day(deal.centre, now))


@transaction.atomic
def move_back(*, deal_id: int, to_stage: str, reason: str, actor: Any, now: dt.datetime) -> Deal:
    """Move a deal to an earlier stage. RuleBroken without a reason, or where it would be one lead more than the cap."""
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    check_transition(BACKWARD, deal.stage, to_stage)
    why, source, was_lead = line(reason, field="reason", needed=_("Say why it moves back.")), deal.stage, is_lead(deal)
    _enter(deal, Stage(to_stage), now=now)
    if is_lead(deal) and not was_lead:
        _require_room_for_lead(deal, now=now)
    deal.record(actor=actor, reason=why, fields=[*_PLACE])
    tell(deal, DealEventKind.MOVED_BACK, actor=actor, now=now, from_stage=source, reason=why)
    return deal


@transaction.atomic
def nurture(*, deal_id: int, reason: str, actor: Any, now: dt.datetime) -> Deal:
    """No need now: keep in touch at least every 90 days (domain 2.3). It comes back to the stage that it left."""
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    check_transition(NURTURES, deal.stage, Stage.NURTURE)
    why, source, was_lead = line(reason, field="reason", needed=_("Say why there is no need now.")), deal.stage, is_lead(deal)
    _enter(deal, Stage.NURTURE, now=now)
    deal.resume_stage = source
    if is_lead(deal) and not was_lead:
        _require_room_for_lead(deal, now=now)
    deal.record(actor=actor, reason=why, fields=[*_PLACE])
    tell(deal, DealEventKind.NURTURED, actor=actor, now=now, from_stage=source, reason=why)
    return deal


@transaction.atomic
def lose(*, deal_id: int, loss: Loss, actor: Any, now: dt.datetime) -> Deal:
    """It is lost: why, to whom, at what price gap, and when to look again (by default after the policy's 180 days, domain 2.3).

    The company is free for others; what is a client already stays one. RuleBroken for no reason or a revisit that is not to come.
    """
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    check_transition(LOSSES, deal.stage, Stage.LOST)
    today, source = local_day(deal.centre, now), deal.stage
    if loss.reason not in LostReason.values:
        raise wrong("reason", _("Say why it is lost."))
    if loss.revisit_on is not None and loss.revisit_on <= today:
        raise wrong("revisit_on", _("Pick a day that is still to come."))
    note = line(loss.note, field="note")
    _enter(deal, Stage.LOST, now=now)
    deal.resume_stage = source
    deal.lost_reason, deal.competitor = loss.reason, line(loss.competitor, field="competitor")[:120]
    deal.price_gap_bps, deal.revisit_on = loss.price_gap_bps, loss.revisit_on or deal.stale_on
    deal.record(actor=actor, reason=note, fields=[*_PLACE, "lost_reason", "competitor", "price_gap_bps", "revisit_on"])
    if deal.kind == DealKind.NEW:
        end_coverage(company=deal.company, kind=CoverageKind.PROSPECT, actor=actor, now=now)
    facts = {
        "lost_reason": loss.reason,
        "competitor": deal.competitor,
        "price_gap_bps": loss.price_gap_bps,
        "revisit_on": str(deal.revisit_on),
    }
    tell(deal, DealEventKind.LOST, actor=actor, now=now, from_stage=source, reason=note, facts=facts)
    drop_all_items(deal, actor=actor, now=now)
    return deal


@transaction.atomic
def reopen(*, deal_id: int, reason: str, actor: Any, now: dt.datetime) -> Deal:
    """Take up again: a nurtured deal in the stage that it left, a lost one as a lead, under the cap and where the company is still free.

    RuleBroken without a reason, where somebody looks after the company by now (code `owned`), or for a full owner (`lead_cap`).
    """
    deal = locked_deal(deal_id, actor=actor)
    can_reopen_deal(user=actor, deal=deal).require()
    target = Stage(deal.resume_stage or Stage.LEAD) if deal.stage == Stage.NURTURE else Stage.LEAD
    check_transition(REOPENINGS, deal.stage, target)
    why, source = line(reason, field="reason", needed=_("Say why it is taken up again.")), deal.stage
    if source == Stage.LOST:
        _take_up_lost(deal, actor=actor, now=now)
    _enter(deal, target, now=now)
    deal.resume_stage = ""
    if source == Stage.LOST:
        protect(deal, active_on=local_day(deal.centre, now))
    lost = ["lost_reason", "competitor", "price_gap_bps", "revisit_on", "opened_at", "qualified_at"]
    deal.record(actor=actor, reason=why, fields=[*_PLACE, *lost])
    tell(deal, DealEventKind.REOPENED, actor=actor, now=now, from_stage=source, reason=why)
    plan_next_step(deal, actor=actor, now=now)
    return deal


def _take_up_lost(deal: Deal, *, actor: Any, now: dt.datetime) -> None:
    """Coverage and room for a lost deal of a new client; its protection begins anew."""
    if deal.kind == DealKind.NEW:
        if deal.company.coverage.current().exists():
            raise RuleBroken(_("This company is looked after by now. Ask your team head."), code="owned")
        _require_room_for_lead(deal, now=now)
        take_on(company=deal.company, kind=CoverageKind.PROSPECT, post=owning_post(deal.owner), actor=actor, now=now)
    deal.lost_reason, deal.competitor, deal.price_gap_bps, deal.revisit_on = "", "", None, None
    deal.opened_at, deal.qualified_at = now, None
