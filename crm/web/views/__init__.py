"""The views that features build their pages of. A feature declares; search, paging, permission, replay and refusals come with it.

A list (`?q=`, filters, `?sort=name`, `?size=100`, keyset pages, saved views, export):

    class ClientList(ListView):
        model = Client                                  # rows come from Client.objects.visible_to(request.user)
        table_class = ClientTable                       # crm.web.tables
        filterset_class = ClientFilters                 # crm.web.filters
        title = _("Clients")
        ordering = ("sort_name",)                       # columns or relation__column; the primary key is added
        select_related = ("company", "owner")           # all that cells read: a table never fetches
        search_hint = _("Name, stock code or phone")    # shows the search box
        empty = Empty(_("No clients yet"), _("A won prospect becomes a client."), "deals:deal_list", _("See prospects"))
        bulk_actions = (BulkAction(_("Assign"), "clients:client_bulk_assign", "people", shown=can_assign_any),)

        def permission(self, request): return permissions.can_list_clients(user=request.user)
        def search(self, queryset, q): return queryset.named_like(q)
        def totals(self, queryset): return queryset.aggregate(deposits=Sum("deposits"))     # keys are column names
        def actions(self): return [Action(_("New"), url_of("clients:client_create"), "plus", primary=True)]

Where a search finds rows by keys: `class CompanyList(RankedListView)` with `ranking(q)`; see `crm.web.views.ranked`.

A record (hidden and missing are both 404; an own template extends "web/detail.html"; its blocks: tags, panel, beside):

    class ClientDetail(DetailView):
        model = Client
        crumb = (_("Clients"), "clients:client_list")
        tabs = (Tab("timeline", _("Timeline"), "clients:client_timeline"), Tab("people", _("People"), "clients:client_people"))
        def facts(self): return [Fact(_("Last visit"), when(self.object.last_visit_at))]
        def actions(self): return [Action(_("Log a visit"), url, "visits", primary=True, refusal=permission.reason)]

    class ClientTimeline(RecordFragmentView):           # a tab's content, or a panel: {% include "web/panel.html" with url=… label=… %}
        model = Client
        template_name = "clients/timeline.html"
        def get_context_data(self, **context): return super().get_context_data(rows=…, **context)

An operation (form + one service call; page and dialog in one; link with `data-dialog` opens it as a dialog):

    class VisitLog(OperationView):                      # CreateView: no record; UpdateView: form filled from the record, `self.version`
        model = Client
        form_class = VisitForm                          # get_form_kwargs() passes e.g. user
        title, submit_label, success_message = _("Log a visit"), _("Save visit"), _("Visit logged.")

        def permission(self, request): return can_log_visit(user=request.user, client=self.object)
        def perform(self, *, data, now):
            return services.log_visit(client_id=self.object.pk, actor=self.request.user, now=now, **data)
        # get_success_url(result), get_success_message(result), get_initial(), get_back_url() where the defaults do not fit

The form's UUID goes through `submit_once`: a second click or replay gets the first answer. DomainError comes back on the form with all
that was typed: NotAllowed 403, InvalidTransition and StaleVersion 409 (both versions side by side), RuleBroken 422; its `fields` land
beside their fields. In a dialog each of them is 422, which htmx swaps in. A service that takes a version raises
StaleVersion(current={field: value}). `web/operation.html` draws all fields; an own template extends it and fills the block `fields`
(and `beside`).

A long form that people write for hours: `class MemoWrite(KeepsDrafts, UpdateView)` keeps what is typed on the server at each pause, for
its writer alone, on any device, until it is saved; see `crm.web.views.drafts`.

Many rows at once: a BulkOperationView with `list_view`, `list_url_name`, `perform_one(record, data, now)` and, with `can_undo = True`,
`undo_one(record_id, before, now)`; see `crm.web.views.bulk`.

Every page answers in this order: sign-in (302), method not offered (405), hidden or missing (404), refused (403 with the reason).
"""

from crm.web.views.base import Page, RecordPage, wants_fragment
from crm.web.views.bulk import BulkOperationView
from crm.web.views.details import Crumb, DetailView, Fact, FragmentView, ProgressView, RecordFragmentView, Tab
from crm.web.views.drafts import KeepsDrafts
from crm.web.views.files import FileDownload
from crm.web.views.lists import Action, BulkAction, Empty, ListView
from crm.web.views.operations import CreateView, FormPage, OperationView, UpdateView
from crm.web.views.ranked import RankedListView

__all__ = [
    "Action",
    "BulkAction",
    "BulkOperationView",
    "CreateView",
    "Crumb",
    "DetailView",
    "Empty",
    "Fact",
    "FileDownload",
    "FormPage",
    "FragmentView",
    "KeepsDrafts",
    "ListView",
    "OperationView",
    "Page",
    "ProgressView",
    "RankedListView",
    "RecordFragmentView",
    "RecordPage",
    "Tab",
    "UpdateView",
    "wants_fragment",
]
