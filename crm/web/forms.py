"""Forms of the toolkit's own operations, and the base of all forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Form(forms.Form):
    """The base of forms for operations. The server says what is wrong, beside the field and in the reader's words; no browser bubbles."""

    use_required_attribute = False


class NoFields(Form):
    """A form that only asks whether one is sure."""


class LocalMoment(forms.DateTimeField):
    """A time in the reader's zone, typed into the browser's own control."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Day(forms.DateField):
    """A day, typed into the browser's own control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ViewForm(Form):
    """A view's name, who else gets it, and whether the list opens with it. `shared_with`: the unit that it is shared with already."""

    title = forms.CharField(label=_("Name"), max_length=80)
    unit_id = forms.TypedChoiceField(label=_("Share with"), required=False, coerce=int, empty_value=None)
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)

    def __init__(self, *args: Any, user: Any, shared_with: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {post.unit_id: post.unit.name for post in user.actor.posts}
        if shared_with is not None:
            units.setdefault(shared_with.pk, shared_with.name)
        field: Any = self.fields["unit_id"]
        field.choices = [("", _("Nobody, only me")), *units.items()]


class SaveViewForm(ViewForm):
    """A view of the filters in force."""

    list_name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)
