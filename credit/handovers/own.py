"""What features below hold open of a client: packs, conditions, concessions, promises, tasks, pursuits, proposed risk classes, the next
review of know-your-customer.
"""  # fmt: skip

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.decisions.choices import ConditionKind, ConditionState
from credit.decisions.models import Condition
from credit.handovers.parts import Item
from credit.packs.choices import GRANTED, LIVE, PRE_DECISION, State
from credit.packs.models import Pack
from credit.risk.choices import LoanClass, ProposalState
from credit.risk.models import Proposal
from crm.clients.models import Client
from crm.concessions import choices as concessions
from crm.concessions.models import Concession
from crm.kernel.worklist import WorkItem
from crm.visits.models import Promise
from crm.visits.services.traces import PROMISE_SUBJECT
from prospects.deals.choices import DealKind, Stage
from prospects.deals.models import Deal

UNTOLD, TOLD, WAITS = "untold", "told", "waits"
NOTES = {UNTOLD: _("not told yet"), TOLD: _("told"), WAITS: _("waits for a decision")}
PACK_NOTES = {str(state): state.label for state in State}
STAGE_NOTES = {str(stage): stage.label for stage in Stage}
CLASS_NOTES = {str(state): state.label for state in ProposalState}
_HELD = (concessions.State.APPROVED, concessions.State.PART, concessions.State.APPLIED)
_WAITING = (concessions.State.REQUESTED, concessions.State.RETURNED)


def packs(client: Client, outgoing_id: int) -> Iterator[Item]:
    """In progress, granted and live."""
    rows = Pack.objects.filter(company_id=client.company_id, state__in=(*PRE_DECISION, *GRANTED, *LIVE)).order_by("pk")
    for row in rows:
        yield Item(str(row.pk), f"{row.number} · {row.currency} {row.requested:,.0f}", note=str(row.state))


def conditions(client: Client, outgoing_id: int) -> Iterator[Item]:
    """Conditions after the drawdown that are not met."""
    rows = Condition.objects.filter(
        pack__company_id=client.company_id, kind=ConditionKind.SUBSEQUENT, state__in=(ConditionState.OPEN, ConditionState.SHOWN)
    )
    for row in rows.select_related("pack").order_by("due_on", "pk"):
        yield Item(str(row.pk), f"{row.pack.number} · {row}"[:300], row.due_on)


def granted(client: Client, outgoing_id: int) -> Iterator[Item]:
    """Concessions that hold or wait, and whether the client was told."""
    rows = Concession.objects.filter(company_id=client.company_id, state__in=(*_HELD, *_WAITING)).order_by("pk")
    for row in rows:
        note = WAITS if row.state in _WAITING else TOLD if row.told_at else UNTOLD
        due_on = row.tell_by.date() if row.tell_by and not row.told_at else row.expires_on
        yield Item(str(row.pk), f"{row.number} · {row.kind}", due_on, note)


def promised(client: Client, outgoing_id: int) -> Iterator[Item]:
    """What the bank promised at visits, and what the client promised for a concession."""
    for row in Promise.objects.filter(company_id=client.company_id, kept_at=None).order_by("due_on", "pk"):
        yield Item(f"visit-{row.pk}", row.text, row.due_on)
    rows = Concession.objects.filter(company_id=client.company_id, state__in=_HELD, promise_kept_at=None).exclude(promise="")
    for one in rows.order_by("promise_due_on", "pk"):
        yield Item(f"concession-{one.pk}", f"{one.number} · {one.promise}"[:300], one.promise_due_on)


def work(client: Client, outgoing_id: int) -> Iterator[Item]:
    """What the manager who leaves has to do about the client, tasks among it; promises stand apart."""
    rows = WorkItem.objects.open().filter(company_id=client.company_id, assignee_id=outgoing_id).exclude(subject_type=PROMISE_SUBJECT)
    for row in rows.order_by("due_at", "pk"):
        yield Item(str(row.pk), row.title, row.due_at.date() if row.due_at else None, row.kind)


def review(client: Client, outgoing_id: int) -> Iterator[Item]:
    """The next review of know-your-customer."""
    if client.kyc_due_on:
        yield Item(client.kyc_due_on.isoformat(), client.number, client.kyc_due_on)


def pursued(client: Client, outgoing_id: int) -> Iterator[Item]:
    """What the manager who leaves pursues with the client, which goes along."""
    rows = Deal.objects.open().filter(company_id=client.company_id, kind=DealKind.EXISTING, owner_id=outgoing_id)
    for row in rows.order_by("pk"):
        yield Item(str(row.pk), " · ".join(part for part in (row.source, row.need) if part)[:300], note=row.stage)


def classes(client: Client, outgoing_id: int) -> Iterator[Item]:
    """Risk classes that are proposed and not set."""
    waiting = (ProposalState.PROPOSED, ProposalState.REVIEWED)
    rows = Proposal.objects.filter(standing__client=client, state__in=waiting).select_related("standing")
    for row in rows.order_by("pk"):
        with override("en"):
            label = " · ".join(part for part in (row.standing.facility, str(LoanClass(row.loan_class).label)) if part)
        yield Item(str(row.pk), label, note=row.state)
