"""The forms of payments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.flags.forms import words
from credit.payments.services import Entry
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Amount, Form


def _money(label: Any, **more: Any) -> Amount:
    return Amount(label=label, max_digits=16, decimal_places=2, **more)


def _paper(label: Any, **more: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}), **more)


class PaymentForm(Form):
    """What is to be paid, to whom, under which contract."""

    amount = _money(_("Amount"))
    purpose = forms.CharField(label=_("Use of the funds"), max_length=300)
    payee = forms.CharField(label=_("Payee"), max_length=200)
    account = forms.CharField(label=_("Payee’s account"), max_length=60)
    contract = forms.CharField(label=_("Contract number"), max_length=60)
    contract_party = forms.CharField(label=_("Party of the contract"), max_length=200, help_text=_("As it stands in the contract."))
    contract_amount = _money(_("Amount of the contract"))
    invoice = forms.CharField(label=_("Invoice number"), max_length=60, required=False)
    is_related = forms.BooleanField(label=_("The payee is related to the borrower, and this is declared"), required=False)
    bank_decides = forms.BooleanField(label=_("The bank wants a trustee payment"), required=False)
    equity_planned = _money(_("Equity as agreed"), required=False)
    equity_paid = _money(_("Equity paid in so far"), required=False)
    certificate = forms.CharField(label=_("Progress certificate, number"), max_length=60, required=False)
    progress_percent = forms.IntegerField(label=_("Certified progress (per cent)"), required=False, min_value=0, max_value=100)

    def entry(self) -> Entry:
        """As the service takes it."""
        return Entry(**self.cleaned_data)


class CheckForm(Form):
    """What was looked at."""

    note = words(_("What did you compare?"), 1000, 3, help_text=_("Contract, invoice, payee’s name and account, amount."))


class ReasonForm(Form):
    """Why not."""

    reason = words(_("Why?"), 1000, 3)


class VoucherForm(Form):
    """The voucher."""

    evidence = _paper(_("Voucher"))
    note = words(_("Remark"), 1000, 2, required=False)


class MonthListForm(Form):
    """A month's payments, typed or as a paper."""

    lines = words(
        _("Payments"),
        60_000,
        8,
        required=False,
        help_text=_("One a line: day; payee; amount; purpose. Cells of a spreadsheet can be pasted."),
    )
    evidence = _paper(_("The borrower’s own list"), required=False)
    note = words(_("Remark"), 1000, 2, required=False)
