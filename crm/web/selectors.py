"""What the shared screens read of the toolkit's own tables."""

import datetime as dt
from typing import Any

from django.db.models import BigAutoField, CharField, QuerySet

from crm.kernel.prepared import Given, Prepared
from crm.kernel.submissions import Submission
from crm.web.models import SavedView


def saved_views(*, user: Any, list_name: str) -> list[SavedView]:
    """The views of a list that `user` is offered, by name."""
    units = {f"unit_{at}": unit_id for at, unit_id in enumerate(sorted({post.unit_id for post in user.actor.posts}))}
    return _OFFERED(len(units), owner=user.pk, list_name=list_name, **units) if units else []


def _offered(units: int) -> QuerySet[SavedView]:
    name: Any = Given("list_name", CharField())
    return SavedView.objects.of(_key("owner"), [_key(f"unit_{at}") for at in range(units)]).filter(list_name=name)


def _key(name: str) -> Any:
    return Given(name, BigAutoField())


_OFFERED: Prepared[SavedView] = Prepared(_offered)


def kept_answer(*, user: Any, operation: str, key: str, since: dt.datetime) -> dict[str, Any] | None:
    """What `user`'s own submission under this key answered, unless it is older than `since`."""
    return Submission.objects.filter(actor_id=user.pk, operation=operation, key=key, at__gte=since).values_list("answer", flat=True).first()
