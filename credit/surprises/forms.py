"""The forms of surprise visits. The record's own fields, one row a point, are drawn by its template."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from credit.surprises import rules
from credit.surprises.choices import POINTS, Result, Seen
from credit.surprises.models import Premises
from credit.surprises.rules import Entry
from crm.web.forms import Form


class CheckInForm(Form):
    """Where the visitor stands."""

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    away_reason = forms.CharField(
        label=_("Why elsewhere?"),
        max_length=rules.REMARK,
        required=False,
        help_text=_("Only where the place cannot be found, or is not the registered one."),
    )


class RecordForm(Form):
    """What was seen."""

    people_seen = forms.IntegerField(label=_("Seen"), required=False, min_value=0, max_value=999_999)
    on_payroll = forms.IntegerField(label=_("On payroll"), required=False, min_value=0, max_value=999_999)
    phone_diverted = forms.BooleanField(required=False)
    phone_diverted_at = forms.CharField(required=False, max_length=40)
    phone_dialled = forms.CharField(label=_("Number dialled"), required=False, max_length=30)
    entry_refused = forms.BooleanField(label=_("Entry refused"), required=False)
    result = forms.ChoiceField(label=_("Overall"), choices=Result.choices, required=False)
    result_reason = forms.CharField(label=_("Reason"), max_length=rules.REASON, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in POINTS:
            self.fields[f"point_{point.number}"] = forms.ChoiceField(label=str(point.number), choices=Seen.choices, required=False)
            self.fields[f"words_{point.number}"] = forms.CharField(max_length=rules.REMARK, required=False)

    def entry(self, data: dict[str, Any], now: dt.datetime) -> Entry:
        """As the service takes it. A time that is none is now."""
        moment = None
        if data["phone_diverted"]:
            try:
                moment = parse_datetime(data["phone_diverted_at"])
            except ValueError:
                moment = None
            moment = moment if moment is not None and moment.tzinfo is not None else now
        return Entry(
            answers={point.number: (data[f"point_{point.number}"], data[f"words_{point.number}"]) for point in POINTS},
            people_seen=data["people_seen"],
            on_payroll=data["on_payroll"],
            phone_diverted_at=moment,
            phone_dialled=data["phone_dialled"],
            entry_refused=data["entry_refused"],
            result=data["result"],
            result_reason=data["result_reason"],
        )


class CancelForm(Form):
    """Why it is called off."""

    reason = forms.CharField(label=_("Why?"), max_length=rules.REMARK, widget=forms.Textarea(attrs={"rows": 3}))


class PremisesForm(forms.ModelForm):
    """Where and how a client works."""

    class Meta:
        model = Premises
        fields = ("latitude", "longitude", "phone", "headcount", "hours", "runs_at_night", "is_unaudited")


class PlanForm(Form):
    """Why sealed draws are read."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=rules.REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("This reading is noted and told to the others of compliance."),
    )
