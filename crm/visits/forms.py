"""The forms of visits: the short one with all the rest folded away, the plan, the addendum, the attachment."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.staff.selectors import teammates
from crm.visits import rules, selectors, services
from crm.visits.choices import FACTS, NOTES, PLAN_TEXTS, Confidentiality, DecisionWeight, PlaceKind, Purpose, VisitKind
from crm.visits.filetypes import ENDINGS
from crm.visits.models import Visit
from crm.visits.rules import Entry, Met, Preparation, Promised
from crm.web.forms import Day, Form, LocalMoment

PROMISE_ROWS = 2
ADDRESS_SHOWN = 90
WEIGHT, WEIGHT_OF_NEW = "weight_", "weight_new"
_ADDRESS = "address:"
_ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)


def _weight(name: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, required=False, choices=[("", "—"), *DecisionWeight.choices])


class ManyFiles(forms.FileField):
    """Several files under one name."""

    class _Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = _Input(attrs={"accept": _ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by Django's own checks."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(file, initial) for file in files if file]


def _text(name: str, *, rows: int = 2) -> forms.CharField:
    column: Any = Visit._meta.get_field(name)
    return forms.CharField(
        label=column.verbose_name, required=False, max_length=rules.TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": rows})
    )


class PreparationForm(Form):
    """The pre-call plan, folded away: who leads, which facts are wanted, what is not to be raised. `people`: among whom the leader is."""

    lead: Any = forms.ModelChoiceField(label=_("Who leads"), required=False, queryset=None, empty_label=_("Me"))
    facts_wanted = _text("facts_wanted")
    not_to_raise = _text("not_to_raise")

    folded = ("lead", "facts_wanted", "not_to_raise")

    def __init__(self, *args: Any, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.queryset = people

    def clean(self) -> dict[str, Any]:
        """The three as one, as the service takes them."""
        data = super().clean() or self.cleaned_data
        lead, texts = data.pop("lead", None), {name: data.pop(name, "") for name in PLAN_TEXTS}
        return {**data, "preparation": Preparation(lead_id=lead.pk if lead else None, **texts)}


class VisitForm(Form):
    """Four things and it is done: when and where, whom, what was said, what comes next. The rest is optional and folded away.

    Takes `user`, `now` and `background` (crm.visits.selectors.Background), from which the choices of place and people come.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices, widget=forms.RadioSelect)
    happened_at = LocalMoment(label=_("When"))
    where = forms.ChoiceField(label=_("Where"), required=False, widget=forms.RadioSelect)
    place_text = forms.CharField(label=_("Where else"), required=False, max_length=rules.LINE_LIMIT)
    unreached = forms.BooleanField(label=_("Nobody was reached"), required=False)
    met = forms.MultipleChoiceField(label=_("Whom you met"), required=False, widget=forms.CheckboxSelectMultiple)
    met_new = forms.CharField(label=_("Someone new"), required=False, max_length=300, help_text=_("Name, position; next name, position"))
    summary = forms.CharField(
        label=_("What was said, what you saw"),
        max_length=rules.SUMMARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Facts first. Two facts before any product."),
        error_messages={"required": _("Write in a sentence or two what was said.")},
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=rules.LINE_LIMIT)
    next_step_on = Day(label=pgettext_lazy("deadline", "By"), required=False)
    next_step_owner: Any = forms.ModelChoiceField(label=_("Who does it"), required=False, queryset=None, empty_label=_("Me"))
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", "—"), *Purpose.choices])
    objective = forms.CharField(label=_("Objective"), required=False, max_length=rules.LINE_LIMIT)
    colleagues: Any = forms.ModelMultipleChoiceField(
        label=_("With from the bank"), required=False, queryset=None, widget=forms.CheckboxSelectMultiple
    )
    copies: Any = forms.ModelMultipleChoiceField(
        label=_("Copy to"),
        required=False,
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They may read the note anyhow; a copy tells them that it is there."),
    )
    mood = forms.TypedChoiceField(
        label=_("Mood"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *((figure, str(figure)) for figure in range(1, 6))],
        widget=forms.RadioSelect,
        help_text=_("1 cold to 5 warm"),
    )
    folded = (
        *("purpose", "place_text", "objective", "colleagues", "copies", "mood", *FACTS, *NOTES),
        *("next_step_owner", "confidentiality", "papers"),
        *(f"promise_{number}{ending}" for number in range(1, PROMISE_ROWS + 1) for ending in ("", "_on")),
    )

    confidentiality = forms.ChoiceField(label=_("Class"), required=False, choices=Confidentiality.choices, initial=Confidentiality.INTERNAL)

    def __init__(self, *args: Any, user: Any, now: dt.datetime, background: selectors.Background, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.background = background
        team = teammates(user, now=now).exclude(pk=user.pk)
        fields: Any = self.fields
        fields["colleagues"].queryset = team
        fields["copies"].queryset = selectors.copy_readers(background.company, user=user, now=now)
        fields["next_step_owner"].queryset = team
        fields["where"].choices = self._places
        fields["met"].choices = self._people
        for name in (*FACTS, *NOTES):
            fields[name] = _text(name)
        fields[WEIGHT_OF_NEW] = _weight(_("Someone new"))
        if self.reads_weights:
            self._ask_weights()

    def _places(self) -> list[tuple[str, Any]]:
        known = [(f"{_ADDRESS}{address.pk}", Truncator(str(address)).chars(ADDRESS_SHOWN)) for address in self.background.addresses]
        return [*known, (PlaceKind.OURS, _("Our office")), (PlaceKind.OTHER, _("Elsewhere"))]

    def _people(self) -> list[tuple[str, str]]:
        return [(str(person.pk), f"{person.name}, {person.title}" if person.title else person.name) for person in self.background.contacts]

    @property
    def facts(self) -> list[forms.BoundField]:
        """The optional facts."""
        return [self[name] for name in (*FACTS, *NOTES)]

    @property
    def reads_weights(self) -> bool:
        """Whether people have to be known before the form is read, to say what their word weighs."""
        return True

    def _ask_weights(self) -> None:
        for person in self.background.contacts:
            self.fields.setdefault(f"{WEIGHT}{person.pk}", _weight(person.name))

    @property
    def weights(self) -> list[forms.BoundField]:
        """How much the word of each person known there weighs, and of somebody new."""
        self._ask_weights()
        return [self[name] for name in self.fields if name.startswith(WEIGHT)]

    @property
    def is_unfolded(self) -> bool:
        """The weights are folded away too."""
        return super().is_unfolded or (self.is_bound and any(bound.data or bound.errors for bound in self.weights))

    def clean_confidentiality(self) -> str:
        """Internal unless said otherwise."""
        return self.cleaned_data["confidentiality"] or Confidentiality.INTERNAL

    def entry(self) -> Entry:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        place, place_text = self._place()
        owner = data["next_step_owner"]
        return Entry(
            happened_at=data["happened_at"],
            summary=data["summary"],
            kind=data["kind"],
            purpose=data["purpose"],
            place=place,
            two_way=not data["unreached"],
            next_step_on=data["next_step_on"],
            next_step_owner_id=owner.pk if owner else None,
            mood=data["mood"],
            confidentiality=data["confidentiality"],
            texts={name: data[name] for name in ("objective", "next_step", *FACTS, *NOTES)} | {"place_text": place_text},
            met=(
                *(Met(int(pk), weight=data.get(f"{WEIGHT}{pk}", "")) for pk in data["met"]),
                *_new_people(data["met_new"], weight=data[WEIGHT_OF_NEW]),
            ),
            colleague_ids=tuple(colleague.pk for colleague in data["colleagues"]),
            copy_ids=tuple(colleague.pk for colleague in data["copies"]),
            promises=self._promises(),
        )

    def _place(self) -> tuple[str, str]:
        where, typed = self.cleaned_data["where"], self.cleaned_data["place_text"]
        if where.startswith(_ADDRESS):
            address = next(item for item in self.background.addresses if f"{_ADDRESS}{item.pk}" == where)
            return address.kind, typed or str(address)[: rules.LINE_LIMIT]
        return where or (PlaceKind.OTHER if typed else ""), typed

    def _promises(self) -> tuple[Promised, ...]:
        return ()


def _new_people(typed: str, *, weight: str) -> list[Met]:
    """`Ann Wong, CFO; Bo Li` as two new people of this weight."""
    people = (part.split(",", 1) for part in typed.split(";") if part.strip())
    return [Met(name=part[0].strip(), title=part[1].strip() if len(part) > 1 else "", weight=weight) for part in people]


class LogForm(VisitForm):
    """The form of a new visit: with promises and photos."""

    papers = ManyFiles(label=_("Photos and papers"), required=False)

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, user=user, now=now, **kwargs)
        self.user, self.now = user, now
        self.stored: list[StoredFile] = []
        for number in range(1, PROMISE_ROWS + 1):
            self.fields[f"promise_{number}"] = forms.CharField(label=_("We promised"), required=False, max_length=rules.LINE_LIMIT)
            self.fields[f"promise_{number}_on"] = Day(label=pgettext_lazy("deadline", "By"), required=False)

    @property
    def reads_weights(self) -> bool:
        """A note without any, as most are, is saved without asking for the people."""
        return not self.is_bound or any(value for name, value in self.data.items() if name.startswith(WEIGHT))

    @property
    def promise_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Text and day of each promise."""
        return [(self[f"promise_{number}"], self[f"promise_{number}_on"]) for number in range(1, PROMISE_ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Promises have a day; files are kept once all else is in order, before the operation's transaction begins."""
        data = super().clean() or self.cleaned_data
        for number in range(1, PROMISE_ROWS + 1):
            if data.get(f"promise_{number}") and not data.get(f"promise_{number}_on"):
                self.add_error(f"promise_{number}_on", _("By when? A promise needs a day."))
        if not self.errors:
            self._receive(data.get("papers") or [])
        return data

    def _receive(self, uploads: list[Any]) -> None:
        _limit, count = selectors.attachment_limits(user=self.user, now=self.now) if uploads else (0, 0)
        if len(uploads) > count:
            self.add_error("papers", _("A visit has %(count)s attachments at most.") % {"count": count})
            return
        for upload in uploads:
            try:
                self.stored.append(services.receive_file(upload, actor=self.user, now=self.now))
            except RuleBroken as error:
                self.add_error("papers", str(error))

    def _promises(self) -> tuple[Promised, ...]:
        data = self.cleaned_data
        rows = ((data[f"promise_{number}"], data[f"promise_{number}_on"]) for number in range(1, PROMISE_ROWS + 1))
        return tuple(Promised(text, day) for text, day in rows if text)


class PlanForm(PreparationForm):
    """A visit or call to come."""

    planned_at = LocalMoment(label=_("When"))
    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices, widget=forms.RadioSelect, initial=VisitKind.VISIT)
    objective = forms.CharField(label=_("What is it for?"), max_length=rules.LINE_LIMIT)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", "—"), *Purpose.choices])
    place = forms.ChoiceField(label=_("Where"), required=False, choices=PlaceKind.choices, widget=forms.RadioSelect)
    colleagues: Any = forms.ModelMultipleChoiceField(
        label=_("With from the bank"), required=False, queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        team = teammates(user, now=now).exclude(pk=user.pk)
        super().__init__(*args, people=team, **kwargs)
        fields: Any = self.fields
        fields["colleagues"].queryset = team


class ReplanForm(PreparationForm):
    """Another time, objective or preparation."""

    planned_at = LocalMoment(label=_("When"))
    objective = forms.CharField(label=_("What is it for?"), max_length=rules.LINE_LIMIT)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", "—"), *Purpose.choices])
    place = forms.ChoiceField(label=_("Where"), required=False, choices=PlaceKind.choices, widget=forms.RadioSelect)


class CancelForm(Form):
    """Why it does not take place."""

    reason = forms.CharField(label=_("Why?"), max_length=rules.LINE_LIMIT)


class AddendumForm(Form):
    """What is added."""

    text = forms.CharField(label=_("Addendum"), widget=forms.Textarea(attrs={"rows": 4}), max_length=rules.SUMMARY_LIMIT)


class AttachForm(Form):
    """A photo or paper."""

    papers = forms.FileField(label=_("Photo or paper"), widget=forms.ClearableFileInput(attrs={"accept": _ACCEPT}))

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now

    def clean_papers(self) -> Any:
        """Check and keep it, before the operation's transaction begins."""
        try:
            return services.receive_file(self.cleaned_data["papers"], actor=self.user, now=self.now)
        except RuleBroken as error:
            raise forms.ValidationError(str(error)) from error


def local_minute(now: dt.datetime) -> dt.datetime:
    """Now in the reader's zone, to the minute: what a form is filled in with."""
    return timezone.localtime(now).replace(second=0, microsecond=0)
