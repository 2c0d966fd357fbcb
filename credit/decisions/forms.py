"""The forms of decisions and conditions."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.decisions import rules, selectors
from credit.decisions.choices import Choice, ConditionKind, ConditionType, Word
from credit.decisions.rules import Ruling
from credit.decisions.services import prepare_letter
from crm.kernel.errors import DomainError
from crm.papers.choices import Language
from crm.web.forms import Day, Form


def _long(label: Any, most: int = rules.REASON, rows: int = 3, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class RouteForm(Form):
    """What else sends a pack to the committee."""

    is_connected = forms.BooleanField(label=_("The borrower is a connected party of the bank"), required=False)
    exception = _long(_("Critical exception to policy"), required=False, help_text=_("Which one; empty where there is none."))


class RulingForm(Form):
    """A decision as it is typed; which fields are needed the outcome says."""

    judgement = _long(_("Your own judgement"), rules.JUDGEMENT, 4, required=False)
    reason = _long(_("Reason of a refusal"), required=False)
    reapply_on = Day(label=_("May be asked for again from"), required=False)
    items = _long(_("To be answered, one a line"), required=False)
    due_on = Day(label=_("Answers due by"), required=False)


def ruling(data: dict[str, Any], word: str) -> Ruling:
    """As the service takes it."""
    texts = {name: str(data.get(name) or "") for name in ("judgement", "reason", "items")}
    return Ruling(word=word, due_on=data.get("due_on"), reapply_on=data.get("reapply_on"), **texts)


class DecideForm(RulingForm):
    """With the outcome."""

    word = forms.ChoiceField(label=_("Outcome"), choices=Word.choices, widget=forms.RadioSelect)
    field_order = ("word", "judgement", "reason", "reapply_on", "items", "due_on")


class PassUpForm(Form):
    """Why a higher level decides."""

    reason = _long(_("Why?"))


class VoteForm(Form):
    """A member's vote."""

    choice = forms.ChoiceField(label=_("Vote"), choices=Choice.choices, widget=forms.RadioSelect)
    judgement = _long(_("Your own judgement"))


class ConditionForm(Form):
    """A condition of the approval."""

    kind = forms.ChoiceField(label=_("When"), choices=ConditionKind.choices, widget=forms.RadioSelect, initial=ConditionKind.PRECEDENT)
    type = forms.ChoiceField(label=_("Kind"), choices=ConditionType.choices)
    text = _long(_("Condition"))
    is_essential = forms.BooleanField(label=_("Essential: only the approving level waives it"), required=False, initial=True)
    due_on = Day(label=pgettext_lazy("date", "By"), required=False)


class EvidenceForm(Form):
    """How a condition is met."""

    evidence = _long(_("How is it met?"))


class CheckForm(Form):
    """The second person's word."""

    is_met = forms.TypedChoiceField(
        label=_("Is it met?"),
        choices=((1, _("Yes, I have seen it")), (0, _("No, it is open again"))),
        coerce=lambda value: bool(int(value)),
        widget=forms.RadioSelect,
    )


class WaiveForm(Form):
    """Why it is done without."""

    reason = _long(_("Why?"))


class WhyForm(Form):
    """Why a limit is suspended, restored or cancelled."""

    reason = _long(_("Why?"))


class DeferralForm(Form):
    """How deferral items are answered."""

    note = _long(_("How is each item answered?"))


class AppealForm(Form):
    """New facts."""

    facts = _long(_("New facts"), rules.JUDGEMENT, 5, help_text=_("An appeal is heard once, on new facts alone."))


class AcceptForm(Form):
    """Who signed for the client."""

    signed_by = forms.CharField(label=_("Signed by"), max_length=300, help_text=_("The authorised signatories, by name."))


class FacilityLetterForm(Form):
    """Which letter, in which language. It is filled in and set here, outside the transaction of the operation."""

    template: Any = forms.ModelChoiceField(label=_("Letter"), queryset=None, empty_label=None)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect, initial=Language.EN)

    def __init__(self, *args: Any, pack_id: int, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack_id, self.user, self.now = pack_id, user, now
        fields: Any = self.fields
        fields["template"].queryset = selectors.letter_templates()

    def clean(self) -> dict[str, Any]:
        """The letter as it would be kept; what stands against it is said beside the choice of the letter."""
        data = super().clean() or {}
        if self.errors:
            return data
        told = {"template_id": data["template"].pk, "language": data["language"], "actor": self.user, "now": self.now}
        try:
            return data | {"draft": prepare_letter(pack_id=self.pack_id, **told)}
        except DomainError as error:
            self.add_error("template", str(error))
            return data
