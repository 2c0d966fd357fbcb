"""How services load a deal, read what was typed, and what an operation leaves: event, timeline row, work items."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Contact
from crm.companies.rules import one_line
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import Role
from crm.staff.selectors import working_calendar
from crm.visits.rules import closing_time, forbidden_word
from prospects.deals.choices import DealEventKind, DealWork
from prospects.deals.models import Deal, DealEvent, Evidence
from prospects.deals.rules import EDITABLE
from prospects.deals.selectors import local_day

SUBJECT, EVIDENCE_SUBJECT = "deals.deal", "deals.evidence"
LINE_LIMIT = 300

# What a company's timeline tells of a deal; the rest stands in the deal's own history.
_TOLD = {
    DealEventKind.OPENED,
    DealEventKind.ADVANCED,
    DealEventKind.MOVED_BACK,
    DealEventKind.LOST,
    DealEventKind.NURTURED,
    DealEventKind.REOPENED,
    DealEventKind.ASSIGNED,
}


def locked_deal(deal_id: int, *, actor: Any) -> Deal:
    """The deal, locked, among those that the actor may see. Deal.DoesNotExist where hidden or missing.

    Locked without joins: PostgreSQL tests a row that it waited for again, against the joined rows of before, and a deal whose owner
    changed meanwhile would be gone.
    """
    locked = Deal.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=deal_id)
    return Deal.objects.select_related("company", "owner", "team", "centre", "decision_maker").get(pk=locked.pk)


def wrong(field: str, sentence: Sentence, *, code: str = RuleBroken.code) -> RuleBroken:
    """A refusal that stands beside one field of the form."""
    return RuleBroken(sentence, code=code, fields={field: sentence})


def line(text: str, *, field: str, needed: Sentence = "") -> str:
    """A typed line, tidied. RuleBroken where it is `needed` and empty, too long, or speaks of class T (domain 1.3)."""
    words = one_line(text)
    if needed and not words:
        raise wrong(field, needed)
    if len(words) > LINE_LIMIT:
        raise wrong(field, _("This is longer than %(limit)s characters.") % {"limit": LINE_LIMIT})
    if forbidden_word(words):
        raise wrong(field, _("This must not stand here. Speak to Compliance."))
    return words


def fill(deal: Deal, values: Mapping[str, Any], *, actor: Any, today: dt.date) -> list[str]:
    """Set columns of `EDITABLE`, check them, and return the names of those that changed. RuleBroken with a sentence for each wrong one.

    `today` in the deal's centre: a next step is set for it or later; one that has become late may stay.
    """
    changed: list[str] = []
    refused: dict[str, Sentence] = {}
    for name, given in values.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is not a column that a person writes")
        before = getattr(deal, name)
        try:
            value = _contact(deal, given, actor) if name == "decision_maker" else _cleaned(deal, name, given)
        except ValidationError as error:
            refused[name] = " ".join(error.messages)
        except RuleBroken as error:
            refused |= error.fields
        else:
            setattr(deal, name, value)
            changed += [name] if value != before else []
    if deal.next_step and deal.next_step_on is None:
        refused["next_step_on"] = _("By when? A next step needs a day.")
    elif "next_step_on" in changed and deal.next_step_on and deal.next_step_on < today:
        refused["next_step_on"] = _("This day is over. Pick today or a later one.")
    if deal.next_step_on and not deal.next_step:
        refused["next_step"] = _("What is the next step that falls on this day?")
    if refused:
        raise RuleBroken(next(iter(refused.values())), code="invalid", fields=refused)
    return changed


def _cleaned(deal: Deal, name: str, given: Any) -> Any:
    field: Any = deal._meta.get_field(name)
    return field.clean(line(given, field=name) if isinstance(given, str) else given, deal)


def _contact(deal: Deal, given: Any, actor: Any) -> Contact | None:
    """A person of the deal's company, by id or as loaded."""
    if given is None:
        return None
    found = Contact.objects.visible_to(actor).filter(company=deal.company_id, left_on=None, pk=getattr(given, "pk", given)).first()
    if found is None:
        raise wrong("decision_maker", _("Pick a person of this company."))
    return found


def tell(
    deal: Deal,
    kind: DealEventKind,
    *,
    actor: Any,
    now: dt.datetime,
    from_stage: str = "",
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> DealEvent:
    """Write what happened: the deal's event, and for the steps of its course a row on the company's timeline."""
    to_stage = deal.stage if from_stage or kind == DealEventKind.OPENED else ""
    event = DealEvent.objects.create(
        deal=deal,
        kind=kind,
        from_stage=from_stage,
        to_stage=to_stage,
        reason=reason,
        facts=facts or {},
        at=now,
        actor=actor,
        post=actor.actor.post() if actor else None,
    )
    if kind in _TOLD:
        TimelineRow.objects.create(
            company_id=deal.company_id,
            kind=f"deal_{kind}",
            at=now,
            actor=actor,
            owner_id=deal.owner_id,
            team_id=deal.team_id,
            centre_id=deal.centre_id,
            title=_title(deal, from_stage, to_stage, reason),
            facts={"from": from_stage, "to": to_stage} | (facts or {}),
            subject_type=SUBJECT,
            subject_id=deal.pk,
        )
    return event


def _title(deal: Deal, from_stage: str, to_stage: str, reason: str) -> str:
    """In codes and in what somebody wrote, for a row is read in three languages: "S1 → S2: The CFO left"."""
    moved = f"{from_stage} → {to_stage}" if from_stage and to_stage else ""
    return ": ".join(filter(None, (moved, reason or ("" if moved else deal.need))))


def plan_next_step(deal: Deal, *, actor: Any, now: dt.datetime) -> None:
    """The deal's next step as one open work item of its owner; none where there is no next step."""
    drop_items(SUBJECT, [deal.pk], actor=actor, now=now)
    if not (deal.next_step and deal.next_step_on and deal.is_open and deal.centre):
        return
    calendar = working_calendar(deal.centre, on=local_day(deal.centre, now))
    WorkItem.objects.create(
        kind=DealWork.NEXT_STEP,
        title=deal.next_step,
        company_id=deal.company_id,
        assignee_id=deal.owner_id,
        due_at=closing_time(deal.next_step_on, calendar),
        subject_type=SUBJECT,
        subject_id=deal.pk,
        created_by=actor,
    )


def ask_confirmation(evidence: Evidence, *, actor: Any, now: dt.datetime) -> None:
    """Ask the team head to confirm what was stated; the centre head where the team head stated it."""
    deal = evidence.deal
    by_head = actor.actor.has_role(Role.TH, Role.RCH)
    drop_items(EVIDENCE_SUBJECT, [evidence.pk], actor=actor, now=now)
    WorkItem.objects.create(
        kind=DealWork.CONFIRM,
        title=evidence.statement,
        company_id=deal.company_id,
        unit_id=deal.centre_id if by_head else deal.team_id,
        role=Role.RCH if by_head else Role.TH,
        subject_type=EVIDENCE_SUBJECT,
        subject_id=evidence.pk,
        created_by=actor,
    )


def drop_items(subject: str, ids: list[int], *, actor: Any, now: dt.datetime, state: WorkState = WorkState.DROPPED) -> None:
    """Close what was to be done about these records."""
    WorkItem.objects.open().filter(subject_type=subject, subject_id__in=ids).update(state=state, closed_at=now, closed_by=actor)


def drop_all_items(deal: Deal, *, actor: Any, now: dt.datetime) -> None:
    """Nothing is to be done about a deal that is over, nor about what was stated of it."""
    drop_items(SUBJECT, [deal.pk], actor=actor, now=now)
    drop_items(EVIDENCE_SUBJECT, list(deal.evidence.values_list("pk", flat=True)), actor=actor, now=now)
