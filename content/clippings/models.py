"""Sources, clippings, the companies that they name, and what tells that two of them are one story."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, RevisionMixin, Task, TaskState, WorkflowMixin

from content.clippings.choices import TONES, Class, Event, Language, MentionState
from content.clippings.querysets import ClippingQuerySet, MentionQuerySet, PartQuerySet, SourceQuerySet
from content.clippings.rules import QUOTE_LENGTH
from crm.companies.choices import SECTORS
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, EventModel
from crm.staff.choices import Role

_WEIGHT = (MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal("3")))


class Source(AuditedModel):
    """A newspaper, wire, feed or archive: how much its word weighs in search, what its licence allows, where its feed is.

    The feed's own state (last read, last error) is written by the collector without a version.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    weight = models.DecimalField(
        _("weight"), max_digits=3, decimal_places=1, default=Decimal(1), validators=_WEIGHT, help_text=_("1 is usual; 0.1 to 3.")
    )
    language = models.CharField(_("language"), max_length=7, choices=Language.choices, blank=True)
    licensed = models.BooleanField(
        _("licensed"), default=False, help_text=_("Readers see the whole text. Without a licence they see title, quote and link.")
    )
    licence_note = models.CharField(_("licence note"), max_length=300, blank=True)
    publishes_directly = models.BooleanField(
        _("publishes directly"), default=True, help_text=_("What comes in is published at once; else it waits for an editor.")
    )
    feed_url = models.URLField(_("feed address"), max_length=500, blank=True)
    feed_minutes = models.PositiveSmallIntegerField(
        _("read every (minutes)"), default=30, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    feed_next_at = models.DateTimeField(_("next read"), null=True, editable=False)
    feed_read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    feed_failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    feed_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    feed_etag = models.CharField(max_length=200, blank=True, editable=False)
    feed_modified = models.CharField(max_length=80, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar[list[str]] = ["name"]
        indexes = [models.Index(fields=["feed_next_at"], condition=~Q(feed_url=""), name="clippings_feeds_due")]

    def __str__(self) -> str:
        return self.name


class Clipping(WorkflowMixin, DraftStateMixin, RevisionMixin, AuditedModel):
    """A piece of news. `live`: published. Class P or I; of a deal (D) only those inside it know.

    `head` is the clipping that stands for the story (empty for the head itself, which counts its `similar` ones): near copies of one
    text within two weeks, published and of one class, so that a story never spans scopes.
    """

    title = models.CharField(_("headline"), max_length=300)
    body = models.TextField(_("text"), blank=True)
    quote = models.CharField(
        _("quote"), max_length=QUOTE_LENGTH, blank=True, help_text=_("What readers see where the source is not licensed; 300 characters.")
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="clippings", db_index=False, verbose_name=_("source"))
    url = models.URLField(_("address"), max_length=1000, blank=True)
    page = models.CharField(_("page"), max_length=20, blank=True)
    author = models.CharField(_("author"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("published"))
    language = models.CharField(_("language"), max_length=7, choices=Language.choices, blank=True)
    event = models.CharField(_("event"), max_length=10, choices=Event.choices, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True, help_text=_("By the standard's English names."))
    klass = models.CharField(_("class"), max_length=1, choices=Class.choices, default=Class.PUBLIC)
    read_minutes = models.PositiveSmallIntegerField(_("minutes to read"), default=1, editable=False)
    # Without an index of its own, as `head`: most rows have none, and a planner without statistics would take all those for few.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("added by"),
    )
    origin_key = models.CharField(max_length=40, unique=True, editable=False)
    text_hash = models.CharField(max_length=64, db_index=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counted up with each change that search must see.")
    head = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers", editable=False, db_index=False)
    similar = models.PositiveIntegerField(default=0, editable=False)

    # Else Wagtail's page of a source's uses would name deals.
    wagtail_reference_index_ignore = True

    objects = ClippingQuerySet.as_manager()

    class Meta:
        verbose_name = _("clipping")
        verbose_name_plural = _("clippings")
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(head=None, live=True), name="clippings_stories"),
            models.Index(fields=["source", "-published_at", "-id"], name="clippings_by_source"),
            models.Index(fields=["-published_at", "-id"], condition=Q(live=False), name="clippings_inbox"),
            models.Index(fields=["-published_at", "-id"], condition=Q(live=True), name="clippings_published"),
            models.Index(fields=["head"], condition=~Q(head=None), name="clippings_followers"),
            models.Index(fields=["added_by", "-published_at"], condition=~Q(added_by=None), name="clippings_added_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="clippings_titled", violation_error_message=_("A clipping needs a headline.")
            ),
            # One that was just withdrawn still follows, until it is settled.
            models.CheckConstraint(condition=Q(head=None) | Q(similar=0), name="clippings_followers_count_none"),
        ]

    def __str__(self) -> str:
        return self.title

    def with_content_json(self, content: Any) -> "Clipping":
        """As a revision has it, but in the story where it stands by now: that moves on while a draft waits."""
        drafted: Clipping = super().with_content_json(content)
        for name in ("head_id", "similar", "version", "text_hash", "origin_key", "added_by_id"):
            setattr(drafted, name, getattr(self, name))
        if hasattr(self, "_history_user"):
            drafted._history_user = self._history_user
        return drafted

    def get_absolute_url(self) -> str:
        """The clipping's page."""
        return url_of("clippings:clipping_detail", self.pk)

    @property
    def shows_text(self) -> bool:
        """Readers may see the whole text. The source is loaded with it."""
        return self.source.licensed

    @property
    def tone(self) -> str:
        """The tone of its event's chip."""
        return TONES.get(Event(self.event), "") if self.event else ""

    @property
    def excerpt(self) -> str:
        """The quote that lists show."""
        return self.quote

    @property
    def sector_names(self) -> list[str]:
        """The sectors in the reader's language."""
        return [str(SECTORS.get(sector, sector)) for sector in self.sectors]

    @property
    def story_id(self) -> int:
        """What stands for the story."""
        return int(self.head_id or self.pk)


class SecondEditor(Task):
    """The step of Wagtail's workflow in which another editor than the one who handed it over publishes a clipping or asks for changes."""

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("second editor")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Whoever has the desk."""
        return bool(user.actor.has_role(Role.EDIT))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Ask for changes or publish: not one's own."""
        state = obj.current_workflow_state
        if state is None or state.requested_by_id == user.pk or not self.user_can_access_editor(obj, user):
            return []
        return [("reject", _("Ask for changes"), True), ("approve", _("Approve and publish"), False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What other editors handed over."""
        if not user.actor.has_role(Role.EDIT):
            return self.task_states.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(workflow_state__requested_by=user)

    @classmethod
    def get_description(cls) -> Any:
        """What it is, in Wagtail's settings."""
        return _("Another content editor publishes it or asks for changes.")


class Copy(models.Model):
    """An exact copy of a clipping that came in elsewhere, or again: kept as a line, so that the same archive is known when it returns."""

    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="copies")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    origin_key = models.CharField(max_length=40, unique=True)
    url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField()

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source_id}: {self.origin_key}"


class StoryBand(models.Model):
    """One of the keys by which near copies of a clipping are found (16 bands of a MinHash). Old ones are swept."""

    key = models.BigIntegerField(db_index=True)
    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key}: {self.clipping_id}"


class Mention(models.Model):
    """A company that a clipping names, and where it does so first. Seen with the clipping.

    `start` and `end` count characters of the title or the text. `name` is the folded name or code that was met, `reason` says why it
    links or why a person is asked;
    `book` names the version of the names that it was found by, so that a correction can be replayed.
    """

    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="mentions", db_index=False, verbose_name=_("company"))
    state = models.CharField(_("state"), max_length=9, choices=MentionState.choices)
    in_title = models.BooleanField(default=False)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField(_("as written"), max_length=200)
    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=20, blank=True)
    book = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField()
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        constraints = [models.UniqueConstraint(fields=["clipping", "company"], name="clippings_mention_once")]
        indexes = [
            models.Index(fields=["company", "-published_at", "-id"], name="clippings_mentions_of"),
            models.Index(fields=["-published_at", "-id"], condition=Q(state="suggested"), name="clippings_to_confirm"),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.state})"

    @staticmethod
    def clipping_model() -> type[Clipping]:
        """For querysets, which stand below the models."""
        return Clipping


class Ruling(EventModel):
    """A person's answer to a mention. The newest for a company and a name counts for later clippings too."""

    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="rulings")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    before = models.CharField(max_length=9, choices=MentionState.choices)
    answer = models.BooleanField()

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["company", "name", "-id"], name="clippings_rulings_of")]

    def __str__(self) -> str:
        return f"{self.name}: {self.answer}"
