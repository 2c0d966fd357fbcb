"""What an administrator does for somebody who cannot get in, or whose details are wrong."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.staff import accounts, permissions
from crm.staff.forms import DetailsForm, FirstPasswordForm
from crm.staff.models import User
from crm.web.views import OperationView, UpdateView


class HelpsIn(OperationView):
    """An operation that lets somebody in again."""

    model = User

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_help_in(user=request.user, account=self.object)

    def get_success_url(self, result: Any) -> str:
        """The person's page."""
        return str(self.object.get_absolute_url())


class Unlock(HelpsIn):
    """Let somebody try again before the time of the lock is over."""

    submit_label = _("Unlock")
    success_message = _("Unlocked. They may try again at once.")

    def get_title(self) -> Sentence:
        """The question."""
        return _("Unlock the sign-in of %(name)s?") % {"name": self.object}

    def perform(self, *, data: dict[str, Any], now: Any) -> Any:
        """Unlock."""
        return accounts.unlock(user_id=self.object.pk, actor=self.request.user, now=now)


class FirstPassword(HelpsIn):
    """A new password for somebody who forgot theirs."""

    title = _("Set a new password")
    form_class = FirstPasswordForm
    submit_label = _("Set the password")
    success_message = _("The new password holds, and open sessions have ended. Tell the person to change it at once under My account.")

    def perform(self, *, data: dict[str, Any], now: Any) -> Any:
        """Set it."""
        return accounts.set_first_password(user_id=self.object.pk, password=data["password"], actor=self.request.user, now=now)


class DetailsUpdate(UpdateView):
    """Put somebody's names, e-mail or language right."""

    model = User
    title = _("Correct the details")
    form_class = DetailsForm

    def permission(self, request: HttpRequest) -> Permission:
        """Administrators."""
        return permissions.can_administer(user=request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose they are."""
        return {"person": self.object}

    def perform(self, *, data: dict[str, Any], now: Any) -> User:
        """Correct."""
        return accounts.correct(user_id=self.object.pk, version=self.version, values=data, actor=self.request.user, now=now)
