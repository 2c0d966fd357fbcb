"""The steps of the committee on a frozen file."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.accountability import permissions, selectors, services
from credit.accountability.forms import CloseForm, VoteForm, WordsForm
from credit.accountability.models import Case, Compilation
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView

_OF_FILE = tuple(f"file_of__{name}" for name in selectors.RELATED)


class Convene(OperationView):
    """A member convenes the committee."""

    model = Compilation
    select_related = _OF_FILE
    form_class = NoFields
    title = _("Convene the committee on this file?")
    submit_label = _("Convene it")
    success_message = _("Convened. Who is judged may answer in writing.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        frozen = self.object
        return permissions.can_convene(user=request.user, file=frozen.file_of, frozen=frozen, case=selectors.case_of(frozen))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Convene it."""
        return services.convene(compilation_id=self.object.pk, actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """The file."""
        return self.object.file_of.get_absolute_url()


class AboutCase(OperationView):
    """A step of one committee, which leads back to the file."""

    model = Case
    select_related = ("actor", "manager", *_OF_FILE)

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"case_id": self.object.pk, "actor": self.request.user}

    @property
    def sitting(self) -> permissions.Sitting:
        """What every permission takes."""
        case = self.object
        return permissions.Sitting(case.file_of, case, selectors.ruling_of(case), selectors.statements_of(case))

    def get_success_url(self, result: Any) -> str:
        """The file."""
        return self.object.file_of.get_absolute_url()


class Answer(AboutCase):
    """Who is judged answers."""

    form_class = WordsForm
    title = _("Answer in writing")
    submit_label = _("Hand it in for good")
    success_message = _("The committee reads it before it decides.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_answer(user=request.user, sitting=self.sitting, now=timezone.now())

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        return services.answer(now=now, **self.call, **data)


class Vote(AboutCase):
    """A member votes."""

    form_class = VoteForm
    title = _("Vote on this file")
    submit_label = _("Vote for good")
    success_message = _("Voted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        voted = list(self.object.ballots.values_list("actor_id", flat=True))
        return permissions.can_vote(user=request.user, sitting=self.sitting, voted=voted, now=timezone.now())

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Vote."""
        return services.vote(now=now, **self.call, **data)


class CloseVote(AboutCase):
    """Who convened it closes the vote."""

    form_class = CloseForm
    title = _("Close the vote")
    submit_label = _("Close it: this decides for good")
    success_message = _("Decided. Who is judged is told.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_close(user=request.user, case=self.object, ruling=selectors.ruling_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Close it."""
        return services.close_vote(now=now, **self.call, **data)


class Object(AboutCase):
    """Who is judged objects, once."""

    form_class = WordsForm
    title = _("Object to the decision, once")
    submit_label = _("Object for good")
    success_message = _("Kept beside the decision, and told to who convened the committee.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_object(user=request.user, sitting=self.sitting)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        return services.object_once(now=now, **self.call, **data)
