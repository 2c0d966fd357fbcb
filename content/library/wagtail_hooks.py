"""The editors' desk under /cms/: the information library. What is not published is the inbox."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.snippets.models import register_snippet

from content.desk import DeskViewSet
from content.library.choices import COLUMNS, Language
from content.library.editing import SheetForm
from content.library.models import Sheet


class SheetDeskFilters(WagtailFilterSet):
    """Published or not, of which kind and class."""

    class Meta:
        model = Sheet
        fields = ["live", "kind", "klass"]


class SheetViewSet(DeskViewSet):
    """Sheets, newest first."""

    model = Sheet
    icon = "doc-full-inverse"
    menu_label = _("Information")
    menu_order = 105
    add_to_admin_menu = True
    list_display = ["title", "kind", "klass", BooleanColumn("live", label=_("Published")), "dated_on", DateColumn("expires_on")]
    ordering = ["-dated_on", "-pk"]
    filterset_class = SheetDeskFilters
    search_fields = ["title_en", "title_hant", "title_hans"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("klass")]),
                    FieldPanel("product"),
                    FieldRowPanel([FieldPanel("source"), FieldPanel("dated_on"), FieldPanel("expires_on")]),
                    FieldPanel("sectors"),
                ],
                heading=_("What it is"),
            ),
            *(
                MultiFieldPanel([FieldPanel(f"{part}_{COLUMNS[language]}") for part in ("title", "summary")], heading=language.label)
                for language in Language
            ),
            HelpPanel(template="library/cms_file.html", heading=_("File")),
            MultiFieldPanel([FieldPanel("upload"), FieldPanel("without_file")], heading=_("Another file")),
            PublishingPanel(),
        ],
        base_form_class=SheetForm,
    )


register_snippet(SheetViewSet)
