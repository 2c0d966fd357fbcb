"""`/letters/`: write a letter to a company, read and print it, take it as a PDF; what was refused."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.errors import DomainError
from crm.kernel.permission import ALLOWED, Permission
from crm.papers import permissions, selectors, services
from crm.papers.choices import Language, Step
from crm.papers.downloads import attached
from crm.papers.forms import LetterForm
from crm.papers.models import Letter, PaperRefusal
from crm.papers.tables import RefusalTable
from crm.web.templatetags.ui import when
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, ListView, OperationView
from crm.web.views.errors import status_of


class LetterCreate(OperationView):
    """Write a letter to a company. A feature with a purpose of its own gives a subclass its `model`, form, `company` and `about`."""

    model: Any = Company
    form_class = LetterForm
    title = _("Write a letter")
    submit_label = _("Write it")
    success_message = _("Written. It stands on the timeline.")

    @property
    def company(self) -> Company:
        """To which company."""
        return self.object

    @property
    def about(self) -> Any:
        """The feature's record; none for a plain letter."""
        return None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_write_letter(user=request.user, company=self.company)

    def get_initial(self) -> dict[str, Any]:
        """The reader's language, and the phone of the last letter."""
        language = get_language() or ""
        known = language if language in Language.values else Language.EN.value
        return {"language": known, "phone": selectors.last_phone(self.request.user)} | super().get_initial()

    def get_form_kwargs(self) -> dict[str, Any]:
        """To whom, by whom, when, about what."""
        return {"company": self.company, "user": self.request.user, "now": timezone.now(), "about": self.about}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Letter:
        """Write it."""
        return services.write_letter(company_id=self.company.pk, order=data["order"], actor=self.request.user, now=now)

    def refuse(self, form: Any, error: DomainError) -> HttpResponse:
        """What was refused only after the form was checked lost its row of the trail with its transaction: it is written anew."""
        if isinstance(error, services.PaperRefused):
            about = self.company if self.about is None else self.about
            told = {"template": form.cleaned_data["template"], "about": about, "actor": self.request.user}
            services.note_refusal(error.faults, step=Step.RENDER, now=timezone.now(), **told)
        return super().refuse(form, error)


class LetterDetail(DetailView):
    """A letter as it was written: to read, copy and print."""

    model = Letter
    select_related = ("company", "contact", "template", "actor")
    template_name = "papers/letter_detail.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def crumbs(self) -> list[Crumb]:
        """By way of the company."""
        company = self.object.company
        return [Crumb(_("Companies"), url_of("companies:company_list")), Crumb(company.name, company.get_absolute_url())]

    def facts(self) -> list[Fact]:
        """Who wrote it, when, from which template."""
        letter = self.object
        facts = [Fact(_("Written"), when(letter.at), letter.actor.name), Fact(_("Template"), letter.template.name)]
        if letter.contact is not None:
            facts.append(Fact(_("To"), letter.contact.name, letter.contact.title))
        facts.append(Fact(_("Language"), letter.get_language_display()))
        last = letter.copies.select_related("actor").order_by("pk").last()
        return facts if last is None else [*facts, Fact(_("PDF taken"), when(last.at), last.actor.name)]

    def actions(self) -> list[Action]:
        """Another one, for those who may."""
        company = self.object.company
        if not permissions.can_write_letter(user=self.request.user, company=company):
            return []
        return [Action(_("Write a letter"), url_of("papers:letter_create", company.pk), "mail")]


class LetterPdf(LetterDetail):
    """The letter as a PDF: always a download, never shown in the page's own origin."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; the letter's page with the reason where there is none."""
        try:
            return attached(services.letter_pdf(letter_id=self.object.pk, actor=request.user, now=timezone.now()))
        except DomainError as error:
            messages.error(request, str(error))
            response = super().get(request, *args, **kwargs)
            response.status_code = status_of(error)
            return response


class RefusalList(ListView):
    """Papers that were refused, for compliance and audit."""

    model = PaperRefusal
    table_class = RefusalTable
    title = _("Refused papers")
    ordering = ("-at",)
    select_related = ("actor",)
    empty = Empty(_("Nothing was refused"), _("A template or letter that names what no client may read is refused and stands here."))

    def permission(self, request: HttpRequest) -> Permission:
        """Compliance and audit."""
        return permissions.can_read_refusals(user=request.user)
