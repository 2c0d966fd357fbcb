"""The claim with its receipts, finance's check, and what is granted above what was paid."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, rules, selectors
from crm.hospitality.choices import MONTH, TRANSITIONS, Act, ExtraKind, ExtraState, Level, OwnCost, State, Work
from crm.hospitality.models import Claim, Extra, HospitalityRequest, Receipt
from crm.hospitality.rules import Bill, Figures, Slip
from crm.hospitality.services import limiting, reporting, traces
from crm.hospitality.services.deciding import reason_in
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.limits import EntryKind
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.staff.choices import Role
from crm.visits.rules import closing_time

_NEVER_GRANTED = (OwnCost.TIP, OwnCost.CONSENT)


@transaction.atomic
def file_claim(*, event_id: int, actor: Any, now: dt.datetime, slips: Sequence[Slip], bill: Bill | None = None) -> Claim:
    """Claim what was settled, with the receipts that add up to the bill; after a query once more, with a corrected bill where one is given.

    No report, no payment; no receipt, no payment. A receipt is paid once across all staff. NotAllowed, RuleBroken.
    """
    event = traces.locked(event_id, actor)
    permissions.can_claim(user=actor, event=event, now=now).require()
    check_transition(TRANSITIONS, event.state, State.CLAIMED)
    setting = selectors.setting_of(event)
    if bill is not None:
        _correct(event, bill, setting=setting, actor=actor, now=now)
    if not event.paid:
        raise RuleBroken(_("All of this bill is your own cost. There is nothing to claim."), code="nothing_to_claim")
    today = now.astimezone(setting.calendar.zone).date()
    rules.check_slips(slips, total=event.billed or rules.ZERO, event_on=event.event_on, today=today, figures=setting.figures)
    event.receipts.all().delete()
    _keep_receipts(event, slips, actor=actor)
    claim = Claim.objects.filter(request=event).first() or Claim(request=event, claimant=actor)
    claim.filed_at, claim.query = now, ""
    claim.record(actor=actor)
    event.state = State.CLAIMED
    event.record(actor=actor, fields=["state"])
    traces.step(event, Act.CLAIM, actor=actor, now=now, amount=event.paid, receipts=len(slips))
    traces.close(event, Work.CLAIM, actor=actor, now=now)
    due_at = closing_time(setting.calendar.add_working_days(today, 3), setting.calendar)
    traces.ask(event, Work.VERIFY, actor=actor, due_at=due_at, unit=None, role=Role.FIN)
    return claim


def _correct(event: HospitalityRequest, bill: Bill, *, setting: Any, actor: Any, now: dt.datetime) -> None:
    """Another bill than was reported, after finance asked: settled anew, with what was paid given back first."""
    if event.state != State.QUERIED:
        raise RuleBroken(_("The bill was reported. It is corrected only where finance asks."), code="bill_reported")
    rules.refuse(rules.check_bill(bill, figures=setting.figures))
    report, seated = event.report, list(event.guests.filter(came=True))
    for name in ("food", "drink", "other", "service", "tip"):
        setattr(report, name, getattr(bill, name))
    report.record(actor=actor, reason=event.expense_claim.query)
    reason = reporting.unpaid_because(event, bill, seated, figures=setting.figures)
    how = {"figures": setting.figures, "actor": actor, "now": now, "seated": seated, "reason": reason}
    reporting.settle(event, bill, report.heads, counted={guest.holder for guest in seated}, **how)
    _pay_granted(event, figures=setting.figures, actor=actor, now=now)
    event.record(actor=actor, fields=list(reporting.SETTLED))


def _pay_granted(event: HospitalityRequest, *, figures: Figures, actor: Any, now: dt.datetime) -> None:
    """What was granted above what was paid stays granted, as far as the corrected bill and the limits hold it: under the locks of `settle`.
    """  # fmt: skip
    granted = list(event.extras.filter(state=ExtraState.GRANTED))
    month = limits.budget(MONTH, selectors.month_holder(event.owner_id), event.month, cap=figures.month)
    more = min(sum((extra.amount for extra in granted), rules.ZERO), event.own or rules.ZERO, month.left)
    if event.has_official:
        more = min(more, _per_head_room(event, figures) - event.paid)
    if more > 0:
        capped = figures if all(extra.kind == ExtraKind.VARIATION for extra in granted) else None
        _pay_more(event, more, capped=capped, figures=figures, actor=actor, now=now)


def _pay_more(
    event: HospitalityRequest, amount: Decimal, *, capped: Figures | None, figures: Figures, actor: Any, now: dt.datetime, post: Any = None
) -> None:
    """Take so much more, within the client's quarter where `capped`, and set what is paid; the caller saves. LimitExceeded."""
    claims = (limiting.client_claim(event, amount, capped), limiting.month_claim(event, amount, figures))
    limits.take(*claims, subject=event, entry=EntryKind.SPEND, actor=actor, now=now, post=post)
    event.paid += amount
    if event.paid == event.eligible:
        event.own_reason = OwnCost.TIP if event.eligible < (event.billed or event.eligible) else ""


def digest_of(slip: Slip) -> str:
    """The same receipt gives the same digest, however its merchant and number are written."""
    parts = (rules.name_key(slip.merchant), rules.name_key(slip.number), slip.day.isoformat(), f"{slip.amount:.2f}")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _keep_receipts(event: HospitalityRequest, slips: Sequence[Slip], *, actor: Any) -> None:
    own = StoredFile.objects.filter(owner=actor).in_bulk([slip.file_id for slip in slips if slip.file_id is not None])
    if any(slip.file_id is not None and slip.file_id not in own for slip in slips):
        raise StoredFile.DoesNotExist
    rows = [
        Receipt(
            request=event,
            merchant=slip.merchant.strip(),
            number=slip.number.strip(),
            day=slip.day,
            amount=slip.amount,
            digest=digest_of(slip),
            file=own[slip.file_id] if slip.file_id is not None else None,
        )
        for slip in slips
    ]
    try:
        with transaction.atomic():
            Receipt.objects.bulk_create(rows)
    except IntegrityError as error:
        sentence = _("This receipt was claimed before. A receipt is paid once, whoever brings it.")
        raise RuleBroken(sentence, code="receipt_seen", fields={"receipts": sentence}) from error


@transaction.atomic
def query_claim(*, event_id: int, actor: Any, now: dt.datetime, reason: str) -> HospitalityRequest:
    """Finance asks; the host claims again."""
    event = traces.locked(event_id, actor)
    permissions.can_verify(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.QUERIED)
    words = reason_in(reason)
    event.expense_claim.query = words
    event.expense_claim.record(actor=actor, fields=["query"])
    event.state = State.QUERIED
    event.record(actor=actor, reason=words, fields=["state"])
    traces.step(event, Act.QUERY, actor=actor, now=now, post=actor.actor.post(Role.FIN), reason=words)
    traces.close(event, Work.VERIFY, actor=actor, now=now)
    traces.ask(event, Work.CLAIM, actor=actor, due_at=event.claim_due_at, assignee=event.owner)
    return event


@transaction.atomic
def verify_claim(*, event_id: int, actor: Any, now: dt.datetime, total: Decimal, heads: int) -> HospitalityRequest:
    """Finance types the total of the receipts and counts the heads on the bill; both must agree with the claim, else it is queried."""
    event = traces.locked(event_id, actor)
    permissions.can_verify(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.VERIFIED)
    if event.extras.filter(state=ExtraState.ASKED).exists():
        raise RuleBroken(_("More was asked for and waits for a decision. Check it afterwards."), code="extra_open")
    wrong = {
        "total": "" if total == event.billed else _("This is not the total that was claimed. Count again, or query the claim."),
        "heads": "" if heads == event.report.heads else _("This is not the number of people reported. Count again, or query the claim."),
    }
    rules.refuse(wrong)
    event.expense_claim.verified_by, event.expense_claim.verified_at = actor, now
    event.expense_claim.record(actor=actor, fields=["verified_by", "verified_at"])
    event.state = State.VERIFIED
    event.record(actor=actor, fields=["state"])
    traces.step(event, Act.VERIFY, actor=actor, now=now, post=actor.actor.post(Role.FIN), total=total, heads=heads)
    traces.close(event, Work.VERIFY, actor=actor, now=now)
    return event


@transaction.atomic
def ask_more(*, event_id: int, actor: Any, now: dt.datetime, amount: Decimal, reason: str) -> Extra:
    """Ask for a part of one's own cost: a variation goes to the level that approved, an exception to the next one (domain 4.4).

    RuleBroken for more than is one's own cost, after the month has closed, and for what nobody may grant.
    """
    event = traces.locked(event_id, actor)
    permissions.can_ask_more(user=actor, event=event).require()
    setting = selectors.setting_of(event)
    sentence = rules.check_amount(amount, ceiling=event.own or rules.ZERO) if event.own else _("All that may be claimed is paid.")
    if sentence and isinstance(amount, Decimal) and amount > (event.own or 0):
        sentence = _("This is more than your own cost of the bill.")
    rules.refuse({"amount": sentence})
    kind, level = _way_of(event, amount, figures=setting.figures)
    _before_close(event, setting=setting, now=now)
    if event.extras.filter(state=ExtraState.ASKED).exists():
        raise RuleBroken(_("More was asked for and waits for a decision."), code="extra_open")
    extra = Extra(request=event, host_id=event.owner_id, kind=kind, amount=amount, reason=reason_in(reason), level=level)
    extra.record(actor=actor)
    traces.step(event, Act.ASK_MORE, actor=actor, now=now, reason=extra.reason, amount=amount, kind=kind)
    closes = rules.closes_on(event.month, setting.calendar, working_day=setting.figures.terms["close_working_day"])
    due_at = closing_time(closes, setting.calendar)
    traces.ask(event, Work.EXTRA, actor=actor, due_at=due_at, extra=extra, **traces.queue(event, extra.level))
    return extra


def _per_head_room(event: HospitalityRequest, figures: Figures) -> Decimal:
    official, approved = event.has_official, event.approved or rules.ZERO
    return rules.per_head_room(figures, kind=event.kind, heads=event.report.heads, official=official, approved=approved)


def _way_of(event: HospitalityRequest, amount: Decimal, *, figures: Figures) -> tuple[str, str]:
    """(kind, level) of so much more. RuleBroken for what nobody may grant: a tip above what may be claimed, what compliance had to consent
    to and did not, and for a table with an official whatever goes above the cap per head (domain 4.2).
    """
    total = event.paid + amount
    room = _per_head_room(event, figures)
    without_consent = event.needs_consent and event.consented_at is None
    if event.own_reason in _NEVER_GRANTED or without_consent or (event.has_official and total > room):
        raise RuleBroken(_("Nobody may grant this."), code="never")
    level = event.level or rules.OWN_LEVELS.get(event.host_role, Level.TH)
    return rules.way_of_more(total=total, per_head=room, reason=event.own_reason, level=level, figures=figures)


def _before_close(event: HospitalityRequest, *, setting: Any, now: dt.datetime) -> None:
    today = now.astimezone(setting.calendar.zone).date()
    if today > rules.closes_on(event.month, setting.calendar, working_day=setting.figures.terms["close_working_day"]):
        raise RuleBroken(_("The month of this event is closed."), code="month_closed")


@transaction.atomic
def decide_more(*, extra_id: int, actor: Any, now: dt.datetime, grant: bool, reason: str = "") -> Extra:
    """Grant or refuse more, before the month closes. What is granted never goes above the host's month: no level lifts that.

    A variation stays inside the client's quarter too. LimitExceeded where it does not fit; NotAllowed, RuleBroken.
    """
    found = Extra.objects.visible_to(actor).get(pk=extra_id)
    event = traces.locked(found.request_id, actor)
    extra = Extra.objects.select_for_update(of=("self",)).get(pk=extra_id)
    extra.request = event
    permissions.can_grant_more(user=actor, extra=extra).require()
    post = permissions.deciding_post(actor, event, extra.level)
    words = reason_in(reason) if reason or not grant else ""
    if grant:
        setting = selectors.setting_of(event)
        _before_close(event, setting=setting, now=now)
        _grant(event, extra, figures=setting.figures, actor=actor, now=now, post=post)
    extra.state = ExtraState.GRANTED if grant else ExtraState.REFUSED
    extra.decided_by, extra.decided_at = actor, now
    extra.record(actor=actor, reason=words, fields=["state", "decided_by", "decided_at"])
    act = Act.GRANT_MORE if grant else Act.REFUSE_MORE
    traces.step(event, act, actor=actor, now=now, post=post, reason=words, amount=extra.amount)
    traces.close(event, Work.EXTRA, actor=actor, now=now, extra=extra)
    return extra


def _grant(event: HospitalityRequest, extra: Extra, *, figures: Any, actor: Any, now: dt.datetime, post: Any) -> None:
    if event.state not in (State.REPORTED, State.CLAIMED, State.QUERIED) or extra.amount > (event.own or rules.ZERO):
        raise RuleBroken(_("The bill has changed since this was asked. Ask again."), code="changed")
    if _way_of(event, extra.amount, figures=figures) != (extra.kind, extra.level):
        raise RuleBroken(_("The bill has changed since this was asked. Ask again."), code="changed")
    capped = figures if extra.kind == ExtraKind.VARIATION else None
    had_nothing = not event.paid
    _pay_more(event, extra.amount, capped=capped, figures=figures, actor=actor, now=now, post=post)
    event.record(actor=actor, fields=["paid", "own_reason"])
    if had_nothing and event.state == State.REPORTED:
        traces.ask(event, Work.CLAIM, actor=actor, due_at=event.claim_due_at, assignee=event.owner)


def drop_open_extras(event: HospitalityRequest, *, actor: Any, now: dt.datetime) -> None:
    """What was asked for and not decided lapses."""
    for extra in event.extras.filter(state=ExtraState.ASKED):
        extra.state = ExtraState.REFUSED
        extra.record(actor=actor, fields=["state"])
        traces.close(event, Work.EXTRA, actor=actor, now=now, state=WorkState.DROPPED, extra=extra)
