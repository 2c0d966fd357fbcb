"""Forms of the toolkit's own operations, and the base of all forms."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.kernel.clock import in_calendar
from crm.kernel.money import StrayComma, typed_figure


class Form(forms.Form):
    """The base of forms for operations. The server says what is wrong, beside the field and in the reader's words; no browser bubbles."""

    use_required_attribute = False
    folded: ClassVar[tuple[str, ...]] = ()
    """Fields that the page folds away."""

    def __getitem__(self, name: str) -> forms.BoundField:
        """Labels that come from a model's column begin with a capital, as those that are written for the form."""
        bound = super().__getitem__(name)
        if not hasattr(bound.label, "__html__"):
            bound.label = capfirst(bound.label)
        return bound

    @property
    def is_unfolded(self) -> bool:
        """Whether something that is folded away is wrong or filled in, so that it has to be seen after a failed submit."""
        if not self.is_bound:
            return False
        return any(name in self.errors or (name in self.changed_data and self[name].data) for name in self.folded)


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


class Amount(forms.DecimalField):
    """An amount of money as people type it: thousands may be parted by commas, figures may be full-width."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages: ClassVar[dict[str, Any]] = {"comma": _("A comma stands between thousands only, as in 1,200,000.50.")}

    def to_python(self, value: Any) -> Any:
        """The exact figure. Refused: a comma that parts no thousands, which could mean either of two amounts."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return super().to_python(typed_figure(value))
        except StrayComma as error:
            raise forms.ValidationError(self.error_messages["comma"], code="comma") from error


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
