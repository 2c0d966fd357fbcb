"""What is written into a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.accountability.choices import EntryKind, Outcome
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


class WordsForm(Form):
    """An answer, or an objection."""

    words = forms.CharField(label=_("Words"), max_length=WORDS, widget=forms.Textarea(attrs={"rows": 8}))


class VoteForm(Form):
    """A vote with one's own judgement."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    judgement = forms.CharField(label=_("Own judgement"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class CloseForm(Form):
    """Why it is decided so: who is judged reads it."""

    reason = forms.CharField(
        label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Who is judged reads this.")
    )
