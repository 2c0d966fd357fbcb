"""The forms of classes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.risk import rules
from credit.risk.choices import LoanClass
from crm.web.forms import Form


def _why(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=rules.REASON, required=required, widget=forms.Textarea(attrs={"rows": 4}))


class BeginForm(Form):
    """All of the client's debt, or one facility apart."""

    facility = forms.CharField(
        label=_("Facility apart"),
        max_length=20,
        required=False,
        help_text=_("The core bank’s reference; empty for all of the client’s debt."),
    )


class ClassForm(Form):
    """A class and a grade."""

    loan_class = forms.TypedChoiceField(label=_("Loan class"), coerce=int, choices=LoanClass.choices, widget=forms.RadioSelect)
    grade = forms.IntegerField(
        label=_("Internal grade"), required=False, min_value=1, max_value=rules.WORST_GRADE, help_text=_("1 is the best.")
    )


class ProposeForm(ClassForm):
    """What the manager proposes."""

    reason = _why(_("Why this class?"))


class DowngradeForm(ClassForm):
    """What was seen."""

    evidence = _why(_("What is the evidence?"))


class NoteForm(Form):
    """A remark of the head or of credit."""

    note = _why(_("Remark"), required=False)


class RefusalForm(Form):
    """Why not."""

    note = _why(_("Why not?"))
