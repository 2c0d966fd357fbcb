"""Asking for hospitality: the form with the room left while one types, submitting, cancelling."""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.hospitality import permissions, previews, selectors, services
from crm.hospitality.choices import State
from crm.hospitality.forms import NEW_GUESTS, ReasonForm, RequestForm
from crm.hospitality.models import HospitalityRequest
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.visits.models import Visit
from crm.visits.views.choosing import AboutCompany, record_key
from crm.web.forms import NoFields
from crm.web.views import OperationView, RecordFragmentView, UpdateView

PARTS = ("company", "owner", "centre", "team")


class RequestCreate(AboutCompany):
    """`/hospitality/new/?company=…`: what one wants to do; `?visit=…` fills it in from a visit. Submitted at once, or kept as a draft."""

    target = "hospitality"
    form_class = RequestForm
    template_name = "hospitality/request_form.html"
    title = _("Ask for hospitality")
    submit_label = _("Submit")
    visit: Visit | None = None
    sent_form: Any = None

    def load(self) -> None:
        """The company, and the visit where one is named."""
        super().load()
        asked = self.request.GET.get("visit", "")
        if asked:
            visits = Visit.objects.visible_to(self.request.user).done().select_related("company")
            self.visit = visits.filter(pk=record_key(asked) or 0, company=self.company).first()
            if self.visit is None:
                raise Http404

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_host(user=request.user, company=self.company)
        return ALLOWED if permissions.is_host(request.user) else denied(_("Guests are invited by relationship managers and their heads."))

    @cached_property
    def contacts(self) -> list[Any]:
        """The client's people."""
        return selectors.people(self.request.user, self.company)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks, when, and the client's people."""
        return {"user": self.request.user, "now": timezone.now(), "contacts": self.contacts}

    def get_initial(self) -> dict[str, Any]:
        """As the visit was: who was there, where and when."""
        return from_visit(self.visit) if self.visit else {}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand, since the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds where the room is asked for."""
        room_url = url_of("hospitality:request_room", self.company.pk) if self.company else ""
        return super().get_context_data(room_url=room_url, **context)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> HospitalityRequest:
        """Write it down, and hand it in unless it stays a draft."""
        wish = self.sent_form.wish(self.visit.pk if self.visit else None)
        submit = self.request.POST.get("then") != "draft"
        return services.draft_request(actor=self.request.user, now=now, company_id=self.company.pk, wish=wish, submit=submit)

    def get_success_url(self, result: HospitalityRequest) -> str:
        """The report, where it has taken place already; else its page."""
        if result.state == State.FREE and result.event_at <= timezone.now():
            return url_of("hospitality:report_create", result.pk)
        return result.get_absolute_url()

    def get_success_message(self, result: HospitalityRequest) -> Sentence:
        """What happens next."""
        return handed_in(result)


def from_visit(visit: Visit) -> dict[str, Any]:
    """What a visit fills in."""
    initial: dict[str, Any] = {"event_at": timezone.localtime(visit.at), "venue": visit.place_text}
    people = list(visit.attendees.select_related("contact"))
    initial["known"] = [str(person.contact_id) for person in people if person.contact_id]
    for number, person in enumerate([person for person in people if not person.contact_id][:NEW_GUESTS], start=1):
        initial |= {f"guest_{number}": person.name, f"guest_{number}_title": person.title}
    initial["colleagues"] = list(visit.bank_attendees.values_list("user_id", flat=True))
    return initial


def handed_in(event: HospitalityRequest) -> Sentence:
    """What was done, and what happens next."""
    if event.state == State.DRAFT:
        return _("Kept as a draft.")
    if event.state == State.FREE:
        return _("No approval needed. It may happen; report it afterwards.")
    return _("Submitted. Compliance consents first.") if event.needs_consent else _("Submitted.")


class RequestUpdate(UpdateView):
    """Change a draft, or what was returned, and hand it in."""

    model = HospitalityRequest
    select_related = PARTS
    form_class = RequestForm
    template_name = "hospitality/request_form.html"
    title = _("Change the request")
    submit_label = _("Submit")
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, event=self.object)

    @cached_property
    def contacts(self) -> list[Any]:
        """The client's people."""
        return selectors.people(self.request.user, self.object.company)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As for a new request."""
        return {"user": self.request.user, "now": timezone.now(), "contacts": self.contacts}

    def get_initial(self) -> dict[str, Any]:
        """The request's values."""
        event = self.object
        guests = list(event.guests.order_by("pk"))
        initial = {name: getattr(event, name) for name in ("event_at", "kind", "venue", "estimate", "purpose", "note")}
        initial |= {
            "away": event.is_away,
            "known": [str(guest.contact_id) for guest in guests if guest.contact_id],
            "officials": [str(guest.contact_id) for guest in guests if guest.contact_id and guest.is_official],
            "colleagues": list(event.seats.values_list("user_id", flat=True)),
        }
        for number, guest in enumerate([guest for guest in guests if not guest.contact_id][:NEW_GUESTS], start=1):
            initial |= {f"guest_{number}": guest.name, f"guest_{number}_title": guest.title}
            initial |= {f"guest_{number}_official": guest.is_official, f"guest_{number}_family": guest.is_family}
        return initial

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand, since the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the company and where the room is asked for."""
        room_url = url_of("hospitality:request_room", self.object.company_id)
        return super().get_context_data(company=self.object.company, room_url=room_url, **context)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> HospitalityRequest:
        """Save it, and hand it in unless it stays a draft."""
        submit = self.request.POST.get("then") != "draft"
        wish = self.sent_form.wish(self.object.visit_id)
        return services.change_request(
            event_id=self.object.pk, actor=self.request.user, now=now, version=self.version, wish=wish, submit=submit
        )

    def get_success_message(self, result: HospitalityRequest) -> Sentence:
        """What happens next."""
        return handed_in(result)


class AboutEvent(OperationView):
    """An operation on one event, which leads back to its page."""

    model = HospitalityRequest
    select_related = PARTS

    def get_success_url(self, result: Any) -> str:
        """The event."""
        return self.object.get_absolute_url()


class RequestSubmit(AboutEvent):
    """Hand a draft in."""

    form_class = NoFields
    title = _("Submit this request")
    submit_label = _("Submit")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> HospitalityRequest:
        """Hand it in."""
        return services.submit_request(event_id=self.object.pk, actor=self.request.user, now=now)

    def get_success_message(self, result: HospitalityRequest) -> Sentence:
        """What happens next."""
        return handed_in(result)


class EventStep(AboutEvent):
    """A step that asks no more than the fields of its form: `allowed` is the service's own permission, `service` takes them by name."""

    allowed: Callable[..., Permission]
    service: Callable[..., Any]

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return type(self).allowed(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take the step."""
        return type(self).service(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class RequestCancel(EventStep):
    """It does not take place."""

    form_class = ReasonForm
    title = _("Cancel this event")
    submit_label = _("Cancel the event")
    success_message = _("Cancelled. What was reserved is free again.")
    allowed, service = permissions.can_cancel, services.cancel_request
    tone = "bad"


class RequestRoom(RecordFragmentView):
    """What is left for a client's event, as one types: the host's month, the client's quarter, per head, each guest's times."""

    model = Company
    template_name = "hospitality/room.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever may host for this company."""
        previews.with_coverage(self.object)
        return permissions.can_host(user=request.user, company=self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The room, before and after what was typed."""
        room = previews.of_request(user=self.request.user, company=self.object, typed=self.request.GET, now=timezone.now())
        return super().get_context_data(room=room, **context)
