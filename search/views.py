"""The search page and the palette's answers: one request, grouped by kind, only what the reader may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.contributions import Finder, of
from crm.web.views import Page
from search import selectors

PALETTE_ROWS, PALETTE_COMMANDS, PAGE_ROWS, KIND_ROWS = 5, 6, 10, 100


class Search(Page):
    """Everything by name, code or phone as a full page; `?kind=` shows more of one kind."""

    title = _("Search")
    template_name = "search/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The groups found, or what can be looked for."""
        query, kind = selectors.tidy(request.GET.get("q", "")), request.GET.get("kind", "")
        found = selectors.groups(request.user, query, limit=KIND_ROWS if kind else PAGE_ROWS, kind=kind)
        kinds = [finder for finder in of(Finder) if finder.shown(request.user)]
        return self.render(self.template_name, self.get_context_data(query=query, kind=kind, groups=found, kinds=kinds))


class Palette(Page):
    """The palette's list for what is typed: records first, then commands; with nothing typed the commands alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A fragment."""
        query = selectors.tidy(request.GET.get("q", ""))
        groups: list[dict[str, Any]] = [
            {"label": group.label, "icon": group.icon, "rows": group.rows}
            for group in selectors.groups(request.user, query, limit=PALETTE_ROWS)
        ]
        commands = selectors.commands(request.user, query)
        rows = [{"title": c.label, "url": url_of(c.url_name), "icon": c.icon} for c in (commands[:PALETTE_COMMANDS] if query else commands)]
        groups.append({"label": _("Do"), "icon": "more", "rows": rows})
        return self.render("web/components/palette_results.html", {"groups": groups})
