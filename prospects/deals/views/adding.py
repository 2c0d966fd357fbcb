"""Adding a prospect by hand, with the companies of a like name as one types; and the question who covers a company."""

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import CoverageKind
from crm.companies.models import Company
from crm.companies.services.locking import today_of
from crm.kernel.addresses import url_of
from crm.kernel.errors import DomainError, RuleBroken, Sentence
from crm.kernel.permission import Permission
from crm.staff.choices import RELATIONSHIP_ROLES
from crm.web.views import CreateView, FormPage, FragmentView
from prospects.deals import permissions, selectors, services
from prospects.deals.choices import DealKind
from prospects.deals.forms import CoverageForm, ProspectForm
from prospects.deals.models import Deal

KNOWN_SHOWN = 5
MEANT_SHOWN = 10
COMPANY = "company"


def _company(request: HttpRequest) -> Company | None:
    """The company of `?company=`, among those that the reader may see; 404 for any other."""
    asked = request.GET.get(COMPANY, "")
    if not asked:
        return None
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    company = Company.objects.visible_to(request.user).filter(pk=key).first()
    if company is None:
        raise Http404
    return company


class ProspectCreate(CreateView):
    """`/prospects/add/`, with `?company=` for one that we know."""

    form_class = ProspectForm
    template_name = "deals/deal_add.html"
    title, submit_label, success_message = _("Add prospect"), _("Add prospect"), _("Prospect added.")
    company: Company | None = None

    def load(self) -> None:
        """The company that the address names, if any."""
        self.company = _company(self.request)

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_open_deal(user=request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The company; and for a team head whose prospect it will be."""
        user = self.request.user
        owners = None if user.actor.has_role(*RELATIONSHIP_ROLES) else selectors.assignable_owners(user, now=timezone.now())
        return {"company": self.company, "owners": owners}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the company."""
        return super().get_context_data(company=self.company, **context)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept at hand, since the service takes what it makes of its fields."""
        self.sent: Any = super().make_form(data, files)
        return self.sent

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Deal:
        """Take it up: more business where the reader's own client is meant, else a new client."""
        asked = {"actor": self.request.user, "now": now}
        if self.company is None:
            reason = data["not_same_because"]
            return services.start_prospect(facts=self.sent.facts, terms=self.sent.terms(), not_same_because=reason, **asked)
        return services.open_deal(company_id=self.company.pk, terms=self.sent.terms(self._kind(data)), **asked)

    def _kind(self, data: dict[str, Any]) -> str:
        owner = data.get("owner") or self.request.user
        held = self.company.coverage.current().filter(kind=CoverageKind.CLIENT, owner=owner).exists() if self.company else False
        return DealKind.EXISTING if held else DealKind.NEW

    def refuse(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        """Who tries to take up what somebody owns has asked who covers it, so it is logged as that."""
        if error.code == "owned":
            asked = str(self.company or self.sent.cleaned_data.get("name_en") or self.sent.cleaned_data.get("name_zh") or "")
            company_id = self.company.pk if self.company else None
            services.ask_coverage(asked=asked, company_id=company_id, actor=self.request.user, now=timezone.now())
        return super().refuse(form, error)

    def get_back_url(self) -> str:
        """The list, unless `next` says otherwise."""
        back = super().get_back_url()
        return url_of("deals:deal_list") if back == "/" else back


class CompanyKnown(FragmentView):
    """Companies of a like name, while one types a new one. Names alone: whether somebody looks after them is a question of its own."""

    template_name = "deals/company_known.html"
    title = _("Companies of a like name")

    def permission(self, request: HttpRequest) -> Permission:
        """Those who take up prospects."""
        return permissions.can_open_deal(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The likest ones, by either name."""
        typed = [" ".join(self.request.GET.get(name, "").replace("\x00", "").split())[:200] for name in ("name_en", "name_zh")]
        today = today_of(self.request.user, timezone.now())
        known = selectors.known_companies(self.request.user, typed, on=today, limit=KNOWN_SHOWN)
        return super().get_context_data(known=known, **context)


class CoverageAsk(FormPage):
    """`/prospects/who-covers/`: clear, or looked after; nothing else. Each question is logged."""

    form_class = CoverageForm
    template_name = "deals/coverage_ask.html"
    title, submit_label = _("Who covers this company?"), _("Ask")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask_coverage(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> services.Coverer:
        """Ask; of several companies that may be meant, only once one is chosen."""
        user, asked = self.request.user, data["asked"]
        self.meant = services.companies_meant(asked, actor=user, now=now)
        chosen = [company for company in self.meant if company.pk == data["company"]] or self.meant
        if len(chosen) > 1:
            raise RuleBroken(_("Several companies are found. Choose the one you mean, or type more of its name."), code="several")
        return services.ask_coverage(asked=asked, company_id=chosen[0].pk if chosen else None, actor=user, now=now)

    def refuse(self, form: Any, error: DomainError) -> HttpResponse:
        """Offers the companies that may be meant."""
        if error.code == "several":
            form.offer(self.meant[:MEANT_SHOWN])
        return super().refuse(form, error)

    def get_success_url(self, result: services.Coverer) -> str:
        """Back to the question."""
        return url_of("deals:coverage_ask")

    def get_success_message(self, result: services.Coverer) -> Sentence:
        """The answer, of the company that was meant."""
        if result.company is None:
            return _("No company is known by this name or number, so nobody looks after it.")
        said = _("%(name)s looks after it.") % {"name": result.owner.name} if result.owner else result.answer.label
        return f"{result.company.name}: {said}"
