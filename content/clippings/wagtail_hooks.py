"""The editors' desk under /cms/: the inbox of clippings, and the sources. Wagtail keeps drafts, revisions and workflow of edits by hand."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from content.clippings.editing import ClippingForm, SourceForm
from content.clippings.models import Clipping, Source


def _at_the_desk(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view of Wagtail's, for editors who see the clipping: most ask for it by its id alone. The history of what they write names them."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "pk" in kwargs:
            get_object_or_404(Clipping.objects.visible_to(request.user), pk=kwargs["pk"])
        HistoricalRecords.context.request = request
        try:
            return view(request, *args, **kwargs)
        finally:
            del HistoricalRecords.context.request

    return asked


class ClippingFilters(WagtailFilterSet):
    """What waits, from where, in which language, of which event and class."""

    class Meta:
        model = Clipping
        fields = ["live", "source", "language", "event", "klass"]


class ClippingViewSet(SnippetViewSet):
    """Clippings: newest first; what is not published is the inbox."""

    model = Clipping
    icon = "doc-full"
    menu_label = _("Clippings")
    list_display = ["title", "source", BooleanColumn("live", label=_("Published")), "event", DateColumn("published_at", label=_("Date"))]
    list_per_page = 50
    ordering = ["-published_at", "-pk"]
    filterset_class = ClippingFilters
    search_fields = ["title"]
    search_backend_name = None
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(template="clippings/cms_copies.html", heading=_("Near copies")),
            FieldPanel("title"),
            FieldPanel("body"),
            FieldPanel("quote"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("source"), FieldPanel("published_at")]),
                    FieldRowPanel([FieldPanel("author"), FieldPanel("page")]),
                    FieldPanel("url"),
                ],
                heading=_("Where it stood"),
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("language"), FieldPanel("event"), FieldPanel("klass")]), FieldPanel("sectors")],
                heading=_("Tags"),
            ),
            PublishingPanel(),
        ],
        base_form_class=ClippingForm,
    )

    def get_queryset(self, request: Any) -> Any:
        """What editors see: all but deals."""
        return Clipping.objects.visible_to(request.user).select_related("source")

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's addresses, each for what the editor sees alone."""
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = _at_the_desk(pattern.callback)
        return patterns

    def register_chooser_viewset(self) -> None:
        """Nothing chooses a clipping, and a chooser would offer deals."""


class SourceViewSet(SnippetViewSet):
    """Sources: weight, licence, feed and how it fares."""

    model = Source
    icon = "site"
    menu_label = _("Sources")
    list_display = ["name", "weight", "licensed", "feed_url", "feed_read_at", "feed_error"]
    list_per_page = 50
    search_fields = ["name"]
    search_backend_name = None
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("weight"), FieldPanel("language"), FieldPanel("publishes_directly")]),
            MultiFieldPanel([FieldPanel("licensed"), FieldPanel("licence_note")], heading=_("Licence")),
            MultiFieldPanel(
                [
                    FieldPanel("feed_url"),
                    FieldPanel("feed_minutes"),
                    FieldPanel("feed_read_at", read_only=True),
                    FieldPanel("feed_error", read_only=True),
                ],
                heading=_("Feed"),
            ),
        ],
        base_form_class=SourceForm,
    )


class NewsGroup(SnippetViewSetGroup):
    """The entry of the editors' menu."""

    menu_label = _("News")
    menu_icon = "doc-full"
    menu_order = 100
    items = (ClippingViewSet, SourceViewSet)


register_snippet(NewsGroup)
