"""The search page (names and texts) and the palette's answers: one request, grouped by kind, only what the reader may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.contributions import QueryAction, of
from crm.kernel.errors import DomainError
from crm.web.views import Page
from search import reading, selectors, suggesting
from search.engines.base import FACETS, EngineDown

PALETTE_ROWS, PALETTE_COMMANDS, PAGE_ROWS, KIND_ROWS = 5, 6, 10, 100
LONGEST_SHOWN = 2_000


FACET_LABELS = {
    "kind": _("What it is"),
    "company": _("Company"),
    "source": _("Source"),
    "sector": _("Industry"),
    "event": _("Event"),
    "language": _("Script"),
    "month": _("Month"),
}
PARAMETERS = {"kind": "of"}
"""What a facet is called in the address where that is not its name: `kind` narrows the names."""


class Search(Page):
    """Everything by name, code or phone, and the texts, as a full page; `?kind=` shows more of one kind of names.

    The whole question stands in the address: `q`, `sort`, `flat`, `after` and the facets.
    """

    title = _("Search")
    template_name = "search/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The groups found, or what can be looked for."""
        query, kind = selectors.tidy(request.GET.get("q", "")), request.GET.get("kind", "")
        found = selectors.groups(request.user, query, limit=KIND_ROWS if kind else PAGE_ROWS, kind=kind)
        kinds = selectors.finders(request.user)
        typed = request.GET.get("q", "").replace("\x00", " ").strip()
        texts = self._texts(typed) if typed and not kind and reading.is_offered() else None
        shown = typed if len(typed) <= LONGEST_SHOWN else query
        return self.render(self.template_name, self.get_context_data(query=shown, kind=kind, groups=found, kinds=kinds, texts=texts))

    def _texts(self, typed: str) -> dict[str, Any]:
        """The hits with their facets; or the sentence that says why there are none. The names are shown in either case."""
        asked = self.request.GET
        chosen = {name: asked.getlist(PARAMETERS.get(name, name)) for name in FACETS}
        sort = asked.get("sort", "")
        wanted = reading.Wanted(
            typed,
            chosen,
            sort=sort if sort in reading.SORTS else reading.SORTS[0],
            facets=True,
            flat=asked.get("flat") == "1",
            after=asked.get("after", ""),
        )
        try:
            now = timezone.now()
            results = reading.find(self.request.user, wanted, now=now)
            meant = suggesting.suggestions(self.request.user, wanted, results, now=now)
        except EngineDown as error:
            return {"down": error.message}
        except DomainError as error:
            return {"wrong": error.message}
        return {
            "results": results,
            "meant": meant,
            "sort": wanted.sort,
            "flat": wanted.flat,
            "facets": _facets(results, chosen),
            "goes_on": bool(wanted.after),
            "actions": [] if any(chosen.values()) else self._actions(typed),
        }

    def _actions(self, typed: str) -> list[dict[str, Any]]:
        """What features offer to do with the question; with boxes ticked it would be another one than its words say."""
        offered = [action for action in of(QueryAction) if action.shown(self.request.user)]
        return [{"label": action.label, "icon": action.icon, "url": action.url(typed)} for action in offered]


class Palette(Page):
    """The palette's list for what is typed: records first, then commands; with nothing typed the commands alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A fragment."""
        query = selectors.tidy(request.GET.get("q", ""))
        groups: list[dict[str, Any]] = [
            {"label": group.label, "icon": group.icon, "rows": group.rows}
            for group in selectors.groups(request.user, query, limit=PALETTE_ROWS, in_palette=True)
        ]
        commands = selectors.commands(request.user, query)
        rows = [{"title": c.label, "url": url_of(c.url_name), "icon": c.icon} for c in (commands[:PALETTE_COMMANDS] if query else commands)]
        groups.append({"label": _("Do"), "icon": "more", "rows": rows})
        return self.render("web/components/palette_results.html", {"groups": groups})


def _facets(results: reading.Results, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    """What the reader can narrow by. A value that is chosen stays, so that it can be taken back."""
    shown = []
    for name, label in FACET_LABELS.items():
        values = [
            {"value": value, "label": words, "count": count, "on": str(value) in chosen[name]}
            for value, words, count in results.facets.get(name, ())
        ]
        listed = {str(entry["value"]) for entry in values}
        if name != "company":
            values += [{"value": value, "label": value, "count": 0, "on": True} for value in chosen[name][:5] if value not in listed]
        is_a_choice = name != "kind" or len(values) > 1 or chosen[name]
        if values and is_a_choice:
            shown.append({"name": PARAMETERS.get(name, name), "label": label, "values": values})
    return shown
