"""The forms of hospitality: asking, reporting, claiming, deciding, checking."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.hospitality import rules
from crm.hospitality.choices import Kind, Means, Purpose, Relationship
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Carried, Invited, Slip, Told, Wish
from crm.kernel.errors import RuleBroken
from crm.staff.selectors import teammates
from crm.visits import services as visits
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Amount, Day, Form, LocalMoment

NEW_GUESTS, MORE_GUESTS, SLIPS, CARRIED = 4, 3, 3, 2
BILL = ("food", "drink", "other", "service", "tip")
TOLD = ("topics", "client_requests", "commitments", "result", "intelligence", "next_step", "deviation")
_ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)


def amount(label: Any, *, required: bool = False, help_text: Any = "") -> Amount:
    """An amount to the cent. What is wrong with it is said by the rules, in the bank's words."""
    return Amount(
        label=label,
        required=required,
        max_digits=14,
        help_text=help_text,
        error_messages={"required": _("Enter an amount above zero."), "invalid": _("Enter an amount above zero.")},
    )


class GuestRows:
    """Rows for new guests: name, position, company, official, family."""

    rows: int
    fields: Any
    cleaned_data: dict[str, Any]

    def add_rows(self, count: int) -> None:
        """Put the fields of so many rows into the form."""
        self.rows = count
        for number in range(1, count + 1):
            self.fields[f"guest_{number}"] = forms.CharField(label=_("Name"), required=False, max_length=rules.NAME_LIMIT)
            self.fields[f"guest_{number}_title"] = forms.CharField(
                label=_("Position, company"), required=False, max_length=rules.NAME_LIMIT
            )
            self.fields[f"guest_{number}_official"] = forms.BooleanField(label=_("Public official or state-owned staff"), required=False)
            self.fields[f"guest_{number}_family"] = forms.BooleanField(label=_("Family"), required=False)

    @property
    def guest_rows(self) -> list[dict[str, Any]]:
        """The bound fields of each row."""
        form: Any = self
        parts = {"name": "", "title": "_title", "official": "_official", "family": "_family"}
        return [
            {part: form[f"guest_{number}{ending}"] for part, ending in parts.items()} | {"number": number}
            for number in range(1, self.rows + 1)
        ]

    def new_guests(self) -> tuple[Invited, ...]:
        """Those whose name was typed; a row with a position alone has no name, and is refused by the rules."""
        data = self.cleaned_data
        rows = ((data.get(f"guest_{number}", ""), data.get(f"guest_{number}_title", ""), number) for number in range(1, self.rows + 1))
        return tuple(
            Invited(
                name=name,
                title=title,
                official=bool(data.get(f"guest_{number}_official")),
                family=bool(data.get(f"guest_{number}_family")),
            )
            for name, title, number in rows
            if name or title
        )


class RequestForm(GuestRows, Form):
    """What somebody wants to do. Takes `user`, `now` and `contacts` (the client's people)."""

    event_at = LocalMoment(label=_("When"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.DINNER)
    venue = forms.CharField(label=_("Where"), max_length=rules.LINE_LIMIT)
    estimate = amount(_("Estimate for all at the table"), required=True)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What is it for?"), required=False, max_length=rules.LINE_LIMIT)
    known = forms.MultipleChoiceField(label=_("Guests"), required=False, widget=forms.CheckboxSelectMultiple)
    officials = forms.MultipleChoiceField(
        label=_("Which of them are public officials or state-owned staff?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    colleagues: Any = forms.ModelMultipleChoiceField(
        label=_("With from the bank"), required=False, queryset=None, widget=forms.CheckboxSelectMultiple
    )
    away = forms.BooleanField(label=_("Outside the working region"), required=False)

    def __init__(self, *args: Any, user: Any, now: dt.datetime, contacts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picks = [(str(person.pk), f"{person.name}, {person.title}" if person.title else person.name) for person in contacts]
        fields: Any = self.fields
        fields["known"].choices = fields["officials"].choices = picks
        fields["colleagues"].queryset = teammates(user, now=now).exclude(pk=user.pk)
        self.add_rows(NEW_GUESTS)

    def wish(self, visit_id: int | None = None) -> Wish:
        """As the service takes it."""
        data = self.cleaned_data
        known = tuple(Invited(contact_id=int(pk), official=pk in data["officials"]) for pk in data["known"])
        return Wish(
            event_at=data["event_at"],
            venue=data["venue"],
            kind=data["kind"],
            purpose=data["purpose"],
            estimate=data["estimate"],
            guests=(*known, *self.new_guests()),
            colleague_ids=tuple(user.pk for user in data["colleagues"]),
            note=data["note"],
            away=data["away"],
            visit_id=visit_id,
        )


class BillFields(Form):
    """A bill, line by line."""

    food = amount(_("Food"))
    drink = amount(_("Drinks at table"))
    other = amount(pgettext_lazy("on a bill", "Other"))
    service = amount(_("Service charge"))
    tip = amount(_("Tip"), help_text=_("What is above a tenth is your own."))

    def bill(self) -> Bill:
        """As the rules take it."""
        return Bill(**{name: self.cleaned_data.get(name) or Decimal(0) for name in BILL})


class ReportForm(GuestRows, BillFields):
    """What a host reports. Takes `user`, `now` and `event`."""

    came = forms.MultipleChoiceField(label=_("Who came"), required=False, widget=forms.CheckboxSelectMultiple)
    colleagues: Any = forms.ModelMultipleChoiceField(
        label=_("With from the bank"), required=False, queryset=None, widget=forms.CheckboxSelectMultiple
    )
    venue = forms.CharField(label=_("Where it was, if elsewhere"), required=False, max_length=rules.LINE_LIMIT)
    means = forms.ChoiceField(label=_("Paid by"), choices=Means.choices, widget=forms.RadioSelect, initial=Means.OWN_CARD)
    relationship = forms.ChoiceField(label=_("Relationship now"), choices=Relationship.choices, widget=forms.RadioSelect)
    purposes = forms.MultipleChoiceField(label=_("Purpose"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple)
    declared = forms.BooleanField(
        label=_("No advantage was given and no guest is left out of this report."),
        error_messages={"required": _("Confirm that no advantage was given and nobody is left out.")},
    )
    folded = (
        *("commitments", "client_requests", "intelligence", "deviation"),
        *(f"carried_{number}{ending}" for number in range(1, CARRIED + 1) for ending in ("", "_value", "_guest")),
    )

    def __init__(self, *args: Any, user: Any, now: dt.datetime, event: HospitalityRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["came"].choices = [(str(guest.pk), str(guest)) for guest in event.guests.select_related("contact").order_by("pk")]
        fields["colleagues"].queryset = teammates(user, now=now).exclude(pk=user.pk)
        self.add_rows(MORE_GUESTS)
        self._add_texts()

    def _add_texts(self) -> None:
        labels = {
            "topics": _("Talked about"),
            "client_requests": _("What the client asks for"),
            "commitments": _("What we promised"),
            "result": _("What came of it"),
            "intelligence": _("Heard of the market"),
            "next_step": _("Next step"),
            "deviation": _("Why it went otherwise than asked for"),
        }
        for name, label in labels.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=name in ("topics", "result"),
                max_length=rules.TEXT_LIMIT,
                widget=forms.TextInput() if name == "next_step" else forms.Textarea(attrs={"rows": 2}),
            )
        self.fields["next_step_on"] = Day(label=pgettext_lazy("deadline", "By"), required=False)
        for number in range(1, CARRIED + 1):
            self.fields[f"carried_{number}"] = forms.CharField(label=_("Carried away"), required=False, max_length=120)
            self.fields[f"carried_{number}_value"] = amount(_("Value"))
            self.fields[f"carried_{number}_guest"] = forms.CharField(label=_("By whom"), required=False, max_length=120)

    @property
    def carried_rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """What was carried away: thing, value, guest."""
        return [
            (self[f"carried_{number}"], self[f"carried_{number}_value"], self[f"carried_{number}_guest"])
            for number in range(1, CARRIED + 1)
        ]

    def told(self) -> Told:
        """As the service takes it."""
        data = self.cleaned_data
        things = ((data[f"carried_{number}"], data[f"carried_{number}_value"], number) for number in range(1, CARRIED + 1))
        carried = tuple(
            Carried(what, value or Decimal(0), data[f"carried_{number}_guest"]) for what, value, number in things if what or value
        )
        return Told(
            bill=self.bill(),
            means=data["means"],
            relationship=data["relationship"],
            purposes=tuple(data["purposes"]),
            came=tuple(int(pk) for pk in data["came"]),
            more=self.new_guests(),
            colleague_ids=tuple(user.pk for user in data["colleagues"]),
            venue=data["venue"],
            next_step_on=data["next_step_on"],
            declared=data["declared"],
            carried=carried,
            **{name: data[name] for name in TOLD},
        )


class ClaimForm(Form):
    """The receipts of a claim. Takes `user`, `now` and `event`; after a query the bill may be corrected."""

    def __init__(self, *args: Any, user: Any, now: dt.datetime, event: HospitalityRequest, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now, self.corrects = user, now, corrects
        for number in range(1, SLIPS + 1):
            first = number == 1
            self.fields[f"merchant_{number}"] = forms.CharField(label=_("Merchant"), required=first, max_length=rules.NAME_LIMIT)
            self.fields[f"number_{number}"] = forms.CharField(label=_("Receipt no."), required=first, max_length=60)
            self.fields[f"day_{number}"] = Day(label=_("Date"), required=first, initial=event.event_on if first else None)
            self.fields[f"amount_{number}"] = amount(_("Amount"), required=first)
            self.fields[f"picture_{number}"] = forms.FileField(
                label=_("Picture"), required=False, widget=forms.ClearableFileInput(attrs={"accept": _ACCEPT})
            )
        if corrects:
            for name in BILL:
                self.fields[name] = BillFields.base_fields[name]
        self.files_kept: dict[int, int] = {}

    @property
    def slip_rows(self) -> list[list[forms.BoundField]]:
        """The fields of each receipt."""
        parts = ("merchant", "number", "day", "amount", "picture")
        return [[self[f"{part}_{number}"] for part in parts] for number in range(1, SLIPS + 1)]

    @property
    def bill_fields(self) -> list[forms.BoundField]:
        """The bill, where it may be corrected."""
        return [self[name] for name in BILL] if self.corrects else []

    def clean(self) -> dict[str, Any]:
        """Pictures are checked by their content and kept once all else is in order, before the operation's transaction begins."""
        data = super().clean() or self.cleaned_data
        for number in range(1, SLIPS + 1):
            picture = data.get(f"picture_{number}")
            if picture and not self.errors:
                try:
                    self.files_kept[number] = visits.receive_file(picture, actor=self.user, now=self.now).pk
                except RuleBroken as error:
                    self.add_error(f"picture_{number}", str(error))
        return data

    def slips(self) -> list[Slip]:
        """As the service takes them."""
        data = self.cleaned_data
        return [
            Slip(
                data[f"merchant_{number}"],
                data[f"number_{number}"],
                data[f"day_{number}"],
                data[f"amount_{number}"] or Decimal(0),
                self.files_kept.get(number),
            )
            for number in range(1, SLIPS + 1)
            if data[f"merchant_{number}"] and data[f"day_{number}"]
        ]

    def bill(self) -> Bill | None:
        """The corrected bill, where one may be given."""
        if not self.corrects:
            return None
        return Bill(**{name: self.cleaned_data.get(name) or Decimal(0) for name in BILL})


class NoteForm(Form):
    """A word of the decider's own, or none."""

    reason = forms.CharField(label=_("Note"), required=False, max_length=rules.LINE_LIMIT)


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=rules.LINE_LIMIT)


class ExtraForm(Form):
    """More than was paid."""

    amount = amount(_("Amount"), required=True)
    reason = forms.CharField(label=_("Why?"), max_length=rules.LINE_LIMIT)


class VerifyForm(Form):
    """What finance reads off the receipts itself."""

    total = amount(_("Total of the receipts, as you read it"), required=True)
    heads = forms.IntegerField(label=_("People at table, as the bill shows"), min_value=1, max_value=200)


class FinanceForm(Form):
    """What finance reads off the receipts, or asks."""

    total = amount(_("Total of the receipts, as you read it"))
    heads = forms.IntegerField(label=_("People at table, as the bill shows"), required=False, min_value=1, max_value=200)
    reason = forms.CharField(label=_("What do you ask?"), required=False, max_length=rules.LINE_LIMIT)
