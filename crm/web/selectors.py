"""What the shared screens read of the toolkit's own tables."""

from typing import Any

from crm.web.models import SavedView


def saved_views(*, user: Any, list_name: str) -> list[SavedView]:
    """The views of a list that `user` is offered, by name."""
    return list(SavedView.objects.visible_to(user).filter(list_name=list_name))
