"""Writing covenants down, confirming, replacing; receiving papers, testing, curing; asking for waivers."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.covenants import forms, measuring, permissions, selectors, services
from credit.covenants.models import Covenant, CovenantTest
from credit.covenants.showing import figures_of
from credit.decisions.models import Condition
from credit.flags.views.acting import evidence_of
from credit.packs.models import Pack
from credit.reviews import selectors as reviews
from crm.kernel.permission import Permission
from crm.visits.views.choosing import record_key
from crm.web.forms import NoFields
from crm.web.views import OperationView

QUARTER = 91
OF_PACK = ("company", "centre", "team", "owner")


class TermsPage(OperationView):
    """A form of terms, which leads to the covenant that it makes."""

    form_class = forms.TermsForm
    template_name = "covenants/terms_form.html"
    submit_label = _("Write it down")
    success_message = _("Written down. A second person confirms it.")
    sent_form: Any = None

    @property
    def pack(self) -> Pack:
        """Whose covenant it is."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form knows the currencies of the pack's centre."""
        return super().get_form_kwargs() | {"pack": self.pack, "now": timezone.now()}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the pack."""
        return super().get_context_data(pack=self.pack, **context)

    def get_success_url(self, result: Covenant) -> str:
        """The covenant."""
        return result.get_absolute_url()


class CovenantPropose(TermsPage):
    """`/credit/covenants/of/<pack>/new/?condition=…`."""

    model = Pack
    select_related = OF_PACK
    title = _("Write a covenant down")

    @property
    def pack(self) -> Pack:
        """The record."""
        found: Pack = self.object
        return found

    @cached_property
    def condition(self) -> Condition | None:
        """The condition that the address names, which is taken over. Http404 for one of another pack."""
        asked = self.request.GET.get("condition", "")
        if not asked:
            return None
        found = Condition.objects.visible_to(self.request.user).filter(pack=self.object, pk=record_key(asked) or 0).first()
        if found is None:
            raise Http404
        return found

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose(user=request.user, pack=self.object)

    def get_initial(self) -> dict[str, Any]:
        """The words and the day of the condition."""
        taken = {"words": self.condition.text, "first_on": self.condition.due_on} if self.condition is not None else {}
        return taken | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Covenant:
        """Write it down."""
        condition_id = self.condition.pk if self.condition is not None else None
        told = {"pack_id": self.object.pk, "condition_id": condition_id, "actor": self.request.user, "now": now}
        return services.propose(terms=self.sent_form.terms(), **told)


class CovenantReplace(TermsPage):
    """A successor of one that is in force."""

    model = Covenant
    select_related = selectors.RELATED
    title = _("Replace this covenant")
    submit_label = _("Propose the successor")

    @property
    def pack(self) -> Pack:
        """The covenant's."""
        found: Pack = self.object.pack
        return found

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_replace(user=request.user, covenant=self.object)

    def get_initial(self) -> dict[str, Any]:
        """The terms as they are, from the next period on."""
        names = ("metric", "comparison", "threshold", "currency", "words", "document", "frequency", "due_days", "cure_days")
        held = {name: getattr(self.object, name) for name in names}
        if self.object.threshold is not None:
            held["threshold"] = f"{self.object.threshold.normalize():f}"
        return held | {"first_on": self.object.next_on} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Covenant:
        """Propose it."""
        told = {"pack_id": self.object.pack_id, "replaces_id": self.object.pk, "actor": self.request.user, "now": now}
        return services.propose(terms=self.sent_form.terms(), **told)


class Step(OperationView):
    """A step of a covenant or of one of its tests, which leads back to it. `named`: how the services call its id."""

    template_name = "covenants/step_form.html"
    named = ""

    def get_success_url(self, result: Any) -> str:
        """The covenant, or the test."""
        found: str = self.object.get_absolute_url()
        return found

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {self.named: self.object.pk, "actor": self.request.user}


class AboutCovenant(Step):
    """A step of a covenant."""

    model = Covenant
    select_related = selectors.RELATED
    named = "covenant_id"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the covenant."""
        return super().get_context_data(covenant=self.object, **context)


class CovenantConfirm(AboutCovenant):
    """The second person."""

    form_class = NoFields
    title = _("Is it what was agreed?")
    submit_label = _("Confirm it")
    success_message = _("In force. Its tests fall due by themselves.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_confirm(user=request.user, covenant=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Confirm it."""
        return services.confirm(now=now, **self.call)


class CovenantRefuse(AboutCovenant):
    """Not what was agreed."""

    form_class = forms.ReasonForm
    tone = "bad"
    title = _("Refuse this covenant")
    submit_label = _("Refuse it")
    success_message = _("Refused.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_refuse(user=request.user, covenant=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Refuse it."""
        return services.refuse(now=now, **self.call, **data)


class WaiverAskUntil(AboutCovenant):
    """Until a day, a quarter ahead unless another is picked."""

    form_class = forms.WaiverUntilForm
    title = _("Ask for a waiver until a day")
    submit_label = _("Ask for it")
    success_message = _("Sent to the level that approved the pack.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask_waiver(user=request.user, covenant=self.object)

    def get_initial(self) -> dict[str, Any]:
        """A quarter ahead."""
        return {"until": reviews.today_of(self.object.pack, timezone.now()) + dt.timedelta(days=QUARTER)} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask for it."""
        return services.ask_waiver(now=now, **self.call, **data)


class AboutTest(Step):
    """A step of a test."""

    model = CovenantTest
    select_related = selectors.OF_TEST
    named = "test_id"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the covenant and the test."""
        return super().get_context_data(covenant=self.object.covenant, test=self.object, **context)


class PaperReceive(AboutTest):
    """The paper of a period is here."""

    form_class = forms.ReceiveForm
    title = _("Record the paper of this period")
    submit_label = _("It is here")
    success_message = _("Kept. It is tested within the bank’s working days.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_receive(user=request.user, test=self.object)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"received_on": reviews.today_of(self.object.covenant.pack, timezone.now())} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the paper, then record it."""
        kept = evidence_of(data, self.request.user)
        return services.receive_paper(now=now, **self.call, **data, **kept)


class ResultRecord(AboutTest):
    """Test the period; what figures say is shown before."""

    form_class = forms.ResultForm
    template_name = "covenants/result_form.html"
    title = _("Test this period")
    submit_label = _("Record the result")
    success_message = _("The result is recorded with its figures.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_test(user=request.user, test=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form asks of an undertaking what it does not ask of figures."""
        return super().get_form_kwargs() | {"covenant": self.object.covenant}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the evidence, then record the result."""
        kept = evidence_of(data, self.request.user)
        return services.record_result(now=now, **self.call, **data, **kept)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what the figures say now."""
        test, covenant = self.object, self.object.covenant
        found = None
        if covenant.is_measured:
            measured = measuring.measure(covenant, test.ends_on, on=reviews.today_of(covenant.pack, timezone.now()))
            found = figures_of(covenant, measured.value, covenant.threshold, measured.figures, measured.reason)
        return super().get_context_data(found=found, **context)


class BreachCure(AboutTest):
    """A breach is cured."""

    form_class = forms.CureForm
    title = _("The breach is cured")
    submit_label = _("Record the cure")
    success_message = _("Kept with its evidence.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_cure(user=request.user, test=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the evidence, then record the cure."""
        kept = evidence_of(data, self.request.user)
        return services.cure(now=now, **self.call, **data, **kept)


class WaiverAsk(AboutTest):
    """For one test."""

    form_class = forms.WaiverForm
    title = _("Ask for a waiver of this test")
    submit_label = _("Ask for it")
    success_message = _("Sent to the level that approved the pack.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask_waiver(user=request.user, covenant=self.object.covenant, test=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask for it."""
        return services.ask_waiver(covenant_id=self.object.covenant_id, now=now, **self.call, **data)
