"""How hospitality shows in `/approvals/`: cards, the pane of one, and what a decider, compliance or finance does."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, selectors, services
from crm.hospitality.choices import Need, Work
from crm.hospitality.forms import FinanceForm, NoteForm
from crm.hospitality.models import Extra, HospitalityRequest
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalKind, ApprovalPane, pending_decisions
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.web.templatetags.ui import money

APPROVE, RETURN, REJECT, PASS_UP = "approve", "return", "reject", "pass_up"
VERIFY, QUERY, GRANT, REFUSE = "verify", "query", "grant", "refuse"
_READ = ("company", "owner", "centre", "team")


def needs_in_words(event: HospitalityRequest) -> list[Sentence]:
    """Why it is asked for."""
    return [Need(code).label for code in event.needs]


def _line(event: HospitalityRequest, amount: Decimal) -> str:
    told = {
        "kind": event.get_kind_display(),
        "heads": event.heads,
        "amount": money(amount, event.currency),
        "venue": event.venue,
    }
    return _now("%(kind)s for %(heads)s, %(amount)s, %(venue)s") % told


def _card(event: HospitalityRequest, amount: Decimal) -> ApprovalCard:
    flags = tuple(Need(code).label for code in event.needs if code != Need.AMOUNT)
    return ApprovalCard(
        title=event.company.name,
        line=_line(event, amount),
        url=event.get_absolute_url(),
        asked_by=event.owner.name,
        plain=not flags,
        flags=flags,
    )


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of requests that this person may see. One statement."""
    events = HospitalityRequest.objects.visible_to(user).filter(pk__in=ids).select_related(*_READ)
    return {event.pk: _card(event, event.estimate) for event in events}


def claim_cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of claims: what is to be checked is never decided together with others. One statement."""
    events = HospitalityRequest.objects.visible_to(user).filter(pk__in=ids).select_related(*_READ)
    found = {}
    for event in events:
        told = (event.company.name, _line(event, event.paid), event.get_absolute_url(), event.owner.name)
        found[event.pk] = ApprovalCard(*told)
    return found


def extra_cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of what is asked for above what was paid. One statement."""
    extras = Extra.objects.visible_to(user).filter(pk__in=ids).select_related("request__company", "request__owner")
    return {
        extra.pk: ApprovalCard(
            title=extra.request.company.name,
            line=f"{extra.get_kind_display()} · {money(extra.amount, extra.request.currency)} · {extra.reason}",
            url=extra.request.get_absolute_url(),
            asked_by=extra.request.owner.name,
            flags=(extra.request.get_own_reason_display(),) if extra.request.own_reason else (),
        )
        for extra in extras
    }


def _context(event: HospitalityRequest, *, amount: Decimal, **more: Any) -> dict[str, Any]:
    """What a decider reads: the table, the room before and after, what makes it sensitive."""
    figures = selectors.setting_of(event).figures
    month = selectors.month_room(user_id=event.owner_id, month=event.month, cap=figures.month, currency=event.currency)
    return {
        "event": event,
        "needs": needs_in_words(event),
        "guests": selectors.guest_rows(event, most=figures.guest),
        "seats": list(event.seats.select_related("user")),
        "pending": pending_decisions([event.company_id], event.event_on).get(event.company_id, ()),
        "month": month,
        "client_used": selectors.client_used(event),
        "client_cap": figures.client,
        "per_head": selectors.rules.share(amount, event.heads),
        "per_head_cap": figures.per_head(event.kind, official=event.has_official),
        "amount": amount,
        **more,
    }


def _get(user: Any, subject_id: int) -> HospitalityRequest:
    return HospitalityRequest.objects.visible_to(user).select_related(*_READ).get(pk=subject_id)


def _pane(event: HospitalityRequest, acts: Sequence[ApprovalAct], *, form: type, amount: Decimal, **more: Any) -> ApprovalPane:
    return ApprovalPane(
        number=event.number,
        title=event.company.name,
        template="hospitality/approval_pane.html",
        context=_context(event, amount=amount, **more),
        acts=tuple(acts),
        form_class=form,
    )


def _acts(may: Permission, *, passes_up: bool) -> list[ApprovalAct]:
    acts = [
        ApprovalAct(APPROVE, _("Approve"), "A", "primary", (), may.reason),
        ApprovalAct(RETURN, _("Return"), "R", "", ("reason",), may.reason),
        ApprovalAct(REJECT, _("Reject"), "X", "bad", ("reason",), may.reason),
    ]
    return [*acts, ApprovalAct(PASS_UP, _("Pass up"), "E", "quiet", ("reason",), may.reason)] if passes_up else acts


def decision_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One request for its level."""
    event = _get(user, subject_id)
    may = permissions.can_decide(user=user, event=event)
    return _pane(event, _acts(may, passes_up=event.level != "HO"), form=NoteForm, amount=event.estimate)


def consent_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One request for compliance."""
    event = _get(user, subject_id)
    may = permissions.can_consent(user=user, event=event)
    acts = [ApprovalAct(APPROVE, _("Consent"), "A", "primary", (), may.reason), *_acts(may, passes_up=False)[1:]]
    return _pane(event, acts, form=NoteForm, amount=event.estimate)


def claim_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One claim for finance, with its receipts; not with their total, which finance reads itself."""
    event = _get(user, subject_id)
    may = permissions.can_verify(user=user, event=event)
    acts = (
        ApprovalAct(VERIFY, _("Checked"), "A", "primary", ("total", "heads"), may.reason),
        ApprovalAct(QUERY, _("Query"), "R", "", ("reason",), may.reason),
    )
    receipts = list(event.receipts.order_by("pk"))
    return _pane(event, acts, form=FinanceForm, amount=event.paid, receipts=receipts)


def extra_pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """More than was paid, for its level."""
    extra = Extra.objects.visible_to(user).select_related(*(f"request__{name}" for name in _READ)).get(pk=subject_id)
    may = permissions.can_grant_more(user=user, extra=extra)
    acts = (
        ApprovalAct(GRANT, _("Grant"), "A", "primary", (), may.reason),
        ApprovalAct(REFUSE, _("Refuse"), "R", "bad", ("reason",), may.reason),
    )
    return _pane(extra.request, acts, form=NoteForm, amount=extra.amount, extra=extra)


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> HospitalityRequest:
    """Carry out what the level decides."""
    reason = data.get("reason") or ""
    if act == APPROVE:
        return services.approve(event_id=subject_id, actor=actor, now=now, reason=reason)
    if act == PASS_UP:
        return services.pass_up(event_id=subject_id, actor=actor, now=now, reason=reason)
    return services.send_back(event_id=subject_id, actor=actor, now=now, reason=reason, reject=act == REJECT)


def consent(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> HospitalityRequest:
    """Carry out what compliance says."""
    reason = data.get("reason") or ""
    if act == APPROVE:
        return services.consent(event_id=subject_id, actor=actor, now=now, reason=reason)
    return services.send_back(event_id=subject_id, actor=actor, now=now, reason=reason, reject=act == REJECT)


def check(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> HospitalityRequest:
    """Carry out what finance finds."""
    if act == QUERY:
        return services.query_claim(event_id=subject_id, actor=actor, now=now, reason=data.get("reason") or "")
    total, heads = data.get("total") or Decimal(0), data.get("heads") or 0
    return services.verify_claim(event_id=subject_id, actor=actor, now=now, total=total, heads=heads)


def decide_extra(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> HospitalityRequest:
    """Grant or refuse more."""
    reason = data.get("reason") or ""
    return services.decide_more(extra_id=subject_id, actor=actor, now=now, grant=act == GRANT, reason=reason).request


def escalate(*, subject_id: int, now: dt.datetime) -> None:
    """Its time is over: one level up, as far as there is one."""
    event = HospitalityRequest.objects.get(pk=subject_id)
    if event.level != "HO" and event.event_at > now:
        services.pass_up(event_id=subject_id, now=now)


KINDS = (
    ApprovalKind(Work.DECIDE, _("Hospitality"), "jade", cards, decision_pane, decide, escalate, order=20),
    ApprovalKind(Work.CONSENT, _("Hospitality: consent"), "amber", cards, consent_pane, consent, together=(), order=21),
    ApprovalKind(Work.EXTRA, _("Hospitality: more than was paid"), "amber", extra_cards, extra_pane, decide_extra, together=(), order=22),
    ApprovalKind(Work.VERIFY, _("Claims"), "indigo", claim_cards, claim_pane, check, together=(), order=23),
)
