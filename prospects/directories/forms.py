"""Forms of directories: the file, what its columns mean, which sheet, what a row's company is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError
from crm.kernel.files import tidy_name
from crm.web.forms import Day, Form
from prospects.directories import services
from prospects.directories.choices import FIELD_GROUPS
from prospects.directories.headings import Field
from prospects.directories.mapping import Mapping, exchange_names
from prospects.directories.mapping.columns import SEVERAL
from prospects.directories.models import Import

COLUMNS_SHOWN = 60
SAMPLES_SHOWN = 3
SAMPLE_LENGTH = 60
NONE_OF_THEM = "0"
_KINDS = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.xlsm"


class UploadForm(Form):
    """A file and where it is from. Read as soon as it is here, outside of any transaction, so that a refusal stands beside the file."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, TSV, XLSX, XLS or ODS, 50 MB at most."))
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        required=False,
        help_text=_("By this name the list is known again, such as “HKEX securities”. Left empty: the name of the file."),
    )
    as_of = Day(label=_("Day of the list"), help_text=_("Values of an older list never overwrite newer ones."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = _KINDS

    def clean(self) -> dict[str, Any]:
        """Adds `table`, what was read of the file."""
        cleaned: dict[str, Any] = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded is not None and not self.errors:
            try:
                cleaned["table"] = services.read_table(
                    self._path_of(uploaded), tidy_name(uploaded.name or ""), source_name=cleaned.get("source", "")
                )
            except DomainError as error:
                self.add_error("file", str(error.message))
        return cleaned

    def _path_of(self, uploaded: UploadedFile) -> Path:
        """Where the content lies. A small upload is written to a file that takes its place, and ends with the request."""
        if not isinstance(uploaded, TemporaryUploadedFile):
            written = TemporaryUploadedFile(uploaded.name or "", uploaded.content_type, uploaded.size, uploaded.charset)
            for chunk in uploaded.chunks():
                written.write(chunk)
            written.flush()
            self.files[self.add_prefix("file")] = uploaded = written
        return Path(uploaded.temporary_file_path())


class SheetForm(Form):
    """Another sheet of the workbook."""

    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args: Any, directory_import: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory_import = directory_import
        sheet: Any = self.fields["sheet"]
        sheet.choices = [(name, name) for name in directory_import.sheets]

    def clean(self) -> dict[str, Any]:
        """Adds `table`, what was read of the sheet."""
        cleaned: dict[str, Any] = super().clean() or {}
        if sheet := cleaned.get("sheet"):
            stored = self.directory_import.file
            try:
                cleaned["table"] = services.read_table(stored.path, stored.name, sheet=sheet, source_name=self.directory_import.source.name)
            except DomainError as error:
                self.add_error("sheet", str(error.message))
        return cleaned


class MappingForm(Form):
    """What each column means, which rows are wanted, the day of the list."""

    exchange = forms.ChoiceField(
        label=_("Exchange of stock codes that name none"), required=False, help_text=_("Left open, it is told by the shape of each code.")
    )
    day_first = forms.TypedChoiceField(
        label=_("Dates like 01/03/2023"),
        choices=((1, _("day first: 1 March")), (0, _("month first: 3 January"))),
        coerce=lambda value: bool(int(value)),
    )
    as_of = Day(label=_("Day of the list"))
    condition = forms.CharField(
        label=_("Only rows where"), required=False, max_length=300, help_text=_("COLUMN=VALUE or COLUMN!=VALUE, such as Category=Equity.")
    )
    remember = forms.BooleanField(label=_("Remember the columns for this source"), required=False, initial=True)

    def __init__(self, *args: Any, directory_import: Import, **kwargs: Any) -> None:
        self.directory_import = directory_import
        mapping = directory_import.read_as
        kwargs["initial"] = self._initial(mapping) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        exchange: Any = self.fields["exchange"]
        exchange.choices = [("", _("Not stated")), *((scope, scope) for scope in exchange_names())]
        self.fields["condition"].widget.attrs["list"] = "conditions"
        self.columns = [
            (index, column) for index, column in enumerate(mapping.columns) if index < COLUMNS_SHOWN or column in mapping.fields
        ]
        choices = [("", _("not needed")), *((group, [(fed.value, label) for fed, label in fields]) for group, fields in FIELD_GROUPS)]
        for index, column in self.columns:
            self.fields[f"column_{index}"] = forms.ChoiceField(
                choices=choices, required=False, label=column, widget=forms.Select(attrs={"aria-label": column})
            )

    def _initial(self, mapping: Mapping) -> dict[str, Any]:
        columns = {f"column_{index}": mapping.fields.get(column, "") for index, column in enumerate(mapping.columns)}
        return columns | {
            "exchange": mapping.exchange,
            "day_first": int(mapping.day_first),
            "as_of": self.directory_import.as_of,
            "condition": self.directory_import.condition,
        }

    def rows(self) -> Iterator[tuple[forms.BoundField, str, list[str]]]:
        """(select, heading, first filled values) of each column."""
        sample = self.directory_import.sample
        for index, column in self.columns:
            values = (row[index + 1] for row in sample if index + 1 < len(row) and row[index + 1])
            yield self[f"column_{index}"], column, [value[:SAMPLE_LENGTH] for value in dict.fromkeys(values)][:SAMPLES_SHOWN]

    def conditions(self) -> list[str]:
        """Conditions to choose from: the values of columns that have few."""
        return [f"{column}={value}" for column, values in self.directory_import.choices.items() for value in values if value]

    def clean(self) -> dict[str, Any]:
        """Adds `mapping`. Two columns may give one thing only where a company has several of it."""
        cleaned: dict[str, Any] = super().clean() or {}
        fields: dict[str, Field] = {}
        for index, column in self.columns:
            if not (value := cleaned.get(f"column_{index}")):
                continue
            fed = Field(value)
            if fed in fields.values() and fed not in SEVERAL:
                self.add_error(f"column_{index}", _("Another column is said to mean this already."))
            fields[column] = fed
        cleaned["mapping"] = Mapping(
            columns=self.directory_import.read_as.columns,
            fields=fields,
            exchange=cleaned.get("exchange") or "",
            day_first=cleaned.get("day_first", True),
        )
        return cleaned


class DecisionForm(Form):
    """Which of the candidates a row is, or why it is none of them."""

    company = forms.ChoiceField(label=_("This row is"), widget=forms.RadioSelect)
    because = forms.CharField(label=_("Not the same because"), max_length=300, required=False)

    def __init__(self, *args: Any, candidates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.choices = [*((str(pk), name) for pk, name in candidates), (NONE_OF_THEM, _("None of these: a new company"))]

    def clean(self) -> dict[str, Any]:
        """`same_as`: the company's id, or None."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("company", "")
        cleaned["same_as"] = int(chosen) if chosen and chosen != NONE_OF_THEM else None
        return cleaned
