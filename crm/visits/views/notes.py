"""Writing down a visit or call, and changing what was written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.visits import permissions, selectors, services
from crm.visits.choices import FREE_TEXTS, PlaceKind, VisitKind, VisitState
from crm.visits.forms import WEIGHT, WEIGHT_OF_NEW, LogForm, VisitForm, local_minute
from crm.visits.models import Visit
from crm.visits.rules import Entry, Met
from crm.visits.views.choosing import AboutCompany, record_key
from crm.web.views import UpdateView


class VisitCreate(AboutCompany):
    """`/visits/log/?company=…`: the short form. `?planned=…` writes down a visit that was planned, `?kind=call` a call."""

    target = "log"
    form_class = LogForm
    template_name = "visits/visit_form.html"
    title = _("Log a visit")
    submit_label = _("Save visit")
    kind: str = VisitKind.VISIT
    planned: Visit | None = None

    def load(self) -> None:
        """The company, or the planned visit and its company."""
        super().load()
        asked = self.request.GET.get("planned", "")
        if asked:
            visits = Visit.objects.visible_to(self.request.user).planned().select_related("company", "owner", "lead")
            self.planned = visits.filter(pk=record_key(asked) or 0).first()
            if self.planned is None or (self.company and self.company != self.planned.company):
                raise Http404
            self.company = self.planned.company

    @cached_property
    def background(self) -> selectors.Background:
        """What helps to write it down."""
        return selectors.Background(self.request.user, self.company)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who writes, when, and what the choices come from."""
        return {"user": self.request.user, "now": timezone.now(), "background": self.background}

    def get_initial(self) -> dict[str, Any]:
        """Now, at the company's first address; or as it was planned. A form that was sent brings its own values."""
        if self.request.method == "POST":
            return {}
        first = next((f"address:{address.pk}" for address in self.background.addresses), "")
        asked = self.request.GET.get("kind", "")
        initial: dict[str, Any] = {
            "kind": asked if asked in VisitKind.values else self.kind,
            "happened_at": local_minute(timezone.now()),
            "where": first,
        }
        if self.planned is not None:
            happened = min(timezone.localtime(self.planned.at), local_minute(timezone.now()))
            initial |= {
                "kind": self.planned.kind,
                "happened_at": happened,
                "purpose": self.planned.purpose,
                "objective": self.planned.objective,
            }
            initial["colleagues"] = list(self.planned.bank_attendees.values_list("user_id", flat=True))
        return initial

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what stands beside the form."""
        beside = {"background": self.background} if self.company is not None else {}
        return super().get_context_data(**beside, **context)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Log it."""
        form: Any = self.sent_form
        planned_id = self.planned.pk if self.planned else None
        return services.log_visit(
            actor=self.request.user, now=now, company_id=self.company.pk, entry=form.entry(), planned_id=planned_id, files=form.stored
        )

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand, since the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_success_url(self, result: Visit) -> str:
        """The visit's page; or a fresh call with the same company, where that button was pressed."""
        if self.request.POST.get("then") == "call":
            return f"{url_of('visits:call_create')}?company={result.company_id}"
        return result.get_absolute_url()

    def get_success_message(self, result: Visit) -> Sentence:
        """What was logged, and the word of warning where a product came before the facts."""
        done = _("Call logged.") if result.kind == VisitKind.CALL else _("Visit logged.")
        warning = services.pitch_warning(visit=result)
        return f"{done} {warning}" if warning else done


class CallCreate(VisitCreate):
    """`/visits/log/call/?company=…`: the same form, for a call."""

    target = "call"
    title = _("Log a call")
    submit_label = _("Save call")
    kind = VisitKind.CALL

    def get_initial(self) -> dict[str, Any]:
        """A call has no place."""
        return {**super().get_initial(), "where": ""}


class VisitUpdate(UpdateView):
    """Change what was written, until it is closed or signed."""

    model = Visit
    select_related = ("company",)
    form_class = VisitForm
    template_name = "visits/visit_form.html"
    title = _("Change the note")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change(user=request.user, visit=self.object, now=timezone.now())

    def load(self) -> None:
        """A planned visit has no note yet."""
        super().load()
        if self.object.state == VisitState.PLANNED:
            raise Http404

    @cached_property
    def background(self) -> selectors.Background:
        """What the choices come from."""
        return selectors.Background(self.request.user, self.object.company)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As for a new visit."""
        return {"user": self.request.user, "now": timezone.now(), "background": self.background}

    def get_initial(self) -> dict[str, Any]:
        """The visit's values."""
        visit = self.object
        people = list(visit.attendees.all())
        initial = {name: getattr(visit, name) for name in FREE_TEXTS}
        initial |= {name: getattr(visit, name) for name in ("kind", "happened_at", "purpose", "mood", "confidentiality", "next_step_on")}
        return initial | {
            "where": self._where(),
            "unreached": not visit.two_way,
            "met": [str(person.contact_id) for person in people if person.contact_id],
            "met_new": "; ".join(
                f"{person.name}, {person.title}" if person.title else person.name for person in people if not person.contact_id
            ),
            "next_step_owner": None if visit.next_step_owner_id == visit.owner_id else visit.next_step_owner_id,
            "colleagues": list(visit.bank_attendees.values_list("user_id", flat=True)),
            "copies": list(visit.copies.values_list("user_id", flat=True)),
            **{f"{WEIGHT}{person.contact_id}": person.weight for person in people if person.contact_id},
            WEIGHT_OF_NEW: _common(person.weight for person in people if not person.contact_id),
        }

    def _where(self) -> str:
        fitting = (address for address in self.background.addresses if address.kind == self.object.place)
        address = next(fitting, None)
        if address is not None:
            return f"address:{address.pk}"
        return self.object.place if self.object.place == PlaceKind.OURS else PlaceKind.OTHER if self.object.place else ""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the company and what stands beside the form."""
        return super().get_context_data(company=self.object.company, background=self.background, **context)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand, since the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Change it."""
        form: Any = self.sent_form
        entry = self._with_what_stands(form.entry())
        return services.change_visit(visit_id=self.object.pk, actor=self.request.user, now=now, version=self.version, entry=entry)

    def _with_what_stands(self, entry: Entry) -> Entry:
        """The form does not ask where somebody checked in, and not of everybody what their word weighs: what was said of that stays."""
        visit = self.object
        weights = {person.contact_id or person.name: person.weight for person in visit.attendees.all()}
        met = tuple(one if self._is_weighed(one) else replace(one, weight=weights.get(one.contact_id or one.name, "")) for one in entry.met)
        place = {name: getattr(visit, name) for name in ("checked_in_at", "latitude", "longitude", "accuracy_m")}
        return replace(entry, met=met, **place)

    def _is_weighed(self, person: Met) -> bool:
        """The form that was sent says what this person's word weighs; of new ones only where it says something new."""
        form = self.sent_form
        name = f"{WEIGHT}{person.contact_id}" if person.contact_id else WEIGHT_OF_NEW
        return name in form.data and (bool(person.contact_id) or name in form.changed_data)


def _common(weights: Iterable[str]) -> str:
    """The weight that all of them have; none where they differ."""
    found = set(weights)
    return found.pop() if len(found) == 1 else ""
