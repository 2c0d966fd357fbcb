"""Deciding a request, reviewing an exercise, credit's word: the same pane as in the approvals inbox, as a page of its own."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.concessions import approvals, permissions
from crm.concessions.choices import State
from crm.concessions.models import Concession
from crm.kernel.contributions import ApprovalAct, ApprovalPane
from crm.kernel.errors import Sentence
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.views import OperationView


class ConcessionDecide(OperationView):
    """`/concessions/<id>/decide/`."""

    model = Concession
    select_related = ("company__client", "company__group", "owner", "team", "centre")
    template_name = "concessions/decide.html"
    success_message = _("Done.")

    @cached_property
    def waits_for(self) -> Any:
        """Which word of the reader it waits for; None for none."""
        return approvals.waiting_for(self.request.user, self.object, now=timezone.now())

    def permission(self, request: HttpRequest) -> Permission:
        """The services' own."""
        if self.waits_for is not None:
            return ALLOWED
        user, concession = self.request.user, self.object
        if concession.state == State.REQUESTED:
            found = permissions.can_decide(user=user, concession=concession, now=timezone.now())
            return found if not found else denied(_("This request does not wait for a decision any more."))
        return denied(_("This request does not wait for a decision any more."))

    @cached_property
    def pane(self) -> ApprovalPane:
        """All that is needed to decide."""
        make, _decide = approvals.PANES[self.waits_for]
        return make(user=self.request.user, subject_id=self.object.pk, now=timezone.now())

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        """The pane's."""
        return self.pane.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        """The pane's."""
        return dict(self.pane.form_kwargs)

    @property
    def submit_label(self) -> Sentence:  # type: ignore[override]
        """The first act."""
        return self.pane.acts[0].label

    @property
    def other_acts(self) -> tuple[ApprovalAct, ...]:
        """The buttons beside it."""
        return self.pane.acts[1:]

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Carry the chosen act out; the plain button is the first one."""
        _make, decide = approvals.PANES[self.waits_for]
        codes = [str(act.code) for act in self.pane.acts]
        asked = self.request.POST.get("act", codes[0])
        act = asked if asked in codes else codes[0]
        return decide(subject_id=self.object.pk, act=act, data=data, actor=self.request.user, now=now)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the pane's facts."""
        return super().get_context_data(pane=self.pane.context, **context)
