"""The forms of clients."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import STATUS_TRANSITIONS, ClientStatus, KycRisk, Tier
from crm.web.forms import Day, Form

REASON_LENGTH = 200


class TierForm(Form):
    """A tier set by hand."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)


class KycForm(Form):
    """A know-your-customer review."""

    risk = forms.ChoiceField(label=_("KYC risk"), choices=KycRisk.choices, widget=forms.RadioSelect)
    reviewed_on = Day(label=_("Reviewed on"))


class TransferForm(Form):
    """The new manager, and why."""

    owner: Any = forms.ModelChoiceField(label=_("New manager"), queryset=None, empty_label="—")
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners


class StatusForm(Form):
    """Where the relationship stands from now on: one of the states that the present one leads to."""

    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, required=False, help_text=_("Needed to close a client."))

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        onward = STATUS_TRANSITIONS[ClientStatus(current)]
        choice: Any = self.fields["status"]
        choice.choices = [(value, label) for (value, label) in ClientStatus.choices if value in onward]
