"""Handing a pack off, and taking it out as a file."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credit.handoff import packing, pdf, permissions, selectors, services
from credit.packs.models import Pack, PackVersion
from credit.packs.selectors import draft_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.downloads import as_download
from crm.web.forms import NoFields
from crm.web.views import OperationView, RecordPage

RELATED = ("company__group", "owner", "centre", "team")
LANGUAGES = ("en", "zh-hant", "zh-hans")


class Submit(OperationView):
    """Seal the version and ask the head."""

    model = Pack
    select_related = RELATED
    form_class = NoFields
    template_name = "handoff/submit.html"
    title = _("Hand off to credit")
    submit_label = _("Seal it and ask for the endorsement")
    success_message = _("Sealed. It waits for its endorsement.")
    _version: PackVersion | None = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own, the guard included."""
        self._version = draft_of(self.object)
        if self._version is not None:
            self._version.pack = self.object
        return permissions.can_submit(user=request.user, pack=self.object, version=self._version, now=timezone.now())

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.submit_for_endorsement(pack_id=self.object.pk, actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        return self.object.get_absolute_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version."""
        return super().get_context_data(version=self._version, **context)


class VersionFile(RecordPage):
    """A version as a file, for whoever may see it."""

    model = PackVersion
    select_related = tuple(f"pack__{name}" for name in RELATED)

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the version."""
        return ALLOWED

    @property
    def language(self) -> str:
        """As asked for, else the reader's."""
        asked = self.request.GET.get("language", "")
        return asked if asked in LANGUAGES else next((code for code in LANGUAGES if code == get_language()), "en")


class VersionPdf(VersionFile):
    """`/credit/versions/<id>/pdf/?language=zh-hant`: the whole pack as one PDF; of a draft as it stands, and it says so."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it."""
        version = self.object
        content = pdf.make(version, language=self.language, seal=selectors.seal_of(version))
        return as_download(HttpResponse(content, content_type="application/pdf"), f"{version.pack.number}-v{version.number}.pdf")


class VersionZip(VersionFile):
    """`/credit/versions/<id>/zip/`: the sealed pack with its documents. Http404 for one that has no seal."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Send it as it is written."""
        seal = selectors.seal_of(self.object)
        if seal is None:
            raise Http404
        seal.version = self.object
        pieces = packing.pieces(seal, language=self.language)
        return as_download(StreamingHttpResponse(pieces, content_type="application/zip"), packing.name_of(seal, "zip"))
