"""A sheet by an editor: its texts, its file, its last day; and what follows when Wagtail says that something was published or withdrawn."""

from typing import Any

from django import forms
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.signals import published, unpublished

from content.library import rules
from content.library.choices import COLUMNS
from content.library.models import Sheet
from content.library.searching import KIND
from crm.companies.choices import SECTORS
from crm.kernel.errors import RuleBroken
from crm.kernel.reactions import reindex
from crm.kernel.text import strip_controls
from crm.policy import selectors as policy
from crm.visits.services import receive_file


class SheetForm(WagtailAdminModelForm):
    """A sheet at the desk. A file that is brought takes the place of the one that is there."""

    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), choices=list(SECTORS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    upload = forms.FileField(
        label=_("File"), required=False, help_text=_("A PDF, picture, text, or Word or Excel document; served as a download.")
    )
    without_file = forms.BooleanField(label=_("Take the file away"), required=False)

    def clean(self) -> dict[str, Any]:
        """A title and a summary in one language at least, and none without the other; the file by its content."""
        data = super().clean() or {}
        for ending in COLUMNS.values():
            title, summary = f"title_{ending}", f"summary_{ending}"
            for name in (title, summary):
                data[name] = strip_controls((data.get(name) or "").replace("\r\n", "\n")).strip()
            if bool(data[title]) != bool(data[summary]) and not self.errors.keys() & {title, summary}:
                self.add_error(title if not data[title] else summary, _("A language has both a title and a summary, or neither."))
        if not any(data[f"title_{ending}"] for ending in COLUMNS.values()) and not self.errors:
            raise forms.ValidationError(_("Write a title and a summary in one language at least."))
        self._end(data)
        if not self.errors:
            self._take_file(data)
        return data

    def _end(self, data: dict[str, Any]) -> None:
        """Where no last day is named, that of the bank's policy."""
        if data.get("dated_on") and data.get("kind"):
            days = policy.table("library.expiry_days", jurisdiction="", on=timezone.localdate())[""]
            data["expires_on"] = rules.expires_on(
                kind=data["kind"], dated_on=data["dated_on"], chosen=data.get("expires_on"), days=int(days)
            )

    def _take_file(self, data: dict[str, Any]) -> None:
        if data.get("without_file"):
            self.instance.file = None
        if data.get("upload"):
            try:
                self.instance.file = receive_file(data["upload"], actor=self.for_user, now=timezone.now())
            except RuleBroken as error:
                self.add_error("upload", str(error))

    def save(self, commit: bool = True) -> Any:
        """The history names who edited."""
        self.instance._history_user = self.for_user
        return super().save(commit)


@receiver(published, sender=Sheet)
@receiver(unpublished, sender=Sheet)
def follow(sender: Any, instance: Sheet, **_signal: Any) -> None:
    """Search is brought up to date in the background."""
    reindex(KIND, [instance.pk], actor=getattr(instance, "_history_user", None))
