"""The borrower's list of the payments that it made itself in a month: owed from the first of them on, and brought (domain 7.6)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.flags.services.traces import file_of
from credit.packs.rules import line, refuse
from credit.payments import permissions, rules, selectors
from credit.payments.choices import FORBIDDEN_USE, FUNDS_RETURN, LIST_SUBJECT, PaymentWork
from credit.payments.models import MonthList, Payment
from credit.payments.services.flagging import FOR_FORBIDDEN, flag_use
from crm.kernel.errors import Sentence
from crm.kernel.text import first_named
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
def bring_list(
    *,
    list_id: int,
    lines: str,
    file_id: int | None = None,
    note: str = "",
    actor: Any,
    now: dt.datetime,
    version: int | None = None,
) -> MonthList:
    """Bring a month's list, typed or as a paper; again, to put it right: the first time counts for its lateness.

    A line to a name of the borrower or its group raises RF-15, one that names what no loan pays for RF-16; each once a line.
    NotAllowed for others than the pack's manager and the credit department, and before the month is over; RuleBroken (field `lines`)
    without lines or paper, and for a line that cannot be read or is of another month; StaleVersion where `version`, the one that was
    shown, is not the one kept.
    """
    pk = MonthList.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=list_id)
    owed: MonthList = MonthList.objects.select_related(*selectors.LIST_RELATED).get(pk=pk)
    permissions.can_bring_list(user=actor, month_list=owed, today=selectors.today_of(owed.pack, now)).require()
    owed.count_up(version, shown=("note",))
    listed = rules.listed_of(lines, month=owed.month)
    file = file_of(file_id, actor)
    if not listed and file is None:
        raise refuse("lines", _("Enter the payments, or bring the borrower’s own list as a paper."))
    before = [rules.Listed.of_json(one) for one in owed.lines]
    owed.lines, owed.note = [one.to_json() for one in listed], line(note, 1000)
    owed.file = file or owed.file
    owed.brought_at, owed.brought_by = owed.brought_at or now, owed.brought_by or actor
    owed.record(actor=actor, reason="brought")
    for item in WorkItem.objects.open().filter(subject_type=LIST_SUBJECT, subject_id=owed.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)
    _look([one for one in listed if one not in before], owed, actor=actor, now=now)
    return owed


def _look(listed: list[rules.Listed], owed: MonthList, *, actor: Any, now: dt.datetime) -> None:
    """What the borrower says that it bought, beside what it may buy."""
    pack = owed.pack
    names, words = selectors.related_names(pack.company), selectors.forbidden_words(pack, on=selectors.today_of(pack, now))
    with override("en"):
        for one in listed:
            found: list[tuple[str, Sentence]] = []
            if rules.stands_in(one.payee, names):
                found.append((FUNDS_RETURN, _("The payee belongs to the borrower’s group.")))
            if word := first_named(f"{one.purpose} · {one.payee}", words):
                found.append((FORBIDDEN_USE, FOR_FORBIDDEN % {"word": word}))
            for code, why in found:
                note = f"{pack.number} · {one.on} · {one.payee} · {pack.currency} {one.amount:,} · {one.purpose}: {why}"
                flag_use(pack, code, note, actor=actor, now=now, link=owed.get_absolute_url())
