"""Bringing papers, noting that they were asked for, the letter to the client, documents."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.checklists import services
from credit.checklists.forms import ItemsForm, ReceiveForm, RequestForm
from credit.checklists.models import Document
from credit.checklists.views.papers import PACK
from credit.packs import permissions, selectors
from credit.packs.models import Pack, PackVersion
from credit.packs.views.pages import RELATED
from crm.companies.models import Company
from crm.kernel.permission import Permission
from crm.papers.views import LetterCreate
from crm.web.forms import NoFields
from crm.web.views import FileDownload, OperationView


class AboutPapers(OperationView):
    """An operation on papers of a pack's open version, which leads back to the pack."""

    model = Pack
    select_related = RELATED
    version: PackVersion | None = None
    _form: Any = None

    def load(self) -> None:
        """The draft is at hand for permission and form."""
        super().load()
        self.version = selectors.draft_of(self.object)
        if self.version is not None:
            self.version.pack = self.object

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, pack=self.object, version=self.version)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which version."""
        return {"version": self.version}

    def get_initial(self) -> dict[str, Any]:
        """The papers that the address names."""
        return {"items": self.request.GET.getlist("items")}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, since the service takes what it makes of its fields."""
        self._form = super().make_form(data, files)
        return self._form

    def get_success_url(self, result: Any) -> str:
        """The pack, at its papers."""
        return f"{self.object.get_absolute_url()}#papers"


class PapersReceive(AboutPapers):
    """File what came."""

    form_class = ReceiveForm
    template_name = "checklists/receive_form.html"
    title = _("Bring papers")
    submit_label = _("File them")
    success_message = _("Filed. A second person checks them.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """And who brings them, when."""
        return {"version": self.version, "user": self.request.user, "now": timezone.now()}

    def get_initial(self) -> dict[str, Any]:
        """Of today."""
        return {"dated_on": timezone.localdate(), **super().get_initial()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """File them."""
        return services.receive_papers(pack_id=self.object.pk, received=self._form.received(), actor=self.request.user, now=now)


class PapersRequested(AboutPapers):
    """The client was asked in another way than by our letter."""

    form_class = ItemsForm
    title = _("Asked for by phone or in person")
    submit_label = _("Note it")
    success_message = _("Noted.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.request_papers(pack_id=self.object.pk, item_ids=self._form.item_ids, actor=self.request.user, now=now)


class RequestWrite(LetterCreate):
    """The letter that asks the client for what is still open."""

    model = Pack
    select_related = ("company__client", "owner", "centre", "team")
    form_class = RequestForm
    title = _("Ask client for papers")

    @property
    def company(self) -> Company:
        """The client."""
        company: Company = self.object.company
        return company

    @property
    def about(self) -> Pack:
        """The pack."""
        pack: Pack = self.object
        return pack

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=self.request.user, pack=self.object, version=selectors.draft_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Write and keep it."""
        return services.write_request(pack_id=self.object.pk, order=data["order"], actor=self.request.user, now=now)


class DocumentDownload(FileDownload):
    """A document, for whoever sees it."""

    model = Document


class AboutDocument(OperationView):
    """An operation on one document of a draft."""

    model = Document
    select_related = ("version", *PACK, "file")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, pack=self.object.version.pack, version=self.object.version)

    def get_success_url(self, result: Any) -> str:
        """The pack, at its papers."""
        return f"{self.object.version.pack.get_absolute_url()}#papers"


class DocumentUseMore(AboutDocument):
    """One document for several papers."""

    form_class = ItemsForm
    title = _("For which papers too?")
    success_message = _("Filed. A second person checks them.")
    _form: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which version."""
        return {"version": self.object.version}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, since the papers are read from it."""
        self._form = super().make_form(data, files)
        return self._form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """File it."""
        return services.use_document(document_id=self.object.pk, item_ids=self._form.item_ids, actor=self.request.user, now=now)


class DocumentRemove(AboutDocument):
    """A wrong document."""

    form_class = NoFields
    tone = "bad"
    title = _("Take this document away?")
    submit_label = _("Take it away")
    success_message = _("Taken away.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it away."""
        return services.remove_document(document_id=self.object.pk, actor=self.request.user, now=now)
