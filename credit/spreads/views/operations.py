"""Beginning a spread, its details, typing a period, the check by a second person."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions, services
from credit.spreads.forms import PAGE, CheckForm, DetailsForm, PeriodForm
from credit.spreads.models import Period, Spread
from credit.spreads.selectors import covered
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.visits.views.choosing import AboutCompany, record_key
from crm.web.views import UpdateView


class SpreadBegin(AboutCompany):
    """`/credit/spreads/new/?company=…`: begin the spread of a company."""

    target = "spread"
    form_class = DetailsForm
    title = _("Begin a spread")
    submit_label = _("Begin")
    success_message = _("Begun. Type a period, or load a file.")
    template_name = "spreads/begin.html"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        if self.company is not None:
            return permissions.can_enter(user=request.user, company=self.company)
        if permissions.is_maker(request.user):
            return ALLOWED
        return denied(_("Figures are entered by those who look after the company, and by credit analysts."))

    def get_initial(self) -> dict[str, Any]:
        """The centre's currency and law."""
        centre = self.request.user.actor.centre
        start = {"currency": centre.currency, "jurisdiction": centre.jurisdiction} if centre else {}
        return start | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Spread:
        """Begin it."""
        return services.begin_spread(company_id=self.company.pk, actor=self.request.user, now=now, **data)


class EnteringView(UpdateView):
    """Something done with a spread by whoever enters its figures."""

    model = Spread
    select_related = ("company",)

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_enter(user=request.user, company=covered(self.object.company))


class DetailsChange(EnteringView):
    """Change what the spread is in and what is asked for."""

    form_class = DetailsForm
    title = _("Change the details")
    success_message = _("Saved.")
    template_name = "spreads/details.html"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Spread:
        """Change them."""
        return services.change_details(spread_id=self.object.pk, version=self.version, actor=self.request.user, now=now, **data)


class PeriodEnter(EnteringView):
    """Type a period; `?period=` begins with what stands there, to correct or restate it."""

    form_class = PeriodForm
    title = _("Type a period")
    submit_label = _("Save the period")
    template_name = "spreads/period_form.html"
    sent_form: Any = None

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_initial(self) -> dict[str, Any]:
        """The period that is corrected, with its lines and pages; nothing else."""
        asked = self.request.GET.get("period", "")
        if not asked:
            return {}
        period = Period.objects.visible_to(self.request.user).filter(spread=self.object, pk=record_key(asked) or 0, is_current=True).first()
        if period is None:
            raise Http404
        told: dict[str, Any] = {name: getattr(period, name) for name in ("ends_on", "months", "kind", "source")}
        for line in period.lines.all():
            told[line.code] = f"{line.amount.normalize():,f}"
            told[line.code + PAGE] = line.page
        return told

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Spread:
        """Put it in."""
        form = self.sent_form
        services.enter_period(
            spread_id=self.object.pk,
            heading=form.heading(),
            values=form.values(),
            pages=form.pages(),
            source=data["source"],
            version=self.version or 0,
            actor=self.request.user,
            now=now,
        )
        spread: Spread = self.object
        return spread


class SpreadCheck(UpdateView):
    """A second person says that the figures were compared with the accounts."""

    model = Spread
    form_class = CheckForm
    title = _("Check as second person")
    submit_label = _("The figures are those of the accounts")
    success_message = _("Checked.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, spread=self.object)

    def get_success_url(self, result: Any) -> str:
        """The spread."""
        return str(self.object.get_absolute_url())

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Check it."""
        return services.check_spread(spread_id=self.object.pk, version=self.version, actor=self.request.user, now=now, note=data["note"])
