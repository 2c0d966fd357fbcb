"""What shows that a criterion is met: stated by one, and where four eyes are asked for confirmed by another."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.worklist import WorkState
from prospects.deals.choices import Criterion, DealEventKind
from prospects.deals.models import Deal, Evidence
from prospects.deals.permissions import can_confirm_evidence, can_update_deal
from prospects.deals.rules import FOUR_EYES, STATED, Statement
from prospects.deals.selectors import local_day
from prospects.deals.services.traces import EVIDENCE_SUBJECT, ask_confirmation, drop_items, line, locked_deal, tell, wrong


@transaction.atomic
def state_evidence(*, deal_id: int, criterion: str, statement: Statement, actor: Any, now: dt.datetime) -> Evidence:
    """State with a date what shows a criterion; the same criterion again replaces what was stated and not yet confirmed.

    Where four eyes are asked for, the team head gets a work item. RuleBroken: a criterion that is not stated, no words, a day to come.
    InvalidTransition where it is confirmed already.
    """
    deal = locked_deal(deal_id, actor=actor)
    can_update_deal(user=actor, deal=deal).require()
    return write_statement(deal, criterion, statement, actor=actor, now=now)


def write_statement(deal: Deal, criterion: str, statement: Statement, *, actor: Any, now: dt.datetime) -> Evidence:
    """The statement on a locked deal, whose permission the caller has checked."""
    if criterion not in STATED:
        raise RuleBroken(_("This is read from the prospect itself, not stated."), code="not_stated")
    words = line(statement.text, field=f"{criterion}_text", needed=_("Say what shows it."))
    if statement.on > local_day(deal.centre, now):
        raise wrong(f"{criterion}_on", _("This day is still to come."))
    evidence = Evidence.objects.select_for_update(of=("self",)).filter(deal=deal, criterion=criterion).first()
    evidence = evidence or Evidence(deal=deal, criterion=Criterion(criterion))
    if evidence.confirmed_at is not None:
        raise InvalidTransition(_("This is confirmed already."))
    evidence.deal = deal
    evidence.statement, evidence.dated_on, evidence.declined_because = words, statement.on, ""
    evidence.stated_by, evidence.stated_at = actor, now
    evidence.record(actor=actor)
    tell(deal, DealEventKind.STATED, actor=actor, now=now, reason=words, facts={"criterion": str(criterion), "on": str(statement.on)})
    if criterion in FOUR_EYES:
        ask_confirmation(evidence, actor=actor, now=now)
    return evidence


@transaction.atomic
def confirm_evidence(*, evidence_id: int, actor: Any, now: dt.datetime) -> Evidence:
    """The second pair of eyes: it is so. NotAllowed for who stated it and for who heads neither team nor centre (domain 2.3)."""
    evidence = _waiting(evidence_id, actor)
    evidence.confirmed_by, evidence.confirmed_at = actor, now
    evidence.record(actor=actor, fields=["confirmed_by", "confirmed_at"])
    return _answered(evidence, DealEventKind.CONFIRMED, actor=actor, now=now)


@transaction.atomic
def decline_evidence(*, evidence_id: int, reason: str, actor: Any, now: dt.datetime) -> Evidence:
    """The second pair of eyes: this does not show it, because. The owner may state it anew."""
    evidence = _waiting(evidence_id, actor)
    evidence.declined_because = line(reason, field="reason", needed=_("Say why."))
    evidence.record(actor=actor, reason=evidence.declined_because, fields=["declined_because"])
    return _answered(evidence, DealEventKind.DECLINED, actor=actor, now=now)


def _waiting(evidence_id: int, actor: Any) -> Evidence:
    rows = Evidence.objects.visible_to(actor)
    # The deal before its evidence, as where it is stated; what is read of the two is read once both are held.
    deal = locked_deal(rows.get(pk=evidence_id).deal_id, actor=actor)
    evidence = rows.select_for_update(of=("self",)).get(pk=evidence_id)
    evidence.deal = deal
    can_confirm_evidence(user=actor, evidence=evidence).require()
    if evidence.criterion not in FOUR_EYES or evidence.confirmed_at is not None or evidence.declined_because or not evidence.deal.is_open:
        raise InvalidTransition(_("This waits for nobody any more."))
    return evidence


def _answered(evidence: Evidence, kind: DealEventKind, *, actor: Any, now: dt.datetime) -> Evidence:
    facts = {"criterion": evidence.criterion, "stated_by": evidence.stated_by_id}
    tell(evidence.deal, kind, actor=actor, now=now, reason=evidence.declined_because, facts=facts)
    drop_items(EVIDENCE_SUBJECT, [evidence.pk], actor=actor, now=now, state=WorkState.DONE)
    return evidence
