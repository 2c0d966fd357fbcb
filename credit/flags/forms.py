"""The forms of red flags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags import book, rules
from credit.flags.choices import FlagAct
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Form


def words(label: Any, most: int = rules.NOTE, rows: int = 4, **more: Any) -> forms.CharField:
    """Several lines."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class EvidenceFields(Form):
    """A paper or picture, or the address of one."""

    evidence = forms.FileField(
        label=_("Evidence"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)})
    )
    link = forms.CharField(label=_("Or its address"), required=False, max_length=rules.LINK, help_text=_("A page of ours, or https://…"))


class RaiseForm(EvidenceFields):
    """What was seen, and which flag it is."""

    code = forms.ChoiceField(label=_("Red flag"), choices=lambda: [(code, book.entries()[code].label) for code in book.raisable()])
    note = words(_("What was seen?"), help_text=_("What, where and when. Facts, not guesses."))
    critical = forms.BooleanField(
        label=_("It is a winding-up petition"), required=False, help_text=_("Only with RF-35: makes it critical.")
    )
    field_order = ("code", "note", "critical", "evidence", "link")


class AnswerForm(EvidenceFields):
    """What is said or done about a flag."""

    act = forms.ChoiceField(
        label=pgettext_lazy("red flag", "What is it?"),
        choices=[(act.value, act.label) for act in (FlagAct.EXPLAIN, FlagAct.PLAN, FlagAct.VISIT, FlagAct.NOTE)],
        widget=forms.RadioSelect,
    )
    note = words(_("In words"))
    field_order = ("act", "note", "evidence", "link")


class CloseForm(EvidenceFields):
    """The evidence that closes a flag."""

    note = words(_("What does the evidence show?"))
    field_order = ("note", "evidence", "link")


class WhyForm(Form):
    """A reason."""

    reason = words(_("Why?"), 1000, 3)


class TakeForm(Form):
    """Raise what the news suggests."""

    note = words(_("What does the story say of the client?"))
    critical = forms.BooleanField(label=_("It is a winding-up petition"), required=False)
