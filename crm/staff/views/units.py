"""Administration of units and working calendars. Read by compliance and audit, changed by administrators."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.staff import permissions, selectors, units
from crm.staff.choices import UnitKind
from crm.staff.forms import CalendarDayForm, HolidaysForm, UnitChangeForm, UnitForm
from crm.staff.models import CalendarDay, OrgUnit
from crm.staff.views.administration import Administrators, StaffReaders
from crm.web.views import Action, CreateView, DetailView, OperationView, Page, UpdateView


class UnitTree(StaffReaders, Page):
    """The bank as a tree."""

    title = _("Units")
    template_name = "staff/units.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All units, indented."""
        may = permissions.can_administer(user=request.user)
        action = Action(_("Add a unit"), url_of("staff:unit_create"), icon="plus", primary=True, refusal=may.reason)
        return self.render(self.template_name, self.get_context_data(tree=selectors.tree(), actions=[action]))


class UnitDetail(StaffReaders, DetailView):
    """A unit: its people, and for a centre its calendar."""

    model = OrgUnit
    template_name = "staff/unit.html"
    crumb = (_("Units"), "staff:unit_list")
    select_related = ("parent",)

    def actions(self) -> Sequence[Action]:
        """Change it; keep a centre's calendar."""
        may = permissions.can_administer(user=self.request.user)
        found = [Action(_("Change"), url_of("staff:unit_update", self.object.pk), refusal=may.reason)]
        if self.object.kind == UnitKind.CENTRE:
            holidays, day = url_of("staff:holidays_add", self.object.pk), url_of("staff:day_set", self.object.pk)
            found.append(Action(_("Add the public holidays of a year"), holidays, dialog=True, refusal=may.reason))
            found.append(Action(_("Set a day"), day, dialog=True, primary=True, refusal=may.reason))
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """People and coming days."""
        today = timezone.localdate()
        days = CalendarDay.objects.visible_to(self.request.user).filter(centre=self.object, day__gte=today).order_by("day")[:40]
        return super().get_context_data(posts=selectors.people_of([self.object.pk], now=timezone.now()), days=days, **context)


class UnitCreate(Administrators, CreateView):
    """Add a unit."""

    title = _("Add a unit")
    form_class = UnitForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Units to stand under."""
        return {"units": OrgUnit.objects.visible_to(self.request.user)}

    def perform(self, *, data: dict[str, Any], now: Any) -> OrgUnit:
        """Create."""
        parent = data.pop("parent")
        return units.add_unit(parent_id=parent.pk, facts=data, actor=self.request.user, now=now)


class UnitUpdate(Administrators, UpdateView):
    """Change a unit's names or time zone, or close it."""

    model = OrgUnit
    title = _("Change the unit")
    form_class = UnitChangeForm

    def perform(self, *, data: dict[str, Any], now: Any) -> OrgUnit:
        """Save."""
        return units.change_unit(unit_id=self.object.pk, version=self.version, changes=data, actor=self.request.user, now=now)


class KeepsCalendar(OperationView):
    """An operation on a centre's calendar."""

    model = OrgUnit

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_calendar(user=request.user, unit=self.object)

    def get_success_url(self, result: Any) -> str:
        """The unit."""
        return str(self.object.get_absolute_url())


class DaySet(KeepsCalendar):
    """Set the hours of one day of a centre."""

    title = _("Hours of one day")
    form_class = CalendarDayForm

    def perform(self, *, data: dict[str, Any], now: Any) -> CalendarDay:
        """Save."""
        return units.set_calendar_day(
            centre_id=self.object.pk, day=data["day"], spans=data["hours"], name=data["name"], actor=self.request.user
        )


class HolidaysAdd(KeepsCalendar):
    """Add the holidays of a year that are not set yet."""

    title = _("Add the public holidays of a year")
    form_class = HolidaysForm
    submit_label = _("Add")

    def get_initial(self) -> dict[str, Any]:
        """The next year, as the one that comes to be missing."""
        return {"year": timezone.localdate(timezone.now(), self.object.zone).year + 1} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: Any) -> int:
        """Add."""
        return units.add_public_holidays(centre_id=self.object.pk, year=data["year"], actor=self.request.user)

    def get_success_message(self, result: int) -> Sentence:
        """How many there were to add."""
        return _("Days added: %(count)s.") % {"count": result} if result else _("Nothing was added: each of these days is set already.")
