"""What is done about decisions, each a form that leads back to the pack."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.decisions import forms, permissions, selectors, services
from credit.decisions.models import Case
from credit.packs import selectors as packs
from credit.packs.models import Pack
from credit.packs.views.pages import RELATED
from credit.reviews import selectors as reviews
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView


class AboutCase(OperationView):
    """A step of a pack that is up for decision, or was decided."""

    model = Pack
    select_related = RELATED

    @cached_property
    def case(self) -> Case | None:
        """The newest case."""
        return selectors.case_of(self.object)

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        return self.object.get_absolute_url()

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"pack_id": self.object.pk, "actor": self.request.user}


class Route(AboutCase):
    """Put up for decision."""

    form_class = forms.RouteForm
    title = _("Put up for decision")
    submit_label = _("Put it up")
    success_message = _("It waits for whoever decides at its level.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        pack = self.object
        return permissions.can_route(
            user=request.user, pack=pack, version=packs.sealed_of(pack), review=reviews.review_of(pack), memo=reviews.memo_of(pack)
        )

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Put it up."""
        return services.route(now=now, **self.call, **data)


class Decide(AboutCase):
    """Decide as an approver."""

    form_class = forms.DecideForm
    title = _("Decide on this pack")
    submit_label = _("Decide")
    success_message = _("Decided.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide(user=request.user, pack=self.object, case=self.case)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Decide."""
        return services.decide(ruling=forms.ruling(data, data["word"]), now=now, **self.call)


class PassUp(AboutCase):
    """To the next level."""

    form_class = forms.PassUpForm
    title = _("Pass it up")
    success_message = _("Passed up.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_pass_up(user=request.user, pack=self.object, case=self.case)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Pass it up."""
        return services.pass_up(now=now, **self.call, **data)


class MotionPut(AboutCase):
    """Open the committee's vote."""

    form_class = forms.DecideForm
    title = _("Put a motion to the vote")
    submit_label = _("Open the vote")
    success_message = _("The vote is open. You chair it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_put(user=request.user, pack=self.object, case=self.case)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Open it."""
        return services.put_motion(ruling=forms.ruling(data, data["word"]), now=now, **self.call)


class VoteCast(AboutCase):
    """A member's vote."""

    form_class = forms.VoteForm
    title = _("Vote")
    submit_label = _("Vote")
    success_message = _("Your vote is noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        motion = selectors.open_motion(self.case) if self.case else None
        return permissions.can_vote(user=request.user, pack=self.object, motion=motion)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Vote."""
        return services.vote(now=now, **self.call, **data)


class MotionClose(AboutCase):
    """The chair closes the vote."""

    form_class = NoFields
    title = _("Close the vote?")
    submit_label = _("Close the vote")
    success_message = _("The vote is closed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        motion = selectors.open_motion(self.case) if self.case else None
        return permissions.can_close(user=request.user, pack=self.object, motion=motion)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Close it."""
        return services.close_motion(now=now, **self.call)


class DeferralAnswer(AboutCase):
    """A deferred pack is taken up again."""

    form_class = forms.DeferralForm
    title = _("Take it up again")
    success_message = _("It is in review again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_answer_deferral(user=request.user, pack=self.object, review=reviews.review_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it up."""
        return services.answer_deferral(now=now, **self.call, **data)


class Appeal(AboutCase):
    """Against a refusal."""

    form_class = forms.AppealForm
    title = _("Appeal")
    success_message = _("The next level hears it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_appeal(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Appeal."""
        return services.appeal(now=now, **self.call, **data)
