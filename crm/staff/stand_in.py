"""A stand-in for whoever asks, for statements that are prepared: the same roles, with ids that are given when the statement runs.

    _OWN = Prepared(lambda form: Visit.objects.visible_to(stand_in(form)).order_by("pk"))
    visits = _OWN(form_of(user), **values_of(user))

What is prepared once serves everybody of the same form: roles, grades, how many units each post serves, and the desks kept for others.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BigAutoField

from crm.kernel.prepared import Given
from crm.kernel.querysets import Reach
from crm.staff.actor import Actor
from crm.staff.choices import RELATIONSHIP_ROLES, SERVE_THE_BANK, Role

_POSTS = ("posts", "covered_posts")
Form = tuple[tuple[tuple[str, int, int], ...], ...]


def form_of(user: Any) -> Form:
    """What of a person is no value: of the posts held, and of those kept for others, role, grade and how many units they serve."""
    return tuple(tuple((post.role, post.grade, len(post.serves)) for post in getattr(user.actor, name)) for name in _POSTS)


def values_of(user: Any) -> dict[str, Any]:
    """The ids, by the names that a stand-in takes them under."""
    values: dict[str, Any] = {"user_id": user.pk}
    for name in _POSTS:
        for at, post in enumerate(getattr(user.actor, name)):
            values |= {f"{name}_{at}_unit": post.unit_id, f"{name}_{at}_user": post.user_id}
            values |= {f"{name}_{at}_serves_{place}": unit_id for place, unit_id in enumerate(post.serves)}
    return values


def stand_in(form: Form) -> Any:
    """Somebody of this form, to be given to `visible_to` in a prepared statement."""
    return _Asker(form)


@dataclass(frozen=True)
class _Post:
    """A post whose ids are given later."""

    pk: None
    role: str
    grade: int
    unit_id: Any
    user_id: Any
    serves: tuple[Any, ...]

    @property
    def serves_bank(self) -> bool:
        """As of a real one: the role says it."""
        return self.role in SERVE_THE_BANK


class _Asker:
    """As much of a user as scopes ask for."""

    is_active = True

    def __init__(self, form: Form) -> None:
        self.pk = self.id = _key("user_id")
        posts, kept = (tuple(_post(name, at, *one) for at, one in enumerate(some)) for name, some in zip(_POSTS, form, strict=True))
        self.actor = _Actor(posts, self.pk, kept)


class _Actor(Actor):
    """Posts without rows: reach and desks follow from them as from real ones."""

    def __init__(self, posts: Any, user_id: Any, kept: Any) -> None:
        super().__init__(posts, user_id)
        self._kept = kept

    @cached_property
    def covered_posts(self) -> Any:
        """Those of the form."""
        return self._kept

    def reach_of(self, *, everything: tuple[str, ...] = ()) -> Reach:
        """As of a real actor; the units in the order of the posts, since their ids are not known yet."""
        if self.has_role(*everything):
            return Reach(everything=True)
        return Reach(
            owner_id=self.user_id if self.has_role(*RELATIONSHIP_ROLES) else None,
            team_ids=tuple(post.unit_id for post in self.posts if post.role == Role.TH),
            centre_ids=tuple(post.unit_id for post in self.posts if post.role == Role.RCH),
        )


def _post(name: str, at: int, role: str, grade: int, serves: int) -> _Post:
    served = tuple(_key(f"{name}_{at}_serves_{place}") for place in range(serves))
    return _Post(None, role, grade, _key(f"{name}_{at}_unit"), _key(f"{name}_{at}_user"), served)


def _key(name: str) -> Any:
    return Given(name, BigAutoField())
