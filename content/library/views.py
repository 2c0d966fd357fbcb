"""`/information/`: the library as a list, an item's page, its file."""

from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from content.library import permissions
from content.library.choices import COLUMNS, Language
from content.library.filters import SheetFilters
from content.library.models import Sheet
from content.library.tables import SheetTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.downloads import attachment
from crm.web.views import Action, DetailView, Empty, Fact, ListView, RecordPage


class SheetList(ListView):
    """What is offered today, newest first."""

    model = Sheet
    table_class = SheetTable
    filterset_class = SheetFilters
    title = _("Information")
    ordering = ("-dated_on",)
    search_hint = _("Words of title or summary")
    empty = Empty(_("Nothing in the library yet"), _("Product sheets and information that editors publish stand here."), icon="info")

    def permission(self, request: HttpRequest) -> Permission:
        """All staff but administrators."""
        return permissions.can_read_library(user=request.user)

    def get_queryset(self) -> Any:
        """Published and not over; what waits is at the editors' desk."""
        return Sheet.objects.visible_to(self.request.user).offered(on=timezone.localdate())

    def search(self, queryset: Any, q: str) -> Any:
        """By words, in whatever script."""
        return queryset.holding(q)


class SheetDetail(DetailView):
    """An item in all its languages, the reader's first; with source, date and last day."""

    model = Sheet
    select_related = ("file",)
    template_name = "library/sheet_detail.html"
    crumb = (_("Information"), "library:sheet_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return permissions.can_read_library(user=request.user)

    def facts(self) -> list[Fact]:
        """What it is, from where, from when and until when."""
        sheet = self.object
        facts = [
            Fact(_("Kind"), sheet.get_kind_display()),
            Fact(_("Product"), sheet.product),
            Fact(_("Source"), sheet.source),
            Fact(_("Date"), date_format(sheet.dated_on, "DATE_FORMAT")),
            Fact(_("Offered until"), date_format(sheet.expires_on, "DATE_FORMAT") if sheet.expires_on else ""),
        ]
        return [fact for fact in facts if fact.value]

    def actions(self) -> list[Action]:
        """Its file."""
        sheet = self.object
        return [Action(_("Download the file"), url_of("library:sheet_file", sheet.pk), "download")] if sheet.file_id else []

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Title and summary of each language that it has."""
        sheet, reader = self.object, get_language() or ""
        order = sorted(Language, key=lambda language: language != reader)
        texts = [(language, sheet.titles[COLUMNS[language]], sheet.summaries[COLUMNS[language]]) for language in order]
        return super().get_context_data(texts=[text for text in texts if text[2]], **context)


class SheetFile(RecordPage):
    """The file of an item: always a download, never shown in the page's own origin."""

    model = Sheet
    select_related = ("file",)

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the item."""
        return permissions.can_read_library(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The content; 404 where there is none."""
        return attachment(self.object.file)
