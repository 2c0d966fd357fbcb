"""Raising, answering and closing flags; ruling on what the news suggests."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from credit.flags import permissions, selectors, services
from credit.flags.choices import FlagAct
from credit.flags.forms import AnswerForm, CloseForm, RaiseForm, TakeForm, WhyForm
from credit.flags.models import Flag, Suggestion
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.visits.views.choosing import record_key
from crm.web.forms import NoFields
from crm.web.views import FormPage, OperationView

CHOICES_SHOWN = 12


def evidence_of(data: dict[str, Any], actor: Any) -> dict[str, Any]:
    """What a service takes of a form's evidence, kept before the operation."""
    upload = data.pop("evidence", None)
    file = services.keep_evidence(upload, actor=actor) if upload else None
    return {"file_id": file.pk if file else None, "link": data.pop("link", "")}


class AboutClient(FormPage):
    """A form about the client of `?company=`. Without one the page asks for it."""

    client: Client | None = None

    def load(self) -> None:
        """Find the client among those on whom this person may raise a flag."""
        asked = self.request.GET.get("company", "")
        if asked:
            rows = permissions.clients_of(self.request.user).filter(company_id=record_key(asked) or 0)
            self.client = rows.select_related("company").first()
            if self.client is None:
                raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the choice of a client."""
        return super().get(request, *args, **kwargs) if self.client is not None else self.choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out; without a client ask for it."""
        return super().post(request, *args, **kwargs) if self.client is not None else self.choose()

    def choose(self) -> HttpResponse:
        """Which client? By a form that works without scripts."""
        query = " ".join(self.request.GET.get("q", "").split())[:200]
        rows = permissions.clients_of(self.request.user).select_related("company").order_by("sort_key", "pk")
        if query:
            rows = rows.filter(company__in=Company.objects.visible_to(self.request.user).named(query))
        return self.render("flags/client_choice.html", self.get_context_data(found=list(rows[:CHOICES_SHOWN]), query=query))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the client."""
        return super().get_context_data(client=self.client, **context)


class FlagRaise(AboutClient):
    """`/credit/flags/raise/?company=…`."""

    form_class = RaiseForm
    template_name = "flags/raise_form.html"
    title = _("Raise a flag")
    submit_label = _("Raise it")
    success_message = _("Raised. It stays until it is closed with evidence.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_raise(user=request.user)

    def get_back_url(self) -> str:
        """The board for its readers, else the first page."""
        return url_of("flags:flag_list") if permissions.reads(self.request.user) else "/"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Flag:
        """Raise it."""
        if self.client is None:
            raise Http404
        kept = evidence_of(data, self.request.user)
        return services.raise_flag(client_id=self.client.pk, actor=self.request.user, now=now, **data, **kept)

    def get_success_url(self, result: Flag) -> str:
        """The flag."""
        return result.get_absolute_url()


class AboutFlag(OperationView):
    """A step of one flag, which leads back to it. Who raised a hushed flag and is not told of it does no step."""

    model = Flag
    select_related = selectors.RELATED

    def load(self) -> None:
        """Found among those of which the reader is told all."""
        super().load()
        if not permissions.is_told(self.request.user, self.object):
            raise Http404

    def get_success_url(self, result: Any) -> str:
        """The flag."""
        return self.object.get_absolute_url()


class FlagAnswer(AboutFlag):
    """Explain, plan, visit, note."""

    form_class = AnswerForm
    title = _("Answer this flag")
    submit_label = _("Write it down")
    success_message = _("Written down.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_answer(user=request.user, flag=self.object)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """With the legal department as a choice for those who call it in."""
        form = super().make_form(data, files)
        if permissions.can_call_legal(user=self.request.user, flag=self.object):
            act: Any = form.fields["act"]
            act.choices = [*act.choices, (FlagAct.LEGAL.value, FlagAct.LEGAL.label)]
        return form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the evidence, then the answer."""
        kept = evidence_of(data, self.request.user)
        return services.answer(flag_id=self.object.pk, actor=self.request.user, now=now, **data, **kept)


class FlagRead(AboutFlag):
    """Say that one has read it."""

    form_class = NoFields
    title = _("Have you read this flag?")
    submit_label = _("I have read it")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_read_off(user=request.user, flag=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.read_off(flag_id=self.object.pk, actor=self.request.user, now=now)


class FlagClose(AboutFlag):
    """Close it with evidence, or sign it off as the first of two."""

    form_class = CloseForm
    title = _("Close this flag with evidence")
    submit_label = _("Close it")
    success_message = _("Kept with its evidence.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_close(user=request.user, flag=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the evidence, then close it."""
        kept = evidence_of(data, self.request.user)
        return services.close(flag_id=self.object.pk, actor=self.request.user, now=now, **data, **kept)


class FlagKeep(AboutFlag):
    """Refuse the second signature."""

    form_class = WhyForm
    tone = "bad"
    title = _("Keep this flag open")
    submit_label = _("Keep it open")
    success_message = _("It stays open.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_open(user=request.user, flag=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        return services.keep_open(flag_id=self.object.pk, note=data["reason"], actor=self.request.user, now=now)


class AboutSuggestion(OperationView):
    """A ruling on what the news suggests."""

    model = Suggestion
    select_related = ("client__company", "client__owner", "clipping")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_rule(user=request.user, suggestion=self.object)

    def get_back_url(self) -> str:
        """All suggestions."""
        return url_of("flags:suggestion_list")


class SuggestionTake(AboutSuggestion):
    """Raise the flag."""

    form_class = TakeForm
    title = _("Raise the flag that the news suggests")
    submit_label = _("Raise it")
    success_message = _("Raised. It stays until it is closed with evidence.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Raise it."""
        return services.take_suggestion(suggestion_id=self.object.pk, actor=self.request.user, now=now, **data)

    def get_success_url(self, result: Any) -> str:
        """The flag."""
        found: str = result.get_absolute_url()
        return found


class SuggestionRefuse(AboutSuggestion):
    """No flag."""

    form_class = WhyForm
    tone = "bad"
    title = _("This is no flag")
    submit_label = _("No flag")
    success_message = _("Noted.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.refuse_suggestion(suggestion_id=self.object.pk, actor=self.request.user, now=now, **data)

    def get_success_url(self, result: Any) -> str:
        """All suggestions."""
        return self.get_back_url()
