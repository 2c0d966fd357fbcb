"""Saved views of lists: keep the filters in force under a name, change the name, and remove one."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web import services
from crm.web.forms import SaveViewForm, ViewForm
from crm.web.models import SavedView
from crm.web.views.operations import CreateView, OperationView, UpdateView


class SavedViewCreate(CreateView):
    """`?list_name=clients:client_list&query=…` fills the form from the list one comes from."""

    form_class = SaveViewForm
    title = _("Save this view")
    submit_label = _("Save view")
    success_message = _("View saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units that the reader may share with."""
        return {"user": self.request.user}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SavedView:
        """Save it."""
        return services.save_view(actor=self.request.user, **data)

    def get_success_url(self, result: SavedView) -> str:
        """The list, as the view shows it."""
        return f"{_address(result.list_name)}?{result.query or 'view=all'}"


class OwnView(OperationView):
    """An operation on one's own view."""

    model = SavedView
    select_related = ("team",)

    def permission(self, request: HttpRequest) -> Permission:
        """Only who made it."""
        return ALLOWED if self.object.owner_id == request.user.pk else denied(services.NOT_YOURS)

    def get_back_url(self) -> str:
        """The list, as the view shows it."""
        return f"{_address(self.object.list_name)}?{self.object.query or 'view=all'}"


class SavedViewUpdate(OwnView, UpdateView):
    """Change a view's name, who else gets it, and whether the list opens with it."""

    form_class = ViewForm
    title = _("Change this view")
    submit_label = _("Save")
    success_message = _("View saved.")

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"title": self.object.title, "unit_id": self.object.team_id, "is_default": self.object.is_default}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units that it may be shared with."""
        return {"user": self.request.user, "shared_with": self.object.team}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> None:
        """Change it."""
        services.change_view(actor=self.request.user, view_id=self.object.pk, version=self.version, **data)


class SavedViewRemove(OwnView):
    """Remove one's own view."""

    title = _("Remove this view?")
    submit_label = _("Remove")
    success_message = _("View removed.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> None:
        """Remove it."""
        services.remove_view(actor=self.request.user, view_id=self.object.pk)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return _address(self.object.list_name)


def _address(list_name: str) -> str:
    """A list's address. Only names without parameters are lists that views can be saved of."""
    try:
        return url_of(list_name)
    except NoReverseMatch as error:
        raise Http404 from error
