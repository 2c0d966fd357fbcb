"""How concessions stand in the approvals inbox: cards, panes and acts of requests, reviews, and credit's word."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Coverage
from crm.concessions import permissions, rules, selectors, services, timing
from crm.concessions.choices import VALUE_KINDS, CreditAct, CreditState, DecideAct, Kind, Level, ReviewAct, State, WorkKindName
from crm.concessions.forms import CreditForm, DecisionForm, ReviewForm
from crm.concessions.models import Concession
from crm.concessions.selectors import Asked, Assessment
from crm.concessions.services import Decision
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.money import Money

_WHY = {
    "half": _("Above half of the own figure"),
    "third": _("Third exercise for this client in 90 days"),
    "random": _("Picked by the draw"),
}


def reasons_of(concession: Concession) -> list[Sentence]:
    """Why an exercise is reviewed."""
    return [_WHY[code] for code in concession.review_why if code in _WHY]


def line_of(concession: Concession) -> str:
    """What is asked, in a line: type, figure, amount."""
    parts = [str(concession.get_kind_display())]
    figure = selectors.figure_in_words(concession.asked_terms)
    if figure != "—":
        parts.append(figure)
    if concession.amount is not None:
        parts.append(Money(concession.amount, concession.currency).short())
    return ", ".join(parts)


def _flags(concession: Concession) -> tuple[Sentence, ...]:
    flags: list[Sentence] = []
    if concession.earlier_id:
        flags.append(_("Refused before"))
    if concession.credit_state == CreditState.OPEN:
        flags.append(_("Credit may still object"))
    if concession.queue_level in (Level.CREDIT, Level.OPERATIONS):
        flags.append(_("Leaves concessions"))
    if concession.answer:
        flags.append(_("Question answered"))
    if concession.kind not in VALUE_KINDS:
        flags.append(_("Reply at once"))
    return tuple(flags)


def cards(user: Any, ids: Sequence[int]) -> Mapping[int, ApprovalCard]:
    """The cards of requests, by id. One statement. Plain ones have no flag; the room is judged at the decision itself."""
    rows = Concession.objects.visible_to(user).filter(pk__in=ids).select_related("company", "owner")
    return {row.pk: _card(row, _flags(row)) for row in rows}


def _card(row: Concession, flags: tuple[Sentence, ...]) -> ApprovalCard:
    return ApprovalCard(row.company.name, line_of(row), row.get_absolute_url(), row.owner.name, plain=not flags, flags=flags)


def review_cards(user: Any, ids: Sequence[int]) -> Mapping[int, ApprovalCard]:
    """The cards of exercises to review, by id. One statement."""
    rows = Concession.objects.visible_to(user).filter(pk__in=ids).select_related("company", "owner")
    return {row.pk: _card(row, tuple(reasons_of(row)[1:])) for row in rows}


def _load(user: Any, subject_id: int) -> Concession:
    rows = Concession.objects.visible_to(user).select_related(
        "company__client", "company__group", "owner", "team", "centre", "earlier", "paper"
    )
    concession = rows.get(pk=subject_id)
    concession.company.current_coverage = list(Coverage.objects.current().filter(company_id=concession.company_id).order_by("kind"))
    return concession


def working_out(concession: Concession) -> list[tuple[Sentence, str]]:
    """How the forgone income comes about, line by line; empty for types that forgo none."""
    terms = concession.asked_terms
    year = 360 if concession.currency == "USD" else 365
    if terms.kind in (Kind.CT1, Kind.CT2):
        return [
            (_("Principal"), f"{terms.figure('amount'):,.2f}"),
            (_("× basis points"), f"{terms.figure('bp') / rules.BASIS:.4f}"),
            (_("× days of the year"), f"{terms.figure('days'):f} / {year}"),
        ]
    if terms.kind == Kind.CT4:
        return [
            (_("Deal"), f"{terms.figure('amount'):,.2f}"),
            (_("× standard spread"), f"{terms.figure('standard_bp') / rules.BASIS:.4f}"),
            (_("× cut"), f"{terms.figure('cut_percent') / 100:.2f}"),
        ]
    if terms.kind in (Kind.CT3, Kind.CT10):
        charged = terms.figure("standard") - terms.figure("amount")
        return [(_("Standard fee"), f"{terms.figure('standard'):,.2f}"), (_("− charged"), f"{charged:,.2f}")]
    return []


def background(concession: Concession, user: Any, *, now: dt.datetime) -> dict[str, Any]:
    """What a decider needs to know besides the request: figures worked out, like cases, what is open on this client."""
    return {
        "concession": concession,
        "client": getattr(concession.company, "client", None),
        "line": line_of(concession),
        "terms": terms_in_words(concession),
        "working_out": working_out(concession),
        "precedents": selectors.precedents(concession, now=now),
        "open_on": selectors.open_on(concession.company, but=concession.pk),
    }


_TERM_LABELS = {
    "amount": _("Amount"),
    "bp": _("Basis points"),
    "days": _("Days"),
    "standard": _("Standard fee"),
    "standard_bp": _("Standard spread, bp"),
    "cut_percent": _("Cut, percent"),
    "limit": _("Limit"),
    "points": _("Percentage points"),
    "minutes": _("Minutes"),
}


def terms_in_words(concession: Concession) -> list[tuple[Sentence, str, str]]:
    """(label, asked, granted) of each figure; granted is empty where nothing was."""
    asked, granted = concession.asked_terms, concession.granted_terms
    lines: list[tuple[Sentence, str, str]] = []
    for name in rules.FIELDS[concession.kind]:
        shown = ["" if terms is None else _shown(name, terms.figure(name), concession.currency) for terms in (asked, granted)]
        lines.append((_TERM_LABELS[name], shown[0], shown[1]))
    return lines


def _shown(name: str, value: Any, currency: str) -> str:
    return str(Money(value, currency)) if name in rules.MONEY_FIELDS else f"{value.normalize():f}"


def _assessed(concession: Concession, user: Any, post: Any) -> Assessment:
    asked = Asked(concession.company, concession.asked_terms, concession.currency, concession.centre, concession.pk)
    level = permissions.decision_level(user=user, post=post)
    return selectors.assess(asked, now=timezone.now(), person=user.pk, own=level)


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One request with all that its decider needs. Concession.DoesNotExist where hidden."""
    concession = _load(user, subject_id)
    permission = permissions.can_decide(user=user, concession=concession, now=now)
    context = background(concession, user, now=now)
    post = permissions.queue_post(user=user, concession=concession)
    if post is not None:
        context |= _room(concession, user, post, now=now)
    refusal = "" if permission else permission.reason
    too_high = context.get("too_high", "")
    acts = (
        ApprovalAct(DecideAct.APPROVE, DecideAct.APPROVE.label, "A", "primary", ("reason",), refusal or too_high),
        ApprovalAct(DecideAct.PART, DecideAct.PART.label, "P", "", ("reason", *DecisionForm.part_names(concession)), refusal),
        ApprovalAct(DecideAct.REFUSE, DecideAct.REFUSE.label, "R", "bad", ("reason",), refusal or too_high),
        ApprovalAct(DecideAct.RETURN, DecideAct.RETURN.label, "B", "quiet", ("reason",), refusal),
        ApprovalAct(DecideAct.PASS_UP, DecideAct.PASS_UP.label, "E", "quiet", ("reason",), refusal),
    )
    return ApprovalPane(
        concession.number, concession.company.name, "concessions/pane.html", context, acts, DecisionForm, {"concession": concession}
    )


def _room(concession: Concession, user: Any, post: Any, *, now: dt.datetime) -> dict[str, Any]:
    """The decider's own room, and from when to when the client would be told."""
    try:
        found = _assessed(concession, user, post)
    except RuleBroken as error:
        return {"too_high": error.message}
    level = permissions.decision_level(user=user, post=post)
    calendar = services.traces.calendar_at(concession.centre, now)
    figures = selectors.figures("tell", jurisdiction=concession.centre.jurisdiction, on=found.on)
    window = timing.tell_window(concession.kind, decided_at=now, refused=False, calendar=calendar, figures=figures)
    too_high = _("This is not yours to decide now. Pass it up.") if found.required > level else ""
    return {"rooms": selectors.rooms(concession, user, post, found), "window": window, "too_high": too_high}


def decide(*, subject_id: int, act: str, data: Mapping[str, Any], actor: Any, now: dt.datetime) -> Concession:
    """Carry an act out; the service's refusals pass through."""
    concession = Concession.objects.visible_to(actor).get(pk=subject_id)
    terms = DecisionForm.part_of(concession, data) if act == DecideAct.PART else None
    decision = Decision(DecideAct(act), str(data.get("reason") or ""), terms)
    return services.decide(concession_id=subject_id, actor=actor, now=now, decision=decision)


def escalate(*, subject_id: int, now: dt.datetime) -> Concession | None:
    """Pass up what is late."""
    return services.escalate(concession_id=subject_id, now=now)


def review_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """An exercise to review."""
    concession = _load(user, subject_id)
    permission = permissions.can_review(user=user, concession=concession)
    context = background(concession, user, now=now) | {"reasons": reasons_of(concession)}
    refusal = "" if permission else permission.reason
    acts = tuple(
        ApprovalAct(act, act.label, key, tone, ("reason",), refusal)
        for act, key, tone in ((ReviewAct.CONFIRM, "A", "primary"), (ReviewAct.COACH, "C", ""), (ReviewAct.REVERSE, "R", "bad"))
    )
    return ApprovalPane(concession.number, concession.company.name, "concessions/pane.html", context, acts, ReviewForm)


def review(*, subject_id: int, act: str, data: Mapping[str, Any], actor: Any, now: dt.datetime) -> Concession:
    """Carry a review out."""
    return services.review(concession_id=subject_id, actor=actor, now=now, act=ReviewAct(act), words=str(data.get("reason") or ""))


def credit_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """An excess or margin of which credit is told."""
    concession = _load(user, subject_id)
    permission = permissions.can_say_credit(user=user, concession=concession, now=now)
    refusal = "" if permission else permission.reason
    context = {
        "concession": concession,
        "client": getattr(concession.company, "client", None),
        "line": line_of(concession),
        "terms": terms_in_words(concession),
    }
    acts = (
        ApprovalAct(CreditAct.CLEAR, CreditAct.CLEAR.label, "A", "primary", (), refusal),
        ApprovalAct(CreditAct.VETO, CreditAct.VETO.label, "R", "bad", ("reason",), refusal),
    )
    return ApprovalPane(concession.number, concession.company.name, "concessions/pane.html", context, acts, CreditForm)


def say_credit(*, subject_id: int, act: str, data: Mapping[str, Any], actor: Any, now: dt.datetime) -> Concession:
    """Carry credit's word out."""
    words = str(data.get("reason") or "")
    return services.say_credit(concession_id=subject_id, actor=actor, now=now, act=CreditAct(act), reason=words)


PANES = {WorkKindName.DECIDE: (pane, decide), WorkKindName.REVIEW: (review_pane, review), WorkKindName.CREDIT: (credit_pane, say_credit)}


def waiting_for(user: Any, concession: Concession, *, now: dt.datetime) -> WorkKindName | None:
    """Which word of this person the concession waits for."""
    if concession.state == State.REQUESTED and permissions.can_decide(user=user, concession=concession, now=now):
        return WorkKindName.DECIDE
    if permissions.can_review(user=user, concession=concession):
        return WorkKindName.REVIEW
    if permissions.can_say_credit(user=user, concession=concession, now=now):
        return WorkKindName.CREDIT
    return None
