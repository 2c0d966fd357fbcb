"""The nightly files, and a client's figures as a panel of its page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.clients.finding import seen_client
from crm.companies.models import Company, CompanyGroup
from crm.figures import permissions, pictures, selectors
from crm.figures.filters import FileFilters
from crm.figures.models import FigureFile
from crm.figures.tables import FileTable, standing
from crm.kernel.limits import ZERO
from crm.kernel.permission import Permission, denied
from crm.policy import selectors as policy
from crm.web.views import DetailView, Empty, Fact, ListView, RecordFragmentView

DAYS_ON_BOARD = 10


class FileList(ListView):
    """`/figures/`: how the files of the last working days came, and all files."""

    model = FigureFile
    table_class = FileTable
    filterset_class = FileFilters
    template_name = "figures/file_list.html"
    title = _("Nightly figures")
    ordering = ("-on", "-pk")
    search_hint = _("Name of the file")
    empty = Empty(_("No file has come yet"), _("The core bank’s files are loaded each night, one of each kind."), icon="box")

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of files."""
        return permissions.can_read_files(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the beginning of the name."""
        return queryset.filter(name__istartswith=q)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the board."""
        return super().get_context_data(board=selectors.board(now=timezone.now(), days=DAYS_ON_BOARD), **context)


class FileDetail(DetailView):
    """One file: what came in it, whether it ties, and the rows that were refused."""

    model = FigureFile
    template_name = "figures/file_detail.html"
    crumb = (_("Nightly figures"), "figures:file_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of files."""
        return permissions.can_read_files(user=request.user)

    def facts(self) -> list[Fact]:
        """Its counts."""
        file = self.object
        return [
            Fact(file.get_kind_display(), file.on, file.bank),
            Fact(_("Statement"), file.version),
            Fact(_("Rows"), file.read),
            Fact(pgettext_lazy("rows of a file", "Loaded"), file.loaded),
            Fact(_("Unchanged"), file.unchanged),
            Fact(_("Refused"), file.refused),
            Fact(_("Totals"), standing(file)),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the totals and the refused rows."""
        return super().get_context_data(totals=selectors.totals_of(self.object), refusals=self.object.refusals, **context)


class GroupFigures(RecordFragmentView):
    """What the clients of a group hold, have drawn and earn the bank, as a panel of the group's page."""

    model = CompanyGroup
    title = pgettext_lazy("core bank", "Figures")
    template_name = "figures/group_figures.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of figures; whose is for the rows."""
        return permissions.can_read_figures(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Each member that the reader sees whole, and the sums."""
        members = selectors.members(user=self.request.user, group=self.object, on=timezone.localdate())
        sums = {
            "deposits": sum((one.stands.deposits for one in members), ZERO),
            "limits": sum((one.stands.limits for one in members), ZERO),
            "drawn": sum((one.stands.drawn for one in members), ZERO),
            "income": sum((one.income for one in members), ZERO),
        }
        return super().get_context_data(members=members, sums=sums, **context)


class CompanyFigures(RecordFragmentView):
    """A client's figures, as a panel of its page and of its company's."""

    model = Company
    title = pgettext_lazy("core bank", "Figures")
    template_name = "figures/company_figures.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the client is seen whole."""
        can = permissions.can_read_figures(user=request.user)
        if not can:
            return can
        client = seen_client(user=request.user, company=self.object)
        if client is None:
            return denied(_("Figures are shown to those who look after the client."))
        return permissions.can_read_figures_of(user=request.user, client=client)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What it holds, what moved, what it earns the bank, each with its picture."""
        client, on = seen_client(user=self.request.user, company=self.object), timezone.localdate()
        stands = selectors.standings([client.pk], on=on)[client.pk] if client else None
        if client is None or stands is None:
            return super().get_context_data(**context)
        months, income = selectors.movements(client, on=on), selectors.income_split([client.pk], on=on)
        averages = {client.pk: stands.average_deposits}
        return super().get_context_data(
            stands=stands,
            has_figures=stands.on is not None or any(month.paid_in or month.paid_out for month in months) or bool(income),
            months=months,
            outflow=selectors.outflows([client.pk], on=on, averages=averages).get(client.pk),
            income=income,
            fees=policy.table("figures.fee_share", jurisdiction="", on=on),
            bars=pictures.bars([month.paid_in for month in months], [month.paid_out for month in months]),
            line=pictures.line([month.balance for month in months]),
            slices=pictures.slices(income),
            moved_in=sum((month.paid_in for month in months), ZERO),
            moved_out=sum((month.paid_out for month in months), ZERO),
            arrears=selectors.newest_arrears(client, on=on),
            **context,
        )
