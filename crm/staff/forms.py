"""Forms of signing in and of administering staff."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.clock import FIRST_YEAR, LAST_YEAR
from crm.kernel.errors import Sentence
from crm.kernel.querysets import VisibleQuerySet
from crm.staff import rules
from crm.staff.choices import PARENTS_OF, Role
from crm.staff.models import OrgUnit, Post, User
from crm.staff.services import TOKEN_SCOPES
from crm.web.forms import Day, Form


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {**AuthenticationForm.error_messages, "invalid_login": _("User name and password do not match.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")


class AccountPasswordForm(PasswordChangeForm):
    """The old password and the new one twice."""


class TokenForm(forms.Form):
    """What a token may do."""

    scopes = forms.MultipleChoiceField(
        label=_("May"),
        choices=[("read", _("Read")), ("write", _("Write"))],
        initial=list(TOKEN_SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )


class UserForm(forms.Form):
    """A new member of staff."""

    username = forms.RegexField(
        label=_("User name"),
        regex=rules.USER_NAME,
        error_messages={"invalid": _("Small letters, figures, full stops and hyphens only.")},
    )
    staff_number = forms.CharField(label=_("Staff number"), max_length=20, required=False)
    name_en = forms.CharField(label=pgettext_lazy("staff", "Name (English)"), max_length=120)
    name_zh = forms.CharField(label=pgettext_lazy("staff", "Name (Chinese)"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text=_("12 characters or more.")
    )


class DetailsForm(Form):
    """A person's names, address and language, to be put right."""

    name_en = forms.CharField(label=pgettext_lazy("staff", "Name (English)"), max_length=120)
    name_zh = forms.CharField(label=pgettext_lazy("staff", "Name (Chinese)"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.is_service:  # it reads no pages and gets no mail
            del self.fields["email"], self.fields["language"]


class FirstPasswordForm(Form):
    """A password to begin with, which the person changes at once."""

    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text=_("12 characters or more.")
    )


class SystemForm(forms.Form):
    """Another system of the bank: its user name and what it is called."""

    username = forms.RegexField(
        label=_("User name"),
        regex=rules.USER_NAME,
        error_messages={"invalid": _("Small letters, figures, full stops and hyphens only.")},
    )
    name_en = forms.CharField(label=pgettext_lazy("staff", "Name (English)"), max_length=120)
    name_zh = forms.CharField(label=pgettext_lazy("staff", "Name (Chinese)"), max_length=40, required=False)


class PostChangeForm(forms.Form):
    """A post to give, and the post that ends with it."""

    ends = forms.ModelChoiceField(label=_("Ends the post"), queryset=Post.objects.none(), required=False, empty_label=_("None"))
    role = forms.ChoiceField(label=_("New role"), choices=[("", _("None: only end the post above")), *Role.choices], required=False)
    grade = forms.IntegerField(
        label=_("Grade"),
        min_value=0,
        max_value=6,
        initial=0,
        help_text=_("ARM 1, RM 2, senior RM 3, team head 4, centre 5, head office 6; credit approver 1 to 3; others 0."),
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=OrgUnit.objects.none(), required=False)
    from_at = forms.DateTimeField(
        label=_("From"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), help_text=_("Empty: at once.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, person: User, units: VisibleQuerySet[OrgUnit], posts: VisibleQuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].queryset = posts.filter(user=person, to_at=None).select_related("unit")  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units.filter(closed_on=None).order_by("path")  # type: ignore[attr-defined]
        role: Any = self.fields["role"]
        role.choices = [choice for choice in role.choices if not choice[0] or (choice[0] == Role.SYS) == person.is_service]


def _zone_choices() -> list[tuple[str, Sentence]]:
    return [("", _("The usual one of the jurisdiction")), *((zone, zone) for zone in rules.time_zones())]


class UnitForm(forms.ModelForm):
    """A unit of the bank."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zone_choices, required=False)

    class Meta:
        model = OrgUnit
        fields = ["kind", "parent", "name_en", "name_hant", "name_hans", "jurisdiction", "time_zone", "currency"]

    def __init__(self, *args: Any, units: VisibleQuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [choice for choice in kind.choices if not choice[0] or PARENTS_OF[choice[0]]]
        above = {parent for parents in PARENTS_OF.values() for parent in parents}
        self.fields["parent"].queryset = units.filter(kind__in=above, closed_on=None).order_by("path")  # type: ignore[attr-defined]
        self.fields["parent"].required = True
        self.initial["time_zone"] = ""


class UnitChangeForm(forms.ModelForm):
    """What may change of a unit later."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zone_choices, required=False)

    class Meta:
        model = OrgUnit
        fields = rules.UNIT_FACTS
        field_classes = {"closed_on": Day}


class CalendarDayForm(forms.Form):
    """Other hours on one day."""

    day = Day(label=_("Day"))
    name = forms.CharField(label=_("Name"), max_length=120)
    hours = forms.RegexField(
        label=_("Opening hours"),
        required=False,
        regex=r"^\d\d:\d\d-\d\d:\d\d(, ?\d\d:\d\d-\d\d:\d\d){0,3}$",
        help_text=_("Such as 09:30-12:30, 14:00-17:30. Empty: closed."),
        error_messages={"invalid": _("Write times such as 09:30-12:30, 14:00-17:30.")},
    )

    def clean_hours(self) -> list[tuple[str, str]]:
        """Pairs of times, each ending after it begins."""
        spans = [tuple(part.strip().split("-")) for part in self.cleaned_data["hours"].split(",") if part.strip()]
        if any(not ("00:00" <= begin < end <= "23:59" and begin[3:] < "60" and end[3:] < "60") for begin, end in spans):
            raise forms.ValidationError(_("Each span must end after it begins."))
        return spans  # type: ignore[return-value]


class HolidaysForm(Form):
    """Which year's."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class CoverForm(Form):
    """Who keeps the desk, from when to when, and why."""

    deputy = forms.TypedChoiceField(label=_("Deputy"), coerce=int, empty_value=None)
    from_on = Day(label=_("First day"))
    to_on = Day(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, deputies: list[User], today: dt.date, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy: Any = self.fields["deputy"]
        deputy.choices = [("", "—"), *((person.pk, person.name) for person in deputies)]
        self.fields["from_on"].initial = self.fields["to_on"].initial = today
        self.fields["to_on"].help_text = _("%(most)s days at most.") % {"most": most}
