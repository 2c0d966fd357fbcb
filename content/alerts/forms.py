"""The form of an alert."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.alerts import rules
from content.alerts.choices import Pace
from content.alerts.services import AlertTerms
from crm.kernel.errors import DomainError
from crm.kernel.query import LONGEST_QUERY, parse
from crm.web.forms import Form


class _Time(forms.TimeField):
    """A time of day, typed into the browser's own control."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AlertForm(Form):
    """What is looked for, and when to tell of it."""

    name = forms.CharField(label=_("Name"), max_length=rules.NAME_LENGTH)
    query = forms.CharField(
        label=_("What is looked for"),
        max_length=LONGEST_QUERY,
        help_text=_("As in search: words, “phrases”, AND, OR, NOT, company:, source:, sector:, event:, lang:."),
    )
    pace = forms.ChoiceField(label=_("Tell me"), choices=Pace.choices, initial=Pace.DAILY, widget=forms.RadioSelect)
    quiet_from = _Time(label=_("Quiet from"), required=False)
    quiet_to = _Time(label=_("Quiet until"), required=False)
    cap = forms.IntegerField(label=_("Stories a mail, at most"), min_value=1, max_value=rules.MOST_TOLD, initial=rules.CAP)
    is_on = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def clean_query(self) -> str:
        """A sentence beside the field for a query that cannot be run."""
        query = str(self.cleaned_data["query"])
        try:
            parse(query)
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error
        return query

    def clean(self) -> dict[str, Any]:
        """Quiet hours need both ends."""
        data = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None) and not self.errors:
            self.add_error("quiet_to", _("Quiet hours need a beginning and an end."))
        return data

    @property
    def terms(self) -> AlertTerms:
        """As the service takes them."""
        return AlertTerms(**self.cleaned_data)
