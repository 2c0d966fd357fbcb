"""The file that a record holds, as a download."""

from typing import Any

from django.http import FileResponse, HttpRequest

from crm.kernel.permission import ALLOWED, Permission
from crm.web.downloads import attachment
from crm.web.views.base import RecordPage


class FileDownload(RecordPage):
    """Always a download, never shown in the page's own origin; for whoever sees the record, unless `permission` says more."""

    file_field = "file"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """The file comes with its record."""
        super().__init_subclass__(**kwargs)
        cls.select_related = (cls.file_field,)

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the record."""
        return ALLOWED

    def file_name(self) -> str:
        """What it is called on the reader's disk; empty: as it was brought."""
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The content under its checked type. Http404 where there is none."""
        return attachment(getattr(self.object, self.file_field), name=self.file_name())
