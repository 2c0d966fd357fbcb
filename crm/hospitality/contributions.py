"""What hospitality adds to shared screens."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q

from crm.hospitality.choices import MONTH, State
from crm.hospitality.models import Batch, HospitalityRequest, PostingLine
from crm.kernel.limits import Budget, decimal


def _wrong_month_sums() -> Iterator[str]:
    """What events hold in a month is what its budget counts."""
    held: dict[tuple[str, str], Decimal] = {}
    rows = HospitalityRequest.objects.exclude(reserved=0, paid=0).values_list("owner_id", "event_on", "reserved", "paid")
    for owner_id, day, reserved, paid in rows:
        key = (f"user:{owner_id}", f"{day:%Y-%m}")
        held[key] = held.get(key, Decimal(0)) + reserved + paid
    for budget in Budget.objects.filter(scope=MONTH):
        if held.pop((budget.holder, budget.period), Decimal(0)) != decimal(budget.used_hundredths):
            yield f"{budget}: its events do not hold what it counts."
    for holder, period in held:
        yield f"{MONTH} {holder} {period}: events hold what no budget counts."


def _self_approved() -> Iterator[str]:
    at_table = Q(seats__user=F("decided_by")) | Q(seats__user=F("consented_by"))
    rows = HospitalityRequest.objects.filter(Q(decided_by=F("owner")) | Q(consented_by=F("owner")) | at_table)
    for number in rows.values_list("number", flat=True).distinct():
        yield f"{number}: decided by somebody at the table."


def _officials_without_consent() -> Iterator[str]:
    rows = HospitalityRequest.objects.filter(guests__is_official=True, guests__came=True, paid__gt=0, consented_at=None)
    for number in rows.values_list("number", flat=True).distinct():
        yield f"{number}: paid for a public official without consent."


def _paid_without_receipt() -> Iterator[str]:
    rows = HospitalityRequest.objects.filter(state__in=(State.VERIFIED, State.POSTED, State.PAID), paid__gt=0, receipts=None)
    for number in rows.values_list("number", flat=True):
        yield f"{number}: paid without a receipt."


def _unbalanced_books() -> Iterator[str]:
    """Summed up here, since SQLite adds decimals as binary fractions."""
    sums: dict[int, Decimal] = {}
    for batch_id, debit, credit in PostingLine.objects.values_list("batch_id", "debit", "credit"):
        sums[batch_id] = sums.get(batch_id, Decimal(0)) + debit - credit
    for number in Batch.objects.filter(pk__in=[key for key, total in sums.items() if total]).values_list("number", flat=True):
        yield f"Posting {number} does not balance."
