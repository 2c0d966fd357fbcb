"""What is written into a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.accountability.choices import EntryKind
from credit.accountability.rules import PARTY, WORDS, Written
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Form, LocalMoment


class EntryForm(Form):
    """An instruction, an objection or a note."""

    kind = forms.ChoiceField(label=_("What"), choices=EntryKind.choices)
    party = forms.CharField(
        label=_("From or to whom"), max_length=PARTY, required=False, help_text=_("Who gave the instruction, or to whom you objected.")
    )
    said_at = LocalMoment(label=_("When"), required=False)
    words = forms.CharField(
        label=_("Words"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As they were said or written. Nobody changes this later. A clear objection in writing protects you."),
    )
    paper = forms.FileField(
        label=_("Paper"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)})
    )

    def entry(self) -> Written:
        """As the service takes it."""
        told = self.cleaned_data
        return Written(told["kind"], told["words"], told["party"], told["said_at"])
