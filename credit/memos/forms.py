"""The forms of the application: a section, the attestation."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.memos.services import MOST_CHARACTERS
from crm.web.forms import Form


class SectionForm(Form):
    """The text of a section and whether it is complete."""

    text = forms.CharField(
        label=pgettext_lazy("section", "Text"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 22, "class": "page"}),
        help_text=_("Begin a line with # for a heading or - for a list; set the cells of a table between bars; **bold**, *italic*."),
    )
    is_done = forms.BooleanField(label=_("This section is complete"), required=False)


class AttestForm(Form):
    """What the writer says of the whole."""

    true_and_whole = forms.BooleanField(label=_("What stands here is true and leaves out nothing that I know."))
    none_known = forms.BooleanField(label=_("No adverse facts are known to me."), required=False)
