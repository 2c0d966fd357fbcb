"""The forms of deals: adding one, changing it, moving it with what its stages ask for, losing it, giving it away."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import DecimalField, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.clients.choices import KycRisk
from crm.companies.choices import ConsentBasis, IdentifierKind
from crm.companies.models import Company, Contact
from crm.companies.rules import CompanyFacts, NewAddress, NewIdentifier, NewName
from crm.web.forms import Amount, Day, Form
from prospects.deals.choices import Criterion, DealKind, LostReason, Source
from prospects.deals.models import Deal
from prospects.deals.rules import COLUMNS, EDITABLE, STATED, Answers, Loss, Statement, Terms
from prospects.deals.selectors import CheckLine
from prospects.deals.services.traces import LINE_LIMIT

_NUMBERS = [("", "—"), *(choice for choice in IdentifierKind.choices if choice[0] != IdentifierKind.CUSTOMER)]
_CONSENTS = [choice for choice in ConsentBasis.choices if choice[0] != ConsentBasis.NONE]
_TERMS = ("source_detail", "need", "amount", "expected_income", "credit_free", "next_step", "next_step_on")


def _column(name: str, **kwargs: Any) -> Any:
    """The form field of a deal's column; never required by itself."""
    column: Any = Deal._meta.get_field(name)
    built = column.formfield(**({"form_class": Amount} | kwargs if isinstance(column, DecimalField) else kwargs))
    built.required = False
    return built


class ProspectForm(Form):
    """Everything that a prospect begins with, on one page. With `company` given, its names and numbers are not asked for."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Which number"), choices=_NUMBERS, required=False)
    identifiers = forms.CharField(
        label=_("Number"), max_length=40, required=False, help_text=_("A number keeps the company from being added twice.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    not_same_because = forms.CharField(
        label=_("Not the same because"), max_length=LINE_LIMIT, required=False, help_text=_("Where a company of a like name is known.")
    )
    source = forms.ChoiceField(label=_("Source"), choices=[("", "—"), *Source.choices])
    source_detail = _column("source_detail")
    need = _column("need")
    amount = _column("amount")
    expected_income = _column("expected_income")
    credit_free = _column("credit_free")
    next_step = _column("next_step")
    next_step_on = Day(label=pgettext_lazy("deadline", "By"), required=False)
    owner: Any = forms.ModelChoiceField(label=_("Owner"), queryset=None, required=False, empty_label=_("Me"))

    folded = ("amount", "expected_income", "credit_free")

    def __init__(self, *args: Any, company: Company | None = None, owners: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        owner: Any = self.fields["owner"]
        if owners is None:
            del self.fields["owner"]
        else:
            owner.queryset, owner.empty_label = owners, "—"
            owner.required = True
        if company is not None:
            for name in ("name_en", "name_zh", "kind", "identifiers", "phone", "address", "website", "not_same_because"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A number needs its kind, a new company its name."""
        data = super().clean() or self.cleaned_data
        if data.get("identifiers") and not data.get("kind"):
            self.add_error("kind", _("Say what kind of number this is."))
        if self.company is None and not (data.get("name_en") or data.get("name_zh")) and not self._is_name_wrong():
            self.add_error("name_en", _("A company needs a name."))
        return data

    def _is_name_wrong(self) -> bool:
        """A name was typed and refused: its own sentence says why."""
        return not self.errors.keys().isdisjoint(("name_en", "name_zh"))

    @property
    def facts(self) -> CompanyFacts:
        """The company as it was typed."""
        data = self.cleaned_data
        return CompanyFacts(
            names=[NewName(data[name]) for name in ("name_en", "name_zh") if data.get(name)],
            identifiers=[NewIdentifier(data["kind"], data["identifiers"])] if data.get("identifiers") and data.get("kind") else (),
            addresses=[NewAddress(text_en=data["address"])] if data.get("address") else (),
            phone=data.get("phone", ""),
            website=data.get("website", ""),
        )

    def terms(self, kind: str = DealKind.NEW) -> Terms:
        """How the deal begins."""
        data, owner = self.cleaned_data, self.cleaned_data.get("owner")
        given = {name: data[name] for name in _TERMS if data[name] is not None}
        return Terms(source=data["source"], kind=kind, owner_id=owner.pk if owner else None, values=given)


class DealForm(forms.ModelForm):
    """What a person writes of a deal. `people` are the contacts among whom the decision maker is."""

    use_required_attribute = False
    next_step_on = Day(label=pgettext_lazy("deadline", "By"), required=False)

    class Meta:
        model = Deal
        fields = EDITABLE
        field_classes: ClassVar[dict[str, Any]] = {"amount": Amount, "expected_income": Amount}

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision_maker: Any = self.fields["decision_maker"]
        decision_maker.queryset = people
        self.fields["expected_income"].required = False

    def clean_expected_income(self) -> Any:
        """Nothing typed is nothing expected."""
        return self.cleaned_data["expected_income"] or 0

    def _post_clean(self) -> None:
        """The service checks and sets the columns; the form only reads."""


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=LINE_LIMIT, widget=forms.Textarea(attrs={"rows": 2}))


class LossForm(Form):
    """Why a deal is lost, and when to look again."""

    reason = forms.ChoiceField(label=_("Why"), choices=LostReason.choices, widget=forms.RadioSelect)
    competitor = _column("competitor")
    price_gap_bps = _column("price_gap_bps")
    revisit_on = Day(label=_("Look again on"), required=False, help_text=_("Left empty: in 180 days."))
    note = forms.CharField(label=_("Note"), max_length=LINE_LIMIT, required=False)

    @property
    def loss(self) -> Loss:
        """As the service takes it."""
        return Loss(**self.cleaned_data)


class EvidenceForm(Form):
    """What shows a criterion, and the day that it bears."""

    text = forms.CharField(label=_("What shows it"), max_length=LINE_LIMIT, widget=forms.Textarea(attrs={"rows": 2}))
    on = Day(label=_("Dated"))

    @property
    def statement(self) -> Statement:
        """As the service takes it."""
        return Statement(self.cleaned_data["text"], self.cleaned_data["on"])


class CoverageForm(Form):
    """For which company one asks who covers it."""

    asked = forms.CharField(label=_("Company"), max_length=200, help_text=_("Name in either script, stock code or registration number."))
    company = forms.IntegerField(label=_("Which one?"), required=False, widget=forms.HiddenInput)

    def offer(self, companies: Sequence[Company]) -> None:
        """Let the reader choose the company that is meant."""
        names = [(one.pk, " · ".join(filter(None, (one.name, one.other_name)))) for one in companies]
        self.fields["company"].widget = forms.RadioSelect(choices=names)


class AssignForm(ReasonForm):
    """The new owner, and why."""

    owner: Any = forms.ModelChoiceField(label=_("New owner"), queryset=None, empty_label="—")
    field_order = ("owner", "reason")

    def __init__(self, *args: Any, owners: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners


class AdvanceForm(Form):
    """Exactly what still lacks on the way to a later stage, in rows that belong together; the service judges what was given."""

    def __init__(self, *args: Any, missing: list[CheckLine], people: QuerySet[Contact], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [found.criterion for found in missing if not found.waits]
        self.waiting = [found for found in missing if found.waits]
        self._rows: list[list[str]] = []
        for criterion in self.asked:
            self._ask(criterion, people, today)

    def _ask(self, criterion: Criterion, people: QuerySet[Contact], today: dt.date) -> None:
        label = criterion.label
        if criterion in STATED:
            shown_by = forms.CharField(label=label, max_length=LINE_LIMIT, help_text=_("What shows it?"))
            self._row({f"{criterion}_text": shown_by, f"{criterion}_on": Day(label=_("Dated"), initial=today)})
        elif criterion == Criterion.DECISION_MAKER:
            known = forms.ModelChoiceField(label=label, queryset=people, required=False, empty_label="—")
            name = forms.CharField(label=_("Someone new"), max_length=200, required=False)
            title = forms.CharField(label=_("Position"), max_length=120, required=False)
            self._row({"decision_maker": known})
            self._row({"new_person": name, "new_title": title})
        elif criterion == Criterion.CONSENT:
            # The person who is chosen in the same form may have consented already.
            needed = Criterion.DECISION_MAKER not in self.asked
            basis = forms.ChoiceField(label=label, choices=_CONSENTS, required=needed, widget=forms.RadioSelect)
            self._row({"consent": basis, "consent_on": Day(label=_("Consent given on"), required=needed, initial=today)})
        elif criterion == Criterion.IDENTITY:
            kind = forms.ChoiceField(label=_("Which number"), choices=_NUMBERS)
            self._row({"identity_kind": kind, "identity": forms.CharField(label=label, max_length=40)})
        elif criterion == Criterion.KYC_PRESCORE:
            self._row({"kyc_prescore": forms.ChoiceField(label=label, choices=[("", "—"), *KycRisk.choices])})
        elif criterion in COLUMNS:
            built = _column(COLUMNS[criterion])
            built.required = True
            self._row({COLUMNS[criterion]: built})

    def _row(self, fields: dict[str, forms.Field]) -> None:
        self.fields.update(fields)
        self._rows.append(list(fields))

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields, those of one criterion side by side."""
        return [[self[name] for name in names] for names in self._rows]

    @property
    def needs_visit(self) -> bool:
        """A visit has to be logged, which is a form of its own."""
        return Criterion.VISIT_LOG in self.asked

    @property
    def answers(self) -> Answers:
        """What was given, as the service takes it; what was left empty stays missing."""
        data = self.cleaned_data
        values = {name: data[name] for name in COLUMNS.values() if data.get(name) not in (None, "")}
        stated = {
            criterion: Statement(data[f"{criterion}_text"], on)
            for criterion in self.asked
            if data.get(f"{criterion}_text") and (on := data.get(f"{criterion}_on"))
        }
        number = NewIdentifier(data["identity_kind"], data["identity"]) if data.get("identity") and data.get("identity_kind") else None
        person = {"name_en": data["new_person"], "title": data["new_title"]} if data.get("new_person") else None
        consent = (data["consent"], data["consent_on"]) if data.get("consent") else None
        return Answers(values=values, statements=stated, identifier=number, contact=person, consent=consent)
