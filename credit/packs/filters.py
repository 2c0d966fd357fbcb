"""What the list of packs can be narrowed to."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.catalogue import facility_types
from credit.packs.choices import DECIDED, IN_CREDIT, PREPARING, Authorship, PackKind, State
from credit.packs.models import Facility, Pack
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter

STAGES = (("preparing", _("With the relationship manager")), ("credit", _("With the credit department")), ("decided", _("Decided")))
_STATES = {"preparing": (*PREPARING, State.ENDORSE), "credit": IN_CREDIT, "decided": DECIDED}


def _team(user: Any) -> QuerySet[Any]:
    return teammates(user, now=timezone.now())


class PackFilters(FilterSet):
    """Where it is, state, request, model, facility, whose, since when."""

    stage = ChoiceFilter(label=_("Where it is"), choices=STAGES, method="filter_stage")
    state = ChoiceFilter(label=_("State"), choices=State.choices)
    kind = ChoiceFilter(label=pgettext_lazy("credit pack", "Request"), choices=PackKind.choices)
    authorship = ChoiceFilter(label=_("Who writes"), choices=Authorship.choices)
    facility = ChoiceFilter(
        label=_("Facility"), choices=[(code, kind.label) for code, kind in facility_types().items()], method="filter_facility"
    )
    owner = PersonFilter(label=_("Relationship manager"), colleagues=_team)
    state_since = DateSpanFilter(label=_("Since"))

    class Meta:
        model = Pack
        fields: list[str] = []

    def filter_stage(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Any of the chosen ones."""
        return queryset.filter(state__in=[state for stage in value for state in _STATES[stage]]) if value else queryset

    def filter_facility(self, queryset: Any, name: str, value: list[str]) -> Any:
        """In a version that this person may see and that is not over."""
        rows = Facility.objects.visible_to(self.request.user).filter(type_code__in=value, version__state__in=("draft", "sealed", "on_hold"))
        return queryset.filter(pk__in=rows.values("version__pack_id")) if value else queryset
