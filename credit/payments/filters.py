"""What payments can be narrowed to."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.payments.choices import Mode, State
from credit.payments.models import Payment
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, YesNoFilter


class PaymentFilters(FilterSet):
    """Mode, standing, day, split, in the sample."""

    mode = ChoiceFilter(label=_("Mode"), choices=Mode.choices)
    state = ChoiceFilter(label=pgettext_lazy("payment", "Standing"), choices=State.choices)
    day = DateSpanFilter(label=_("Day"), field_name="asked_on")
    split = YesNoFilter(label=_("Split under the threshold"), field_name="is_split")
    sampled = YesNoFilter(label=_("In the sample of vouchers"), field_name="needs_voucher")

    class Meta:
        model = Payment
        fields: list[str] = []
