"""The forms of gifts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Company, Contact
from crm.gifts import rules, selectors
from crm.gifts.choices import Category, Disposal, MovementKind, Occasion, Quality, Relation, ValueBasis
from crm.gifts.models import GiftItem
from crm.kernel.money import Money
from crm.staff.choices import UnitKind
from crm.staff.models import OrgUnit
from crm.web.forms import Amount, Day, Form


def amount(label: Any, **kwargs: Any) -> Amount:
    """Money as it is typed, to the cent; the rules say what is too little or too much."""
    return Amount(label=label, max_digits=14, decimal_places=2, **kwargs)


class PersonFields(Form):
    """Who is on the other side: somebody we know, or a new name. Takes `user` and `company`."""

    contact: Any = forms.ModelChoiceField(label=_("Who"), required=False, queryset=None, empty_label=_("Somebody new"))
    name = forms.CharField(label=_("Their name"), required=False, max_length=120, help_text=_("Of somebody new."))
    title = forms.CharField(label=_("Their position"), required=False, max_length=120)
    relation = forms.ChoiceField(label=_("Relation"), choices=Relation.choices, initial=Relation.MANAGER)
    is_official = forms.BooleanField(label=_("Public official, or staff of a state-owned body"), required=False)

    def __init__(self, *args: Any, user: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact: Any = self.fields["contact"]
        contact.queryset = Contact.objects.visible_to(user).filter(company=company, left_on=None).order_by("sort_key")

    def person(self) -> rules.Person:
        """As the service takes it."""
        data = self.cleaned_data
        contact = data["contact"]
        return rules.Person(contact.pk if contact else None, data["name"], data["title"], data["relation"], data["is_official"])


def _with_cost(item: GiftItem) -> str:
    return f"{item.name}, {Money(item.cost, item.centre.currency)}"


class GiveForm(PersonFields):
    """Ask for a gift out of the catalogue. Takes `centre_id` besides."""

    item: Any = forms.ModelChoiceField(label=_("What"), queryset=None, empty_label=None, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=_("Pieces"), initial=1, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    occasion = forms.ChoiceField(label=_("Occasion"), choices=Occasion.choices)
    on = Day(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=rules.TEXT_LIMIT)

    field_order = ("contact", "name", "title", "relation", "is_official", "item", "quantity", "occasion", "on", "reason")

    def __init__(self, *args: Any, user: Any, company: Company, centre_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, company=company, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = selectors.catalogue(user=user, centre_id=centre_id)
        item.label_from_instance = _with_cost

    def entry(self) -> rules.GivenEntry:
        """As the service takes it."""
        data = self.cleaned_data
        return rules.GivenEntry(self.person(), data["item"].pk, data["quantity"], data["occasion"], data["on"], data["reason"])


class ReceiveForm(PersonFields):
    """Declare what was received, or offered and declined."""

    what = forms.CharField(label=_("What it was"), max_length=rules.TEXT_LIMIT)
    category = forms.ChoiceField(label=_("Kind"), choices=Category.choices)
    value = amount(_("Value"))
    basis = forms.ChoiceField(label=_("Basis of the value"), choices=[*ValueBasis.choices][1:])
    occasion = forms.ChoiceField(label=_("Occasion"), choices=Occasion.choices)
    on = Day(label=_("Day"))
    declined = forms.BooleanField(label=_("I declined it"), required=False)
    reason = forms.CharField(label=_("Remark"), required=False, max_length=rules.TEXT_LIMIT)

    field_order = ("contact", "name", "title", "relation", "is_official")

    def entry(self) -> rules.ReceivedEntry:
        """As the service takes it."""
        data = self.cleaned_data
        return rules.ReceivedEntry(
            person=self.person(),
            **{name: data[name] for name in ("what", "category", "value", "basis", "occasion", "on", "declined", "reason")},
        )


class DecideForm(Form):
    """What a decider writes down."""

    note = forms.CharField(
        label=_("Your reason"), required=False, max_length=rules.TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to refuse. Staff only."),
    )  # fmt: skip


class ActForm(DecideForm):
    """The decision and its reason, where both are asked together."""

    act = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    field_order = ("act", "note")

    def __init__(self, *args: Any, acts: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: Any = self.fields["act"]
        act.choices = acts


class NoteForm(Form):
    """A remark, if any."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=rules.TEXT_LIMIT)


class DisposeForm(NoteForm):
    """What became of it."""

    disposal = forms.ChoiceField(label=_("What became of it"), choices=Disposal.choices, widget=forms.RadioSelect)
    field_order = ("disposal", "note")


class ItemForm(forms.ModelForm):
    """Something of the catalogue."""

    use_required_attribute = False
    centre: Any = forms.ModelChoiceField(label=_("Centre"), queryset=None, required=False)

    class Meta:
        model = GiftItem
        fields = ("name_en", "name_hant", "name_hans", "category", "cost", "quality", "has_logo", "is_practical", "is_offered")
        widgets = {"cost": forms.TextInput(attrs={"inputmode": "decimal"})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category"].choices = [choice for choice in Category.choices if choice[0] != Category.CASH_LIKE]
        fields["quality"].choices = Quality.choices
        if self.instance.pk:
            del fields["centre"]
        else:
            fields["centre"].queryset = OrgUnit.objects.visible_to(user).filter(kind=UnitKind.CENTRE, closed_on=None).order_by("name_en")

    def validate_constraints(self) -> None:
        """The service says it in the words of the bank's rules."""


class StockForm(Form):
    """Pieces that came in, or are lost."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a stock", "What"),
        choices=[(kind.value, kind.label) for kind in (MovementKind.IN, MovementKind.LOSS)],
        widget=forms.RadioSelect,
        initial=MovementKind.IN.value,
    )
    quantity = forms.IntegerField(label=_("Pieces"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    note = forms.CharField(label=_("Remark"), required=False, max_length=rules.TEXT_LIMIT)


class RoomForm(Form):
    """What was typed so far, for the live view of the room that is left; nothing of it has to be right."""

    contact = forms.IntegerField(required=False)
    occasion = forms.ChoiceField(choices=[("", ""), *Occasion.choices], required=False)
    item = forms.IntegerField(required=False)
    quantity = forms.IntegerField(required=False, min_value=1, max_value=rules.MOST_PIECES)
    on = Day(required=False)
