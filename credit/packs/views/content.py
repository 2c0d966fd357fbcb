"""What a pack asks for: facilities, parties and securities added, changed and taken away."""

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.packs import permissions, selectors, services
from credit.packs.forms import FacilityForm, PartyForm, SecurityForm
from credit.packs.models import Facility, Pack, PackVersion, Party, Security
from credit.packs.views.pages import RELATED
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView, UpdateView

_OF_PACK = tuple(f"version__pack__{name}" for name in RELATED)


class PartOperation(OperationView):
    """A form about something that a version asks for; leads back to the pack."""

    model: Any = Pack
    select_related: tuple[str, ...] = RELATED
    _form: Any = None

    @property
    def pack(self) -> Pack:
        """The pack."""
        found: Pack = self.object if isinstance(self.object, Pack) else self.object.version.pack
        return found

    @property
    def worked_on(self) -> PackVersion | None:
        """The version that is worked on."""
        if not isinstance(self.object, Pack):
            of_row: PackVersion = self.object.version
            return of_row
        if not hasattr(self, "_draft"):
            self._draft = selectors.draft_of(self.pack)
            if self._draft is not None:
                self._draft.pack = self.pack
        return self._draft

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, pack=self.pack, version=self.worked_on)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which version, and who."""
        return {} if self.form_class is NoFields else {"version": self.worked_on, "user": self.request.user}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, since the entry is read from it."""
        self._form = super().make_form(data, files)
        return self._form

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        return self.pack.get_absolute_url()


class RowOperation(PartOperation):
    """Of a row that is there."""

    select_related = ("version", *_OF_PACK)


class RowUpdate(RowOperation, UpdateView):
    """Changes it. The pack counts the changes of all of its rows."""

    def version_now(self) -> int:
        """The pack's, as it is now."""
        return Pack.objects.visible_to(self.request.user).values_list("version", flat=True).get(pk=self.pack.pk)


class FacilityCreate(PartOperation):
    """A facility more."""

    form_class = FacilityForm
    template_name = "packs/facility_form.html"
    title = _("Add a facility")
    submit_label = _("Add it")

    def get_initial(self) -> dict[str, Any]:
        """In the centre's currency."""
        return {"currency": self.pack.currency} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Facility:
        """Add it."""
        return services.keep_facility(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now)


class FacilityUpdate(RowUpdate):
    """Another amount, tenor or price."""

    model = Facility
    form_class = FacilityForm
    template_name = "packs/facility_form.html"
    title = _("Change this facility")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Facility:
        """Save it."""
        of_row = {"facility_id": self.object.pk, "seen": self.seen}
        return services.keep_facility(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now, **of_row)


class PartyCreate(PartOperation):
    """A party more."""

    form_class = PartyForm
    title = _("Add a party")
    submit_label = _("Add it")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Party:
        """Add it."""
        return services.keep_party(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now)


class PartyUpdate(RowUpdate):
    """Another role or limit."""

    model = Party
    form_class = PartyForm
    title = _("Change this party")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Party:
        """Save it."""
        of_row = {"party_id": self.object.pk, "seen": self.seen}
        return services.keep_party(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now, **of_row)


class SecurityCreate(PartOperation):
    """A security more."""

    form_class = SecurityForm
    title = _("Add a security")
    submit_label = _("Add it")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Security:
        """Add it."""
        return services.keep_security(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now)


class SecurityUpdate(RowUpdate):
    """Another value or haircut."""

    model = Security
    form_class = SecurityForm
    title = _("Change this security")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Security:
        """Save it."""
        of_row = {"security_id": self.object.pk, "seen": self.seen}
        return services.keep_security(pack_id=self.pack.pk, entry=self._form.entry(), actor=self.request.user, now=now, **of_row)


class RowRemove(RowOperation):
    """Take a row away."""

    form_class = NoFields
    tone = "bad"
    submit_label = _("Take it away")
    success_message = _("Taken away.")
    service: ClassVar[Any]
    key: ClassVar[str]

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return type(self).service(pack_id=self.pack.pk, actor=self.request.user, now=now, **{self.key: self.object.pk})


class FacilityRemove(RowRemove):
    """Of a facility."""

    model = Facility
    title = _("Take this facility away?")
    service = staticmethod(services.remove_facility)
    key = "facility_id"


class PartyRemove(RowRemove):
    """Of a party."""

    model = Party
    title = _("Take this party away?")
    service = staticmethod(services.remove_party)
    key = "party_id"


class SecurityRemove(RowRemove):
    """Of a security."""

    model = Security
    title = _("Take this security away?")
    service = staticmethod(services.remove_security)
    key = "security_id"
