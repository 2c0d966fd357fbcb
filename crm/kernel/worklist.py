"""What must be shown mixed and paged is written, not gathered: work items (to do) and timeline rows (what happened)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.querysets import VisibleQuerySet

TASK = "task"
"""The kind of what a person writes down for themselves or a colleague."""


class WorkState(models.TextChoices):
    """A work item is open until it is done or dropped."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class WorkItemQuerySet(VisibleQuerySet["WorkItem"]):
    """Things to do."""

    def visible_to(self, user: Any) -> "WorkItemQuerySet":
        """One's own as long as one holds a post, and those of the shared queues (a role, in a unit or the bank) that one's posts serve."""
        if not (user.pk and user.actor.posts):
            return self.none()
        test = Q(assignee_id=user.pk)
        for post in user.actor.posts:
            served = Q(unit=None) if post.serves_bank else Q()
            for unit_id in post.serves:
                served |= Q(unit_id=unit_id)
            test |= Q(assignee=None, role=post.role) & served
        return self.filter(test)

    def for_deciders(self, user: Any) -> "WorkItemQuerySet":
        """What waits for a decision that this person may take: in the queues of the posts in which they decide, or given to them.

        A queue without a unit is the whole bank's: whoever holds the role serves it. Of those whose desk this person keeps now, also what
        is given to them by name; their tasks stay theirs.
        """
        if not (user.pk and user.actor.deciding_posts):
            return self.none()
        test = Q(assignee_id=user.pk)
        for post in user.actor.deciding_posts:
            test |= Q(assignee=None, role=post.role) & (Q(unit_id=post.unit_id) | Q(unit=None))
        for post in user.actor.covered_posts:
            test |= Q(assignee_id=post.user_id) & ~Q(kind=TASK)
        return self.filter(test)

    def open(self) -> "WorkItemQuerySet":
        """Not yet done."""
        return self.filter(state=WorkState.OPEN)


class WorkItem(models.Model):
    """Something that a person, or whoever serves a shared queue, has to do by a time. A task is one of kind TASK."""

    kind = models.CharField(_("kind"), max_length=30)
    title = models.CharField(_("to do"), max_length=300)
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("company"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="work_items", verbose_name=_("for")
    )
    unit = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=4, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=WorkState.choices, default=WorkState.OPEN)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(state="open"), name="kernel_work_mine"),
            models.Index(fields=["role", "unit", "due_at"], condition=Q(state="open", assignee=None), name="kernel_work_queued"),
            models.Index(fields=["subject_type", "subject_id"], name="kernel_work_subject"),
            models.Index(fields=["company", "due_at"], condition=Q(state="open"), name="kernel_work_company"),
        ]

    def __str__(self) -> str:
        return self.title

    def close(self, *, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
        """It is done, or need not be done any more."""
        self.state, self.closed_at, self.closed_by = state, now, actor
        self.save(update_fields=["state", "closed_at", "closed_by"])


class TimelineQuerySet(VisibleQuerySet["TimelineRow"]):
    """What happened with companies."""

    def of_company(self, company_id: int, *, user: Any) -> "TimelineQuerySet":
        """A company's rows that this person may see, newest first. The caller has already found the company visible.

        Each row names the sight that it asks for; a person's sights on this company come from the feature that owns it.
        """
        return self.visible_to(user).filter(company_id=company_id).order_by("-at", "-id")

    def visible_to(self, user: Any) -> "TimelineQuerySet":
        """Rows whose owner, team or centre the person's posts reach, and rows for all."""
        if not user.pk:
            return self.none()
        reach = user.actor.reach()
        if reach.everything:
            return self.all()
        test = Q(for_all=True) if user.actor.posts else Q(pk__in=[])
        if reach.owner_id:
            test |= Q(owner_id=reach.owner_id)
        if reach.team_ids:
            test |= Q(team_id__in=reach.team_ids)
        if reach.centre_ids:
            test |= Q(centre_id__in=reach.centre_ids)
        return self.filter(test)


class TimelineRow(models.Model):
    """One thing that happened with a company, as its timeline shows it. Seen within the scope written into the row."""

    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="timeline", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=30)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    for_all = models.BooleanField(default=False)
    title = models.CharField(_("what"), max_length=300)
    facts = models.JSONField(default=dict)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-at", "-id"], name="kernel_timeline_company"),
            models.Index(fields=["subject_type", "subject_id"], name="kernel_timeline_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"
