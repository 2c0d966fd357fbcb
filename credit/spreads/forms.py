"""The forms of spreads: details, a typed period, a file and what it means, the check, the working-capital need, a projection."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from credit.spreads import services
from credit.spreads.choices import Part, PeriodKind, UnitOfMoney
from credit.spreads.lines import lines
from credit.spreads.mapping.amounts import NotTaken, amount_of
from credit.spreads.mapping.periods import Heading
from credit.spreads.mapping.taking import Plan
from credit.spreads.models import Spread
from credit.spreads.reading.grids import TEXT, Cell
from credit.spreads.rules import NeedCase
from credit.spreads.services.loading import Reading
from crm.kernel.errors import DomainError
from crm.kernel.files import tidy_name
from crm.staff.choices import Jurisdiction
from crm.web.forms import Amount, Day, Form

PAGE = "__page"
_KINDS = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"
LABELS_SHOWN = 300
SAMPLE_LENGTH = 80


class AmountField(forms.CharField):
    """An amount as statements write it: 1,234 or (1,234). Says why something is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount, or None."""
        text = super().clean(value)
        try:
            return amount_of(Cell(TEXT, text))
        except NotTaken as problem:
            raise ValidationError(str(problem.sentence)) from problem


class DetailsForm(Form):
    """What a spread is in, and what is asked for."""

    currency = forms.CharField(label=_("Currency"), max_length=3, initial="HKD")
    unit = forms.TypedChoiceField(label=_("Figures in"), choices=UnitOfMoney.choices, coerce=int, initial=UnitOfMoney.THOUSAND)
    jurisdiction = forms.ChoiceField(label=_("Law"), choices=Jurisdiction.choices, initial=Jurisdiction.HK)
    year_end_month = forms.IntegerField(
        label=_("Month of the year end"), initial=12, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    asked_hkd = Amount(
        label=_("Asked for, in HKD"),
        required=False,
        max_digits=16,
        decimal_places=2,
        help_text=_("Above the bank’s amount a second person checks the spread."),
    )


class PeriodForm(Form):
    """A whole period, line by line, each with the page of the accounts. Empty lines are not stated."""

    ends_on = Day(label=_("Period ends"))
    months = forms.IntegerField(label=_("Months covered"), initial=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    kind = forms.ChoiceField(label=_("Accounts"), choices=PeriodKind.choices, initial=PeriodKind.AUDITED)
    source = forms.CharField(label=_("Source"), required=False, max_length=200, help_text=_("Which report, such as “Annual report 2025”."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines().values():
            self.fields[line.code] = AmountField(label=line.name)
            self.fields[line.code + PAGE] = forms.CharField(label=_("Page"), required=False, max_length=80)

    def groups(self) -> Iterator[tuple[Any, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The lines by statement, each with its page, as the template draws them."""
        for part in Part:
            yield part.label, [(self[line.code], self[line.code + PAGE]) for line in lines().values() if line.statement == part]

    def heading(self) -> Heading:
        """The period."""
        return Heading(self.cleaned_data["ends_on"], self.cleaned_data["months"], self.cleaned_data["kind"])

    def values(self) -> dict[str, Decimal]:
        """The lines that hold an amount."""
        return {code: self.cleaned_data[code] for code in lines() if self.cleaned_data.get(code) is not None}

    def pages(self) -> dict[str, str]:
        """The pages that were typed."""
        return {code: self.cleaned_data[code + PAGE] for code in lines() if self.cleaned_data.get(code + PAGE)}


class FileForm(Form):
    """A file of statements. Read as soon as it is here, so that a refusal stands beside it. Takes `spread`."""

    file = forms.FileField(label=_("File"), help_text=_("XLSX, XLS, ODS or CSV, 20 MB at most."))
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=120, help_text=_("Left empty: the first that holds anything."))
    own_unit = forms.TypedChoiceField(
        label=_("Figures in"), choices=[("", _("As the file says")), *UnitOfMoney.choices], coerce=int, empty_value=None, required=False
    )
    only = forms.CharField(
        label=_("Only rows where"), required=False, max_length=200, help_text=_("For a file of many companies: COLUMN=VALUE.")
    )
    missing = forms.CharField(
        label=_("Mark of what is not known"), required=False, max_length=20, help_text=_("Such as -1, where the file writes that.")
    )

    def __init__(self, *args: Any, spread: Spread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spread = spread
        self.fields["file"].widget.attrs["accept"] = _KINDS

    def clean(self) -> dict[str, Any]:
        """Adds `reading` and `path`."""
        cleaned: dict[str, Any] = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded is not None and not self.errors:
            told = {name: cleaned[name] for name in ("sheet", "own_unit", "only", "missing")}
            spread = self.spread
            try:
                cleaned["path"] = _path_of(uploaded)
                cleaned["reading"] = services.read_statements(
                    cleaned["path"], tidy_name(uploaded.name or ""), unit=spread.unit, year_end_month=spread.year_end_month, **told
                )
            except DomainError as error:
                self.add_error(next((name for name in error.fields if name in self.fields), "file"), str(error.message))
        return cleaned


def _path_of(uploaded: UploadedFile) -> Path:
    """Where the content lies. A small upload is written to a file that ends with the request."""
    if isinstance(uploaded, TemporaryUploadedFile):
        return Path(uploaded.temporary_file_path())
    written = TemporaryUploadedFile(uploaded.name or "", uploaded.content_type, uploaded.size, uploaded.charset)
    for chunk in uploaded.chunks():
        written.write(chunk)
    written.flush()
    uploaded.kept = written  # type: ignore[attr-defined]
    return Path(written.temporary_file_path())


class PlanForm(Form):
    """What the labels and periods of a file mean. Takes `reading`; `plan()` is what was chosen."""

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        plan, board = reading.plan, reading.board
        for at, key in enumerate(board.periods):
            kept = plan.periods.get(key)
            self.fields[f"on_{at}"] = Day(label=_("Period ends"), required=False, initial=kept.ends_on if kept else None)
            self.fields[f"months_{at}"] = forms.IntegerField(
                label=_("Months covered"), min_value=1, max_value=24, initial=kept.months if kept else 12, widget=forms.TextInput()
            )
            self.fields[f"kind_{at}"] = forms.ChoiceField(
                label=_("Accounts"), choices=PeriodKind.choices, initial=kept.kind if kept else PeriodKind.AUDITED
            )
            self.fields[f"unit_{at}"] = forms.TypedChoiceField(
                label=_("Figures in"), choices=UnitOfMoney.choices, coerce=int, initial=plan.units.get(key, UnitOfMoney.ONE)
            )
        choices = [("", _("Leave out")), *((line.code, line.name) for line in lines().values())]
        for at, (key, label) in enumerate(list(board.labels.items())[:LABELS_SHOWN]):
            self.fields[f"line_{at}"] = forms.ChoiceField(
                label=label[:SAMPLE_LENGTH], choices=choices, required=False, initial=plan.codes.get(key, "")
            )

    def period_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each period as the file calls it, with its fields."""
        return [
            (said.text or said.place, [self[f"{name}_{at}"] for name in ("on", "months", "kind", "unit")])
            for at, said in enumerate(self.reading.board.periods.values())
        ]

    def line_fields(self) -> list[forms.BoundField]:
        """The labels."""
        return [self[name] for name in self.fields if name.startswith("line_")]

    def clean(self) -> dict[str, Any]:
        """No line and no period twice."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen: set[Any] = set()
        for name in [name for name in self.fields if name.startswith(("line_", "on_"))]:
            value: Any = cleaned.get(name)
            if name.startswith("on_"):
                value = value and (value, cleaned.get(name.replace("on_", "months_")))
            if value and value in seen:
                self.add_error(name, _("This is chosen twice."))
            seen.add(value)
        return cleaned

    def plan(self) -> Plan:
        """What was chosen."""
        data, board = self.cleaned_data, self.reading.board
        codes = {key: data.get(f"line_{at}", "") for at, key in enumerate(list(board.labels)[:LABELS_SHOWN])}
        periods = {
            key: Heading(data[f"on_{at}"], data[f"months_{at}"], data[f"kind_{at}"])
            for at, key in enumerate(board.periods)
            if data.get(f"on_{at}")
        }
        units = {key: data[f"unit_{at}"] for at, key in enumerate(board.periods)}
        return Plan({key: code for key, code in codes.items() if code}, periods, units, self.reading.plan.missing)


class CheckForm(Form):
    """The word of the second person."""

    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=500,
        help_text=_("Where figures do not tie: why they may stand."),
        widget=forms.Textarea,
    )


def _number(label: Any, *, required: bool = True, places: int = 2, **kwargs: Any) -> Amount:
    return Amount(label=label, required=required, max_digits=18, decimal_places=places, **kwargs)


class NeedForm(Form):
    """The mainland's working-capital need; rates in percent. Filled from the address, since it changes nothing."""

    sales = _number(_("Sales of last year"))
    margin = _number(_("Margin of last year, %"), places=4)
    growth = _number(_("Expected growth, %"), places=4)
    dio = _number(_("Stock days"))
    dso = _number(_("Debtor days"))
    dpo = _number(_("Creditor days"))
    prepaid = _number(_("Prepaid days"), required=False)
    advance = _number(_("Days of receipts in advance"), required=False)
    own = _number(_("Own funds"), required=False)
    loans = _number(_("Existing working-capital loans"), required=False)
    other = _number(_("Other funding"), required=False)
    request = _number(_("Loan asked for"), required=False)

    def case(self) -> NeedCase:
        """As the rule takes it."""
        data = {name: value if value is not None else Decimal(0) for name, value in self.cleaned_data.items()}
        data["request"] = self.cleaned_data["request"]
        return NeedCase(**{**data, "margin": data["margin"] / 100, "growth": data["growth"] / 100})


class ProjectionForm(Form):
    """What is expected of the coming years, in percent."""

    growth = _number(_("Growth of sales a year, %"), places=4, min_value=-100, max_value=1000)
    gross_margin = _number(_("Gross margin, %"), places=4, min_value=-100, max_value=100)
