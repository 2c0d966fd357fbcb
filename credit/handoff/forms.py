"""The endorser's form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import REASON
from crm.web.forms import Form


class EndorseForm(Form):
    """The endorser's own view, or why it goes back."""

    view = forms.CharField(
        label=_("Your own view"),
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why you stand for this request, or what has to change. The credit department reads it."),
    )
