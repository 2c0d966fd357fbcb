"""The form of a letter."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.papers import selectors
from crm.papers.choices import Language
from crm.papers.models import LetterTemplate
from crm.papers.services import LetterOrder, draft_letter
from crm.web.forms import Form


class LetterForm(Form):
    """Which letter, to whom, in which language. It is filled in while the form is checked, so that a refusal stays on the trail.

    A feature that writes for a purpose of its own gives a subclass its `context`, and the record that it is `about`.
    """

    template: Any = forms.ModelChoiceField(label=_("Letter"), queryset=None, empty_label=None)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)
    contact: Any = forms.ModelChoiceField(label=_("To"), queryset=None, required=False, empty_label=_("The company, no person named"))
    phone = forms.CharField(
        label=_("Your phone"), required=False, max_length=40, help_text=_("As it stands in the letter. It is kept for your next one.")
    )

    context = selectors.TO_COMPANY

    def __init__(self, *args: Any, company: Company, user: Any, now: dt.datetime, about: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company, self.user, self.now, self.about = company, user, now, about
        fields: Any = self.fields
        fields["template"].queryset = LetterTemplate.objects.visible_to(user).offered(self.context)
        fields["contact"].queryset = selectors.addressees(company, user=user)

    def order(self) -> LetterOrder:
        """What was chosen, as the service takes it."""
        data = self.cleaned_data
        contact = data["contact"]
        who = contact.pk if contact else None
        return LetterOrder(data["template"].pk, data["language"], who, data["phone"], self.context, self.about)

    def clean(self) -> dict[str, Any]:
        """Fill it in; what stands against it is said beside the letter or the person."""
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            draft_letter(company_id=self.company.pk, order=self.order(), actor=self.user, now=self.now)
        except NotAllowed as error:
            raise forms.ValidationError(str(error)) from error
        except RuleBroken as error:
            self.add_error("contact" if "contact" in error.fields else "template", str(error))
        return data | {"order": self.order() if not self.errors else None}
