"""What is done about decisions, each a form that leads back to the pack."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.decisions import forms, permissions, selectors, services
from credit.decisions.models import Case, Condition
from credit.packs import permissions as pack_permissions
from credit.packs import selectors as packs
from credit.packs.choices import State
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


class ConditionPropose(AboutCase):
    """One more condition."""

    form_class = forms.ConditionForm
    title = _("Add a condition")
    submit_label = _("Add it")
    success_message = _("Added. An approval takes it with it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose(user=request.user, pack=self.object, case=self.case)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it."""
        return services.propose_condition(now=now, **self.call, **data)


class Offer(AboutCase):
    """The facility letter went out."""

    form_class = NoFields
    title = _("Is the facility letter with the client?")
    submit_label = _("It is offered")
    success_message = _("Offered.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_administer(user=request.user, pack=self.object, states=(State.APPROVED, State.APPR_COND))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.offer(now=now, **self.call)


class Accept(AboutCase):
    """The client signed."""

    form_class = forms.AcceptForm
    title = _("Has the client accepted?")
    submit_label = _("It is accepted")
    success_message = _("Accepted. Credit administration sees to the conditions.")

    def permission(self, request: HttpRequest) -> Permission:
        """The manager."""
        return pack_permissions.owns(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.accept(now=now, **self.call, **data)


class GoLive(AboutCase):
    """The limit is live."""

    form_class = NoFields
    title = _("Make the limit live?")
    submit_label = _("Make it live")
    success_message = _("The limit is live.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_administer(user=request.user, pack=self.object, states=(State.CP_PENDING,))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.go_live(now=now, **self.call)


class AboutCondition(OperationView):
    """A step of one condition, which leads back to the pack."""

    model = Condition
    select_related = ("pack", *(f"pack__{name}" for name in RELATED), "case")
    template_name = "decisions/condition_form.html"

    def get_success_url(self, result: Any) -> str:
        """The pack, at its decision."""
        return f"{self.object.pack.get_absolute_url()}#decision"

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"condition_id": self.object.pk, "actor": self.request.user}


class ConditionTakeBack(AboutCondition):
    """It is not wanted."""

    form_class = NoFields
    tone = "bad"
    title = _("Take this condition away?")
    submit_label = _("Take it away")
    success_message = _("Taken away.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        pack = self.object.pack
        return permissions.can_propose(user=request.user, pack=pack, case=selectors.case_of(pack))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it back."""
        return services.take_condition_back(now=now, **self.call)


class ConditionShow(AboutCondition):
    """How it is met."""

    form_class = forms.EvidenceForm
    title = _("This condition is met")
    success_message = _("A second person checks it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_show(user=request.user, condition=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.show_condition(now=now, **self.call, **data)


class ConditionCheck(AboutCondition):
    """The second person."""

    form_class = forms.CheckForm
    title = _("Check this condition")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, condition=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.check_condition(now=now, **self.call, **data)


class ConditionWaive(AboutCondition):
    """Do without it."""

    form_class = forms.WaiveForm
    tone = "bad"
    title = _("Waive this condition")
    success_message = _("Waived.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_waive(user=request.user, condition=self.object, level=selectors.waiving_level(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Waive it."""
        return services.waive_condition(now=now, **self.call, **data)
