"""Units, users, posts, changes of posts under dual control, working calendars, API tokens."""

import datetime as dt
import uuid
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, EventModel, VersionedModel
from crm.staff import actor
from crm.staff.choices import SERVE_THE_BANK, TOP_GRADE, AccountAct, ChangeState, CoverState, Jurisdiction, Role, UnitKind
from crm.staff.querysets import STAFF_READERS, CoverQuerySet, PostQuerySet, StaffQuerySet, UnitQuerySet, UserQuerySet


def _unplaced() -> str:
    """A path that no unit has, until `place` knows the id."""
    return f"new-{uuid.uuid4()}"


class OrgUnit(AuditedModel, VersionedModel):
    """A unit of the bank: head office, a centre, team, branch or department. Known to all staff."""

    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_hant = models.CharField(_("name (繁體)"), max_length=120)
    name_hans = models.CharField(_("name (简体)"), max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of"))
    path = models.CharField(
        max_length=200, unique=True, editable=False, default=_unplaced, help_text="ids from the root, each closed by a stop: 1.4.9."
    )
    centre = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, default=Jurisdiction.HK)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Hong_Kong")
    currency = models.CharField(_("currency"), max_length=3, default="HKD")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    calendar_version = models.PositiveIntegerField(default=0, editable=False)
    """Of a centre: counted up with every change of its days, so that a process knows whether those it remembers still hold."""

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name_en"],
                name="staff_unit_name_once",
                violation_error_message=_("A unit of this name is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return {"zh-hant": self.name_hant, "zh-hans": self.name_hans}.get(get_language() or "en", self.name_en)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)

    def get_absolute_url(self) -> str:
        """The unit's page."""
        return url_of("staff:unit_detail", self.pk)

    def place(self) -> None:
        """Set path and centre from the parent and save. Call after the first save, for the path holds the own id."""
        above = self.parent.path if self.parent else ""
        self.path = f"{above}{self.pk}."
        if self.kind == UnitKind.CENTRE:
            self.centre = self
        elif self.parent:
            self.centre = self.parent.centre
        self.save(update_fields=["path", "centre", "updated_at"])


class StaffManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Users, with Django's way of making them."""


class User(AbstractUser, VersionedModel):
    """A member of staff. What they may see and do comes from their posts alone; there is no superuser."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    staff_number = models.CharField(_("staff number"), max_length=20, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES, default="en")
    is_service = models.BooleanField(
        _("system account"), default=False, editable=False, help_text="Another system of the bank: it holds tokens and never signs in."
    )
    sessions_valid_from = models.DateTimeField(null=True, editable=False, help_text="Sessions from before this moment are over.")

    objects: ClassVar[StaffManager] = StaffManager()

    REQUIRED_FIELDS = ["name_en"]

    class Meta:
        verbose_name = _("member of staff")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_superuser=False), name="staff_no_superuser", violation_error_message=_("There are no superusers.")
            ),
            models.UniqueConstraint(fields=["staff_number"], condition=~Q(staff_number=""), name="staff_number_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name, in Chinese for readers of Chinese where there is one."""
        return self.name_zh if self.name_zh and (get_language() or "en").startswith("zh") else self.name_en

    def get_full_name(self) -> str:
        """As `name`."""
        return self.name

    def get_short_name(self) -> str:
        """As `name`."""
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return url_of("staff:user_detail", self.pk)

    @cached_property
    def actor(self) -> actor.Actor:
        """The posts held now; read once per loaded user, that is once per request."""
        return actor.load(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Permissions of other packages (Wagtail) come from posts through the backend; being superuser is impossible."""
        return self.is_active and super().has_perm(perm, obj)


class Post(AuditedModel):
    """What somebody is in the bank: a role of a grade in a unit, from one moment to another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=4, choices=Role.choices)
    grade = models.PositiveSmallIntegerField(_("grade"), default=0, validators=[MaxValueValidator(TOP_GRADE)])
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("unit"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        indexes = [models.Index(fields=["user", "from_at"], name="staff_post_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(to_at=None),
                name="staff_post_once",
                violation_error_message=_("This person holds that post already."),
            ),
            models.CheckConstraint(condition=Q(to_at=None) | Q(to_at__gte=models.F("from_at")), name="staff_post_span"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit}"

    @property
    def serves(self) -> tuple[int, ...]:
        """The units whose shared queues this post serves: its own; a branch's counter also serves its centre."""
        centre_id = self.unit.centre_id if self.unit.kind == UnitKind.BRANCH else None
        return (self.unit_id, centre_id) if centre_id else (self.unit_id,)

    @property
    def serves_bank(self) -> bool:
        """Queues of its role that have no unit are this post's too."""
        return self.role in SERVE_THE_BANK


class PostChange(AuditedModel):
    """A change of somebody's role or grade that one administrator proposed and another decides."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="post_changes", verbose_name=_("person"))
    ends = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ends the post"))
    role = models.CharField(_("role"), max_length=4, choices=Role.choices, blank=True)
    grade = models.PositiveSmallIntegerField(_("grade"), default=0, validators=[MaxValueValidator(TOP_GRADE)])
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    from_at = models.DateTimeField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of post")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="staff_change_four_eyes",
                violation_error_message=_("Who proposed it does not decide it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("user")),
                name="staff_change_not_own",
                violation_error_message=_("Nobody decides a change of their own posts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        """Where it is decided."""
        return url_of("staff:change_detail", self.pk)


class AccountEvent(EventModel):
    """Something that an administrator did with somebody's account. Seen by administrators, compliance and audit."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="account_events", verbose_name=_("person"))
    act = models.CharField(_("act"), max_length=12, choices=AccountAct.choices)
    changes = models.JSONField(default=dict, help_text="Of a correction: by field, the value before and the value after.")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("act on an account")
        indexes = [models.Index(fields=["user", "-id"], name="staff_account_events")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_act_display()}"

    @property
    def corrections(self) -> list[tuple[str, str, str]]:
        """Of a correction: what each field is called, what stood there, and what stands there since."""
        languages = dict(settings.LANGUAGES)
        told = []
        for name, (before, after) in self.changes.items():
            column: Any = User._meta.get_field(name)
            words = languages if name == "language" else {}
            told.append((str(column.verbose_name), words.get(before, before), words.get(after, after)))
        return told


class LeaveCover(AuditedModel):
    """A deputy who keeps somebody's desk while they are away (domain 1.2, "Delegation"): first and last day in the principal's centre.

    Seen by both, by the principal's heads, by administrators, compliance and audit.
    """

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers", verbose_name=_("away"))
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("deputy"))
    from_on = models.DateField(_("first day"))
    to_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("named by"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave cover")
        indexes = [models.Index(fields=["deputy", "to_on"], condition=Q(ended_at=None), name="staff_cover_deputy")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=models.F("principal")),
                name="staff_cover_not_own",
                violation_error_message=_("Nobody is their own deputy."),
            ),
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="staff_cover_span"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), name="staff_cover_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} · {self.deputy}"

    def state_on(self, today: dt.date) -> CoverState:
        """Whether it is to come, holds, or is over."""
        if self.ended_at is not None or self.to_on < today:
            return CoverState.OVER
        return CoverState.HOLDS if self.from_on <= today else CoverState.COMING

    def get_absolute_url(self) -> str:
        """The list that it stands in."""
        return url_of("staff:cover_list")


class CalendarDay(AuditedModel):
    """A day on which a jurisdiction's centres keep other hours than usual: closed (no spans), or open on a make-up day."""

    centre = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="calendar_days", verbose_name=_("centre"))
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    spans = models.JSONField(_("open"), default=list, help_text='Pairs of times such as [["09:30", "12:30"]]; empty: closed.')

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the working calendar")
        constraints = [models.UniqueConstraint(fields=["centre", "day"], name="staff_calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.centre} {self.day}"


class TokenQuerySet(StaffQuerySet):
    """API tokens."""

    def visible_to(self, user: Any) -> "TokenQuerySet":
        """One's own; those of system accounts also by administrators, compliance and audit."""
        if not user.pk:
            return self.none()
        own = Q(user_id=user.pk)
        return self.filter(own | Q(user__is_service=True) if user.actor.has_role(*STAFF_READERS) else own)

    def working(self) -> "TokenQuerySet":
        """Not revoked, of somebody who is let in, and, of a system account, confirmed by a second administrator."""
        return self.filter(Q(made_by=None) | Q(confirmed_by__isnull=False), revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A bearer token of the API. Only its hash is kept; the text is shown once. Seen by its user.

    One of a system account is made by an administrator and works once another has confirmed it (domain 1.2, dual control); staff records'
    readers see those too.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bearer_tokens")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("ends in"), max_length=4)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: by its user, or on the command line.",
    )
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("made_by")),
                name="staff_token_four_eyes",
                violation_error_message=_("Who made it does not confirm it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} …{self.hint}"
