"""Who may see which units, users and posts, and which posts are current."""

import datetime as dt
from typing import Any, Self

from django.db.models import F, Q

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import DECIDING_ROLES, Role

# Staff records are read by administrators, compliance (domain 1.2) and internal audit. Names of colleagues are not secret.
STAFF_READERS = (Role.ADM, Role.COMP, Role.AUD)


class UnitQuerySet(VisibleQuerySet[Any]):
    """Units."""

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """The tree is known to whoever holds a post."""
        return self.all() if user.actor.posts else self.none()


class StaffQuerySet(VisibleQuerySet[Any]):
    """Users, posts, changes of posts."""

    def visible_to(self, user: Any) -> Self:
        """Administrators, compliance and audit."""
        return self.all() if user.actor.has_role(*STAFF_READERS) else self.none()


class UserQuerySet(StaffQuerySet):
    """Users."""

    def colleagues_of(self, user: Any) -> "UserQuerySet":
        """Active people by name: whom one may name as owner, deputy or attendee. For those who hold a post."""
        return self.filter(is_active=True, is_service=False) if user.actor.posts else self.none()

    def holding(self, *roles: str, now: dt.datetime) -> "UserQuerySet":
        """People who hold one of these roles now."""
        held = Q(posts__role__in=roles) & Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
        return self.filter(held, is_active=True).distinct()


class PostQuerySet(StaffQuerySet):
    """Posts."""

    def current(self, now: dt.datetime) -> "PostQuerySet":
        """Posts held at this moment."""
        return self.filter(Q(to_at=None) | Q(to_at__gt=now), from_at__lte=now)

    def covered_by(self, user_id: int, now: dt.datetime) -> "PostQuerySet":
        """Posts of those whose desk this person keeps on these days, with `cover_from` and `cover_to`, the first and the last day.

        Days are those of the principal's centre, so one day more is found on either side: `actor.covered` takes it off.
        """
        day, around = now.date(), dt.timedelta(days=1)
        covers = {
            "user__covers__deputy_id": user_id,
            "user__covers__ended_at": None,
            "user__covers__from_on__lte": day + around,
            "user__covers__to_on__gte": day - around,
        }
        rows = self.current(now).filter(**covers, user__is_active=True, role__in=DECIDING_ROLES)
        return rows.annotate(cover_from=F("user__covers__from_on"), cover_to=F("user__covers__to_on"))


class CoverQuerySet(VisibleQuerySet[Any]):
    """Leave covers."""

    def visible_to(self, user: Any) -> "CoverQuerySet":
        """Those that one is part of; team and business heads' also by their heads; all by administrators, compliance and audit."""
        actor = user.actor
        if not actor.posts:
            return self.none()
        if actor.has_role(*STAFF_READERS):
            return self.all()
        test = Q(principal_id=user.pk) | Q(deputy_id=user.pk)
        if actor.has_role(Role.HO):
            test |= Q(principal__posts__role__in=(Role.TH, Role.RCH, Role.HO))
        centres = [post.unit_id for post in actor.posts if post.role == Role.RCH]
        if centres:
            test |= Q(principal__posts__role=Role.TH, principal__posts__unit__centre_id__in=centres)
        return self.filter(pk__in=self.model._default_manager.filter(test).values("pk"))

    def standing(self) -> "CoverQuerySet":
        """Not ended before their last day."""
        return self.filter(ended_at=None)

    def touching(self, first: dt.date, last: dt.date) -> "CoverQuerySet":
        """Those that share a day with a span of days, both included."""
        return self.filter(from_on__lte=last, to_on__gte=first)
