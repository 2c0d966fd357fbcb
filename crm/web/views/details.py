"""Pages about one record: facts, actions, tabs; and the fragments that fill tabs and panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRefresh

from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.web.views.base import Page, RecordPage, wants_fragment
from crm.web.views.lists import Action

TAB = "tab"


class Fact(NamedTuple):
    """One figure of the strip under the heading; `value` may come from a template tag, `note` stands small beside it."""

    label: Sentence
    value: Any
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a record: `url_name` is a FragmentView that takes the record's id, or `key` where another record's part is shown."""

    slug: str
    label: Sentence
    url_name: str
    count: int | None = None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to this page."""

    label: Sentence
    url: str


class FragmentView(Page):
    """A part of a page. htmx gets the part alone; without JavaScript it is a small page of its own, or drawn inside its tab."""

    template_name: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw it."""
        context = self.get_context_data()
        if wants_fragment(self.request):
            return self.render(self.template_name, context)
        return self.render("web/fragment_page.html", context | {"fragment": self.template_name})

    def draw(self) -> SafeString:
        """The part alone, for the page that has a tab of it."""
        return render_to_string(self.template_name, self.get_context_data(), request=self.request)


class RecordFragmentView(RecordPage, FragmentView):
    """A part of a record's page: the record is found by `pk` among those that the reader may see."""


class ProgressView(RecordFragmentView):
    """A part that asks for itself every second while work goes on; once it is over the whole page comes anew, since all of it changed."""

    def is_over(self) -> bool:
        """Whether the record's work has ended."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The part alone, or the record's page."""
        if not self.is_over():
            return super().get(request, *args, **kwargs)
        return HttpResponseClientRefresh() if wants_fragment(self.request) else redirect(self.object)


class DetailView(RecordPage):
    """A record's page. Extend `web/detail.html`, or set only the hooks below."""

    template_name = "web/detail.html"
    tabs: ClassVar[tuple[Tab, ...]] = ()
    crumb: ClassVar[tuple[Sentence, str] | None] = None

    def get_tabs(self) -> Sequence[Tab]:
        """The tabs that this reader gets on this record; the first one opens by itself."""
        return self.tabs

    def facts(self) -> Sequence[Fact]:
        """The strip under the heading."""
        return ()

    def actions(self) -> Sequence[Action]:
        """The buttons of the page's head; `Action(refusal=permission.reason)` shows one disabled with its reason."""
        return ()

    def crumbs(self) -> Sequence[Crumb]:
        """The way here: by default the list named by `crumb = (label, url_name)`."""
        return (Crumb(self.crumb[0], reverse(self.crumb[1])),) if self.crumb else ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with the tab that the address asks for already in it."""
        tabs = self.get_tabs()
        current = next((tab for tab in tabs if tab.slug == request.GET.get(TAB)), tabs[0] if tabs else None)
        context = self.get_context_data(
            tabs=[{"label": tab.label, "count": tab.count, "url": f"?{TAB}={tab.slug}", "current": tab is current} for tab in tabs],
            panel=self._panel(current) if current else "",
            facts=self.facts(),
            actions=self.actions(),
            crumbs=self.crumbs(),
        )
        return self.render(self.template_name, context)

    def _panel(self, tab: Tab) -> SafeString:
        """A tab's content, drawn by its own view with its own record and permission."""
        match = resolve(url_of(tab.url_name, tab.key or self.object.pk))
        view_class: type[FragmentView] = match.func.view_class  # type: ignore[attr-defined]
        view = view_class()
        view.setup(self.request, *match.args, **match.kwargs)
        view.load()
        view.permission(self.request).require()
        return view.draw()
