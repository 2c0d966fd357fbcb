"""Moving a deal to another stage: by a drop on the board, in a dialog, or on a page of its own. One address for every direction."""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Contact
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.permission import Permission
from crm.kernel.wording import listed
from crm.web.views import OperationView
from crm.web.views.operations import SUBMISSION
from prospects.deals import permissions, services
from prospects.deals.choices import ADVANCES, BACKWARD, LADDER, LOSSES, NURTURES, Stage
from prospects.deals.forms import AdvanceForm, LossForm, ReasonForm
from prospects.deals.models import Deal
from prospects.deals.selectors import Checklist, local_day
from prospects.deals.services import Advance
from prospects.deals.views.board import lane_context, read_board

FROM_BOARD = "board"


class DealMove(OperationView):
    """`/prospects/<id>/move/?stage=S3`: asks for exactly what the move needs. Without a stage it offers those that lie open.

    A drop on the board posts the stage alone: it is answered with the two lanes, or with the form as a dialog.
    """

    model = Deal
    select_related = ("company", "centre", "owner", "decision_maker")
    template_name = "deals/deal_move.html"
    submit_label = _("Move")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_update_deal(user=request.user, deal=self.object)

    @cached_property
    def target(self) -> Stage | None:
        """The stage asked for; None where none is, 404 for what is no stage."""
        asked = self.request.POST.get("stage") or self.request.GET.get("stage") or ""
        if asked and asked not in Stage.values:
            raise Http404
        return Stage(asked) if asked else None

    @cached_property
    def today(self) -> dt.date:
        """The day at the deal's centre."""
        return local_day(self.object.centre, timezone.now())

    @property
    def is_forward(self) -> bool:
        """Up the ladder."""
        return self.target in ADVANCES.get(self.object.stage, ())

    @property
    def draft_key(self) -> str:
        """A draft of its own for each stage."""
        return f"{super().draft_key}:{self.target}"

    def get_title(self) -> Sentence:
        """Where to."""
        return _("Move to “%(stage)s”") % {"stage": self.target.label} if self.target else _("Move")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the choice of a stage."""
        return super().get(request, *args, **kwargs) if self.target else self._choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry out the form, or take a drop."""
        if self.target is None:
            return self._choose()
        return super().post(request, *args, **kwargs) if SUBMISSION in request.POST else self._drop()

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form of the direction: what is missing, the reason, the loss."""
        if self.target == Stage.LOST:
            self.sent: Any = LossForm(data)
        elif self.is_forward:
            self.sent = self._advance_form(data)
        else:
            self.sent = ReasonForm(data)
        return self.sent

    def _advance_form(self, data: Any) -> AdvanceForm:
        deal = self.object
        people = Contact.objects.visible_to(self.request.user).filter(company=deal.company_id, left_on=None).order_by("sort_key")
        missing = Checklist(deal, on=self.today).missing(str(self.target))
        initial = {"expected_income": deal.expected_income or None, "decision_maker": deal.decision_maker_id}
        return AdvanceForm(data, missing=missing, people=people, today=self.today, initial=initial)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """The one call of the direction."""
        asked = {"deal_id": self.object.pk, "actor": self.request.user, "now": now}
        if self.target == Stage.LOST:
            return services.lose(loss=self.sent.loss, **asked)
        if self.target == Stage.NURTURE:
            return services.nurture(reason=data["reason"], **asked)
        if self.is_forward:
            return services.advance(to_stage=str(self.target), answers=self.sent.answers, **asked)
        return services.move_back(to_stage=str(self.target), reason=data["reason"], **asked)

    def get_success_message(self, result: Any) -> Sentence:
        """Moved, or what it still waits for."""
        if isinstance(result, Advance) and not result.moved:
            names = listed(found.criterion.label for found in result.waiting)
            return _("Kept. It moves once your head has confirmed: %(criteria)s.") % {"criteria": names}
        return _("Moved to “%(stage)s”.") % {"stage": self.target.label} if self.target else ""

    def succeed(self, answer: dict[str, Any]) -> HttpResponse:
        """On the board the fresh lanes, where the card moved; else on to the deal's page."""
        if self.request.htmx and self.request.POST.get(FROM_BOARD):
            source = Stage(self.object.stage)
            self.object.refresh_from_db()
            if self.object.stage != source:
                return self._lanes(source)
        return super().succeed(answer)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the stage, and whether the answer goes to the board."""
        on_board = self.request.POST.get(FROM_BOARD) or (SUBMISSION not in self.request.POST and self.request.method == "POST")
        return super().get_context_data(target=self.target, on_board=bool(on_board), **context)

    def _drop(self) -> HttpResponse:
        """Move at once where nothing has to be asked."""
        if self.target == self.object.stage or not self.is_forward:
            return self.show(self.make_form())
        source = Stage(self.object.stage)
        try:
            services.advance(deal_id=self.object.pk, to_stage=str(self.target), actor=self.request.user, now=timezone.now())
        except RuleBroken as error:
            if error.code != "criteria_missing":
                raise
            return self.show(self.make_form())
        self.object.refresh_from_db()
        return self._lanes(source) if self.object.stage != source else self.show(self.make_form())

    def _lanes(self, source: Stage) -> HttpResponse:
        """The lane that the card left and the one that it is in now."""
        now = timezone.now()
        stages = [stage for stage in LADDER if stage in (source, self.object.stage)]
        board = read_board(self.request, now=now, stages=stages)
        return self.render("deals/lanes.html", self.get_context_data(**lane_context(self.request, board.lanes, now=now)))

    def _choose(self) -> HttpResponse:
        """The stages that lie open, each as a link."""
        stage = self.object.stage
        groups = [(_("Forward"), ADVANCES), (_("Out"), {**NURTURES}), (_("Out"), LOSSES), (_("Back"), BACKWARD)]
        open_stages = [(label, target) for label, table in groups for target in sorted(table.get(Stage(stage), ()), key=list(Stage).index)]
        layout = "web/dialog.html" if self.request.htmx else "web/base.html"
        return self.render("deals/stage_choice.html", self.get_context_data(open_stages=open_stages, layout=layout))
