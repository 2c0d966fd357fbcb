"""What the registers of payments and of monthly lists have in common."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.payments import permissions
from crm.companies.models import Company
from crm.kernel.permission import Permission
from crm.web.views import ListView


class Register(ListView):
    """Rows of packs, read by whoever reads payments. `numbered`: the lookup of the number that is searched."""

    select_related = ("pack__company",)
    search_hint = _("Company, stock code or number")
    numbered = "number"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs, and the business office."""
        return permissions.can_read_payments(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(pack__company__in=named) | queryset.filter(**{f"{self.numbered}__istartswith": q})
