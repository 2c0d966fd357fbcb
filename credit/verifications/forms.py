"""The forms of verifications and of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.flags.forms import words
from credit.verifications import rules
from credit.verifications.choices import Channel, Kind, Result
from credit.verifications.models import DirectoryContact, Verification
from credit.verifications.rules import Paper
from crm.kernel.errors import DomainError
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Amount, Day, Form, LocalMoment


def _line(label: Any, most: int, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, **more)


class PaperForm(Form):
    """What stands on a paper."""

    kind = forms.ChoiceField(label=_("What is verified?"), choices=Kind.choices)
    number = _line(_("Number of the paper"), 60, required=True)
    reference = _line(_("Our reference of the deal"), 60, required=True)
    amount = Amount(label=_("Amount"), max_digits=16, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in ("HKD", "USD", "CNY", "EUR")])
    invoice = _line(_("Invoice number"), 60)
    contact = _line(_("Contact that the paper names"), 300, help_text=_("Telephone, mail or page on the paper: never to be used."))
    scac = _line(_("Carrier’s code (SCAC)"), 4)
    vessel = _line(_("Vessel"), 80)
    voyage = _line(_("Voyage"), 40)
    load_port = _line(_("Port of loading"), 80)
    discharge_port = _line(_("Port of discharge"), 80)
    on_board_on = Day(label=_("On board"), required=False)
    containers = words(_("Containers, one a line"), 2000, 3, required=False)
    shipper = _line(_("Shipper"), 200)
    consignee = _line(_("Consignee"), 200)
    goods = _line(_("Goods"), 300)
    weight = _line(_("Weight"), 40)

    def clean_containers(self) -> tuple[str, ...]:
        """Tidied; the sentence says what is wrong with one."""
        try:
            return tuple(rules.containers_of(self.cleaned_data["containers"]))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def paper(self) -> Paper:
        """As the service takes it."""
        return Paper(**{name: value for name, value in self.cleaned_data.items() if name != "kind"})


class ShipForm(Form):
    """Where the ship was."""

    agrees = forms.TypedChoiceField(
        label=_("Ship and port on the day on board"),
        choices=[("yes", _("Agrees with the bill")), ("no", _("The ship was elsewhere"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = words(_("Source and what it says"), 1000, 3)


class SendForm(Form):
    """Whom one asked, and what."""

    directory_contact = forms.TypedChoiceField(
        label=_("Contact from the directory"), coerce=int, help_text=_("Never one that the paper names itself.")
    )
    message = words(_("What was asked"), 8000, 6)

    def __init__(self, *args: Any, user: Any, verification: Verification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = DirectoryContact.objects.visible_to(user).filter(kind=verification.kind, is_used=True)
        if verification.kind == Kind.BILL:
            rows = rows.filter(scac=verification.scac)
        field: Any = self.fields["directory_contact"]
        field.choices = [(row.pk, f"{row} ({row.get_channel_display()})") for row in rows.order_by("name", "pk")]


class ChaseForm(Form):
    """What was asked again."""

    message = words(_("What was asked"), 8000, 4)


class SettleForm(Form):
    """The answer and its original."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[(one.value, one.label) for one in Result if one != Result.NO_REPLY], widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=_("How it was answered"), choices=[("", "—"), *Channel.choices], required=False)
    name = _line(_("Who answered"), 200)
    told_at = LocalMoment(label=_("When"), required=False)
    message = words(_("The answer, word for word"), 8000, 5)
    original = forms.FileField(
        label=_("Original"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)})
    )


class ContactForm(forms.ModelForm):
    """A contact of the directory."""

    use_required_attribute = False

    class Meta:
        model = DirectoryContact
        fields = ("kind", "name", "scac", "channel", "address", "source", "checked_on", "is_used")
        widgets = {"checked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def validate_constraints(self) -> None:
        """The service says it."""
