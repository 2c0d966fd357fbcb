"""The forms of covenants, tests and waivers."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.covenants import rules
from credit.covenants.choices import UNDERTAKINGS, Answer, Comparison, Document, Frequency, Metric
from credit.covenants.models import Covenant
from credit.covenants.rules import Terms
from credit.flags.forms import EvidenceFields, words
from credit.packs import selectors as packs
from credit.packs.models import Pack
from credit.reviews import selectors as reviews
from crm.web.forms import Amount, Day, Form


def _days(label: Any, initial: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=rules.MOST_DAYS, initial=initial, **more)


class TermsForm(Form):
    """What is promised, and how it is tested."""

    metric = forms.ChoiceField(
        label=_("What is promised"),
        choices=[
            (_("By figures"), [(one.value, one.label) for one in Metric if one not in UNDERTAKINGS]),
            (_("Undertakings, answered by a person"), [(one.value, one.label) for one in UNDERTAKINGS]),
        ],
    )
    comparison = forms.ChoiceField(label=_("Side"), choices=[("", "—"), *Comparison.choices], required=False)
    threshold = Amount(
        label=_("Threshold"),
        max_digits=19,
        decimal_places=4,
        required=False,
        help_text=_("In times, per cent, or an amount in full. Empty for an undertaking."),
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False, help_text=_("Only of an amount."))
    words = words(_("In words"), rules.WORDS, 3, required=False, help_text=_("As it stands in the facility letter."))
    document = forms.ChoiceField(label=_("Tested from"), choices=Document.choices)
    frequency = forms.TypedChoiceField(label=_("How often"), choices=Frequency.choices, coerce=int)
    first_on = Day(label=_("End of the first period"))
    due_days = _days(_("Paper due after (days)"), 60, help_text=_("Counted from the end of each period."))
    cure_days = _days(_("Days to cure a breach"), 30, help_text=_("With 0 a breach raises its red flag at once."))

    def __init__(self, *args: Any, pack: Pack, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        known = packs.currencies(pack.centre, on=reviews.today_of(pack, now))
        fields["currency"].choices = [("", "—"), *((code, code) for code in known)]

    def terms(self) -> Terms:
        """As the service takes them."""
        return Terms(**self.cleaned_data)


class ReasonForm(Form):
    """Why not."""

    reason = words(_("Why?"), 1000, 3)


class ReceiveForm(EvidenceFields):
    """When the paper came, and the paper."""

    received_on = Day(label=_("Received on"))
    note = words(_("Remark"), rules.NOTE, 2, required=False)
    field_order = ("received_on", "evidence", "link", "note")


class ResultForm(EvidenceFields):
    """A remark on what the figures say; of an undertaking the answer with its evidence."""

    answer = forms.ChoiceField(label=_("Is the promise kept?"), choices=Answer.choices, widget=forms.RadioSelect)
    note = words(_("What does the evidence show?"), rules.NOTE, 3)
    field_order = ("answer", "note", "evidence", "link")

    def __init__(self, *args: Any, covenant: Covenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if covenant.is_measured:
            del self.fields["answer"]
            self.fields["note"].label, self.fields["note"].required = _("Remark"), False


class CureForm(EvidenceFields):
    """The evidence of a cure."""

    note = words(_("What does the evidence show?"), rules.NOTE, 3)
    field_order = ("note", "evidence", "link")


class WaiverForm(Form):
    """Why one test need not be kept."""

    reason = words(_("Why should the bank do without it?"), 1000, 4)


class WaiverUntilForm(WaiverForm):
    """Why, and until when."""

    until = Day(label=_("Until"), help_text=_("For all periods that end by this day."))
    field_order = ("until", "reason")


class DecideForm(Form):
    """The approving level's word."""

    note = words(_("Note"), 1000, 2)
