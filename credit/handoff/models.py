"""Seals of versions, chained over the whole bank; the documents that they pin; endorsements. None is ever changed."""

import json
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.handoff.choices import Verdict
from credit.packs.models import PackVersion
from credit.packs.querysets import VersionPartQuerySet
from crm.kernel.events import EventModel
from crm.kernel.files import StoredFile
from crm.kernel.querysets import VisibleQuerySet


class DocumentQuerySet(VisibleQuerySet[Any]):
    """Documents that seals pin."""

    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """As the version."""
        return self.filter(seal__version__in=PackVersion.objects.visible_to(user))


class OfVersion(EventModel):
    """An event of a version, seen with it."""

    objects: ClassVar[Any] = VersionPartQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def version_model() -> type[PackVersion]:
        """For querysets, which stand below the models."""
        return PackVersion


class Seal(OfVersion):
    """What a version was when it left its relationship manager: the canonical manifest with the hash of every document and section.

    `hash` is the manifest's; the manifest holds the hash of the seal before it, of whatever pack, so that no seal of the bank can be
    taken out, put in or changed without breaking all that follow. `contents` are the values of which the manifest holds the hashes.
    """

    version = models.OneToOneField(PackVersion, on_delete=models.PROTECT, related_name="seal")
    position = models.PositiveBigIntegerField(_("place in the chain"), unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    manifest = models.TextField(_("manifest"))
    contents = models.TextField()

    class Meta:
        verbose_name = _("seal")

    def __str__(self) -> str:
        return f"{self.position}: {self.hash[:12]}"

    @property
    def short(self) -> str:
        """The first letters of the hash, in fours, as people compare them."""
        return " ".join(self.hash[at : at + 4] for at in range(0, 12, 4))

    @property
    def told(self) -> dict[str, Any]:
        """The manifest as values."""
        found: dict[str, Any] = json.loads(self.manifest)
        return found

    @property
    def parts(self) -> dict[str, Any]:
        """The sealed contents by part."""
        found: dict[str, Any] = json.loads(self.contents)
        return found


class SealedDocument(models.Model):
    """A document that a seal pins by its hash."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="documents")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    name = models.CharField(max_length=60, help_text="In the archive: made by us.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed document")
        constraints = [models.UniqueConstraint(fields=["seal", "place"], name="handoff_document_once")]

    def __str__(self) -> str:
        return self.name


class Endorsement(OfVersion):
    """The word of the head who stands for the request beside its relationship manager: endorsed or sent back, with their own view."""

    version = models.OneToOneField(PackVersion, on_delete=models.PROTECT, related_name="endorsement")
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict.choices)
    view = models.TextField(_("own view"))
    total = models.DecimalField(_("group total in Hong Kong dollars"), max_digits=18, decimal_places=2)
    authority = models.DecimalField(_("own authority"), max_digits=18, decimal_places=2, null=True, help_text="Empty: without a top.")

    class Meta:
        verbose_name = _("endorsement")

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"
