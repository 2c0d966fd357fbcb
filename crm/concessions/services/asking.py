"""Asking for a concession, exercising one's own authority, answering a question, withdrawing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import permissions, rules, selectors, timing
from crm.concessions.choices import (
    CREDIT_KINDS,
    TRANSITIONS,
    Act,
    CreditState,
    Level,
    ReviewState,
    State,
    TimelineName,
    WorkKindName,
)
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.concessions.selectors import Asked, Assessment
from crm.concessions.services import looking, ruling, traces
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.models import Sequence
from crm.kernel.workflow import check_transition

PREFIX = "CN"
GOES_UP = _("This goes to the next level. Ask for it.")


@dataclass(frozen=True)
class Order:
    """What is asked for: figures, currency (empty: the centre's), words; `renews_id` is the concession that it follows, `paper_id` a
    file that the actor has just brought (`crm.visits.services.receive_file`)."""

    terms: Terms
    words: Words
    currency: str = ""
    renews_id: int | None = None
    paper_id: int | None = None


class AuthorityExceeded(RuleBroken):
    """Not one's own to settle. The sentence is the same whatever the reason and whatever the level above."""

    code = "goes_up"

    def __init__(self) -> None:
        super().__init__(GOES_UP)


def _start(*, actor: Any, now: dt.datetime, company_id: int, order: Order) -> tuple[Concession, Any]:
    """The concession, not yet saved, with the group locked; and the post in which it is asked for."""
    company = traces.company_of(company_id, actor)
    permissions.can_ask(user=actor, company=company).require()
    traces.lock_group(company)
    post = selectors.own_post(actor)
    place = traces.place_of(post)
    today = timezone.localdate(now, place["centre"].zone)
    days = selectors.figures("rules", jurisdiction=place["centre"].jurisdiction, on=today)
    said: dict[str, Any] = {name: traces.tidy(value) if isinstance(value, str) else value for name, value in vars(order.words).items()}
    words = Words(**said)
    wrong = rules.wrong_words(words, today=today, months=days["longest_months"]) | rules.wrong_terms(order.terms)
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), fields=wrong)
    _require_open(company, order.terms.kind, now=now)
    concession = Concession(
        company=company,
        kind=order.terms.kind,
        currency=order.currency or place["centre"].currency,
        amount=order.terms.amount,
        terms=rules.checked(order.terms).as_json(),
        forgone=rules.ZERO,
        asked_at=now,
        owner=actor,
        earlier=_earlier(company, order, words, now=now, days=days["refused_days"]),
        renews=_renewed(company, order, actor),
        paper=None if order.paper_id is None else StoredFile.objects.get(pk=order.paper_id, owner=actor),
        **place,
        **vars(words),
    )
    return concession, post


def _require_open(company: Company, kind: str, *, now: dt.datetime) -> None:
    closed = selectors.closed_for(company, kind, now=now)
    if closed:
        raise RuleBroken(closed, code="closed")


def _earlier(company: Company, order: Order, words: Words, *, now: dt.datetime, days: int) -> Concession | None:
    """The refusal that this asks again after. RuleBroken (field `facts_changed`) where nothing is said to have changed."""
    refused = selectors.last_refusal(company, order.terms.kind, now=now, days=days)
    if refused is not None and not words.facts_changed:
        sentence = _("This was refused lately (%(number)s). Say what has changed since.") % {"number": refused.number}
        raise RuleBroken(sentence, code="refused_lately", fields={"facts_changed": sentence})
    return refused


def _renewed(company: Company, order: Order, actor: Any) -> Concession | None:
    if order.renews_id is None:
        return None
    earlier = Concession.objects.visible_to(actor).select_related("company__client").get(pk=order.renews_id, company=company)
    earlier.company.current_coverage = company.current_coverage
    permissions.can_renew(user=actor, concession=earlier).require()
    if earlier.kind != order.terms.kind:
        raise RuleBroken(_("A renewal is of the same type."))
    return earlier


def _assess(concession: Concession, *, now: dt.datetime, person: int | None = None, own: int = 0) -> Assessment:
    asked = Asked(concession.company, concession.asked_terms, concession.currency, concession.centre, concession.pk)
    return selectors.assess(asked, now=now, person=person, own=own)


@transaction.atomic
def request_concession(*, actor: Any, now: dt.datetime, company_id: int, order: Order) -> Concession:
    """Ask for a concession: it goes to the level that any of its figures forces, and never below the team head (domain 5.3).

    Company.DoesNotExist where hidden; NotAllowed for who does not look after the client; RuleBroken, by field, for figures and words that
    cannot be judged, for an overdue KYC review, a closed risk class, and after a refusal that stands.
    """
    concession, post = _start(actor=actor, now=now, company_id=company_id, order=order)
    found = _assess(concession, now=now)
    concession.forgone = found.forgone
    concession.number = _number(now, concession.centre)
    _send(concession, found, actor=actor, now=now)
    if concession.kind in CREDIT_KINDS and concession.queue_level != Level.CREDIT:
        concession.credit_state = CreditState.OPEN
        concession.credit_until = decide_by(Level.CREDIT, concession.centre, now)
    concession.record(actor=actor)
    traces.note(concession, Act.REQUESTED, actor=actor, now=now, post=post, words=concession.reason)
    traces.queue_item(concession, actor=actor)
    if concession.credit_state == CreditState.OPEN:
        traces.credit_item(concession, actor=actor)
    traces.on_timeline(concession, TimelineName.ASKED, actor=actor, now=now)
    return concession


def _number(now: dt.datetime, centre: Any) -> str:
    year = timezone.localdate(now, centre.zone).year
    return f"{PREFIX}-{year}-{Sequence.take(PREFIX, year):04d}"


def _send(concession: Concession, found: Assessment, *, actor: Any, now: dt.datetime) -> None:
    """Into the queue of the level that decides."""
    asker = selectors.level_of(selectors.own_post(actor))
    level = rules.asker_stands_below(asker, found.required)
    if level == Level.TH and concession.team_id is None:
        level = Level.RCH
    if level == Level.HO and found.required < Level.HO:
        # A centre head's own request; types that leave concessions above the centre do so here too.
        level = rules.next_level(found.matrix, Level.RCH) or level
    concession.queue_level, concession.state = level, State.REQUESTED
    concession.due_at = decide_by(level, concession.centre, now)


def decide_by(level: Level, centre: Any, now: dt.datetime) -> dt.datetime:
    """Until when a level decides what comes to it now."""
    on = timezone.localdate(now, centre.zone)
    hours = selectors.figures("sla_hours", jurisdiction=centre.jurisdiction, on=on)
    days = selectors.figures("sla_days", jurisdiction=centre.jurisdiction, on=on)
    return timing.decide_by(level, now=now, calendar=traces.calendar_at(centre, now), hours=hours, days=days)


def exercise_concession(*, actor: Any, now: dt.datetime, company_id: int, order: Order) -> Concession:
    """Use one's own authority, in one step (domain 5.3): where the type allows it and every measure, bucket and month fit.

    Refusals as `request_concession`; AuthorityExceeded, always in the same words, where it is not one's own to settle; TryLater after too
    many tries. A caller writes the try down with `note_look` after its transaction.
    """
    post = selectors.own_post(actor)
    if post is not None:
        looking.require_patience(actor=actor, centre=post.unit.centre or post.unit, now=now)
    with transaction.atomic():
        return _exercise(actor=actor, now=now, company_id=company_id, order=order)


def _exercise(*, actor: Any, now: dt.datetime, company_id: int, order: Order) -> Concession:
    concession, post = _start(actor=actor, now=now, company_id=company_id, order=order)
    level = selectors.level_of(post)
    found = _assess(concession, now=now, person=actor.pk, own=level)
    asked = Asked(concession.company, concession.asked_terms, concession.currency, concession.centre)
    if not rules.may_exercise(level, found.matrix) or not selectors.is_within_own(actor, post, found, asked, now=now):
        raise AuthorityExceeded
    concession.is_exercise, concession.state = True, State.APPROVED
    concession.number, concession.forgone = _number(now, concession.centre), found.forgone
    concession.decided_at, concession.decided_level = now, level
    _draw_for_review(concession, found, level, now=now)
    concession.record(actor=actor)
    ruling.grant(concession, found, ruling.Hand(actor, post, level, now), outcome=State.APPROVED, reason=concession.reason)
    traces.note(concession, Act.EXERCISED, actor=actor, now=now, post=post, words=concession.reason, level=level)
    if concession.review_state == ReviewState.DUE:
        traces.review_item(concession, permissions.reviewer_place(concession), actor=actor)
    return concession


def _draw_for_review(concession: Concession, found: Assessment, level: Level, *, now: dt.datetime) -> None:
    """All above half of the own figure, the third for a client in 90 days, and one in ten by the draw (domain 5.3)."""
    figures = selectors.figures("rules", jurisdiction=concession.centre.jurisdiction, on=found.on)
    why = []
    if rules.over_part_of_limit(found.inputs, found.matrix, level, figures["review_percent_of_limit"]):
        why.append("half")
    since = now - dt.timedelta(days=figures["review_times_days"])
    before = Concession.objects.filter(owner=concession.owner, company=concession.company, is_exercise=True, decided_at__gte=since).count()
    if before + 1 >= figures["review_times"]:
        why.append("third")
    if rules.drawn(settings.SECRET_KEY.encode(), concession.number, figures["review_random_percent"]):
        why.append("random")
    concession.review_why = why
    concession.review_state = ReviewState.DUE if why else ReviewState.POPULATION
    if why:
        calendar = traces.calendar_at(concession.centre, now)
        concession.review_due_at = timing.closing_time(calendar.add_working_days(found.on, figures["review_days"]), calendar)


@transaction.atomic
def answer_question(*, concession_id: int, actor: Any, now: dt.datetime, answer: str) -> Concession:
    """Answer what a decider asked; it waits for a decision again, at the level that it needs now. RuleBroken without words."""
    concession = traces.concession_of(concession_id, actor)
    permissions.can_answer(user=actor, concession=concession).require()
    check_transition(TRANSITIONS, concession.state, State.REQUESTED)
    words = traces.tidy(answer)[: rules.TEXT]
    if not words:
        raise RuleBroken(_("Write the answer."), fields={"answer": _("Write the answer.")})
    _require_open(concession.company, concession.kind, now=now)
    traces.lock_group(concession.company)
    concession.answer = words
    _send(concession, _assess(concession, now=now), actor=actor, now=now)
    concession.record(actor=actor, fields=["answer", "state", "queue_level", "due_at"])
    traces.note(concession, Act.ANSWERED, actor=actor, now=now, post=selectors.own_post(actor), words=words)
    traces.close_items(concession, WorkKindName.ANSWER, actor=actor, now=now)
    traces.queue_item(concession, actor=actor)
    return concession


@transaction.atomic
def withdraw(*, concession_id: int, actor: Any, now: dt.datetime, reason: str = "") -> Concession:
    """Take a request back before it is decided."""
    concession = traces.concession_of(concession_id, actor)
    permissions.can_withdraw(user=actor, concession=concession).require()
    check_transition(TRANSITIONS, concession.state, State.WITHDRAWN)
    concession.state, concession.ended_at, concession.queue_level = State.WITHDRAWN, now, None
    fields = ["state", "ended_at", "queue_level"]
    if concession.credit_state == CreditState.OPEN:
        concession.credit_state = CreditState.NONE
        fields.append("credit_state")
    concession.record(actor=actor, reason=reason[:100], fields=fields)
    traces.note(concession, Act.WITHDRAWN, actor=actor, now=now, post=selectors.own_post(actor), words=traces.tidy(reason)[: rules.LINE])
    kinds = (WorkKindName.DECIDE, WorkKindName.CREDIT, WorkKindName.ANSWER)
    traces.close_items(concession, *kinds, actor=actor, now=now)
    return concession
