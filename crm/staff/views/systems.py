"""Accounts of other systems of the bank: added, given tokens, ended. Read by compliance and audit, changed by administrators."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import Permission
from crm.staff import permissions, services, systems
from crm.staff.forms import SystemForm, TokenForm
from crm.staff.models import ApiToken, User
from crm.web.views import CreateView, OperationView


class SystemCreate(CreateView):
    """Add a system; its post comes by a change that a second administrator approves."""

    title = _("Add a system")
    form_class = SystemForm
    success_message = _("Added. Now propose its post; another administrator approves it.")

    def permission(self, request: HttpRequest) -> Permission:
        """Administrators."""
        return permissions.can_administer(user=request.user)

    def perform(self, *, data: dict[str, Any], now: Any) -> User:
        """Create."""
        return systems.create_system(actor=self.request.user, **data)


class SystemToken(OperationView):
    """Make a token of a system: its text is shown once, and works once another administrator has confirmed it."""

    model = User
    title = _("New API token")
    form_class = TokenForm
    submit_label = _("Make a token")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_make_token(user=request.user, account=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> None:
        """The text travels to the next page in the session, not in an address or a kept answer."""
        text = systems.make_token(user_id=self.object.pk, actor=self.request.user, scopes=data["scopes"])
        self.request.session["new_token"] = text

    def get_success_url(self, result: Any) -> str:
        """The page that shows it."""
        return str(reverse_lazy("staff:token_shown"))


class OfSystem(OperationView):
    """An operation on a token of a system."""

    model = ApiToken
    select_related = ("user",)

    def get_success_url(self, result: Any) -> str:
        """The account."""
        return str(self.object.user.get_absolute_url())


class TokenConfirm(OfSystem):
    """The second pair of eyes."""

    title = _("Confirm this token?")
    submit_label = _("Confirm")
    success_message = _("The token works from now on.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_confirm_token(user=request.user, token=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> ApiToken:
        """Confirm."""
        return systems.confirm_token(token_id=self.object.pk, actor=self.request.user, now=now)


class TokenEnd(OfSystem):
    """End a token of a system, at once and by one administrator."""

    title = _("Revoke this token")
    submit_label = _("Revoke")
    success_message = _("The token does not work any more.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_revoke_token(user=request.user, token=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> None:
        """Revoke."""
        services.revoke_token(token_id=self.object.pk, actor=self.request.user, now=now)
