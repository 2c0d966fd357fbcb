"""Forms about a company that the address names; where it names none, one picks it first by typing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.selectors import covered_company
from crm.kernel.contributions import CompanyForm, of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.visits import permissions, selectors
from crm.web.views import FormPage

COMPANY = "company"
CHOICES_SHOWN = 12


def targets() -> dict[str, str]:
    """The forms about a company, by code."""
    return {form.code: form.url_name for form in of(CompanyForm)}


def record_key(text: str) -> int | None:
    """An id as an address may bring it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def choices(user: Any, query: str) -> list[Company]:
    """Companies that one may log with: those found by name, code or phone, else one's own by name."""
    companies = selectors.loggable_companies(user)
    found = companies.named(query) if query else companies
    return list(found.order_by("sort_key", "pk")[:CHOICES_SHOWN])


class AboutCompany(FormPage):
    """A form about the company of `?company=`. Without one the page asks for it: type a name, or follow a link."""

    target: str
    company: Any = None

    def load(self) -> None:
        """Find the company among those that the reader may see."""
        asked = self.request.GET.get(COMPANY, "")
        if asked:
            self.company = covered_company(user=self.request.user, company_id=record_key(asked) or 0)
            if self.company is None:
                raise Http404

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_log(user=request.user, company=self.company)
        if permissions.is_visitor(request.user):
            return ALLOWED
        return denied(_("Visits and calls are logged by relationship managers and their heads."))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the choice of a company."""
        return super().get(request, *args, **kwargs) if self.company is not None else self.choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out; without a company ask for it."""
        return super().post(request, *args, **kwargs) if self.company is not None else self.choose()

    def choose(self) -> HttpResponse:
        """Which company? By a form that works without scripts."""
        query = " ".join(self.request.GET.get("q", "").split())[:200]
        context = self.get_context_data(
            found=choices(self.request.user, query), query=query, target=self.target, target_url=self.target_url
        )
        return self.render("visits/company_choice.html", context)

    @property
    def target_url(self) -> str:
        """This form's own address."""
        return reverse(targets()[self.target])

    @property
    def draft_key(self) -> str:
        """A draft of its own for each company."""
        return f"{super().draft_key}:{self.company.pk if self.company else ''}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the company."""
        return super().get_context_data(company=self.company, **context)

    def get_back_url(self) -> str:
        """The company's page, unless `next` says otherwise."""
        back = super().get_back_url()
        return self.company.get_absolute_url() if back == "/" and self.company is not None else back
