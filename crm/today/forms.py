"""The forms of tasks."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.todo import TITLE_LIMIT
from crm.staff.selectors import teammates
from crm.web.forms import Form, LocalMoment


class TaskForm(Form):
    """What is to be done, by when, by whom."""

    title = forms.CharField(label=_("What is to be done?"), max_length=TITLE_LIMIT)
    due_at = LocalMoment(label=pgettext_lazy("deadline", "By"))
    assignee: Any = forms.ModelChoiceField(label=_("Who does it"), required=False, queryset=None, empty_label=_("Me"))

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["assignee"].queryset = teammates(user, now=now).exclude(pk=user.pk)


class PostponeForm(Form):
    """A later time."""

    due_at = LocalMoment(label=_("Not before"))


def tomorrow_morning(now: dt.datetime) -> dt.datetime:
    """Ten o'clock on the next weekday in the reader's zone: what the forms are filled in with."""
    local = timezone.localtime(now)
    days = {4: 3, 5: 2}.get(local.weekday(), 1)
    return (local + dt.timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
