"""Planning visits: they stand on Today until they are logged or cancelled."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem
from crm.visits import permissions, rules
from crm.visits.choices import PLAN_TEXTS, VISIT_TRANSITIONS, PlaceKind, Purpose, VisitKind, VisitState, WorkKindName
from crm.visits.models import BankAttendee, Visit
from crm.visits.rules import Preparation
from crm.visits.services import traces
from crm.visits.services.elsewhere import note_centre
from crm.visits.services.findable import tell_search

NOTHING = Preparation()
_REPLANNED = ("planned_at", "objective", "place", "purpose", "lead", *PLAN_TEXTS)


def _check_plan(
    *, planned_at: dt.datetime, now: dt.datetime, objective: str, kind: str, purpose: str, place: str, prepared: Mapping[str, str]
) -> None:
    wrong: dict[str, Sentence] = {}
    if planned_at <= now:
        wrong["planned_at"] = _("Pick a time that is still to come.")
    if not objective:
        wrong["objective"] = _("What is the visit for? An objective is set beforehand.")
    if kind not in VisitKind.values or purpose not in ("", *Purpose.values) or place not in ("", *PlaceKind.values):
        wrong["kind"] = _("Pick one of the choices.")
    wrong.update(rules.wrong_texts({"objective": objective, **prepared}))
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), fields=wrong)


def _leader(lead_id: int | None, *, owner: Any, going: Sequence[Any]) -> Any:
    """Who leads, None for the owner. RuleBroken for somebody who does not go."""
    if lead_id is None or lead_id == owner.pk:
        return None
    found = next((colleague for colleague in going if colleague.pk == lead_id), None)
    if found is None:
        sentence = _("Who leads has to go along. Tick them among the colleagues too.")
        raise RuleBroken(sentence, fields={"lead": sentence})
    return found


@transaction.atomic
def plan_visit(
    *,
    actor: Any,
    now: dt.datetime,
    company_id: int,
    planned_at: dt.datetime,
    objective: str,
    kind: str = VisitKind.VISIT,
    purpose: str = "",
    place: str = "",
    colleague_ids: Sequence[int] = (),
    preparation: Preparation = NOTHING,
) -> Visit:
    """A visit or call to come, with its objective (compulsory before, domain 3.3). It stands on Today until it is logged.

    Company.DoesNotExist where hidden, NotAllowed for who does not look after it, RuleBroken for a past time, no objective, or a leader
    who does not go.
    """
    company = traces.locked_company(actor=actor, company_id=company_id)
    permissions.can_log(user=actor, company=company).require()
    words = " ".join(strip_controls(objective).split())
    prepared = preparation.texts()
    _check_plan(planned_at=planned_at, now=now, objective=words, kind=kind, purpose=purpose, place=place, prepared=prepared)
    colleagues = traces.who_went_along(ids=colleague_ids, actor=actor)
    visit = Visit(
        company=company,
        kind=kind,
        purpose=purpose,
        place=place,
        state=VisitState.PLANNED,
        planned_at=planned_at,
        at=planned_at,
        objective=words,
        colleagues=traces.in_words(colleagues),
        lead=_leader(preparation.lead_id, owner=actor, going=colleagues),
        **prepared,
        **traces.owned_by(actor, company),
    )
    visit.record(actor=actor)
    note_centre(visit, company)
    BankAttendee.objects.bulk_create(BankAttendee(visit=visit, user=user) for user in colleagues)
    traces.plan_item(visit, actor=actor).save()
    tell_search(visit, actor=actor)
    return visit


def _own_plan(visit_id: int, actor: Any, target: str) -> Visit:
    """The planned visit, locked. NotAllowed for another's, InvalidTransition where it is not planned any more."""
    visit = Visit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit_id)
    permissions.can_replan(user=actor, visit=visit).require()
    check_transition(VISIT_TRANSITIONS, visit.state, target)
    return visit


@transaction.atomic
def replan_visit(
    *,
    visit_id: int,
    actor: Any,
    now: dt.datetime,
    version: int | None,
    planned_at: dt.datetime,
    objective: str,
    place: str = "",
    purpose: str = "",
    preparation: Preparation = NOTHING,
) -> Visit:
    """Another time, objective or preparation of a plan. StaleVersion where it was changed meanwhile; RuleBroken as `plan_visit`."""
    visit = _own_plan(visit_id, actor, VisitState.CANCELLED)
    words = " ".join(strip_controls(objective).split())
    prepared = preparation.texts()
    _check_plan(planned_at=planned_at, now=now, objective=words, kind=visit.kind, purpose=purpose, place=place, prepared=prepared)
    going = [row.user for row in visit.bank_attendees.select_related("user")] if preparation.lead_id else []
    lead = _leader(preparation.lead_id, owner=actor, going=going)
    visit.claim(version or 0, shown=_REPLANNED)
    visit.planned_at = visit.at = planned_at
    visit.objective, visit.place, visit.purpose, visit.lead = words, place, purpose, lead
    visit.facts_wanted, visit.not_to_raise = prepared["facts_wanted"], prepared["not_to_raise"]
    if visit.hand_back():
        return visit
    visit.record(actor=actor, fields=[*_REPLANNED, "at", "version"])
    WorkItem.objects.open().filter(subject_type=traces.SUBJECT, subject_id=visit.pk, kind=WorkKindName.VISIT).update(
        due_at=planned_at, title=words
    )
    tell_search(visit, actor=actor)
    return visit


@transaction.atomic
def cancel_visit(*, visit_id: int, actor: Any, now: dt.datetime, reason: str) -> Visit:
    """It will not take place. RuleBroken without a reason."""
    visit = _own_plan(visit_id, actor, VisitState.CANCELLED)
    words = " ".join(strip_controls(reason).split())[: rules.LINE_LIMIT]
    if not words:
        raise RuleBroken(_("Say in a line why."), fields={"reason": _("Say in a line why.")})
    visit.state = VisitState.CANCELLED
    visit.record(actor=actor, reason=words, fields=["state"])
    traces.close_items(visit, WorkKindName.VISIT, actor=actor, now=now)
    return visit
