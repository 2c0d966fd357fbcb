"""What the lists of verifications and contacts can be narrowed to."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.verifications.choices import Ground, Kind, Result, State
from credit.verifications.models import DirectoryContact, Verification
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, YesNoFilter


class VerificationFilters(FilterSet):
    """Kind, standing, result, why, when."""

    kind = ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    state = ChoiceFilter(label=pgettext_lazy("verification", "Standing"), choices=State.choices)
    result = ChoiceFilter(label=_("Result"), choices=Result.choices)
    ground = ChoiceFilter(label=_("Why"), choices=Ground.choices)
    opened = DateSpanFilter(label=_("Transcribed"), field_name="opened_at")

    class Meta:
        model = Verification
        fields: list[str] = []


class ContactFilters(FilterSet):
    """For what, in use."""

    kind = ChoiceFilter(label=_("For"), choices=Kind.choices)
    used = YesNoFilter(label=_("In use"), field_name="is_used")

    class Meta:
        model = DirectoryContact
        fields: list[str] = []
