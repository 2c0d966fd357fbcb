"""Product sheets and items of information."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, Revision, RevisionMixin

from content.library import rules
from content.library.choices import COLUMNS, SHORT, Class, Kind
from content.library.querysets import SheetQuerySet
from crm.companies.choices import SECTORS
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel
from crm.kernel.text import fold

_SUMMARY = 4_000


class Sheet(DraftStateMixin, RevisionMixin, AuditedModel):
    """A product sheet, or an item of information for clients, with its source and date. `live`: published.

    Read as domain 1.2 says of clippings: public ones by all staff but administrators, internal ones not at the counter.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    klass = models.CharField(
        _("class"), max_length=1, choices=Class.choices, default=Class.PUBLIC, help_text=_("Only what is public may be given to clients.")
    )
    product = models.CharField(_("product"), max_length=80, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True, help_text=_("By the standard's English names."))
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_hant = models.CharField(_("title (繁體)"), max_length=120, blank=True)
    title_hans = models.CharField(_("title (简体)"), max_length=120, blank=True)
    summary_en = models.TextField(_("summary (English)"), max_length=_SUMMARY, blank=True)
    summary_hant = models.TextField(_("summary (繁體)"), max_length=_SUMMARY, blank=True)
    summary_hans = models.TextField(_("summary (简体)"), max_length=_SUMMARY, blank=True)
    source = models.CharField(_("source"), max_length=120, validators=[MinLengthValidator(2)])
    dated_on = models.DateField(_("date"), default=timezone.localdate)
    expires_on = models.DateField(
        _("offered until"), null=True, blank=True, help_text=_("Empty: product sheets for good, others for 90 days or what the bank set.")
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("file")
    )
    folded = models.TextField(editable=False, help_text="All texts, folded, for the search box of the list.")
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counted up with each save, for search.")

    _revisions = GenericRelation(Revision, related_query_name="sheet")

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of information", "sheet")
        verbose_name_plural = pgettext_lazy("kind of information", "sheets")
        indexes = [models.Index(fields=["-dated_on", "-id"], name="library_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=models.F("dated_on")),
                name="library_expires_later",
                violation_error_message=_("It cannot be over before its own date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the folded texts and the version in step with every save."""
        self.folded = fold(" ".join([*self.titles.values(), *self.summaries.values(), self.product, self.source]))
        self.version = (self.version or 0) + 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded", "version"}
        super().save(*args, **kwargs)

    def with_content_json(self, content: Any) -> "Sheet":
        """As a revision has it, but counted on from the version that stands now."""
        drafted: Sheet = super().with_content_json(content)
        drafted.version = self.version
        return drafted

    def get_absolute_url(self) -> str:
        """The sheet's page."""
        return url_of("library:sheet_detail", self.pk)

    @property
    def revisions(self) -> Any:
        """Its drafts and published versions, for Wagtail."""
        return self._revisions

    @property
    def titles(self) -> dict[str, str]:
        """The titles by the ending of their columns."""
        return {ending: getattr(self, f"title_{ending}") for ending in COLUMNS.values()}

    @property
    def summaries(self) -> dict[str, str]:
        """The summaries by the ending of their columns."""
        return {ending: getattr(self, f"summary_{ending}") for ending in COLUMNS.values()}

    @property
    def title(self) -> str:
        """The title in the reader's language, else in another."""
        return rules.in_language(self.titles, get_language() or "")

    @property
    def languages(self) -> str:
        """In which languages it may be read, as lists show them."""
        return " · ".join(SHORT[language] for language, ending in COLUMNS.items() if self.summaries[ending])

    @property
    def sector_names(self) -> list[str]:
        """The sectors in the reader's language."""
        return [str(SECTORS.get(sector, sector)) for sector in self.sectors]

    @property
    def is_over(self) -> bool:
        """It is no longer offered."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()
