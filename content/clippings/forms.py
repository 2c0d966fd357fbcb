"""The forms of clippings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.clippings.choices import Class, Event, Language
from crm.companies.choices import SECTORS
from crm.web.forms import Form

_AS_IT_IS = ("", _("As it is"))


class TagForm(Form):
    """What to write on the chosen clippings; what is left as it is stays."""

    event = forms.ChoiceField(label=_("Event"), choices=[_AS_IT_IS, *Event.choices], required=False)
    klass = forms.ChoiceField(
        label=_("Class"), choices=[_AS_IT_IS, *(pair for pair in Class.choices if pair[0] != Class.DEAL)], required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=[_AS_IT_IS, *Language.choices], required=False)
    sectors = forms.MultipleChoiceField(
        label=_("Add sectors"), choices=list(SECTORS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """At least one tag."""
        data = super().clean() or {}
        if not any(data.get(name) for name in self.fields):
            raise forms.ValidationError(_("Choose at least one tag."))
        return data
