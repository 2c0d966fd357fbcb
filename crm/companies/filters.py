"""What the lists of companies and people are narrowed by."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import ConsentBasis, ContactRole, IdentifierKind
from crm.companies.models import Company, Contact, Identifier
from crm.web.filters import ChoiceFilter, FilterSet, TextFilter, YesNoFilter

EXCHANGES = [
    ("HKEX", _("Hong Kong")),
    ("SSE", _("Shanghai")),
    ("SZSE", _("Shenzhen")),
    ("BSE", _("Beijing")),
    ("TWSE", _("Taiwan")),
    ("TPEX", _("Taipei Exchange")),
    ("US", _("United States")),
]


class CompanyFilters(FilterSet):
    """Directory facts, and what is in one's own book."""

    sector = TextFilter(label=_("Sector"), lookup_expr="exact")
    exchange = ChoiceFilter(label=_("Exchange"), choices=EXCHANGES, method="on_exchange")
    mine = YesNoFilter(label=_("Looked after within my reach"), method="in_reach")

    class Meta:
        model = Company
        fields: list[str] = []

    def on_exchange(self, queryset: QuerySet[Company], name: str, value: list[str]) -> QuerySet[Company]:
        """Listed at one of these exchanges."""
        listed = Identifier.objects.visible_to(self.request.user).filter(kind=IdentifierKind.STOCK, scope__in=value)
        return queryset.filter(pk__in=listed.values("company_id")) if value else queryset

    def in_reach(self, queryset: QuerySet[Company], name: str, value: bool) -> QuerySet[Company]:
        """Covered now by oneself, one's team or centre; or not."""
        own = Company.objects.covered_for(self.request.user).values("pk")
        return queryset.filter(pk__in=own) if value else queryset.exclude(pk__in=own)


class ContactFilters(FilterSet):
    """What a person is, and what they consented to."""

    role = ChoiceFilter(label=_("Role"), choices=ContactRole.choices)
    consent_basis = ChoiceFilter(label=_("Consent"), choices=ConsentBasis.choices)
    is_decision_maker = YesNoFilter(label=_("Decides"))
    left = YesNoFilter(label=_("Has left"), method="has_left")

    class Meta:
        model = Contact
        fields: list[str] = []

    def has_left(self, queryset: QuerySet[Contact], name: str, value: bool) -> QuerySet[Contact]:
        """No longer with the company; or still."""
        return queryset.filter(left_on__isnull=not value)
