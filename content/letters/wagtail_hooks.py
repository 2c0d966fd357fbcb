"""The editors' desk under /cms/: letter templates, with a preview in each language. Wagtail keeps drafts and revisions."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet

from content.desk import DeskViewSet
from content.letters.editing import LetterheadCreate, LetterheadEdit, LetterheadForm, TemplateCreate, TemplateEdit, TemplateForm
from crm.papers.choices import COLUMNS, Language
from crm.papers.models import Letterhead, LetterTemplate


class TemplateFilters(WagtailFilterSet):
    """Published or not, for what purpose."""

    class Meta:
        model = LetterTemplate
        fields = ["live", "context"]


class TemplateViewSet(DeskViewSet):
    """Letter templates, by code."""

    model = LetterTemplate
    icon = "mail"
    menu_label = _("Letter templates")
    menu_order = 110
    add_to_admin_menu = True
    list_display = ["code", Column("name", label=_("Name")), "context", BooleanColumn("live", label=_("Published"))]
    ordering = ["code"]
    filterset_class = TemplateFilters
    search_fields = ["code", "name_en", "name_hant", "name_hans"]
    add_view_class = TemplateCreate
    edit_view_class = TemplateEdit
    edit_handler = ObjectList(
        [
            HelpPanel(template="letters/cms_fields.html", heading=_("Fields that a letter may name")),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("code"), FieldPanel("context")]), FieldPanel("is_marketing")], heading=_("What it is for")
            ),
            *(
                MultiFieldPanel([FieldPanel(f"{part}_{COLUMNS[language]}") for part in ("name", "subject", "body")], heading=language.label)
                for language in Language
            ),
            PublishingPanel(),
        ],
        base_form_class=TemplateForm,
    )


class LetterheadViewSet(DeskViewSet):
    """Letterheads, by unit: a unit without one writes under that of the unit above."""

    model = Letterhead
    icon = "tag"
    menu_label = _("Letterheads")
    menu_order = 115
    add_to_admin_menu = True
    list_display = ["unit", "bank_en", "address_en"]
    ordering = ["unit__path"]
    add_view_class = LetterheadCreate
    edit_view_class = LetterheadEdit
    edit_handler = ObjectList(
        [
            FieldPanel("unit"),
            *(
                MultiFieldPanel([FieldPanel(f"{part}_{COLUMNS[language]}") for part in ("bank", "address")], heading=language.label)
                for language in Language
            ),
        ],
        base_form_class=LetterheadForm,
    )


register_snippet(TemplateViewSet)
register_snippet(LetterheadViewSet)
