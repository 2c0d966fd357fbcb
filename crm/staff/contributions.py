"""What staff adds to shared screens: menu entries, commands, the check of API tokens."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import Invariant, NavItem, PaletteCommand, PolicyTable, WorkKind, register
from crm.kernel.ports import provide_token_check
from crm.kernel.worklist import WorkItem
from crm.staff import permissions
from crm.staff.choices import CHANGE_WORK, ChangeState, Role
from crm.staff.models import LeaveCover, PostChange
from crm.staff.services import CHANGE_SUBJECT, user_of_token


def _reads_staff(user: Any) -> bool:
    return bool(permissions.can_read_staff(user=user))


def _reads_covers(user: Any) -> bool:
    return bool(permissions.can_read_covers(user=user))


def _edits(user: Any) -> bool:
    return user.actor.has_role(Role.EDIT)


def _administers(user: Any) -> bool:
    return bool(permissions.can_administer(user=user))


def _covered_twice() -> Iterator[str]:
    rows = LeaveCover.objects.standing().order_by("principal_id", "from_on", "pk")
    for before, after in pairwise(rows.iterator()):
        if before.principal_id == after.principal_id and after.from_on <= before.to_on:
            yield f"Leave cover {after.pk} begins before cover {before.pk} of the same person is over."


def _changes_without_work() -> Iterator[str]:
    item = WorkItem.objects.open().filter(subject_type=CHANGE_SUBJECT, subject_id=OuterRef("pk"))
    rows = PostChange.objects.annotate(has_work=Exists(item))
    for pk in rows.filter(state=ChangeState.PROPOSED, has_work=False).values_list("pk", flat=True):
        yield f"Change of posts {pk} waits, and no administrator is told."
    for pk in rows.exclude(state=ChangeState.PROPOSED).filter(has_work=True).values_list("pk", flat=True):
        yield f"Change of posts {pk} is decided, and still stands among the work."


provide_token_check(user_of_token)
register(
    NavItem(_("Staff"), "staff:user_list", "staff", order=910, section=_("Administration"), shown=_reads_staff),
    NavItem(_("Changes of posts"), "staff:change_list", "check", order=915, section=_("Administration"), shown=_reads_staff),
    NavItem(_("Leave cover"), "staff:cover_list", "calendar", order=907, section=_("Administration"), shown=_reads_covers),
    NavItem(_("Units"), "staff:unit_list", "units", order=920, section=_("Administration"), shown=_reads_staff),
    NavItem(_("Editors’ desk"), "wagtailadmin_home", "cms", order=800, section=_("Know"), shown=_edits),
    PaletteCommand(_("My account"), "staff:account", "settings", words=_("password language token"), order=900),
    PaletteCommand(_("Leave cover"), "staff:cover_list", "calendar", words=_("deputy away delegate"), order=905, shown=_reads_covers),
    PaletteCommand(_("Add a person to staff"), "staff:user_create", "staff", order=910, shown=_administers),
    PolicyTable("staff.working_hours", _("Usual opening hours"), _("Staff"), "spans", labels={"spans": _("Every working day")}, order=910),
    PolicyTable(
        "staff.leave_cover", _("Leave cover"), _("Staff"), "days", labels={"max_days": _("A deputy is named for at most")}, order=920
    ),
    WorkKind(CHANGE_WORK, _("Change of posts"), "staff", "staff:change_detail", second_person=True),
    Invariant("staff.changes", "Every waiting change of posts is before the administrators, and no decided one is", _changes_without_work),
    Invariant("staff.covers", "Nobody has two deputies on one day", _covered_twice),
)
