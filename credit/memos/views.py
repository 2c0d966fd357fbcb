"""The application of a pack: all of it on a page, one section in the editor, the attestation."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.memos import permissions, selectors, services
from credit.memos.catalogue import ADVERSE
from credit.memos.forms import AttestForm, SectionForm
from credit.memos.models import Section
from credit.packs.choices import Authorship
from credit.packs.models import Pack, PackVersion
from credit.packs.selectors import draft_of, shown_version, versions_of
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import ALLOWED, Permission
from crm.web.views import Crumb, DetailView, KeepsDrafts, OperationView

RELATED = ("company__group", "owner", "centre", "team")


def name_of(pack: Pack) -> Sentence:
    """Application, or fact sheet."""
    return _("Application") if pack.authorship == Authorship.RM else _("Fact sheet")


class Application(DetailView):
    """`/credit/packs/<id>/application/?version=2`: the sections one below the other, with the facts that changed since."""

    model = Pack
    select_related = RELATED
    template_name = "memos/application.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the pack."""
        return ALLOWED

    def get_title(self) -> Sentence:
        """With the pack's number."""
        return name_of(self.object)

    def crumbs(self) -> list[Crumb]:
        """To the pack."""
        return [Crumb(_("Credit packs"), url_of("packs:pack_list")), Crumb(self.object.number, self.object.get_absolute_url())]

    @cached_property
    def version(self) -> PackVersion:
        """The version that is read. Http404 where the reader may see none."""
        versions = versions_of(self.object, user=self.request.user)
        found = shown_version(versions, self.request.GET.get("version", ""))
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sections with their facts."""
        rows, user, now = selectors.sections_of(self.version), self.request.user, timezone.now()
        may_write = permissions.can_write(user=user, pack=self.object, version=self.version)
        facts = selectors.facts_for(self.version, [row.code for row in rows], user=user, now=now) if may_write else {}
        return super().get_context_data(
            version=self.version,
            sections=[(row, selectors.beside(row, facts[row.code]) if may_write else None) for row in rows],
            attestation=selectors.attestation_of(self.version),
            drafts=selectors.drafts_of(self.version, user=user) if may_write else (),
            may_write=may_write,
            may_attest=permissions.can_attest(user=user, pack=self.object, version=self.version),
            done=sum(row.is_done for row in rows),
            adverse=ADVERSE,
            **context,
        )


class SectionUpdate(KeepsDrafts):
    """`/credit/sections/<id>/`: one section with the facts beside it; what is typed is kept by itself until it is saved."""

    model = Section
    select_related = ("written_by", *(f"version__pack__{name}" for name in RELATED))
    form_class = SectionForm
    template_name = "memos/section_form.html"
    version_field = "edits"
    submit_label = _("Save")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_write(user=request.user, pack=self.object.version.pack, version=self.object.version)

    @property
    def draft_place(self) -> str:
        """The section's, which a next version takes along."""
        return selectors.draft_place(self.object.pk)

    def get_title(self) -> Sentence:
        """The section's."""
        return str(self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Section:
        """Save it."""
        draft = services.Draft(data["text"], data["is_done"], self.version or 0)
        return services.save_section(section_id=self.object.pk, draft=draft, actor=self.request.user, now=now)

    def get_success_url(self, result: Section) -> str:
        """Its place in the whole."""
        return result.get_absolute_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the facts."""
        code, version = self.object.code, self.object.version
        facts = selectors.facts_for(version, [code], user=self.request.user, now=timezone.now())[code]
        return super().get_context_data(beside=selectors.beside(self.object, facts), pack=version.pack, **context)


class Attest(OperationView):
    """The relationship manager's word for the whole."""

    model = Pack
    select_related = RELATED
    form_class = AttestForm
    title = _("Attest it")
    submit_label = _("I attest this")
    success_message = _("Attested.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_attest(user=request.user, pack=self.object, version=draft_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Attest it."""
        return services.attest(pack_id=self.object.pk, none_known=data["none_known"], actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        return self.object.get_absolute_url()
