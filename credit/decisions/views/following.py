"""What follows a decision: the facility letter, acceptance, the live limit and what becomes of it."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.decisions import forms, permissions, selectors, services
from credit.decisions.models import FacilityLetter
from credit.decisions.views.deciding import AboutCase
from credit.packs import permissions as pack_permissions
from credit.packs.choices import State
from crm.kernel.permission import ALLOWED, Permission
from crm.papers.downloads import attached
from crm.papers.services import LetterFile
from crm.web.forms import NoFields
from crm.web.views import RecordPage


class LetterDraw(AboutCase):
    """Draw up the facility letter. It is filled in and set while the form is checked, so that a refusal stays on the trail."""

    form_class = forms.FacilityLetterForm
    title = _("Draw up the facility letter")
    submit_label = _("Draw it up")
    success_message = _("Drawn up. A second person of credit administration sends it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_draw(user=request.user, pack=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which pack, by whom, when."""
        return {"pack_id": self.object.pk, "user": self.request.user, "now": timezone.now()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        return services.keep_letter(draft=data["draft"], actor=self.request.user, now=now)


class LetterPdf(RecordPage):
    """A facility letter that one may see: always a download, never shown in the page's own origin."""

    model = FacilityLetter
    select_related = ("file",)

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file as it was kept. Http404 where the content is gone, or is not what was kept."""
        content = selectors.content_of(self.object)
        if content is None:
            raise Http404
        return attached(LetterFile(self.object.file.name, content))


class Offer(AboutCase):
    """A second person sends the facility letter."""

    form_class = NoFields
    title = _("Send the facility letter to the client?")
    submit_label = _("Send it")
    success_message = _("Offered. The relationship manager is told.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_offer(user=request.user, pack=self.object, letter=selectors.letter_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.offer(now=now, **self.call)


class Accept(AboutCase):
    """The client signed."""

    form_class = forms.AcceptForm
    title = _("Has the client accepted?")
    submit_label = _("It is accepted")
    success_message = _("Accepted. Credit administration sees to the conditions.")

    def permission(self, request: HttpRequest) -> Permission:
        """The manager."""
        return pack_permissions.owns(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.accept(now=now, **self.call, **data)


class GoLive(AboutCase):
    """The limit is live."""

    form_class = NoFields
    title = _("Make the limit live?")
    submit_label = _("Make it live")
    success_message = _("The limit is live.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_administer(user=request.user, pack=self.object, states=(State.CP_PENDING,))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.go_live(now=now, **self.call)


class Suspend(AboutCase):
    """Stop what is not drawn yet."""

    form_class = forms.WhyForm
    tone = "bad"
    title = _("Suspend this limit?")
    submit_label = _("Suspend it")
    success_message = _("Suspended. Nothing more is drawn under it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_suspend(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Suspend it."""
        return services.suspend(now=now, **self.call, **data)


class Restore(AboutCase):
    """It may be drawn again."""

    form_class = forms.WhyForm
    title = _("Restore this limit?")
    submit_label = _("Restore it")
    success_message = _("Restored.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_restore(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Restore it."""
        return services.restore(now=now, **self.call, **data)


class Cancel(AboutCase):
    """The client wants it no more."""

    form_class = forms.WhyForm
    tone = "bad"
    title = _("Cancel this limit?")
    submit_label = _("Cancel the limit")
    success_message = _("The limit is cancelled.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_cancel(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Cancel it."""
        return services.cancel(now=now, **self.call, **data)
