"""Asking for a gift and declaring one, with the room left for the person while one types."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Contact
from crm.gifts import permissions, selectors, services
from crm.gifts.forms import GiveForm, ReceiveForm, RoomForm
from crm.gifts.models import Gift, GiftItem
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.visits.views.choosing import AboutCompany
from crm.web.views import RecordFragmentView


class GiftForm(AboutCompany):
    """A form about a gift and the company of `?company=`."""

    template_name = "gifts/gift_form.html"
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_give(user=request.user, company=self.company)
        if permissions.is_giver(request.user):
            return ALLOWED
        return denied(_("Gifts are given by relationship managers, their heads and head office."))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who, and with which company."""
        return {"user": self.request.user, "company": self.company}

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()} | super().get_initial()

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form


class GiftCreate(GiftForm):
    """`/gifts/give/?company=…`: ask for something out of the catalogue."""

    target = "gift"
    form_class = GiveForm
    title = _("Give something")
    submit_label = _("Ask for it")
    success_message = _("Sent to be decided.")

    @cached_property
    def centre_id(self) -> int | None:
        """Whose catalogue is offered: one's own centre's; head office chooses from all."""
        centre = self.request.user.actor.centre
        return centre.pk if centre else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """And whose catalogue."""
        return super().get_form_kwargs() | {"centre_id": self.centre_id}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Gift:
        """Ask for it."""
        return services.request_gift(company_id=self.company.pk, entry=self.sent_form.entry(), actor=self.request.user, now=now)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds where the room that is left is asked for."""
        return super().get_context_data(room_url=url_of("gifts:room", self.company.pk) if self.company else "", **context)


class GiftDeclare(GiftForm):
    """`/gifts/receive/?company=…`: declare what was received, or offered and declined."""

    target = "gift-received"
    form_class = ReceiveForm
    title = _("Declare a gift received")
    submit_label = _("Declare it")
    success_message = _("Declared.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Gift:
        """Declare it."""
        return services.declare_received(company_id=self.company.pk, entry=self.sent_form.entry(), actor=self.request.user, now=now)


class RoomLeft(RecordFragmentView):
    """What may still be given to a person of a company, as one fills in the form."""

    model = Company
    template_name = "gifts/room.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever may give to this company."""
        company = selectors.covered(self.object)
        return permissions.can_give(user=request.user, company=company)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The room, before and after what was typed."""
        user = self.request.user
        form = RoomForm(self.request.GET)
        form.is_valid()
        typed = form.cleaned_data
        contact = Contact.objects.visible_to(user).filter(company=self.object, pk=typed.get("contact") or 0).first()
        if contact is None or not typed.get("occasion"):
            return super().get_context_data(room=None, **context)
        place = user.actor.centre or user.actor.posts[0].unit
        figures = selectors.figures(place, now=timezone.now())
        day = typed.get("on") or figures.today
        room = selectors.room(person_key=f"contact:{contact.pk}", occasion=typed["occasion"], on=day, caps=figures.caps)
        item = GiftItem.objects.visible_to(user).filter(pk=typed.get("item") or 0).first()
        asked = item.cost * (typed.get("quantity") or 1) if item else selectors.NOTHING
        return super().get_context_data(
            room=room, asked=asked, fits=asked <= room.left, contact=contact, currency=place.currency, **context
        )
