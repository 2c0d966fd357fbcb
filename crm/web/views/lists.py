"""The list page: search, filters as chips in the address, sorting, keyset pages, totals, saved views, bulk acts and exports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

from crm.kernel.addresses import url_of
from crm.kernel.contributions import always
from crm.kernel.errors import Sentence
from crm.web import exports, selectors
from crm.web.choices import CURSOR, PANEL, PLACE_PARAMETERS, SEARCH, SIZE, SORT, VIEW
from crm.web.filters import FilterChip, FilterSet
from crm.web.paging import PAGE_SIZE, PAGE_SIZES, BoundedCount, KeysetPage, bounded_count, by_keys, paginate
from crm.web.request import Request
from crm.web.tables import Table
from crm.web.views.base import Page, visible, wants_fragment

ALL_ROWS = f"{VIEW}=all"
MAX_SEARCH = 200
TOTALS_INLINE = 1_000
RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches: what belongs here, and what to do first."""

    title: Sentence
    text: Sentence = ""
    url_name: str = ""
    action: Sentence = ""
    icon: str = ""

    @property
    def url(self) -> str:
        """Where the first act is done."""
        return url_of(self.url_name) if self.url_name else ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a page's head. Shown disabled with its reason where `refusal` is given; where the page lists the reasons by itself,
    `reasons_at` is their place (an anchor) and a link to it stands beside the button.
    """

    label: Sentence
    url: str
    icon: str = ""
    primary: bool = False
    dialog: bool = False
    refusal: Sentence = ""
    reasons_at: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button under the list that does something with the chosen rows; its view is a BulkOperationView."""

    label: Sentence
    url_name: str
    icon: str = ""
    danger: bool = False
    shown: Callable[[Any], bool] = always

    @property
    def url(self) -> str:
        """Where the chosen rows are sent."""
        return url_of(self.url_name)


class ListView(Page):
    """A list of the rows that the reader may see. See the package docstring for how a feature declares one."""

    model: type[Model]
    table_class: type[Table]
    filterset_class: type[FilterSet] | None = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    select_related: ClassVar[tuple[str, ...]] = ()
    prefetch_related: ClassVar[tuple[Any, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()
    """The columns that cells, links and exports read, where rows are wide; a column forgotten here costs a statement a row. Else all."""
    exportable = True
    search_hint: Sentence = ""
    empty: Empty | None = None
    bulk_actions: ClassVar[tuple[BulkAction, ...]] = ()
    template_name = "web/list.html"
    results_template = "web/list_results.html"

    # What a feature may say

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that the reader may see, before search and filters."""
        return visible(self.model, self.request.user)

    def counted(self) -> Sequence[QuerySet[Any]]:
        """The rows of `get_queryset` as they are counted: in parts that share none, where an index finds each part but not the whole."""
        return (self.get_queryset(),)

    def paged(self) -> Sequence[QuerySet[Any]]:
        """The same as a page's keys are looked for in them, where rows are wide and no index gives all of them in order: see `by_keys`."""
        return ()

    def search(self, queryset: QuerySet[Any], q: str) -> QuerySet[Any]:
        """Narrow by what was typed into the search box. The box shows where `search_hint` is set."""
        return queryset

    def totals(self, queryset: QuerySet[Any]) -> Mapping[str, Any]:
        """Column totals over all rows found, by column name; drawn by the columns themselves. One aggregate at most."""
        return {}

    def actions(self) -> list[Action]:
        """The buttons of the page's head."""
        return []

    # What the parts read

    @classmethod
    def for_reader(cls, user: Any, path: str, query: str, **kwargs: Any) -> Self:
        """The same list as a page at `path` with this query string would show to `user`: for exports and bulk acts.

        Raises Http404 or NotAllowed where the page would.
        """
        request = Request()
        request.method, request.path, request.user, request.GET = "GET", path, user, QueryDict(query)
        request.resolver_match = resolve(path)
        view = cls()
        view.setup(request, **kwargs)
        view.load()
        view.permission(request).require()
        return view

    @cached_property
    def query(self) -> str:
        """The search, the search words, in one line."""
        return " ".join(self.request.GET.get(SEARCH, "").replace("\x00", "").split())[:MAX_SEARCH]

    @cached_property
    def filtering(self) -> FilterSet | None:
        """The filters in force; None where the address names none."""
        asked = {name for name, value in self.request.GET.items() if value}
        if self.filterset_class is None or self.filterset_class.parameters().isdisjoint(asked):
            return None
        return self.filterset_class(self.request.GET, self.get_queryset(), request=self.request)

    @cached_property
    def found(self) -> QuerySet[Any]:
        """All rows that match the search and the filters, not yet in order."""
        return self._narrowed(self.get_queryset())

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of some rows that match the search and the filters."""
        if self.filtering is not None:
            rows = self.filtering.filter_queryset(rows)
        return self.search(rows, self.query) if self.query and self.search_hint else rows

    @cached_property
    def sort(self) -> str:
        """The column that the address sorts by, with a leading `-` where descending; empty for the list's own order."""
        asked = self.request.GET.get(SORT, "")
        return asked if asked and self.blank_table.ordering(asked) else ""

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The model columns of the order in force."""
        return self.blank_table.ordering(self.sort) if self.sort else self.ordering

    @cached_property
    def page_size(self) -> int:
        """50 rows unless the address asks for 100."""
        asked = self.request.GET.get(SIZE, "")
        return int(asked) if asked in {str(size) for size in PAGE_SIZES} else PAGE_SIZE

    @cached_property
    def blank_table(self) -> Table:
        """The table without rows: it knows the columns that this reader gets."""
        return self.make_table([])

    def make_table(self, records: Any) -> Table:
        """The table of these records for this reader."""
        return self.table_class(records, user=self.request.user, model=self.model)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The found rows with all that the cells read."""
        return self.completed(self.found)

    def completed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with all that the cells read."""
        if self.select_related:
            rows = rows.select_related(*self.select_related)
        if self.reads:
            rows = rows.only(*self.reads)
        return rows.prefetch_related(*self.prefetch_related) if self.prefetch_related else rows

    @cached_property
    def page(self) -> KeysetPage[Any]:
        """The page that the address asks for."""
        parts = [self._narrowed(part) for part in self.paged()]
        read = by_keys(parts) if parts else None
        return paginate(self.rows, self.order, cursor=self.request.GET.get(CURSOR), limit=self.page_size, read=read)

    @cached_property
    def count(self) -> BoundedCount:
        """How many rows were found."""
        return bounded_count(*(self._narrowed(part) for part in self.counted()))

    @property
    def name(self) -> str:
        """The list's lasting name, under which views are saved: that of its address."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    def query_string(self, **changes: str | None) -> str:
        """What the address says of rows and order, without the place in them; changes replace a parameter, None drops it."""
        left_out = {*PLACE_PARAMETERS, *changes}
        kept = [(name, value) for name, values in self.request.GET.lists() if name not in left_out for value in values if value]
        return urlencode(kept + [(name, value) for name, value in changes.items() if value])

    def url(self, **changes: str | None) -> str:
        """A link to this list with changes. It always says something, since the bare address opens the reader's default view."""
        return f"?{self.query_string(**changes) or ALL_ROWS}"

    @property
    def all_url(self) -> str:
        """The list without search and filters."""
        return f"?{ALL_ROWS}"

    @property
    def url_without_search(self) -> str:
        """The list without the words of the search."""
        return self.url(**{SEARCH: None})

    @property
    def panel_url(self) -> str:
        """The filter panel, filled with what is in force."""
        return f"{self.url()}&{PANEL}=open"

    @property
    def save_url(self) -> str:
        """The form that keeps what is in force as a view."""
        return f"{url_of('web:savedview_create')}?{urlencode({'list_name': self.name, 'query': self.query_string()})}"

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the search form sends along: all that is in force but the search."""
        return parse_qsl(self.query_string(**{SEARCH: None}))

    @property
    def carried_beside_filters(self) -> list[tuple[str, str]]:
        """What the filter form sends along: search and order."""
        return [(name, value) for name, value in parse_qsl(self.query_string()) if name in (SEARCH, SORT, SIZE)]

    def without(self, parameters: tuple[str, ...]) -> str:
        """This list without some filters."""
        return self.url(**dict.fromkeys(parameters))

    @property
    def chips(self) -> list[tuple[FilterChip, str]]:
        """Each filter in force with the address that removes it."""
        return [(chip, self.without(chip.parameters)) for chip in self.filtering.chips] if self.filtering is not None else []

    # The answers

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; for htmx only its results, or only the filter panel."""
        if PANEL in request.GET and wants_fragment(self.request):
            return self.render("web/list_filters.html", self.get_context_data(panel=self._panel(), layout="web/dialog.html"))
        if self._wants_results():
            return self.render(self.results_template, self._results(partial=True))
        saved = selectors.saved_views(user=request.user, list_name=self.name)
        default = next((view for view in saved if view.is_default and view.owner_id == request.user.pk), None)
        if default is not None and not request.GET:
            return redirect(f"{request.path}?{default.query or ALL_ROWS}")
        panel = self._panel() if PANEL in request.GET else None
        return self.render(self.template_name, self._results(panel=panel, saved=saved))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Export what the list shows: `export=csv` or `export=xlsx`. Small ones stream, large ones become a job."""
        if not self.exportable:
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        answer = exports.export(self, request.POST.get("export", ""))
        return answer if isinstance(answer, HttpResponseBase) else HttpResponseRedirect(answer.get_absolute_url())

    def _results(self, **context: Any) -> dict[str, Any]:
        bulk = [action for action in self.bulk_actions if action.shown(self.request.user)]
        table = self.make_table(self.page.rows)
        table.sort, table.selectable = self.sort, bool(bulk)
        return self.get_context_data(
            table=table,
            page=self.page,
            count=self.count,
            chips=self.chips,
            bulk=bulk,
            filterable=self.filterset_class is not None,
            totals=table.footer(self.totals(self.found)) if self.count.value <= TOTALS_INLINE else [],
            **context,
        )

    def _wants_results(self) -> bool:
        htmx = self.request.htmx
        return bool(htmx) and htmx.target == RESULTS and not htmx.history_restore_request

    def _panel(self) -> Any:
        """The form of all filters, filled with those in force."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, self.get_queryset(), request=self.request, in_panel=True).form
