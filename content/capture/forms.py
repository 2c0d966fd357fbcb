"""The one form by which a clipping comes in: an address, a file, or pasted text."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.clippings.choices import Class
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile, store
from crm.web.forms import Form, LocalMoment

_LONGEST = 200_000


class AddForm(Form):
    """One of three ways; the rest is optional. A deal's class is chosen by those inside it alone."""

    url = forms.URLField(label=_("Address of the page"), required=False, max_length=1000, assume_scheme="https")
    text = forms.CharField(
        label=_("Or the text"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The first line is the headline."),
    )
    paper = forms.FileField(label=_("Or a file"), required=False, help_text=_("A saved page, a mail, a PDF, a feed or an archive."))
    source_name = forms.CharField(
        label=_("Source"), required=False, max_length=120, help_text=_("The paper or site, where the page does not say.")
    )
    published_at = LocalMoment(label=_("Published"), required=False)
    klass = forms.ChoiceField(label=_("Class"), choices=Class.choices, initial=Class.PUBLIC)

    def __init__(self, *args: Any, user: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now

    def clean_paper(self) -> StoredFile | None:
        """The file, stored."""
        paper = self.cleaned_data["paper"]
        if not paper:
            return None
        try:
            return store(paper.chunks(), name=paper.name, media_type="application/octet-stream", owner=self.user)
        except RuleBroken as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """One way; an address may come with the text of its page."""
        data = super().clean() or {}
        given = [name for name in ("url", "text", "paper") if data.get(name)]
        if not given and not self.errors:
            raise forms.ValidationError(_("Give an address, paste the text, or choose a file."))
        if len(given) > 1 and "paper" in given:
            raise forms.ValidationError(_("Give the file alone, without address or text."))
        return data
