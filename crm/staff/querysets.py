"""Who may see which units, users and posts, and which posts are current."""

import datetime as dt
from typing import Any, Self

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

# Staff records are read by administrators, compliance (domain 1.2) and internal audit. Names of colleagues are not secret.
_STAFF_READERS = (Role.ADM, Role.COMP, Role.AUD)


class UnitQuerySet(VisibleQuerySet[Any]):
    """Units."""

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """The tree is known to whoever holds a post."""
        return self.all() if user.actor.posts else self.none()


class StaffQuerySet(VisibleQuerySet[Any]):
    """Users, posts, changes of posts."""

    def visible_to(self, user: Any) -> Self:
        """Administrators, compliance and audit."""
        return self.all() if user.actor.has_role(*_STAFF_READERS) else self.none()


class UserQuerySet(StaffQuerySet):
    """Users."""

    def colleagues_of(self, user: Any) -> "UserQuerySet":
        """Active people by name: whom one may name as owner, deputy or attendee. For those who hold a post."""
        return self.filter(is_active=True) if user.actor.posts else self.none()

    def holding(self, *roles: str, now: dt.datetime) -> "UserQuerySet":
        """People who hold one of these roles now."""
        held = Q(posts__role__in=roles) & Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
        return self.filter(held, is_active=True).distinct()


class PostQuerySet(StaffQuerySet):
    """Posts."""

    def current(self, now: dt.datetime) -> "PostQuerySet":
        """Posts held at this moment."""
        return self.filter(Q(to_at=None) | Q(to_at__gt=now), from_at__lte=now)
