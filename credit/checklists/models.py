"""The papers that a version needs, the documents that came for them, and waivers."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.checklists import book
from credit.checklists.choices import AskedOf, EditionState, Group, ItemState, Need, Source, WaivedBy, WaiverState
from credit.checklists.querysets import DocumentQuerySet, OwnPaperQuerySet, PaperQuerySet
from credit.packs.models import PackVersion, Party, VersionPart
from credit.packs.querysets import VersionPartQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, StoredFile
from crm.policy.choices import Jurisdiction

_WHO: dict[str, Any] = {"on_delete": models.PROTECT, "null": True, "related_name": "+"}


class OwnPaper(AuditedModel):
    """One edition of a paper that the bank asks for beyond the book: what it is called, when it is asked for, from a day on.

    One person proposes it, another decides. The newest approved edition of a code holds from its day on; one that `ends` it asks for the
    paper no more. No edition is changed, so that papers of sealed versions stay what they were. Empty conditions hold always; of several
    kinds each must hold. Asked of guarantors, it stands under each of them. Seen by head office, content editors, compliance and audit.
    """

    code = models.CharField(_("code"), max_length=4)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_hant = models.CharField(_("name in traditional Chinese"), max_length=120)
    name_hans = models.CharField(_("name in simplified Chinese"), max_length=120)
    group = models.CharField(_("heading"), max_length=9, choices=Group.choices)
    source = models.CharField(_("who brings it"), max_length=6, choices=Source.choices)
    asked_of = models.CharField(_("asked of"), max_length=10, choices=AskedOf.choices, default=AskedOf.BORROWER)
    need = models.CharField(pgettext_lazy("paper", "need"), max_length=11, choices=Need.choices)
    valid_days = models.PositiveSmallIntegerField(_("good for (days)"), null=True, blank=True)
    waived_by = models.CharField(_("waived by"), max_length=5, choices=WaivedBy.choices)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, blank=True)
    client_types = models.JSONField(_("borrowers"), default=list, blank=True)
    facility_types = models.JSONField(_("facilities"), default=list, blank=True)
    securities = models.JSONField(_("security"), default=list, blank=True)
    ends = models.BooleanField(_("not asked for any more"), default=False)
    effective_from = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=9, choices=EditionState.choices, default=EditionState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("decided by"), **_WHO)
    decided_at = models.DateTimeField(_("decided"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects: ClassVar[Any] = OwnPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of the bank’s own")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state=EditionState.PROPOSED),
                name="checklists_own_one_open",
                violation_error_message=_("A change of this paper waits for a decision already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="checklists_own_four_eyes",
                violation_error_message=_("Who proposed it does not decide it."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="checklists_own_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.paper.name}"

    def get_absolute_url(self) -> str:
        """Where it is read and decided."""
        return url_of("checklists:own_detail", self.pk)

    @property
    def paper(self) -> book.Paper:
        """As the book would hold it."""
        return book.Paper(self.code, self.group, self.source, "", self.name_en, self.name_hant, self.name_hans)


class ChecklistItem(VersionPart):
    """One paper that a version needs: of the borrower, or of a guarantor (`party`). Frozen with the version. Class I."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="papers")
    code = models.CharField(_("code"), max_length=4)
    own = models.ForeignKey(OwnPaper, on_delete=models.PROTECT, null=True, related_name="+", help_text="The bank’s own, in this edition.")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, related_name="papers", verbose_name=_("guarantor"))
    need = models.CharField(pgettext_lazy("paper", "need"), max_length=11, choices=Need.choices)
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
        return self.own.paper.name if self.own else book.name_of(self.code)

    @property
    def paper(self) -> book.Paper | None:
        """What the book, or the bank's own edition, says of it; None where neither knows it any more."""
        return self.own.paper if self.own else book.papers().get(self.code)

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
        return f"{self.code} {self.item.name if self.item else book.name_of(self.code)}"

    def get_absolute_url(self) -> str:
        """The pack's page, at its papers."""
        return f"{url_of('packs:pack_detail', self.version.pack_id)}#papers"

    @staticmethod
    def version_model() -> type[PackVersion]:
        """For querysets, which stand below the models."""
        return PackVersion
