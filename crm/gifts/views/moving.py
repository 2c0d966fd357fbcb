"""What is done with a gift: decided, issued, handed over, declined, cancelled, disposed of."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, services
from crm.gifts.choices import GiftAct
from crm.gifts.forms import ActForm, DisposeForm, NoteForm
from crm.gifts.models import Gift
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView

APPROVE = (GiftAct.APPROVE.value, _("Approve"))
REFUSE = (GiftAct.REFUSE.value, _("Refuse"))
PASS_UP = (GiftAct.PASS_UP.value, _("Pass up"))


class AboutGift(OperationView):
    """An operation on one gift, which leads back to its page."""

    model = Gift
    select_related = ("company", "item")

    def get_success_url(self, result: Any) -> str:
        """The gift."""
        return self.object.get_absolute_url()


class GiftDecide(AboutGift):
    """Consent to it, or decide it: whichever it waits for."""

    form_class = ActForm
    title = _("Decide this gift")
    submit_label = _("Decide")
    success_message = _("Decided.")

    def permission(self, request: HttpRequest) -> Permission:
        """The services' own."""
        if self.object.waits_for_consent:
            return permissions.can_consent(user=request.user, gift=self.object)
        return permissions.can_decide(user=request.user, gift=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may be done."""
        return {"acts": [APPROVE, REFUSE] if self.object.waits_for_consent else [APPROVE, REFUSE, PASS_UP]}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.settle(gift_id=self.object.pk, act=data["act"], actor=self.request.user, now=now, note=data["note"])


class GiftIssue(AboutGift):
    """Hand the pieces out of the stock."""

    form_class = NoFields
    title = _("Issue this gift from stock")
    submit_label = _("Issue")
    success_message = _("Issued.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_issue(user=request.user, gift=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Issue it."""
        return services.issue(gift_id=self.object.pk, actor=self.request.user, now=now)


class GiftHandOver(AboutGift):
    """It was handed over."""

    form_class = NoFields
    title = _("Was this gift handed over?")
    submit_label = _("Handed over")
    success_message = _("Entered in the register.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_hand_over(user=request.user, gift=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Say so."""
        return services.hand_over(gift_id=self.object.pk, actor=self.request.user, now=now)


class GiftDecline(AboutGift):
    """The person did not take it."""

    form_class = NoteForm
    title = _("The gift was declined")
    submit_label = _("Declined")
    success_message = _("Entered in the register.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_hand_over(user=request.user, gift=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Say so."""
        return services.decline(gift_id=self.object.pk, actor=self.request.user, now=now, **data)


class GiftCancel(AboutGift):
    """It is not needed any more."""

    form_class = NoteForm
    tone = "bad"
    title = _("Cancel this gift")
    submit_label = _("Cancel it")
    success_message = _("Cancelled.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_cancel(user=request.user, gift=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Cancel it."""
        return services.cancel(gift_id=self.object.pk, actor=self.request.user, now=now, **data)


class GiftDispose(AboutGift):
    """What became of a gift that was received."""

    form_class = DisposeForm
    title = _("What became of this gift?")
    success_message = _("Entered in the register.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_dispose(user=request.user, gift=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Say it."""
        return services.dispose(gift_id=self.object.pk, actor=self.request.user, now=now, **data)
