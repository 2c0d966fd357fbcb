"""Edits by hand at the editors' desk: the forms, and what follows when Wagtail says that something was published or withdrawn."""

from typing import Any

from django import forms
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.signals import published, unpublished

from content.clippings import rules
from content.clippings.choices import Class
from content.clippings.models import Clipping
from content.clippings.services.publishing import SETTLE
from content.stories import text_hash
from crm.companies.choices import SECTORS
from crm.kernel.outbox import enqueue


class ClippingForm(WagtailAdminModelForm):
    """A clipping by an editor. Deals are not made at the desk: editors stand outside them."""

    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), choices=list(SECTORS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "klass" in self.fields:
            self.fields["klass"].choices = [(value, label) for value, label in Class.choices if value != Class.DEAL]

    def clean(self) -> dict[str, Any]:
        """A text that another clipping of the same source, address and headline has already is refused."""
        data = super().clean() or {}
        row = self.instance
        if row.pk is None and data.get("source") and data.get("title") and data.get("published_at"):
            digest = text_hash(data["title"], data.get("body", ""))
            key = rules.origin_key(
                source_id=data["source"].pk,
                url=data.get("url", ""),
                title=data["title"],
                text_hash=digest,
                published_at=data["published_at"],
                within=rules.realm(klass=data.get("klass", Class.PUBLIC), owner_id=None),
            )
            if Clipping.objects.filter(origin_key=key).exists():
                raise forms.ValidationError(_("This clipping is held already."))
            row.origin_key, row.text_hash, row.added_by = key, digest, self.for_user
        return data

    def save(self, commit: bool = True) -> Any:
        """The history names who edited."""
        self.instance._history_user = self.for_user
        return super().save(commit)


class SourceForm(WagtailAdminModelForm):
    """A source by an editor. A feed whose address changes is read at once."""

    def save(self, commit: bool = True) -> Any:
        """The history names who edited."""
        self.instance._history_user = self.for_user
        if "feed_url" in self.changed_data:
            self.instance.feed_next_at, self.instance.feed_error, self.instance.feed_failures = timezone.now(), "", 0
            self.instance.feed_etag = self.instance.feed_modified = ""
        return super().save(commit)


@receiver(published, sender=Clipping)
@receiver(unpublished, sender=Clipping)
def follow(sender: Any, instance: Clipping, **_signal: Any) -> None:
    """Mentions, story, timelines and search are brought up to date in the background."""
    enqueue(SETTLE, actor=getattr(instance, "_history_user", None), clipping_ids=[instance.pk])
