"""The forms of packs: begin one, what it asks for, why a version is opened or the pack withdrawn."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs import rules, selectors
from credit.packs.choices import Authorship, ClientType, PackKind, PartyRole, SecurityKind, Segment
from credit.packs.models import PackVersion, Party
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from crm.companies.models import Company
from crm.web.forms import Amount, Day, Form


def _money(label: Any, *, required: bool = True, **more: Any) -> Amount:
    return Amount(label=label, required=required, max_digits=18, decimal_places=2, **more)


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=rules.REASON, widget=forms.Textarea(attrs={"rows": 3}))


class BorrowerForm(Form):
    """What the borrower is: the checklist follows it."""

    client_types = forms.MultipleChoiceField(
        label=_("What the borrower is"), choices=ClientType.choices, widget=forms.CheckboxSelectMultiple, help_text=_("All that hold.")
    )
    segment = forms.ChoiceField(label=_("Segment"), choices=Segment.choices, widget=forms.RadioSelect)


class PackForm(BorrowerForm):
    """A new pack."""

    kind = forms.ChoiceField(label=_("Request"), choices=PackKind.choices, widget=forms.RadioSelect)
    authorship = forms.ChoiceField(
        label=_("Who writes"),
        choices=Authorship.choices,
        widget=forms.RadioSelect,
        help_text=_("Fixed for this pack once it is begun."),
    )
    field_order = ("kind", "client_types", "segment", "authorship")

    def order(self) -> PackOrder:
        """As the service takes it."""
        data = self.cleaned_data
        return PackOrder(data["authorship"], data["segment"], data["kind"], tuple(data["client_types"]))


class PartForm(Form):
    """A form about a part of a version; takes the version, with its pack, and who fills it in."""

    def __init__(self, *args: Any, version: PackVersion, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.pack, self.user = version, version.pack, user
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices in."""

    def of_parties(self, name: str, role: str = "") -> None:
        """Offer the version's parties in a field."""
        field: Any = self.fields[name]
        rows = Party.objects.visible_to(self.user).filter(version=self.version).select_related("company").order_by("pk")
        field.queryset = rows.filter(role=role) if role else rows


class FacilityForm(PartForm):
    """One facility."""

    type_code = forms.ChoiceField(label=_("Facility"))
    currency = forms.ChoiceField(label=_("Currency"))
    amount = _money(_("Amount"))
    existing = _money(_("Today, in the pack’s currency"), required=False)
    tenor_months = forms.IntegerField(label=_("Tenor (months)"), min_value=1, max_value=rules.LONGEST_TENOR)
    purpose = forms.CharField(label=pgettext_lazy("loan", "Purpose"), max_length=rules.LINE)
    borrower: Any = forms.ModelChoiceField(label=_("Borrower"), queryset=None, required=False, empty_label=_("All borrowers"))
    in_cap = forms.BooleanField(label=_("Stands under the shared limit"), required=False)
    margin_bps = forms.DecimalField(label=_("Margin (bp)"), required=False, max_digits=7, decimal_places=2)
    base_rate = forms.CharField(label=_("Base rate"), required=False, max_length=40)
    fee = forms.CharField(label=_("Fees"), required=False, max_length=200)
    repayment = forms.CharField(label=_("Repayment"), required=False, max_length=rules.LINE)

    def prepare(self) -> None:
        """What the jurisdiction offers, and the currencies that have a rate."""
        fields: Any = self.fields
        on = timezone.localdate(timezone.now(), self.pack.centre.zone)
        fields["type_code"].choices = [(kind.code, kind.name) for kind in selectors.offered_types(self.pack.jurisdiction, on=on)]
        fields["currency"].choices = [(code, code) for code in selectors.currencies(self.pack.centre, on=on)]
        self.of_parties("borrower", PartyRole.BORROWER)

    def entry(self) -> FacilityEntry:
        """As the service takes it."""
        data = dict(self.cleaned_data)
        borrower = data.pop("borrower")
        data["existing"] = data["existing"] or rules.ZERO
        return FacilityEntry(borrower_id=borrower.pk if borrower else None, **data)


class PartyForm(PartForm):
    """A borrower, guarantor or provider of security: a company that we know, or a person by name."""

    role = forms.ChoiceField(label=_("Role"), choices=PartyRole.choices, widget=forms.RadioSelect)
    company: Any = forms.ModelChoiceField(
        label=_("Company"), queryset=None, required=False, empty_label=_("A person"), help_text=_("Of the group, or of your clients.")
    )
    person_name = forms.CharField(label=pgettext_lazy("natural person", "Person"), required=False, max_length=200)
    is_elderly_or_spouse = forms.BooleanField(label=_("Spouse of an owner, or elderly"), required=False)
    limit = _money(_("Guaranteed up to"), required=False, help_text=_("Empty: without a limit."))
    note = forms.CharField(label=_("Note"), required=False, max_length=rules.LINE)

    def prepare(self) -> None:
        """The company itself, its group, and those that the reader looks after."""
        fields: Any = self.fields
        fields["company"].queryset = selectors.party_companies(self.pack, user=self.user)

    def entry(self) -> PartyEntry:
        """As the service takes it."""
        data = dict(self.cleaned_data)
        company: Company | None = data.pop("company")
        return PartyEntry(company_id=company.pk if company else None, **data)


class SecurityForm(PartForm):
    """What secures the request."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SecurityKind.choices)
    description = forms.CharField(label=_("What"), max_length=rules.LINE)
    provider: Any = forms.ModelChoiceField(label=_("Provided by"), queryset=None, required=False, empty_label="—")
    value = _money(pgettext_lazy("security", "Value"))
    valued_on = Day(label=_("Valued on"), required=False)
    valuer = forms.CharField(label=_("Valued by"), required=False, max_length=120)
    haircut_percent = forms.DecimalField(label=_("Haircut (%)"), required=False, min_value=0, max_value=100, decimal_places=2)
    senior_debt = _money(_("Debt that ranks before ours"), required=False)

    def prepare(self) -> None:
        """The version's parties."""
        self.of_parties("provider")

    def entry(self) -> SecurityEntry:
        """As the service takes it."""
        data = dict(self.cleaned_data)
        provider = data.pop("provider")
        for name in ("haircut_percent", "senior_debt"):
            data[name] = data[name] or rules.ZERO
        return SecurityEntry(provider_id=provider.pk if provider else None, **data)
