"""The sections of an application or fact sheet, and its writer's attestation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.memos.catalogue import SectionKind, section_kinds
from credit.memos.rich import Block, blocks
from credit.packs.models import PackVersion, VersionPart
from crm.kernel.addresses import url_of


class Section(VersionPart):
    """One section of a version's application (or fact sheet): its text, and the facts that stood beside it when it was last saved.

    Seen with the version; class I.
    """

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="sections")
    code = models.PositiveSmallIntegerField(_("section"))
    text = models.TextField(_("text"), blank=True)
    is_done = models.BooleanField(_("complete"), default=False)
    facts = models.JSONField(default=list, help_text="As they stood at the last save: key, source, on, text.")
    edits = models.PositiveIntegerField(default=1, editable=False, help_text="Counted up by each save: one from an older text is refused.")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), null=True)

    class Meta:
        verbose_name = _("section")
        ordering = ["version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="memos_section_once"),
            models.CheckConstraint(condition=Q(is_done=False) | ~Q(text="") | Q(code=13), name="memos_done_is_written"),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.kind.title}"

    def get_absolute_url(self) -> str:
        """Its place on the application's page."""
        return f"{url_of('memos:application', self.version.pack_id)}?version={self.version.number}#section-{self.code}"

    @property
    def kind(self) -> SectionKind:
        """Title and guidance."""
        return section_kinds()[self.code]

    @property
    def blocks(self) -> list[Block]:
        """The text as it is drawn."""
        return blocks(self.text)


class Attestation(VersionPart):
    """The relationship manager says that the application (or fact sheet) is true and whole; `none_known`: no adverse facts are known."""

    version = models.OneToOneField(PackVersion, on_delete=models.PROTECT, related_name="attestation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    none_known = models.BooleanField(_("no adverse facts are known"), default=False)

    class Meta:
        verbose_name = _("attestation")

    def __str__(self) -> str:
        return f"{self.version}: {self.by}"


class Accounts(VersionPart):
    """The borrower's accounts as they stood spread when the version was sealed. A draft has none: it shows the spread as it is."""

    version = models.OneToOneField(PackVersion, on_delete=models.PROTECT, related_name="accounts")
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("accounts")

    def __str__(self) -> str:
        return str(self.version)
