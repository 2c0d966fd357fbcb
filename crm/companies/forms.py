"""The forms of companies, their groups and their people."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import AddressKind, Channel, ConsentBasis, ContactRole, GroupBasis, IdentifierKind, NameKind
from crm.companies.models import Address, Company, CompanyName, Contact, Identifier
from crm.companies.rules import COMPANY_FACTS, CompanyFacts, NewAddress, NewIdentifier, NewName
from crm.staff.choices import Jurisdiction
from crm.web.forms import Day, Form

GROUPS_OFFERED = 200
_TYPED_KINDS = [choice for choice in IdentifierKind.choices if choice[0] != IdentifierKind.CUSTOMER]


def _line(model: Any, name: str, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    """A line of text as long as the model's column, under its word."""
    column = model._meta.get_field(name)
    return forms.CharField(label=capfirst(column.verbose_name), max_length=column.max_length, required=required, help_text=help_text)


class CompanyFactsForm(Form):
    """The facts of a company, besides its names and numbers."""

    sector = _line(Company, "sector")
    industry = _line(Company, "industry")
    jurisdiction = forms.ChoiceField(label=_("Jurisdiction"), choices=[("", "—"), *Jurisdiction.choices], required=False)
    country = _line(Company, "country", help_text=_("Two letters, such as HK."))
    city = _line(Company, "city")
    phone = _line(Company, "phone")
    email = _line(Company, "email")
    website = _line(Company, "website")
    incorporated_on = Day(label=_("Incorporated"), required=False)
    listed_on = Day(label=_("Listed"), required=False)

    def clean_country(self) -> str:
        """In capitals."""
        return self.cleaned_data["country"].upper()


class CompanyForm(CompanyFactsForm):
    """A company that is not known yet."""

    name_en = _line(Company, "name_en")
    name_zh = _line(Company, "name_zh")
    kind = forms.ChoiceField(label=_("Which number"), choices=[("", "—"), *_TYPED_KINDS], required=False)
    identifiers = forms.CharField(
        label=_("Number"), max_length=40, required=False, help_text=_("For example 0005.HK, or a registration number.")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    not_same_because = forms.CharField(label=_("Not the same because"), max_length=100, required=False)

    field_order = ("name_en", "name_zh", "not_same_because", "kind", "identifiers", "address")
    folded = ("address", "city", "country", "industry", "jurisdiction", "email", "website", "incorporated_on", "listed_on")

    def clean(self) -> dict[str, Any]:
        """A number needs its kind."""
        data = super().clean() or self.cleaned_data
        if data.get("identifiers") and not data.get("kind"):
            self.add_error("kind", _("Say what kind of number this is."))
        return data


def stated_facts(data: dict[str, Any]) -> CompanyFacts:
    """What was typed into a CompanyForm, as the service takes it."""
    return CompanyFacts(
        names=[NewName(data[name]) for name in ("name_en", "name_zh") if data[name]],
        identifiers=[NewIdentifier(data["kind"], data["identifiers"])] if data["identifiers"] else (),
        addresses=[NewAddress(text_en=data["address"])] if data["address"] else (),
        **{field: data[field] for field in COMPANY_FACTS},
    )


class NameForm(Form):
    """One more name."""

    text = _line(CompanyName, "text", required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=NameKind.choices, initial=NameKind.ALIAS, widget=forms.RadioSelect)


class IdentifierForm(Form):
    """One more number."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_TYPED_KINDS)
    value = _line(Identifier, "value", required=True)
    scope = _line(Identifier, "scope", help_text=_("Of a stock code, unless the code says it (0005.HK)."))


class AddressForm(Form):
    """One more address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AddressKind.choices, initial=AddressKind.OFFICE)
    text_en = _line(Address, "text_en")
    text_zh = _line(Address, "text_zh")


class RemovalForm(Form):
    """Why a name, number or address is taken away."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class GroupForm(Form):
    """The names of a group."""

    name_en = _line(Company, "name_en")
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)


class GroupChoiceForm(GroupForm):
    """The company's group: one that is there, a new one by its names, or none."""

    group: Any = forms.ModelChoiceField(label=_("Group"), queryset=None, required=False, empty_label=_("None"))
    basis = forms.ChoiceField(
        label=_("It belongs to the group by"), choices=[("", _("Not stated yet")), *GroupBasis.choices], required=False
    )
    share = forms.DecimalField(
        label=_("Share, in percent"),
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Of the shares, or of receipts or payments where it depends on the group."),
    )
    note = forms.CharField(label=_("Who controls, or what it depends on"), max_length=200, required=False)

    field_order = ("group",)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["group"]
        choice.queryset = groups
        self.fields["name_en"].label = _("Or a new group (English)")
        self.fields["name_zh"].label = _("Or a new group (Chinese)")


class ContactForm(Form):
    """A person of a company."""

    name_en = _line(Contact, "name_en")
    name_zh = _line(Contact, "name_zh")
    title = _line(Contact, "title")
    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices, initial=ContactRole.OTHER)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    phone = _line(Contact, "phone")
    mobile = _line(Contact, "mobile")
    email = forms.EmailField(label=_("E-mail"), required=False)
    consent_basis = forms.ChoiceField(label=_("Consent"), choices=ConsentBasis.choices, initial=ConsentBasis.NONE)
    consent_on = Day(label=_("Consent given on"), required=False)
    cross_border_ok = forms.BooleanField(label=_("Data may cross the border"), required=False)
    birthday = Day(label=_("Birthday"), required=False, help_text=_("Only with the person's consent."))
    note = _line(Contact, "note")


class ConsentForm(Form):
    """On what basis a person's data are used."""

    basis = forms.ChoiceField(label=_("Consent"), choices=ConsentBasis.choices, widget=forms.RadioSelect)
    on = Day(label=_("Since"), required=False)


class OptOutForm(Form):
    """The ways in which a person does not want to be reached."""

    channels = forms.MultipleChoiceField(
        label=_("Does not want"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LeftForm(Form):
    """When a person left."""

    on = Day(label=_("Left on"))
