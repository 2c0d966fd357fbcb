"""The books: posting checked claims by double entry, paying them, clawing one back, and the file for finance's own system."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.clients.models import Client
from crm.hospitality import permissions, rules, selectors
from crm.hospitality.choices import CLIENT, GUEST, MONTH, TRANSITIONS, Act, State
from crm.hospitality.models import Batch, HospitalityRequest, PostingLine
from crm.hospitality.rules import Line
from crm.hospitality.services import limiting, traces
from crm.hospitality.services.deciding import reason_in
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.limits import EntryKind
from crm.kernel.workflow import check_transition
from crm.policy import selectors as policy
from crm.staff.choices import Role

SCOPES = (CLIENT, GUEST, MONTH)
_COLUMNS = ("batch", "period", "currency", "entry", "event", "account", "account_no", "debit", "credit", "cost_centre", "client_no", "tier")


@transaction.atomic
def post_claims(*, actor: Any, now: dt.datetime) -> list[Batch]:
    """Post every checked claim: one posting for each period and currency.

    An event goes into its own month while that is open, afterwards into the earliest open period; it uses the limit of its own month all
    the same (domain 4.6). NotAllowed for others than finance; a claim of the poster's own is left to a colleague; RuleBroken where none is
    left.
    """
    permissions.can_post(user=actor).require()
    ids = list(HospitalityRequest.objects.filter(state=State.VERIFIED).exclude(owner_id=actor.pk).select_for_update().values_list("pk"))
    events = selectors.ready_to_post().filter(pk__in=[pk for (pk,) in ids]).select_related("report", "expense_claim").order_by("pk")
    piles: dict[tuple[str, str], list[HospitalityRequest]] = {}
    for event in events:
        setting = selectors.setting_of(event)
        today = now.astimezone(setting.calendar.zone).date()
        working_day = setting.figures.terms["close_working_day"]
        period = rules.posting_period(event.month, today, setting.calendar, working_day=working_day)
        piles.setdefault((period, event.currency), []).append(event)
    if not piles:
        raise RuleBroken(_("No checked claim waits to be posted."), code="nothing_to_post")
    return [_post(period, currency, pile, actor=actor, now=now) for (period, currency), pile in sorted(piles.items())]


def _post(period: str, currency: str, events: list[HospitalityRequest], *, actor: Any, now: dt.datetime) -> Batch:
    batch = _batch(period, currency, sum((event.paid for event in events), rules.ZERO), actor=actor, now=now)
    for event in events:
        check_transition(TRANSITIONS, event.state, State.POSTED)
        lines = rules.posting_of(paid=event.paid, total=event.billed or rules.ZERO, means=event.report.means)
        _enter(batch, event, PostingLine.Entry.POST, lines, actor=actor, now=now)
        event.expense_claim.batch = batch
        event.expense_claim.record(actor=actor, fields=["batch"])
        _move(event, State.POSTED, Act.POST, actor=actor, now=now, batch=batch)
    return batch


def _batch(period: str, currency: str, total: Decimal, *, actor: Any, now: dt.datetime, is_reversal: bool = False) -> Batch:
    number = traces.next_number(traces.BATCH_PREFIX, now)
    batch = Batch(number=number, period=period, currency=currency, total=total, posted_by=actor, posted_at=now, is_reversal=is_reversal)
    batch.record(actor=actor)
    return batch


def _move(event: HospitalityRequest, state: str, act: str, *, actor: Any, now: dt.datetime, batch: Batch, reason: str = "") -> None:
    event.state = state
    event.record(actor=actor, reason=reason, fields=["state", "paid"])
    post = actor.actor.post(Role.FIN)
    traces.step(event, act, actor=actor, now=now, post=post, reason=reason, batch=batch.number, amount=event.paid)


def _enter(batch: Batch, event: HospitalityRequest, entry: str, lines: Iterable[Line], *, actor: Any, now: dt.datetime) -> None:
    """Write balanced lines. The two sides differing would be a mistake in the program."""
    listed = list(lines)
    if not rules.balances(listed):
        raise ValueError(f"{event} does not balance")
    accounts = policy.table("hospitality.accounts", jurisdiction=event.centre.jurisdiction, on=event.event_on)
    client = Client.objects.filter(company_id=event.company_id).first()
    post = actor.actor.post(Role.FIN)
    PostingLine.objects.bulk_create(
        PostingLine(
            batch=batch,
            request=event,
            entry=entry,
            account=line.account,
            code=accounts[line.account],
            debit=line.debit,
            credit=line.credit,
            cost_centre=(event.team or event.centre).name_en,
            client_number=client.number if client else "",
            tier=client.tier if client else "",
            at=now,
            actor=actor,
            post=post,
        )
        for line in listed
    )


@transaction.atomic
def pay_batch(*, batch_id: int, actor: Any, now: dt.datetime) -> Batch:
    """The payment went out: it clears what was payable. NotAllowed; RuleBroken where it is paid, or the payer's own claim is in it."""
    batch = Batch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=batch_id)
    permissions.can_post(user=actor).require()
    if batch.paid_at is not None or batch.is_reversal:
        raise RuleBroken(_("This is paid already."), code="paid")
    events = HospitalityRequest.objects.filter(expense_claim__batch=batch, state=State.POSTED)
    if events.filter(owner_id=actor.pk).exists():
        raise RuleBroken(_("Your own claim is among these. A colleague pays them."), code="own_claim")
    for event in events.select_related("report", "centre", "team", "company", "owner").order_by("pk"):
        check_transition(TRANSITIONS, event.state, State.PAID)
        lines = rules.payment_of(paid=event.paid, total=event.billed or rules.ZERO, means=event.report.means)
        _enter(batch, event, PostingLine.Entry.PAY, lines, actor=actor, now=now)
        _move(event, State.PAID, Act.PAY, actor=actor, now=now, batch=batch)
    batch.paid_by, batch.paid_at = actor, now
    batch.record(actor=actor, fields=["paid_by", "paid_at"])
    return batch


@transaction.atomic
def claw_back(*, event_id: int, actor: Any, now: dt.datetime, reason: str) -> Batch:
    """Take a posted or paid claim back: every line of it is reversed in the period open now, and its limits are given back."""
    event = traces.locked(event_id, actor)
    permissions.can_claw_back(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.CLAWED_BACK)
    words = reason_in(reason)
    setting = selectors.setting_of(event)
    today = now.astimezone(setting.calendar.zone).date()
    period = rules.posting_period(event.month, today, setting.calendar, working_day=setting.figures.terms["close_working_day"])
    batch = _batch(period, event.currency, -event.paid, actor=actor, now=now, is_reversal=True)
    lines = [Line(line.account, line.debit, line.credit) for line in event.lines.order_by("pk")]
    _enter(batch, event, PostingLine.Entry.REVERSE, rules.reversed_lines(lines), actor=actor, now=now)
    if event.paid:
        claims = (limiting.client_claim(event, -event.paid, None), limiting.month_claim(event, -event.paid, setting.figures))
        limits.take(*claims, subject=event, entry=EntryKind.REVERSE, actor=actor, now=now, post=actor.actor.post(Role.FIN))
    event.paid = rules.ZERO
    _move(event, State.CLAWED_BACK, Act.CLAW_BACK, actor=actor, now=now, batch=batch, reason=words)
    return batch


def posting_file(batch: Batch) -> bytes:
    """The lines of a posting as CSV, in UTF-8 with a mark by which spreadsheets know it. Debit and credit sum up to the same."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for line in batch.lines.select_related("request").order_by("pk"):
        row = (batch.number, batch.period, batch.currency, line.entry, line.request.number, line.account, line.code)
        writer.writerow((*row, f"{line.debit:.2f}", f"{line.credit:.2f}", _safe(line.cost_centre), _safe(line.client_number), line.tier))
    return out.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
