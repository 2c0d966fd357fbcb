"""Which figures hold on a day, and who may see them and the changes proposed to them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.kernel.contributions import PolicyTable, of
from crm.kernel.querysets import VisibleQuerySet
from crm.policy.choices import CENTRE_HEAD, GRADE_KEYS, HEAD_OFFICE, READ_ALL, TEAM_HEAD, ChangeState

NOTHING = Q(pk__in=())


def rows_of_own_grade(user: Any) -> Q:
    """For `PolicyTable.rows` of restricted tables by grade (domain 1.2, "Authority matrix"; invariant 13): RMs read the row of their
    own grade; team and centre heads that row and those below.
    """  # fmt: skip
    keys: set[str] = set()
    for role in user.actor.roles & set(GRADE_KEYS):
        heads = role in (TEAM_HEAD, CENTRE_HEAD)
        keys |= set(GRADE_KEYS[: GRADE_KEYS.index(role) + 1]) if heads else {role}
    return Q(key__in=sorted(keys)) if keys else NOTHING


def _current() -> Q:
    now = timezone.now()
    return Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))


def headed_by(posts: Iterable[Any]) -> QuerySet[Any]:
    """The people whose team or centre is headed in one of these posts, whatever their grade."""
    teams = [post.unit_id for post in posts if post.role == TEAM_HEAD]
    centres = [post.unit_id for post in posts if post.role == CENTRE_HEAD]
    people = get_user_model()._default_manager
    if not (teams or centres):
        return people.none()
    return people.filter(_current() & (Q(posts__unit_id__in=teams) | Q(posts__unit__centre_id__in=centres)))


def people_below(user: Any) -> QuerySet[Any]:
    """The people of a grade for whom this person may propose a figure of their own, by name."""
    people = get_user_model()._default_manager
    found = people.none()
    if user.actor.has_role(HEAD_OFFICE):
        found = people.filter(_current(), posts__role__in=GRADE_KEYS)
    elif user.actor.has_role(TEAM_HEAD, CENTRE_HEAD):
        below = GRADE_KEYS[: GRADE_KEYS.index(CENTRE_HEAD if user.actor.has_role(CENTRE_HEAD) else TEAM_HEAD)]
        found = people.filter(pk__in=headed_by(user.actor.posts).values("pk")).filter(_current(), posts__role__in=below)
    return found.filter(is_active=True).exclude(pk=user.pk).distinct().order_by("name_en")


class FigureQuerySet(VisibleQuerySet[Any]):
    """Figures of the bank."""

    def visible_to(self, user: Any) -> "FigureQuerySet":
        """Rows of the tables that features contributed, by each table's own rule; one person's figures: that person and their heads.

        Head office, compliance and audit see all of these. A table that nobody contributed is seen by nobody.
        """
        if not user.actor.posts:
            return self.none()
        everything = user.actor.has_role(*READ_ALL)
        by_rule: dict[Any, list[str]] = {}
        for table in of(PolicyTable):
            by_rule.setdefault(None if everything else table.rows, []).append(table.name)
        test = NOTHING
        for rule, names in by_rule.items():
            test |= Q(table__in=names) & rule(user) if rule else Q(table__in=names)
        if everything:
            return self.filter(test)
        return self.filter(test, Q(person=None) | Q(person_id=user.pk) | Q(person__in=headed_by(user.actor.posts)))

    def on(self, day: dt.date) -> "FigureQuerySet":
        """Rows that hold on a day."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gt=day), effective_from__lte=day)

    def under(self, jurisdiction: str) -> "FigureQuerySet":
        """Rows of this jurisdiction and those that hold in all."""
        return self.filter(jurisdiction__in=("", jurisdiction))

    def of_person(self, person_id: int | None) -> "FigureQuerySet":
        """Rows for all, and those of this person."""
        return self.filter(person=None) if person_id is None else self.filter(Q(person=None) | Q(person_id=person_id))


class FigureChangeQuerySet(VisibleQuerySet[Any]):
    """Proposed changes of figures."""

    def visible_to(self, user: Any) -> "FigureChangeQuerySet":
        """Head office, compliance and audit: all. Heads: what they proposed; centre heads, and who keeps their desks, also what concerns
        the people of the centre.
        """  # fmt: skip
        if user.actor.has_role(*READ_ALL):
            return self.all()
        if not user.actor.has_role(TEAM_HEAD, CENTRE_HEAD):
            return self.none()
        test = Q(proposed_by_id=user.pk)
        centres = [post for post in user.actor.deciding_posts if post.role == CENTRE_HEAD]
        return self.filter(test | Q(person__in=headed_by(centres))) if centres else self.filter(test)

    def waiting(self) -> "FigureChangeQuerySet":
        """Not decided yet."""
        return self.filter(state=ChangeState.PROPOSED)
