"""Exposure by group, nearest to its limit first, and one holder in full."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.exposure import permissions, selectors
from credit.packs.models import Pack
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.kernel.text import fold
from crm.web.views import Crumb, Page

SHOWN = 100


class ExposureList(Page):
    """`/credit/exposure/?q=`: the hundred holders nearest to the legal limit, of those found by name where one is typed."""

    title = _("Group exposure")
    template_name = "exposure/list.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs."""
        return permissions.can_read_exposure(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In the jurisdiction of the reader's centre: Hong Kong's for those without one."""
        typed = fold(request.GET.get("q", "")[:80]).strip()
        holders = [holder for holder in selectors.listed(request.user) if typed in fold(holder.name)]
        found = selectors.exposures(holders, jurisdiction=_jurisdiction(request.user), on=timezone.localdate())
        found.sort(key=lambda one: (-one.amounts.with_pending, one.holder.name))
        context = self.get_context_data(exposures=found[:SHOWN], count=len(found), q=request.GET.get("q", ""), currency=selectors.HOME)
        return self.render(self.template_name, context)


class ExposureDetail(Page):
    """`/credit/exposure/of/<company id>/`: the holder that a company counts with, pack by pack."""

    template_name = "exposure/detail.html"
    holder: selectors.Holder

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs."""
        return permissions.can_read_exposure(user=request.user)

    def get_title(self) -> str:
        """Whose it is."""
        return self.holder.name

    def load(self) -> None:
        """By a company of which this person sees a pack."""
        packs = Pack.objects.visible_to(self.request.user).filter(company_id=self.kwargs["pk"])
        pack = packs.select_related("company__group").first()
        if pack is None:
            raise Http404
        self.holder = selectors.Holder.of(pack.company)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The totals hold all packs; those that this person may not see are counted, and not named."""
        holder, seen = self.holder, Pack.objects.visible_to(request.user)
        exposure = selectors.exposure_of(holder, jurisdiction=_jurisdiction(request.user), on=timezone.localdate())
        shown = set(seen.filter(pk__in=[line.pack.pk for line in exposure.lines]).values_list("pk", flat=True))
        lines = [line for line in exposure.lines if line.pack.pk in shown]
        context = self.get_context_data(
            exposure=exposure,
            lines=lines,
            others=len(exposure.lines) - len(lines),
            currency=selectors.HOME,
            holder=holder,
            crumbs=[Crumb(_("Group exposure"), url_of("exposure:exposure_list"))],
        )
        return self.render(self.template_name, context)


def _jurisdiction(user: Any) -> str:
    centre = user.actor.centre
    return str(centre.jurisdiction) if centre else "HK"
