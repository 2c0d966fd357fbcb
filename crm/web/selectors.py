"""What the shared screens read of the toolkit's own tables."""

import datetime as dt
from typing import Any

from crm.kernel.submissions import Submission
from crm.web.models import SavedView


def saved_views(*, user: Any, list_name: str) -> list[SavedView]:
    """The views of a list that `user` is offered, by name."""
    return list(SavedView.objects.visible_to(user).filter(list_name=list_name))


def kept_answer(*, user: Any, operation: str, key: str, since: dt.datetime) -> dict[str, Any] | None:
    """What `user`'s own submission under this key answered, unless it is older than `since`."""
    return Submission.objects.filter(actor_id=user.pk, operation=operation, key=key, at__gte=since).values_list("answer", flat=True).first()
