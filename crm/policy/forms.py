"""Forms in which figures are proposed, and a change is refused."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import PolicyTable
from crm.policy import rules, selectors
from crm.policy.choices import GRADE_KEYS, NUMBERS, Jurisdiction, Unit
from crm.policy.rules import Proposal
from crm.web.forms import Day, Form

REASON = 300


def field_name(key: str) -> str:
    """The name of a key's field."""
    return f"figure-{key}"


class ChangeForm(Form):
    """What every proposal says: from when on, and why."""

    effective_from = Day(label=_("From"), help_text=_("Today or a later day."))
    reason = forms.CharField(label=_("Reason"), max_length=REASON)

    def __init__(self, *args: Any, policy: PolicyTable, today: dt.date, jurisdiction: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy, self.jurisdiction = policy, jurisdiction
        self.fields["effective_from"].initial = today

    def _told(self, values: dict[str, Any], person_id: int | None = None) -> Proposal:
        data = self.cleaned_data
        return Proposal(self.policy.name, values, data["effective_from"], data["reason"], self.jurisdiction, person_id)


class FiguresForm(ChangeForm):
    """All figures of a table in one jurisdiction, filled with what stands; those that are typed over are proposed."""

    def __init__(self, *args: Any, policy: PolicyTable, today: dt.date, jurisdiction: str = "", **kwargs: Any) -> None:
        super().__init__(*args, policy=policy, today=today, jurisdiction=jurisdiction, **kwargs)
        self.stands = selectors.stands(policy, on=today, jurisdiction=jurisdiction)
        own = {name: self.fields.pop(name) for name in list(self.fields)}
        for key, value in self.stands.items():
            self.fields |= self._fields(key, value)
        self.fields |= own

    def _fields(self, key: str, value: Any) -> dict[str, forms.Field]:
        label = str(selectors.label_of_key(self.policy, key) or self.policy.label)
        if not self.policy.parts:
            return {field_name(key): self._field(key, value, label)}
        return {
            f"{field_name(key)}-{part}": self._field(key, value.get(part), f"{label} · {name}") for part, name in self.policy.parts.items()
        }

    def _field(self, key: str, value: Any, label: str) -> forms.Field:
        unit = rules.unit_of(self.policy, key)
        now = rules.in_words(self.policy, key, value, self.jurisdiction)
        told: dict[str, Any] = {
            "label": label,
            "initial": rules.typed(self.policy, key, value),
            "help_text": _("Now: %(value)s") % {"value": now},
        }
        if key in self.policy.choices:
            return forms.ChoiceField(choices=list(self.policy.choices[key].items()), **told)
        if unit == Unit.WORDS:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), **told | {"help_text": _("One word or phrase a line.")})
        numeric = {"inputmode": "decimal" if unit == Unit.MONEY else "numeric"} if unit in NUMBERS and not self.policy.special else {}
        return forms.CharField(widget=forms.TextInput(attrs=numeric), **told)

    def proposal(self) -> Proposal:
        """What was typed over."""
        values = {key: self._typed(key) for key in self.stands if self._is_changed(key)}
        return self._told(values)

    def _is_changed(self, key: str) -> bool:
        return any(name in self.changed_data for name in self._names(key))

    def _names(self, key: str) -> list[str]:
        return [f"{field_name(key)}-{part}" for part in self.policy.parts] or [field_name(key)]

    def _typed(self, key: str) -> Any:
        if not self.policy.parts:
            return self.cleaned_data[field_name(key)]
        return {part: self.cleaned_data[f"{field_name(key)}-{part}"] for part in self.policy.parts}

    def fields_of(self, key: str) -> list[str]:
        """The names of the fields of a key; a field's own name where it is no key."""
        return self._names(key) if key in self.stands else [key]


class OwnFigureForm(ChangeForm):
    """One person's own figure: a smaller one than the grade's, or none any more."""

    field_order = ("person", "key", "figure", "ends", "effective_from", "reason")

    person = forms.ModelChoiceField[Any](label=_("Person"), queryset=None)
    figure = forms.CharField(label=_("New figure"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    ends = forms.BooleanField(label=_("No figure of their own any more"), required=False)

    def __init__(self, *args: Any, people: Any, policy: PolicyTable, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, policy=policy, today=today, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        stands = selectors.stands(policy, on=today, jurisdiction="")
        self.by_grade = set(stands) <= set(GRADE_KEYS)
        shown = ((selectors.label_of_key(policy, key), rules.in_words(policy, key, value)) for key, value in stands.items())
        self.fields["figure"].help_text = " · ".join(f"{label} {text}".strip() for label, text in shown)
        if not self.by_grade and set(stands) != {""}:
            choices = [(key, selectors.label_of_key(policy, key)) for key in stands]
            self.fields["key"] = forms.ChoiceField(label=_("Figure"), choices=choices)
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Either a figure or its end."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("figure")) == bool(data.get("ends")):
            self.add_error("figure", _("Write a figure, or say that there is none any more."))
        return data

    def proposal(self) -> Proposal:
        """For the person's grade, or the key that was chosen."""
        data = self.cleaned_data
        return self._told({self.key: None if data["ends"] else data["figure"]}, data["person"].pk)

    @property
    def key(self) -> str:
        """The key of the figure: the person's highest grade in tables by grade."""
        if not self.by_grade:
            return str(self.cleaned_data.get("key", ""))
        return next((key for key in reversed(GRADE_KEYS) if key in self.cleaned_data["person"].actor.roles), "")

    def fields_of(self, key: str) -> list[str]:
        """The figure's field, for the one key that is proposed."""
        return ["figure"] if key == self.key else [key]


class RefusalForm(Form):
    """Why not."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON)


def jurisdiction_of(text: str) -> str:
    """A jurisdiction's code as the address says it; everywhere for what is none."""
    return text if text in Jurisdiction.values else ""
