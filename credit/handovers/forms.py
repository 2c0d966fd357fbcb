"""The forms of handovers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.handovers.rules import REASON
from crm.web.forms import Form


class BeginForm(Form):
    """To whom, before whom, why."""

    incoming: Any = forms.ModelChoiceField(label=_("Takes over"), queryset=None, empty_label="—")
    witness: Any = forms.ModelChoiceField(
        label=_("Witness"), queryset=None, empty_label="—", help_text=_("The head, or a colleague of the unit: neither of the two.")
    )
    reason = forms.CharField(label=_("Why"), max_length=REASON)

    def __init__(self, *args: Any, receivers: Any, witnesses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incoming: Any = self.fields["incoming"]
        witness: Any = self.fields["witness"]
        incoming.queryset, witness.queryset = receivers, witnesses


class SignForm(Form):
    """One's own signature; with a reason where the head signs in the place of who has left."""

    reason = forms.CharField(
        label=_("Why in another’s place"), max_length=REASON, required=False, help_text=_("Only where you sign for somebody who has left.")
    )


class DropForm(Form):
    """Why not."""

    reason = forms.CharField(label=_("Why"), max_length=REASON)
