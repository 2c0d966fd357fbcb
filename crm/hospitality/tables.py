"""The lists of hospitality as tables."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.hospitality.choices import State
from crm.hospitality.models import Batch, HospitalityRequest
from crm.kernel.wording import listed
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, PersonColumn, Table, WhenColumn

GUESTS_SHOWN = 20
TONES = {
    State.SUBMITTED: "indigo",
    State.RETURNED: "amber",
    State.REJECTED: "seal",
    State.FREE: "jade",
    State.APPROVED: "jade",
    State.HELD: "amber",
    State.QUERIED: "amber",
    State.EXPIRED: "seal",
    State.CLAWED_BACK: "seal",
    State.PAID: "jade",
}


def oddities(event: HospitalityRequest) -> list[Any]:
    """In which ways an event is an outlier."""
    names = ("near_cap", "round_sum", "on_weekend", "often")
    found: list[Any] = [event._meta.get_field(name).verbose_name for name in names if getattr(event, name)]  # type: ignore[union-attr]
    return found + ([event.get_own_reason_display()] if event.own_reason else [])


class RequestTable(Table):
    """Events, newest first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    event_at = WhenColumn(verbose_name=_("When"), initial_sort_descending=True)
    kind = ChipColumn(verbose_name=_("Kind"), orderable=False)
    owner = PersonColumn(verbose_name=_("Host"), orderable=False)
    guest_names = Column(verbose_name=_("Guests"), orderable=False, css="long")
    estimate = MoneyColumn(verbose_name=_("Estimate"), currency_accessor="currency", orderable=False, short=True)
    paid = MoneyColumn(verbose_name=_("Reimbursed"), accessor="reimbursed", currency_accessor="currency", orderable=False)
    per_head = MoneyColumn(verbose_name=_("Per head"), currency_accessor="currency", orderable=False)
    state = ChipColumn(verbose_name=_("State"), orderable=False, tones=TONES)
    odd = Column(verbose_name=_("Stands out"), accessor="pk", orderable=False, css="long")

    class Meta:
        model = HospitalityRequest

    def render_guest_names(self, value: str) -> str:
        """The first of them; an export has all."""
        return Truncator(value).chars(GUESTS_SHOWN)

    def value_guest_names(self, value: str, record: HospitalityRequest) -> str:
        """All of them."""
        return value

    def render_odd(self, value: Any, record: HospitalityRequest) -> SafeString | str:
        """What stands out, in words."""
        return listed(oddities(record))

    def value_odd(self, value: Any, record: HospitalityRequest) -> str:
        """The same."""
        return listed(oddities(record))


class BatchTable(Table):
    """Postings, newest first."""

    number = Column(verbose_name=_("Number"), orderable=False)
    period = Column(verbose_name=_("Period"), orderable=False)
    total = MoneyColumn(verbose_name=_("Total"), currency_accessor="currency", orderable=False)
    posted_at = WhenColumn(verbose_name=pgettext_lazy("accounting", "Posted"), initial_sort_descending=True)
    posted_by = PersonColumn(verbose_name=_("By"), orderable=False)
    paid_at = WhenColumn(verbose_name=pgettext_lazy("accounting", "Paid"), orderable=False)

    class Meta:
        model = Batch
