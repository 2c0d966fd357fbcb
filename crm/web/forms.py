"""Forms of the toolkit's own operations, and the base of all forms."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.clock import in_calendar


class Form(forms.Form):
    """The base of forms for operations. The server says what is wrong, beside the field and in the reader's words; no browser bubbles."""

    use_required_attribute = False


class NoFields(Form):
    """A form that only asks whether one is sure."""


def _require_in_calendar(value: dt.date | None) -> None:
    if value is not None and not in_calendar(value):
        raise forms.ValidationError(_("This day is not in our calendar."))


class LocalMoment(forms.DateTimeField):
    """A time in the reader's zone, typed into the browser's own control."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        """None where nothing was typed. What is outside the calendar is refused before anybody works out its zone."""
        found = super().to_python(value)
        _require_in_calendar(found)
        return found


class Day(forms.DateField):
    """A day, typed into the browser's own control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> dt.date | None:
        """None where nothing was typed."""
        found = super().to_python(value)
        _require_in_calendar(found)
        return found


class SaveViewForm(Form):
    """A name for the filters in force, and who else gets them."""

    title = forms.CharField(label=_("Name"), max_length=80)
    unit_id = forms.TypedChoiceField(label=_("Share with"), required=False, coerce=int, empty_value=None)
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)
    list_name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {post.unit_id: post.unit.name for post in user.actor.posts}
        shared_with: Any = self.fields["unit_id"]
        shared_with.choices = [("", _("Nobody, only me")), *units.items()]
