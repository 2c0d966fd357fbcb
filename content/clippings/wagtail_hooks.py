"""The editors' desk under /cms/: the inbox of clippings, and the sources. Wagtail keeps drafts, revisions and workflow of edits by hand."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from content.clippings.editing import ClippingForm, SourceForm
from content.clippings.models import Clipping, Source
from content.desk import DeskViewSet


class ClippingFilters(WagtailFilterSet):
    """What waits, from where, in which language, of which event and class."""

    class Meta:
        model = Clipping
        fields = ["live", "source", "language", "event", "klass"]


class ClippingViewSet(DeskViewSet):
    """Clippings: newest first; what is not published is the inbox."""

    model = Clipping
    icon = "doc-full"
    menu_label = _("Clippings")
    list_display = ["title", "source", BooleanColumn("live", label=_("Published")), "event", DateColumn("published_at", label=_("Date"))]
    ordering = ["-published_at", "-pk"]
    filterset_class = ClippingFilters
    search_fields = ["title"]
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
        """With their sources, which the list names."""
        return super().get_queryset(request).select_related("source")


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
