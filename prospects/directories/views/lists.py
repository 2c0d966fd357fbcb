"""The lists of imports and of sources."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.views import Action, Empty, ListView
from prospects.directories.models import Import, Source
from prospects.directories.permissions import can_import, can_read_imports
from prospects.directories.tables import ImportTable, SourceTable


class ImportList(ListView):
    """`/prospects/directories/`: what was loaded, newest first."""

    model = Import
    table_class = ImportTable
    title = _("Directories")
    ordering = ("-id",)
    select_related = ("source", "file", "owner")
    empty = Empty(
        _("No directory was loaded yet"),
        _("Bring an exchange's list, an industry directory or any list of companies. You see what would happen before anything does."),
        "directories:import_create",
        _("Import a directory"),
        "directories",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Those who load directories, compliance and audit."""
        return can_read_imports(user=request.user)

    def actions(self) -> list[Action]:
        """Bring a list; see the sources."""
        sources = Action(_("Sources"), url_of("directories:source_list"))
        if not can_import(user=self.request.user):
            return [sources]
        return [sources, Action(_("Import a directory"), url_of("directories:import_create"), "upload", primary=True)]


class SourceList(ListView):
    """The directories that are known by name, and how new the newest list of each is."""

    model = Source
    table_class = SourceTable
    title = _("Sources of directories")
    ordering = ("name",)
    search_hint = _("Name")
    empty = Empty(_("No sources yet"), _("Every directory that is loaded leaves its name here, and what its columns mean."))

    def permission(self, request: HttpRequest) -> Permission:
        """Those who load directories, compliance and audit."""
        return can_read_imports(user=request.user)

    def search(self, queryset: QuerySet[Any], q: str) -> QuerySet[Any]:
        """By a part of the name; there are few sources."""
        return queryset.filter(name__icontains=q)
