"""The forms of papers: bring them, check one, leave one out, ask for a waiver, decide it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.checklists import selectors, services
from credit.checklists.choices import AskedOf, Group, Need, Source, WaivedBy, WaiverAct
from credit.checklists.requesting import CONTEXT
from credit.checklists.services import Received
from credit.packs import rules
from credit.packs.catalogue import facility_types
from credit.packs.choices import ClientType, SecurityKind
from credit.packs.models import PackVersion
from crm.kernel.errors import RuleBroken
from crm.papers.forms import LetterForm
from crm.policy.choices import Jurisdiction
from crm.visits.filetypes import ENDINGS
from crm.web.forms import Day, Form

_ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)
MOST_FILES = 20


class ManyFiles(forms.FileField):
    """Several files under one name: dragged there, picked, or photographed."""

    class _Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = _Input(attrs={"accept": _ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by Django's own checks."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(file, initial) for file in files if file] or [super().clean(None, initial)]


class ItemsForm(Form):
    """Papers of a version, by code."""

    items = forms.MultipleChoiceField(label=_("Which papers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, version: PackVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        field: Any = self.fields["items"]
        field.choices = [
            (str(item.pk), f"{item.code} {item.name} ({item.party})" if item.party else f"{item.code} {item.name}")
            for item in selectors.items_of(version)
        ]

    @property
    def item_ids(self) -> tuple[int, ...]:
        """The chosen ones."""
        return tuple(int(pk) for pk in self.cleaned_data["items"])


class ReceiveForm(ItemsForm):
    """What came. Files are checked and kept once all else is in order, before the operation's transaction begins."""

    papers = ManyFiles(
        label=_("Files or photos"), help_text=_("PDF, photo, Word or Excel without macros. Drag them here, or take a photo.")
    )
    dated_on = Day(label=_("Day that it speaks of"), help_text=_("Of a search the day it was made, of accounts their last day."))
    title = forms.CharField(label=_("Title"), required=False, max_length=200, help_text=_("Empty: the name of the file."))
    field_order = ("papers", "items", "dated_on", "title")

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now

    def clean(self) -> dict[str, Any]:
        """Each file as it is; the first that is wrong says why."""
        data = super().clean() or self.cleaned_data
        self.stored: list[int] = []
        if not self.errors:
            self._receive(data["papers"])
        return data

    def _receive(self, uploads: list[Any]) -> None:
        if len(uploads) > MOST_FILES:
            self.add_error("papers", _("Bring %(most)s files at a time at most.") % {"most": MOST_FILES})
            return
        for upload in uploads:
            try:
                self.stored.append(services.receive_file(upload, pack=self.version.pack, actor=self.user, now=self.now).pk)
            except RuleBroken as error:
                self.add_error("papers", str(error))

    def received(self) -> Received:
        """As the service takes it."""
        data = self.cleaned_data
        return Received(tuple(self.stored), self.item_ids, data["dated_on"], data["title"])


class CheckForm(Form):
    """A second person has seen it."""

    original_sighted = forms.BooleanField(label=_("I have seen the original"), required=False)


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=rules.LINE)


class WaiverForm(ReasonForm):
    """Until when a paper is to be left out, and why."""

    until = Day(label=_("Until"))
    field_order = ("until", "reason")


class DecideForm(Form):
    """What a head writes down."""

    note = forms.CharField(label=_("Your reason"), required=False, max_length=rules.LINE, help_text=_("Needed to refuse. Staff only."))


class WaiverDecideForm(DecideForm):
    """The decision and its reason, where both are asked together."""

    act = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=WaiverAct.choices)
    field_order = ("act", "note")


class OwnPaperForm(Form):
    """An edition of a paper of the bank's own."""

    code = forms.CharField(label=_("Code"), max_length=4, help_text=_("A letter and two or three figures, such as B01."))
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_hant = forms.CharField(label=_("Name in traditional Chinese"), max_length=120)
    name_hans = forms.CharField(label=_("Name in simplified Chinese"), max_length=120)
    asked_of = forms.ChoiceField(label=_("Asked of"), choices=AskedOf.choices)
    group = forms.ChoiceField(
        label=_("Heading"),
        choices=[choice for choice in Group.choices if choice[0] != Group.GUARANTOR],
        help_text=_("A guarantor’s papers stand under that guarantor."),
    )
    need = forms.ChoiceField(label=pgettext_lazy("paper", "Need"), choices=[choice for choice in Need.choices if choice[0] != Need.OFF])
    source = forms.ChoiceField(label=_("Who brings it"), choices=Source.choices)
    valid_days = forms.IntegerField(label=_("Good for (days)"), required=False, min_value=1, help_text=_("Empty: it does not age."))
    waived_by = forms.ChoiceField(label=_("Who waives it at least"), choices=WaivedBy.choices)
    jurisdiction = forms.ChoiceField(label=pgettext_lazy("jurisdiction", "Where"), choices=Jurisdiction.choices, required=False)
    client_types = forms.MultipleChoiceField(
        label=_("For which borrowers"),
        choices=ClientType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )
    facility_types = forms.MultipleChoiceField(
        label=_("For which facilities"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all.")
    )
    securities = forms.MultipleChoiceField(
        label=_("For which security"),
        choices=SecurityKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any, or none."),
    )
    ends = forms.BooleanField(label=_("Not asked for any more from that day"), required=False)
    effective_from = Day(label=_("From"), help_text=_("Today or a later day."))
    reason = forms.CharField(label=_("Reason"), max_length=rules.LINE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility_types"]
        field.choices = [(code, f"{code} {kind.name}") for code, kind in facility_types().items()]


def edition_of(data: dict[str, Any]) -> services.Edition:
    """What the form holds, as the service takes it."""
    names = (data["name_en"], data["name_hant"], data["name_hans"])
    plain = {name: value for name, value in data.items() if not name.startswith("name_")}
    lists = {name: tuple(data[name]) for name in ("client_types", "facility_types", "securities")}
    return services.Edition(**plain | lists, names=names)


class RequestForm(LetterForm):
    """The letter that asks the client for papers."""

    context = CONTEXT
