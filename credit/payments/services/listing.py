"""The borrower's list of the payments that it made itself in a month: owed from the first of them on, and brought (domain 7.6)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.flags.services.traces import file_of
from credit.packs.rules import line, refuse
from credit.payments import permissions, rules, selectors
from credit.payments.choices import LIST_SUBJECT, PaymentWork
from credit.payments.models import MonthList, Payment
from crm.kernel.worklist import WorkItem
from crm.visits.rules import closing_time


def owe_list(payment: Payment, *, now: dt.datetime) -> MonthList:
    """The list of the month in which this payment was made, owed within the bank's days after its end; made once for each pack and month.

    For the service that pays, in its transaction and under its company's lock.
    """
    pack = payment.pack
    on, calendar = selectors.today_of(pack, now), selectors.calendar_of(pack, now)
    month = on.replace(day=1)
    found: MonthList | None = MonthList.objects.filter(pack=pack, month=month).first()
    if found is not None:
        return found
    days = selectors.figures(pack, on=on)["voucher_days"]
    due_at = closing_time(calendar.add_working_days(rules.month_end(on), days), calendar)
    owed = MonthList(pack=pack, month=month, due_at=due_at)
    owed.record(actor=None, reason="owed")
    WorkItem.objects.create(
        kind=PaymentWork.LIST, title=f"{pack.number} · {pack.company} · {month:%Y-%m}"[:300], company_id=pack.company_id, due_at=due_at,
        subject_type=LIST_SUBJECT, subject_id=owed.pk, assignee=pack.owner,
    )  # fmt: skip
    return owed


@transaction.atomic
def bring_list(*, list_id: int, lines: str, file_id: int | None = None, note: str = "", actor: Any, now: dt.datetime) -> MonthList:
    """Bring a month's list, typed or as a paper; again, to put it right: the first time counts for its lateness.

    NotAllowed for others than the pack's manager and the credit department, and before the month is over; RuleBroken (field `lines`)
    without lines or paper, and for a line that cannot be read or is of another month.
    """
    pk = MonthList.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=list_id)
    owed: MonthList = MonthList.objects.select_related(*selectors.LIST_RELATED).get(pk=pk)
    permissions.can_bring_list(user=actor, month_list=owed, today=selectors.today_of(owed.pack, now)).require()
    listed = rules.listed_of(lines, month=owed.month)
    file = file_of(file_id, actor)
    if not listed and file is None:
        raise refuse("lines", _("Enter the payments, or bring the borrower’s own list as a paper."))
    owed.lines, owed.note = [one.to_json() for one in listed], line(note, 1000)
    owed.file = file or owed.file
    owed.brought_at, owed.brought_by = owed.brought_at or now, owed.brought_by or actor
    owed.record(actor=actor, reason="brought")
    for item in WorkItem.objects.open().filter(subject_type=LIST_SUBJECT, subject_id=owed.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)
    return owed
