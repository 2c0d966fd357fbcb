"""What the lists of companies and people are narrowed by."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import SECTORS, ConsentBasis, ContactRole, IdentifierKind
from crm.companies.models import Company, Contact, Identifier
from crm.kernel.wording import listed
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


@cache
def _called() -> dict[str, tuple[str, ...]]:
    """The names of each standard sector in all languages, folded."""
    names: dict[str, tuple[str, ...]] = {}
    for key, label in SECTORS.items():
        for language, _title in settings.LANGUAGES:
            with translation.override(language):
                names[key] = (*names.get(key, ()), str(label).casefold())
    return names


class SectorFilter(TextFilter):
    """A sector as some list wrote it, or the beginning of a standard one's name in any language: `?sector=fin`, `?sector=金融`."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One IN, which an index serves."""
        return qs.filter(sector__in=[value, *self._meant(value)]) if value else qs

    def describe(self, value: str) -> str:
        """The standard sectors that are meant, in the reader's language; else what was typed."""
        return listed(str(SECTORS[key]) for key in self._meant(value)) or value

    def _meant(self, value: str) -> list[str]:
        if value in SECTORS:
            return [value]
        typed = value.casefold()
        return [key for key, names in _called().items() if any(name.startswith(typed) for name in names)]


class CompanyFilters(FilterSet):
    """Directory facts, and what is in one's own book."""

    sector = SectorFilter(label=_("Sector"), help_text=_("Its name or the beginning of it, such as Fin."))
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
