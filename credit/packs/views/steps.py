"""Beginning a pack and moving it on: papers, application, versions, withdrawal."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs import permissions, selectors, services
from credit.packs.choices import Authorship, ClientType, PackKind, Segment
from credit.packs.forms import BorrowerForm, PackForm, ReasonForm
from credit.packs.models import Pack, PackVersion
from credit.packs.views.pages import RELATED
from crm.companies.models import Company
from crm.companies.selectors import covered_company
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import FormPage, OperationView, UpdateView

CHOICES_SHOWN = 12


class PackCreate(FormPage):
    """`/credit/packs/new/?company=…`: for which company, then what is asked for."""

    form_class = PackForm
    template_name = "packs/pack_form.html"
    title = _("Begin a credit pack")
    submit_label = _("Begin it")
    success_message = _("Begun. List the facilities next.")
    company: Company | None = None

    def load(self) -> None:
        """Find the company among those that the reader may see."""
        asked = self.request.GET.get("company", "")
        if asked:
            known = asked.isascii() and asked.isdigit() and len(asked) < 19
            self.company = covered_company(user=self.request.user, company_id=int(asked)) if known else None
            if self.company is None:
                raise Http404

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_create(user=request.user, company=self.company)
        return permissions.can_create_at_all(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the choice of a company."""
        return super().get(request, *args, **kwargs) if self.company is not None else self.choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin it; without a company ask for it."""
        return super().post(request, *args, **kwargs) if self.company is not None else self.choose()

    def choose(self) -> HttpResponse:
        """Which company? By a form that works without scripts."""
        query = " ".join(self.request.GET.get("q", "").split())[:200]
        companies: Any = selectors.coverable(self.request.user)
        found = list((companies.named(query) if query else companies).order_by("sort_key", "pk")[:CHOICES_SHOWN])
        return self.render("packs/choose.html", self.get_context_data(found=found, query=query))

    def get_initial(self) -> dict[str, Any]:
        """A limited company that asks for something new, written as the bank usually does."""
        centre = self.request.user.actor.centre
        usual: str = Authorship.RM
        if centre is not None:
            usual = selectors.usual_authorship(Segment.SME, centre.jurisdiction, on=timezone.localdate(timezone.now(), centre.zone))
        return {
            "kind": PackKind.NEW,
            "client_types": [ClientType.COMPANY],
            "segment": Segment.SME,
            "authorship": usual,
        } | super().get_initial()

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, since the order is read from it."""
        self._form: Any = super().make_form(data, files)
        return self._form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Pack:
        """Begin it."""
        company_id = self.company.pk if self.company else 0
        return services.create_pack(company_id=company_id, order=self._form.order(), actor=self.request.user, now=now)

    @property
    def draft_key(self) -> str:
        """A draft of its own for each company."""
        return f"{super().draft_key}:{self.company.pk if self.company else ''}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the company."""
        return super().get_context_data(company=self.company, **context)

    def get_back_url(self) -> str:
        """The company's page, unless `next` says otherwise."""
        back = super().get_back_url()
        return self.company.get_absolute_url() if back == "/" and self.company is not None else back


class AboutPack(OperationView):
    """A step of a pack, which leads back to its page."""

    model = Pack
    select_related = RELATED

    def get_success_url(self, result: Any) -> str:
        """The pack, with its newest version."""
        return self.object.get_absolute_url()


class DocsStart(AboutPack):
    """From the draft to the papers."""

    form_class = NoFields
    title = _("Gather the papers?")
    submit_label = _("Gather the papers")
    success_message = _("The checklist says what is needed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_start_docs(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.start_docs(pack_id=self.object.pk, actor=self.request.user, now=now)


class WritingStart(AboutPack):
    """From the papers to the application."""

    form_class = NoFields
    title = _("Begin the application?")
    submit_label = _("Begin the application")
    success_message = _("Its sections are open.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_start_writing(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.start_writing(pack_id=self.object.pk, actor=self.request.user, now=now)


class PackWithdraw(AboutPack):
    """The client or we want it no more."""

    form_class = ReasonForm
    tone = "bad"
    title = _("Withdraw this pack")
    submit_label = _("Withdraw it")
    success_message = _("Withdrawn.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_withdraw(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Withdraw it."""
        return services.withdraw(pack_id=self.object.pk, actor=self.request.user, now=now, **data)


class VersionOpen(AboutPack):
    """A change after the handoff."""

    form_class = ReasonForm
    title = _("Open a new version")
    submit_label = _("Open it")
    success_message = _("Opened. The version before stands on hold until this one is handed off or dropped.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_open_version(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> PackVersion:
        """Open it."""
        return services.open_version(pack_id=self.object.pk, actor=self.request.user, now=now, **data)


class VersionDrop(AboutPack):
    """The change is not needed after all."""

    form_class = ReasonForm
    tone = "bad"
    title = _("Drop the open version")
    submit_label = pgettext_lazy("version", "Drop it")
    success_message = _("Dropped. The version before stands again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_drop_version(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> PackVersion:
        """Drop it."""
        return services.drop_version(pack_id=self.object.pk, actor=self.request.user, now=now, **data)


class BorrowerKind(AboutPack, UpdateView):
    """What the borrower is, said anew."""

    form_class = BorrowerForm
    title = _("What the borrower is")
    success_message = _("Saved. The checklist follows.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, pack=self.object, version=selectors.draft_of(self.object))

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"client_types": self.object.client_types, "segment": self.object.segment}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Save it."""
        kinds = tuple(data["client_types"])
        told = {"client_types": kinds, "segment": data["segment"], "seen": self.seen}
        return services.change_borrower_kind(pack_id=self.object.pk, actor=self.request.user, now=now, **told)
