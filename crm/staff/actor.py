"""Who acts: the posts that a user holds at this moment and how far they reach. Read once a request, with one query."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils import timezone

from crm.kernel.prepared import Given, Prepared
from crm.kernel.querysets import Reach
from crm.staff.choices import DECIDING_ROLES, RELATIONSHIP_ROLES, Role, stands_in

if TYPE_CHECKING:
    from crm.staff.models import OrgUnit, Post


_UNIT = (
    *("kind", "name_en", "name_hant", "name_hans", "path", "parent_id", "centre_id"),
    *("jurisdiction", "time_zone", "currency", "calendar_version"),
)
_READ = ("user_id", "role", "grade", "from_at", "to_at", *(f"{unit}__{name}" for unit in ("unit", "unit__centre") for name in _UNIT))


@dataclass
class Actor:
    """A user's current posts. Visibility is their union; a decision names the post it was made in."""

    posts: "tuple[Post, ...]"
    user_id: int | None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held now."""
        return frozenset(post.role for post in self.posts)

    def has_role(self, *roles: str) -> bool:
        """Holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def post(self, *roles: str) -> "Post | None":
        """The post of the highest grade among these roles (any role, where none is named)."""
        fitting = [post for post in self.posts if not roles or post.role in roles]
        return max(fitting, key=lambda post: post.grade, default=None)

    @cached_property
    def centre(self) -> "OrgUnit | None":
        """The centre of the first post: whose time zone and calendar the person lives by."""
        return next((post.unit.centre for post in self.posts if post.unit.centre_id), None)

    @cached_property
    def covered_posts(self) -> "tuple[Post, ...]":
        """The posts of those whose desk this person keeps now, each with its `user`. One query, and none for who decides nothing.

        A post that was taken over passes on to nobody (no sub-delegation), and none is kept that one's own posts do not reach up to.
        """
        if self.user_id is None or not self.has_role(*DECIDING_ROLES):
            return ()
        return covered(apps.get_model("staff.Post"), self, timezone.now())

    @cached_property
    def deciding_posts(self) -> "tuple[Post, ...]":
        """One's own posts and those that one keeps for others at this moment."""
        return (*self.posts, *self.covered_posts)

    def authority_for(self, post: "Post") -> int:
        """The grade with which this person decides in a post: its own, for a desk that one keeps the lower of both; 0 in others' posts."""
        if any(own.pk == post.pk for own in self.posts):
            return post.grade
        if any(kept.pk == post.pk for kept in self.covered_posts):
            return min(post.grade, self._own_grade_for(post))
        return 0

    def _own_grade_for(self, post: "Post") -> int:
        """The highest grade of one's own posts that may stand in for another's; -1 without one."""
        fitting = (own.grade for own in self.posts if stands_in(role=own.role, grade=own.grade, for_role=post.role, for_grade=post.grade))
        return max(fitting, default=-1)

    def stands_in_for(self, post: "Post") -> bool:
        """Whether one of the posts held now may keep the desk of another's."""
        return self._own_grade_for(post) >= 0

    @cached_property
    def _reach(self) -> Reach:
        return self.reach_of(everything=(Role.HO, Role.COMP, Role.AUD))

    def reach(self) -> Reach:
        """The scope over clients, deals and visits (domain 1.2): own for RMs, team, centre, all for head office, compliance, audit."""
        return self._reach

    def reach_of(self, *, everything: tuple[str, ...] = ()) -> Reach:
        """A scope where these roles see everything; RMs own rows, team heads their teams, centre heads their centres."""
        if self.has_role(*everything):
            return Reach(everything=True)
        return Reach(
            owner_id=self.user_id if self.has_role(*RELATIONSHIP_ROLES) else None,
            team_ids=tuple(sorted({post.unit_id for post in self.posts if post.role == Role.TH})),
            centre_ids=tuple(sorted({post.unit_id for post in self.posts if post.role == Role.RCH})),
        )


def load(user: Any) -> Actor:
    """The posts that `user` holds now. A deactivated user holds none."""
    if not user.pk or not user.is_active:
        return Actor((), None)
    posts = user.posts.current(timezone.now()).select_related("unit", "unit__centre").only(*_READ).order_by("id")
    return Actor(tuple(posts), user.pk)


def covered(posts: Any, actor: Actor, now: dt.datetime) -> "tuple[Post, ...]":
    """Of `posts` (the model), those that `actor` keeps at this moment in the day of the principal's centre."""
    rows = posts._default_manager.covered_by(actor.user_id, now).exclude(user_id=actor.user_id)
    rows = rows.select_related("user", "unit", "unit__centre").order_by("pk")
    return tuple(post for post in rows if _is_day_of(post, now) and actor.stands_in_for(post))


def _is_day_of(post: Any, now: dt.datetime) -> bool:
    unit = post.unit.centre or post.unit
    return bool(post.cover_from <= timezone.localdate(now, unit.zone) <= post.cover_to)


def user_with_posts(prepared: Prepared["Post"], user_id: int) -> Any:
    """The user with the posts held now, which every page needs, in one statement; None for somebody who holds none."""
    found = tuple(prepared(user_id=user_id, now=timezone.now()))
    if not found:
        return None
    user = found[0].user
    for post in found:
        post.user = user
    user.actor = Actor(found, user.pk) if user.is_active else Actor((), None)
    return user


def held_now(posts: Any) -> Any:
    """The question of `user_with_posts`, of `posts`: with user, unit and centre."""
    user = posts.model._meta.get_field("user")
    columns = [f"user__{column.attname}" for column in user.related_model._meta.concrete_fields]
    held = posts.current(Given("now", posts.model._meta.get_field("from_at"))).filter(user_id=Given("user_id", user.target_field))
    return held.select_related("user", "unit", "unit__centre").only(*_READ, *columns).order_by("id")
