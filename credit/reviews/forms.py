"""The forms of reviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.models import Pack
from credit.reviews import rules, selectors
from credit.reviews.choices import Rating, Severity, Topic
from crm.kernel import clock
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Form


def _long(label: Any, most: int, rows: int = 5, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows}), **more)


class AnalystForm(Form):
    """Who reviews it."""

    analyst = forms.TypedChoiceField(label=_("Analyst"), coerce=int)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = selectors.analysts(clock.now())
        field: Any = self.fields["analyst"]
        field.choices = [(one.pk, one.name) for one in found if user.actor.has_role("CO") or one.pk == user.pk]


class QuestionForm(Form):
    """One question of the list."""

    topic = forms.ChoiceField(label=_("About"), choices=Topic.choices)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect, help_text=_("A blocker stops the decision.")
    )
    text = _long(_("Question"), rules.QUESTION)


class AnswerForm(Form):
    """An answer with its evidence."""

    text = _long(_("Answer"), rules.ANSWER)
    evidence = forms.FileField(
        label=_("Evidence"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)})
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack


class WordsForm(Form):
    """A word of the credit department in a thread."""

    text = _long(_("Why?"), rules.QUESTION, 3)


class DefectsForm(Form):
    """What is wrong with a pack."""

    defects = _long(_("Defects, one a line"), rules.DEFECTS, 6)


class RatingForm(Form):
    """The internal risk class."""

    rating = forms.ChoiceField(label=_("Risk class"), choices=Rating.choices, widget=forms.RadioSelect)
    reason = _long(_("Why this class?"), 1000, 4)


class MemoForm(Form):
    """The analyst's memo."""

    text = _long(pgettext_lazy("credit", "Memo"), rules.MEMO, 24)


class FactsForm(Form):
    """The manager's word on the facts of a memo."""

    note = _long(
        _("On the facts"), rules.ANSWER, 5, help_text=_("Which facts are wrong, or that they are right. The opinion is the analyst’s own.")
    )
