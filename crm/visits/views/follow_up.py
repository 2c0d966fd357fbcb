"""What follows a visit: addenda, attachments and their download, the signature, promises kept."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import Permission
from crm.visits import permissions, services
from crm.visits.forms import AddendumForm, AttachForm
from crm.visits.models import Addendum, Attachment, Promise, Visit
from crm.web.forms import NoFields
from crm.web.views import FileDownload, OperationView


class AboutVisit(OperationView):
    """An operation on one visit, which leads back to its page."""

    model = Visit
    select_related = ("company",)

    def get_success_url(self, result: Any) -> str:
        """The visit."""
        return self.object.get_absolute_url()


class AddendumCreate(AboutVisit):
    """Add something to a visit that is closed for changes."""

    form_class = AddendumForm
    title = _("Write an addendum")
    success_message = _("Added.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_add(user=request.user, visit=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Addendum:
        """Add it."""
        return services.add_addendum(visit_id=self.object.pk, actor=self.request.user, now=now, **data)


class AttachmentCreate(AboutVisit):
    """Attach a photo or paper."""

    form_class = AttachForm
    title = _("Attach a photo or paper")
    submit_label = _("Attach")
    success_message = _("Attached.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_attach(user=request.user, visit=self.object, now=timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who brings it, and when."""
        return {"user": self.request.user, "now": timezone.now()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Attachment:
        """Attach it."""
        return services.attach(visit_id=self.object.pk, actor=self.request.user, now=now, file_id=data["papers"].pk)


class AttachmentDownload(FileDownload):
    """A file of a visit, for whoever sees the visit, under the name that it has there."""

    model = Attachment

    def file_name(self) -> str:
        """The attachment's own."""
        return self.object.name


class SignOff(AboutVisit):
    """The head has read it."""

    form_class = NoFields
    title = _("Sign off this visit")
    submit_label = _("Sign off")
    success_message = _("Signed off.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_sign_off(user=request.user, visit=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Sign it."""
        return services.sign_off(visit_id=self.object.pk, actor=self.request.user, now=now)


class PromiseKeep(OperationView):
    """The bank kept its word."""

    model = Promise
    select_related = ("visit__company",)
    form_class = NoFields
    title = _("Is this promise kept?")
    submit_label = _("Kept")
    success_message = _("Kept.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_promise(user=request.user, promise=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Promise:
        """Close it."""
        return services.complete_promise(promise_id=self.object.pk, actor=self.request.user, now=now)

    def get_back_url(self) -> str:
        """The visit, for those who see it; else home."""
        back = super().get_back_url()
        sees = Visit.objects.visible_to(self.request.user).filter(pk=self.object.visit_id).exists()
        return self.object.visit.get_absolute_url() if back == "/" and sees else back
