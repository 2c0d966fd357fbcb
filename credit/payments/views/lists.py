"""Lists of the payments that borrowers made themselves, by month."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags.services import keep_evidence
from credit.payments import permissions, rules, selectors, services
from credit.payments.filters import MonthListFilters
from credit.payments.forms import MonthListForm
from credit.payments.models import MonthList
from credit.payments.tables import MonthListTable, list_standing, list_tone
from credit.payments.views.registers import Register
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload, UpdateView


class MonthListList(Register):
    """`/credit/payments/lists/`: what is owed, late and brought."""

    model = MonthList
    table_class = MonthListTable
    filterset_class = MonthListFilters
    title = _("Lists of the borrowers’ own payments")
    ordering = ("-due_at",)
    numbered = "pack__number"
    empty = Empty(_("No lists are owed"), _("A borrower that pays by itself owes a list of each month’s payments."), icon="box")


class MonthListDetail(DetailView):
    """One month's list beside what was paid out, and the sample of vouchers."""

    model = MonthList
    select_related = selectors.LIST_RELATED
    template_name = "payments/list_detail.html"
    crumb = (_("Lists of the borrowers’ own payments"), "payments:list_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """Of which month, due when, brought when."""
        owed = self.object
        facts = [
            Fact(_("Month"), date_format(owed.month, "YEAR_MONTH_FORMAT")),
            Fact(
                pgettext_lazy("list of payments", "Due"), date_format(timezone.localtime(owed.due_at, owed.pack.centre.zone), "DATE_FORMAT")
            ),
        ]
        if owed.brought_at and owed.brought_by:
            brought = date_format(timezone.localtime(owed.brought_at, owed.pack.centre.zone), "DATE_FORMAT")
            facts.append(Fact(_("Brought"), brought, owed.brought_by.name))
        return facts

    def actions(self) -> list[Action]:
        """Bring it, or put it right."""
        owed = self.object
        if not permissions.can_bring_list(user=self.request.user, month_list=owed, today=selectors.today_of(owed.pack, timezone.now())):
            return []
        label = _("Put it right") if owed.brought_at else _("Bring the list")
        return [Action(label, url_of("payments:list_bring", owed.pk), "upload", primary=not owed.brought_at)]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what was paid, what the list leaves out or names besides, and its standing."""
        owed, now = self.object, timezone.now()
        paid = selectors.paid_in_month(owed)
        listed = owed.listed
        found = rules.compare(listed, [(one.number, one.payee, one.amount) for one in paid]) if listed else None
        return super().get_context_data(
            paid=[(one, found is not None and one.number in found.left_out) for one in paid],
            listed=[(one, found is not None and one in found.unknown) for one in listed],
            found=found,
            currency=owed.pack.currency,
            total_paid=sum((one.amount for one in paid), rules.ZERO),
            total_listed=sum((one.amount for one in listed), rules.ZERO),
            standing=list_standing(owed, now),
            tone=list_tone(owed, now),
            **context,
        )


class MonthListBring(UpdateView):
    """Type the payments, or bring the borrower's own paper."""

    model = MonthList
    select_related = selectors.LIST_RELATED
    form_class = MonthListForm
    title = _("The list of the month’s payments")
    submit_label = _("Keep the list")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        today = selectors.today_of(self.object.pack, timezone.now())
        return permissions.can_bring_list(user=request.user, month_list=self.object, today=today)

    def get_initial(self) -> dict[str, Any]:
        """As it was brought."""
        rows = ["; ".join((row["on"], row["payee"], row["amount"], row["purpose"])) for row in self.object.lines]
        return {"lines": "\n".join(rows), "note": self.object.note}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> MonthList:
        """Keep it."""
        upload, user = data["evidence"], self.request.user
        file_id = keep_evidence(upload, actor=user).pk if upload else None
        told = {"lines": data["lines"], "note": data["note"], "file_id": file_id, "version": self.seen}
        return services.bring_list(list_id=self.object.pk, actor=user, now=now, **told)


class MonthListPaper(FileDownload):
    """The borrower's own paper, for whoever sees the list."""

    model = MonthList
