"""The forms of concessions: the request of each type, the decision, the reply to the client."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.concessions import rules, selectors
from crm.concessions.choices import ClientReaction, Kind, TellChannel
from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.concessions.services import Order, Reply
from crm.kernel.errors import RuleBroken
from crm.papers.forms import LetterForm
from crm.visits.filetypes import ENDINGS
from crm.visits.services import receive_file
from crm.web.forms import Amount, Day, Form, LocalMoment

LABELS = {
    "bp": _("Basis points"),
    "days": _("Days"),
    "standard": _("Standard fee"),
    "standard_bp": _("Standard spread, bp"),
    "cut_percent": _("Cut of the spread, percent"),
    "limit": _("Overdraft limit"),
    "points": _("Cut of the margin, percentage points"),
    "minutes": _("Minutes after the cut-off"),
}
AMOUNTS = {
    Kind.CT1: _("Principal"),
    Kind.CT2: _("Deposit"),
    Kind.CT3: _("Of it waived"),
    Kind.CT4: pgettext_lazy("foreign exchange", "Deal"),
    Kind.CT5: _("Excess"),
    Kind.CT7: _("Drawing"),
    Kind.CT8: _("Amount of the LC"),
    Kind.CT10: _("Of it waived"),
}
ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)
FIXED = ("standard", "standard_bp", "limit")
PART = "part_"


def _figure(kind: str, name: str, *, required: bool = True) -> Amount:
    label = AMOUNTS[Kind(kind)] if name == "amount" else LABELS[name]
    return Amount(label=label, required=required, max_digits=20, decimal_places=6)


def _long(label: Any, *, required: bool = False, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=rules.TEXT, widget=widget, help_text=help_text)


class RequestForm(Form):
    """What is asked for, why, and what the client promises in return. The figures are those of the type."""

    currency = forms.ChoiceField(label=_("Currency"))
    reason = _long(_("Why"), required=True, rows=3)
    evidence = _long(_("Evidence of a rival’s offer"), help_text=_("What was shown to you, by whom, of what day."))
    paper = forms.FileField(
        label=_("The offer itself, as a file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A photo or a PDF. Whoever decides reads it; no paper for the client holds it."),
    )
    expected_return = _long(_("What it brings us"))
    promise = forms.CharField(label=_("Promised in return"), required=False, max_length=rules.LINE)
    promise_due_on = Day(label=_("Promised by"), required=False)
    sunset_on = Day(label=_("Ends on"), help_text=_("Within twelve months; then the card rate holds again."))
    facts_changed = _long(_("What has changed since a refusal"))

    folded = ("evidence", "paper", "expected_return", "facts_changed")

    def __init__(self, *args: Any, kind: str, centre: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.user, self.now = kind, user, now
        self.paper_id: int | None = None
        today = timezone.localdate()
        fields: Any = self.fields
        known = selectors.figures("fx", jurisdiction=centre.jurisdiction, on=today)
        fields["currency"].choices = [(code, code) for code in dict.fromkeys((centre.currency, *sorted(known)))]
        fields["sunset_on"].initial = today + dt.timedelta(days=90)
        for name in self.figure_names:
            fields[name] = _figure(kind, name)

    @property
    def figure_names(self) -> tuple[str, ...]:
        """The figures of the type; the standard fee stands before what is waived of it."""
        return tuple(sorted(rules.FIELDS[self.kind], key=lambda name: name not in ("standard",)))

    @property
    def figures(self) -> list[forms.BoundField]:
        """Their fields."""
        return [self[name] for name in self.figure_names]

    def clean(self) -> dict[str, Any]:
        """Figures that cannot be judged are said beside them. The file is checked by its content and kept once all else is in order."""
        data = super().clean() or {}
        if not any(name in self.errors for name in self.figure_names):
            for name, sentence in rules.wrong_terms(self._terms(data)).items():
                self.add_error(name, str(sentence))
        if data.get("paper") and not self.errors:
            try:
                self.paper_id = receive_file(data["paper"], actor=self.user, now=self.now).pk
            except RuleBroken as error:
                self.add_error("paper", str(error))
        return data

    def _terms(self, data: Mapping[str, Any]) -> Terms:
        return Terms(self.kind, **{name: data[name] for name in self.figure_names})

    def order(self, *, renews_id: int | None = None) -> Order:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        words = Words(**{name: data[name] for name in Words.__dataclass_fields__})
        return Order(self._terms(data), words, data["currency"], renews_id, self.paper_id)


class LookForm(Form):
    """The figures of a type alone, while they are typed."""

    currency = forms.CharField(max_length=3, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in rules.FIELDS[kind]:
            self.fields[name] = _figure(kind, name)

    def terms(self) -> Terms:
        """What was typed."""
        return Terms(self.kind, **{name: self.cleaned_data[name] for name in rules.FIELDS[self.kind]})


class DecisionForm(Form):
    """The decider's reason, and of a grant in part how much."""

    reason = _long(_("Your reason"), help_text=_("Needed for all but a grant in full. Staff only, never shown to the client."), rows=3)

    def __init__(self, *args: Any, concession: Concession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concession = concession
        asked = concession.asked_terms
        for name in self._adjustable(concession):
            field = _figure(concession.kind, name, required=False)
            field.label = _("If part: %(figure)s") % {"figure": field.label}
            field.initial = f"{asked.figure(name).normalize():f}"
            self.fields[PART + name] = field

    @staticmethod
    def _adjustable(concession: Concession) -> tuple[str, ...]:
        return tuple(name for name in rules.FIELDS[concession.kind] if name not in FIXED)

    @classmethod
    def part_names(cls, concession: Concession) -> tuple[str, ...]:
        """The fields of a grant in part."""
        return tuple(PART + name for name in cls._adjustable(concession))

    @classmethod
    def part_of(cls, concession: Concession, data: Mapping[str, Any]) -> Terms:
        """The terms of a grant in part; a figure left empty is as asked."""
        asked = concession.asked_terms
        given = {name: data.get(PART + name) for name in cls._adjustable(concession)}
        figures = {name: value if value is not None else asked.figure(name) for name, value in given.items()}
        return Terms(concession.kind, **{name: figures.get(name, getattr(asked, name)) for name in rules.FIELDS[concession.kind]})


class ReasonForm(Form):
    """A reason."""

    reason = _long(_("Why?"), required=True, rows=3)


class ReviewForm(Form):
    """The reviewer's words."""

    reason = _long(_("Your words"), help_text=_("Needed to talk it over or to reverse it."), rows=3)


class CreditForm(Form):
    """The credit approver's words."""

    reason = _long(_("Why?"), help_text=_("Needed to stop it."), rows=3)


class AnswerForm(Form):
    """The answer to a decider's question."""

    answer = _long(_("Your answer"), required=True, rows=4)


class TellForm(Form):
    """How the client was told and took it."""

    told_at = LocalMoment(label=_("When"))
    channel = forms.ChoiceField(label=_("How"), choices=TellChannel.choices, widget=forms.RadioSelect)
    reaction = forms.ChoiceField(label=_("How the client took it"), choices=ClientReaction.choices, widget=forms.RadioSelect)

    def reply(self) -> Reply:
        """As the service takes it."""
        data = self.cleaned_data
        return Reply(TellChannel(data["channel"]), ClientReaction(data["reaction"]), data["told_at"])


class ApplyForm(Form):
    """From when on it is in force."""

    effective_on = Day(label=_("In force from"))


class PromiseForm(Form):
    """How the promise was kept."""

    words = forms.CharField(label=_("How was it kept?"), required=False, max_length=rules.LINE)


class SuspendForm(Form):
    """Whose authority is suspended, and why."""

    person: Any = forms.ModelChoiceField(label=_("Who"), queryset=None)
    reason = forms.CharField(label=_("Why?"), max_length=rules.LINE)

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = selectors.suspendable(user, now=now)


class ConflictForm(Form):
    """Why one has a conflict of interest."""

    reason = forms.CharField(
        label=_("What ties you to this company?"), max_length=rules.LINE, help_text=_("A relative, shares, a post, a loan.")
    )


class ConfirmationForm(LetterForm):
    """The letter of confirmation: which wording, in which language, to whom."""

    context = CONTEXT
