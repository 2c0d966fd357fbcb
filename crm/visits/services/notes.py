"""Writing down a visit or call, and changing what was written."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.files import StoredFile
from crm.kernel.reactions import announce
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem
from crm.visits import permissions, rules, selectors
from crm.visits.choices import EDITABLE, LOGGED, SEARCH_KIND, VISIT_TRANSITIONS, Purpose, VisitState, WorkKindName
from crm.visits.models import Attachment, Promise, Visit
from crm.visits.rules import Entry
from crm.visits.selectors import WorkingRules
from crm.visits.services import traces
from crm.visits.services.copies import same_copies, send_copies, who_gets_copies
from crm.visits.services.elsewhere import note_centre
from crm.visits.services.findable import tell_search


@transaction.atomic
def log_visit(
    *, actor: Any, now: dt.datetime, company_id: int, entry: Entry, planned_id: int | None = None, files: Sequence[StoredFile] = ()
) -> Visit:
    """Write down a visit or call that took place; `planned_id` names the planned one that it was. `files` come from `receive_file`.

    Leaves the visit with who was there, a task for the next step and for each promise, a request for the team head's signature where one
    is needed, a row on the company's timeline, and `visits.logged` for whoever reacts to it.

    Raises Company.DoesNotExist or Visit.DoesNotExist where hidden, NotAllowed for who does not look after the company, RuleBroken with a
    sentence for each wrong field, InvalidTransition where the planned visit is over already.
    """
    company = traces.locked_company(actor=actor, company_id=company_id)
    permissions.can_log(user=actor, company=company).require()
    work = selectors.working_rules(user=actor, now=now)
    visit = _planned(planned_id, company=company, actor=actor) if planned_id else Visit(company=company, **traces.owned_by(actor, company))
    attendees, colleagues, copies = _fill(visit, entry, actor=actor, now=now, work=work)
    visit.state, visit.logged_at = VisitState.DONE, now
    visit.due_at, visit.locked_at = rules.due_and_lock(happened_at=entry.happened_at, calendar=work.calendar, figures=work.deadlines)
    visit.is_late = now >= visit.due_at
    visit.needs_sign_off = rules.needs_sign_off(kind=visit.kind, purpose=visit.purpose, tier=traces.tier_of(company))
    visit.record(actor=actor)
    note_centre(visit, company)
    if planned_id:
        visit.bank_attendees.all().delete()
        traces.close_items(visit, WorkKindName.VISIT, actor=actor, now=now)
    traces.write_people(visit, attendees, colleagues)
    if copies:
        send_copies(visit, copies, actor=actor, now=now)
    Attachment.objects.bulk_create(Attachment(visit=visit, file=file, name=file.name[:120], at=now, actor=actor) for file in files)
    items = traces.next_step_item(visit, actor=actor, work=work) + traces.sign_off_item(visit, actor=actor, due_at=visit.locked_at)
    items += _promise(visit, entry, actor=actor, now=now, work=work)
    WorkItem.objects.bulk_create(items)
    traces.note_contact(company, visit)
    traces.write_timeline(visit)
    announce(LOGGED, actor=actor, written=(SEARCH_KIND, visit.pk), visit_id=visit.pk)
    return visit


@transaction.atomic
def change_visit(*, visit_id: int, actor: Any, now: dt.datetime, version: int | None, entry: Entry) -> Visit:
    """Change what was written, as long as the visit is open: its lock stays where it was set.

    Who was there is replaced by `entry.met`; promises stay, since they are work under way. NotAllowed with the reason where it is closed,
    signed or another's; StaleVersion with what stands now; RuleBroken as `log_visit`.
    """
    # The company before the visit, as in `log_visit`: two who lock the same rows in another order wait for each other for ever.
    known = Visit.objects.visible_to(actor).get(pk=visit_id)
    company = traces.locked_company(actor=actor, company_id=known.company_id)
    visit = Visit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit_id)
    permissions.can_change(user=actor, visit=visit, now=now).require()
    if visit.state != VisitState.DONE:
        raise RuleBroken(_("Log the visit first."))
    visit.claim(version or 0, shown=EDITABLE)
    work = selectors.working_rules(user=actor, now=now)
    visit.company = company
    attendees, colleagues, copies = _fill(visit, entry, actor=actor, now=now, work=work)
    asked_before = visit.needs_sign_off
    visit.needs_sign_off = rules.needs_sign_off(kind=visit.kind, purpose=visit.purpose, tier=traces.tier_of(visit.company))
    is_sent = same_copies(visit, copies)
    if is_sent and traces.same_people(visit, attendees, colleagues) and visit.hand_back():
        return visit
    visit.record(actor=actor)
    visit.attendees.all().delete()
    visit.bank_attendees.all().delete()
    traces.write_people(visit, attendees, colleagues)
    if not is_sent:
        send_copies(visit, copies, actor=actor, now=now)
    _renew_items(visit, actor=actor, now=now, work=work, asked_before=asked_before)
    traces.recount_contact(visit.company_id)
    traces.write_timeline(visit)
    tell_search(visit, actor=actor)
    return visit


def pitch_warning(*, visit: Visit) -> Sentence:
    """What to say where a product was shown before two facts were known (domain 2.1); empty where all is well. It never refuses."""
    if visit.product_introduced and rules.pitched_too_early(
        product=visit.product_introduced, known=selectors.facts_known(visit.company_id)
    ):
        return _("A product was shown before two facts were known of this company. Next time ask first.")
    return ""


def _planned(visit_id: int, *, company: Company, actor: Any) -> Visit:
    """The planned visit that now took place, locked."""
    visit = Visit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit_id, company=company)
    permissions.can_replan(user=actor, visit=visit).require()
    check_transition(VISIT_TRANSITIONS, visit.state, VisitState.DONE)
    visit.version += 1
    return visit


def _fill(visit: Visit, entry: Entry, *, actor: Any, now: dt.datetime, work: WorkingRules) -> tuple[list[Any], list[Any], list[Any]]:
    """Check the entry and put it into the visit's columns. Returns attendees, colleagues and who gets a copy, not yet saved."""
    values = entry.columns()
    if not values["objective"]:
        values["objective"] = visit.objective
    zone = work.calendar.zone
    rules.check_entry(values, now=now, today=now.astimezone(zone).date(), day_of_visit=entry.happened_at.astimezone(zone).date())
    colleagues = traces.who_went_along(ids=entry.colleague_ids, actor=actor)
    if values["purpose"] == Purpose.PRE_LOAN and not colleagues:
        sentence = _("Two go to a pre-loan investigation. Name the colleague who went along.")
        raise RuleBroken(sentence, fields={"colleagues": sentence})
    copies = who_gets_copies(ids=entry.copy_ids, actor=actor)
    attendees = traces.who_was_met(met=entry.met, actor=actor, company=visit.company)
    owner = (
        traces.who_does_it(owner_id=entry.next_step_owner_id, actor=actor, now=now, field="next_step_owner")
        if values["next_step"]
        else None
    )
    for name, value in values.items():
        setattr(visit, name, value)
    visit.next_step_owner = owner
    visit.met, visit.colleagues, visit.copied_to = traces.in_words(attendees), traces.in_words(colleagues), traces.in_words(copies)
    return attendees, colleagues, copies


def _promise(visit: Visit, entry: Entry, *, actor: Any, now: dt.datetime, work: WorkingRules) -> list[WorkItem]:
    """Write down what the bank promised. Returns the work items, not yet saved."""
    day = entry.happened_at.astimezone(work.calendar.zone).date()
    promises = []
    for promised in entry.promises:
        text = " ".join(strip_controls(promised.text).split())
        wrong = rules.wrong_texts({"next_step": text})
        if not text or wrong or promised.due_on < day:
            sentence = next(iter(wrong.values()), _("A promise needs words, and a day that is not before the visit."))
            raise RuleBroken(sentence, fields={"promises": sentence})
        owner = traces.who_does_it(owner_id=promised.owner_id, actor=actor, now=now, field="promises")
        promise = Promise(visit=visit, company_id=visit.company_id, text=text, due_on=promised.due_on, owner=owner)
        promise.record(actor=actor)
        promises.append(promise)
    return traces.promise_items(promises, visit, actor=actor, work=work)


def _renew_items(visit: Visit, *, actor: Any, now: dt.datetime, work: WorkingRules, asked_before: bool) -> None:
    """Bring the open task of the next step into line, and ask for a signature, or no more."""
    items = traces.next_step_item(visit, actor=actor, work=work)
    about = WorkItem.objects.filter(subject_type=traces.SUBJECT, subject_id=visit.pk, kind=WorkKindName.TASK)
    existing = about.select_for_update(of=("self",)).order_by("-pk").first()
    if existing is None:
        WorkItem.objects.bulk_create(items)
    elif not items:
        traces.close_items(visit, WorkKindName.TASK, actor=actor, now=now)
    else:
        about.filter(pk=existing.pk).update(title=items[0].title, due_at=items[0].due_at, assignee=items[0].assignee)
    if visit.needs_sign_off and not asked_before:
        WorkItem.objects.bulk_create(traces.sign_off_item(visit, actor=actor, due_at=visit.locked_at))
    if asked_before and not visit.needs_sign_off:
        traces.close_items(visit, WorkKindName.SIGN_OFF, actor=actor, now=now)
