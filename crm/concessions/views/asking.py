"""Asking for a concession, or exercising one's own authority; whose decision it would be, while one types."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.selectors import covered_company
from crm.concessions import permissions, rules, selectors, services
from crm.concessions.choices import Kind, ProbeVia
from crm.concessions.forms import AnswerForm, LookForm, ReasonForm, RequestForm
from crm.concessions.models import Concession
from crm.kernel.errors import DomainError, Sentence
from crm.kernel.permission import Permission
from crm.visits.views.choosing import record_key
from crm.web.views import FormPage, OperationView, RecordFragmentView

SHOWN = 12
EXERCISE = "exercise"


class ConcessionCreate(FormPage):
    """`/concessions/new/?company=…&kind=CT1`: first the client, then the type, then the figures."""

    form_class = RequestForm
    template_name = "concessions/request_form.html"
    title = _("Ask for a concession")
    submit_label = _("Ask for it")
    company: Company | None = None
    kind = ""
    renews: Concession | None = None

    def load(self) -> None:
        """Find the company among those that the reader may see; Http404 for an unknown type."""
        asked, self.kind = self.request.GET.get("company", ""), self.request.GET.get("kind", "")
        if asked:
            self.company = covered_company(user=self.request.user, company_id=record_key(asked) or 0)
        if (asked and self.company is None) or self.kind not in ("", *Kind.values):
            raise Http404

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_ask(user=self.request.user, company=self.company)
        return permissions.can_ask_at_all(user=self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the choice that it still needs."""
        return super().get(request, *args, **kwargs) if self.company is not None and self.kind else self.choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out; a try at own authority that was refused is written down once its transaction is over."""
        return super().post(request, *args, **kwargs) if self.company is not None and self.kind else self.choose()

    def choose(self) -> HttpResponse:
        """Which client, which type?"""
        query = " ".join(self.request.GET.get("q", "").split())[:200]
        companies = selectors.askable_companies(self.request.user) if self.company is None else Company.objects.none()
        found = list((companies.named(query) if query else companies).order_by("sort_key", "pk")[:SHOWN])
        return self.render("concessions/choose.html", self.get_context_data(found=found, query=query, kinds=Kind.choices))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The type, the centre whose currency and rates hold, and who brings a file when."""
        post = selectors.own_post(self.request.user)
        return {"kind": self.kind, "centre": post.unit.centre or post.unit, "user": self.request.user, "now": timezone.now()}

    def get_initial(self) -> dict[str, Any]:
        """From the address, and of a renewal from what it follows."""
        renewed = self._renewed()
        figures = renewed.granted if renewed and renewed.granted else {}
        return {name: value for name, value in figures.items() if name != "kind"} | super().get_initial()

    def _renewed(self) -> Concession | None:
        asked = self.request.GET.get("renews", "")
        if not asked or self.company is None:
            return None
        rows = Concession.objects.visible_to(self.request.user).filter(company=self.company, kind=self.kind)
        return rows.filter(pk=record_key(asked)).first()

    @property
    def exercises(self) -> bool:
        """The button of own authority was pressed."""
        return self.request.POST.get("then") == EXERCISE

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Ask, or settle it."""
        renewed = self._renewed()
        order = self._form.order(renews_id=renewed.pk if renewed else None)
        service = services.exercise_concession if self.exercises else services.request_concession
        return service(actor=self.request.user, now=now, company_id=self.company.pk if self.company else 0, order=order)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, since the order is read from it."""
        self._form: Any = super().make_form(data, files)
        return self._form

    def refuse(self, form: Any, error: DomainError) -> HttpResponse:
        """A try at own authority is a look."""
        if self.exercises and error.code in ("goes_up", "try_later", "limit_exceeded"):
            terms = self._form.order().terms
            late = error.code == services.TryLater.code
            services.note_look(
                actor=self.request.user, now=timezone.now(), terms=terms, via=ProbeVia.EXERCISE, company=self.company, slowed=late
            )
        return super().refuse(form, error)

    def get_success_message(self, result: Concession) -> Sentence:
        """What comes next."""
        return _("Settled. See from when on the client is told.") if self.exercises else _("Asked for. It goes to the next level.")

    @property
    def may_exercise(self) -> bool:
        """Whether this type is ever settled by this person; says nothing of figures."""
        post = selectors.own_post(self.request.user)
        centre = post.unit.centre or post.unit
        matrix = selectors.matrix(self.kind, jurisdiction=centre.jurisdiction, on=timezone.localdate())
        return rules.may_exercise(selectors.level_of(post), matrix)

    @property
    def draft_key(self) -> str:
        """A draft of its own for each client and type."""
        return f"{super().draft_key}:{self.company.pk if self.company else ''}:{self.kind}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds client and type."""
        kind = Kind(self.kind) if self.kind else None
        return super().get_context_data(company=self.company, kind=kind, **context)

    def get_back_url(self) -> str:
        """The company's page, unless `next` says otherwise."""
        back = super().get_back_url()
        return self.company.get_absolute_url() if back == "/" and self.company is not None else back


class LevelLook(RecordFragmentView):
    """Whether it would be one's own to settle: "yours", or "goes to: next level" in the same words whichever level that is."""

    model = Company
    title = _("Whose decision")
    template_name = "concessions/level.html"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own; Http404 for an unknown type."""
        if self.request.GET.get("kind") not in Kind.values:
            raise Http404
        return permissions.can_ask(user=self.request.user, company=self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The answer, or why there is none yet."""
        form = LookForm(self.request.GET, kind=self.request.GET["kind"])
        said: dict[str, Any] = {"yours": None, "sentence": ""}
        if form.is_valid():
            try:
                said["yours"] = services.look_at_level(
                    actor=self.request.user,
                    now=timezone.now(),
                    company_id=self.object.pk,
                    terms=form.terms(),
                    currency=form.cleaned_data["currency"],
                    via=ProbeVia.PAGE,
                )
            except DomainError as error:
                said["sentence"] = error.message
        return super().get_context_data(**said, **context)


class ConcessionAnswer(OperationView):
    """The answer to a decider's question."""

    model = Concession
    select_related = ("company",)
    form_class = AnswerForm
    template_name = "concessions/answer_form.html"
    title = _("Answer the question")
    submit_label = _("Send the answer")
    success_message = _("Sent. It waits for a decision again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_answer(user=self.request.user, concession=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Send it."""
        return services.answer_question(concession_id=self.object.pk, actor=self.request.user, now=now, **data)


class ConcessionWithdraw(OperationView):
    """Take a request back."""

    model = Concession
    select_related = ("company",)
    form_class = ReasonForm
    title = _("Withdraw this request")
    submit_label = _("Withdraw it")
    success_message = _("Withdrawn.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_withdraw(user=self.request.user, concession=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Withdraw it."""
        return services.withdraw(concession_id=self.object.pk, actor=self.request.user, now=now, **data)
