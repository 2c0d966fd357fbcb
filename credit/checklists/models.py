"""The papers that a version needs, the documents that came for them, and waivers."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.checklists import book
from credit.checklists.choices import ItemState, Need, WaiverState
from credit.checklists.querysets import DocumentQuerySet, PaperQuerySet
from credit.packs.models import PackVersion, Party, VersionPart
from credit.packs.querysets import VersionPartQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.models import StoredFile

_WHO: dict[str, Any] = {"on_delete": models.PROTECT, "null": True, "related_name": "+"}


class ChecklistItem(VersionPart):
    """One paper that a version needs: of the borrower, or of a guarantor (`party`). Frozen with the version. Class I."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="papers")
    code = models.CharField(_("code"), max_length=4)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, related_name="papers", verbose_name=_("guarantor"))
    need = models.CharField(_("need"), max_length=11, choices=Need.choices)
    is_wanted = models.BooleanField(default=True, help_text="Still asked for: what is asked of a version may change while papers are here.")
    state = models.CharField(_("state"), max_length=9, choices=ItemState.choices, default=ItemState.MISSING)
    requested_at = models.DateTimeField(_("requested"), null=True)
    received_at = models.DateTimeField(_("received"), null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("received by"), **_WHO)
    dated_on = models.DateField(_("day that it speaks of"), null=True)
    valid_until = models.DateField(_("good until"), null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("checked by"), **_WHO)
    original_sighted = models.BooleanField(_("original sighted"), default=False)
    waived_until = models.DateField(_("waived until"), null=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("waived by"), **_WHO)
    waived_level = models.CharField(_("level"), max_length=3, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar[Any] = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], condition=Q(party=None), name="checklists_item_once"),
            models.UniqueConstraint(fields=["version", "code", "party"], name="checklists_item_once_of_party"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("received_by")),
                name="checklists_checked_by_another",
                violation_error_message=_("A second person checks what the first one received."),
            ),
            models.CheckConstraint(condition=~Q(state=ItemState.EXPIRED), name="checklists_expired_is_not_written"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.WAIVED) | Q(waived_until__isnull=False, waived_by__isnull=False), name="checklists_waived_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """What the paper is called, in the reader's language."""
        return book.name_of(self.code)

    @property
    def key(self) -> str:
        """What names it in every version: its code, and the guarantor."""
        if self.party is None:
            return self.code
        return f"{self.code} {self.party.company_id or self.party.person_name}"


class Document(VersionPart):
    """A file that came for one or several papers of a version; only ever served as a download. Class I, partly K."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    dated_on = models.DateField(_("day that it speaks of"), null=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("received by"))

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()  # type: ignore[assignment]  # its own narrowings

    class Meta:
        verbose_name = _("document")
        constraints = [models.UniqueConstraint(fields=["version", "file"], name="checklists_document_once")]

    def __str__(self) -> str:
        return self.title


class DocumentUse(VersionPart):
    """A document stands for a paper; one may stand for several."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="uses")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="uses")

    objects: ClassVar[Any] = VersionPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "item"], name="checklists_use_once")]

    def __str__(self) -> str:
        return f"{self.document} / {self.item.code}"


class Waiver(models.Model):
    """A paper is to be left out until a day: asked by the pack's manager, granted or refused by a head, never by who asked."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="waivers")
    code = models.CharField(_("code"), max_length=4)
    item = models.ForeignKey(ChecklistItem, on_delete=models.SET_NULL, null=True, related_name="waivers")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    level = models.CharField(_("level"), max_length=3)
    state = models.CharField(_("state"), max_length=8, choices=WaiverState.choices, default=WaiverState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("decided by"), **_WHO)
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Any] = VersionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="checklists_waived_by_another",
                violation_error_message=_("Nobody grants their own waiver."),
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(state=WaiverState.ASKED), name="checklists_one_open_waiver"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {book.name_of(self.code)}"

    def get_absolute_url(self) -> str:
        """The pack's page, at its papers."""
        return f"{url_of('packs:pack_detail', self.version.pack_id)}#papers"

    @staticmethod
    def version_model() -> type[PackVersion]:
        """For querysets, which stand below the models."""
        return PackVersion
