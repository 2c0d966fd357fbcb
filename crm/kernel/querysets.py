"""Querysets that know who may see what. Every model of ours reads through one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import BigAutoField, BooleanField, F, Func, Q
from django.db.models.lookups import In

from crm.kernel.prepared import Given

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M], Generic[M]):
    """A queryset whose rows can be narrowed to those a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The rows that `user` may see; nothing for unknown roles. Each model states its own rule."""
        raise NotImplementedError(f"{self.model.__name__} has no visibility rule")


def one_of(column: str, ids: Sequence[Any]) -> Q:
    """The column holds one of these ids, known or given later: a plain equality where there is one."""
    return Q(**{column: ids[0]}) if len(ids) == 1 else Q(In(F(column), ids))


class AmongKeys(Func):
    """`.filter(AmongKeys(keys))`: the row's key is one of some thousand that were read before, sent as one value and not one by one."""

    def __init__(self, keys: Sequence[int]) -> None:
        super().__init__(F("pk"), output_field=BooleanField())
        self.keys = keys

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """`key = ANY(array)`, on SQLite `key IN (the values of a JSON list)`."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, list(self.keys))
        values = "(SELECT value FROM json_each(%s))"
        return f"{column} IN {values}", (*params, json.dumps(list(self.keys)))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Keys by which rows are found: all of them, by which the rows are counted; and each row's first, which in the order of `rank` and
    `key` give the best match first, in parts by rank. Their model names the column of the row as OWNER.
    """

    found: models.QuerySet[Any]
    firsts: Sequence[models.QuerySet[Any]]


class OwnedQuerySet(VisibleQuerySet[M], Generic[M]):
    """Rows that carry `owner`, `team` and `centre`, so that each scope is one indexed equality."""

    def within(self, reach: "Reach") -> Self:
        """The rows inside a reach: all, the own ones, those of some teams, those of some centres."""
        if reach.everything:
            return self.all()
        test = Q()
        if reach.owner_id:
            test |= Q(owner_id=reach.owner_id)
        if reach.team_ids:
            test |= one_of("team_id", reach.team_ids)
        if reach.centre_ids:
            test |= one_of("centre_id", reach.centre_ids)
        return self.filter(test) if test else self.none()


class Reach:
    """How far a person's posts reach over owned rows. Empty reaches see nothing (fail closed)."""

    __slots__ = ("centre_ids", "everything", "owner_id", "team_ids")

    def __init__(
        self, *, owner_id: int | None = None, team_ids: tuple[int, ...] = (), centre_ids: tuple[int, ...] = (), everything: bool = False
    ) -> None:
        self.owner_id = owner_id
        self.team_ids = team_ids
        self.centre_ids = centre_ids
        self.everything = everything

    @property
    def form(self) -> tuple[bool, bool, int, int]:
        """What of it is no value, for `Prepared`: everything, own rows, how many teams and centres."""
        return self.everything, bool(self.owner_id), len(self.team_ids), len(self.centre_ids)

    @classmethod
    def given(cls, form: tuple[bool, bool, int, int]) -> "Reach":
        """A reach of a form whose values come in by `values`."""
        everything, has_owner, teams, centres = form
        owner: Any = _key("owner") if has_owner else None
        return cls(
            everything=everything,
            owner_id=owner,
            team_ids=tuple(_key(f"team_{at}") for at in range(teams)),
            centre_ids=tuple(_key(f"centre_{at}") for at in range(centres)),
        )

    @property
    def values(self) -> dict[str, int | None]:
        """Its values, by the names that `given` takes them under."""
        teams = {f"team_{at}": pk for at, pk in enumerate(self.team_ids)}
        return {"owner": self.owner_id, **teams, **{f"centre_{at}": pk for at, pk in enumerate(self.centre_ids)}}

    def covers(self, row: Any) -> bool:
        """The same test for one loaded row."""
        return (
            self.everything
            or (self.owner_id is not None and row.owner_id == self.owner_id)
            or row.team_id in self.team_ids
            or row.centre_id in self.centre_ids
        )


def _key(name: str) -> Any:
    return Given(name, BigAutoField())
