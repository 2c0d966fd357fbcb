"""What the screens of the editors' desk share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from simple_history.models import HistoricalRecords
from wagtail.snippets.views.snippets import SnippetViewSet


def _named(view: Callable[..., Any], model: Any) -> Callable[..., Any]:
    """A view of Wagtail's, for editors who see the record; the history of what it writes names them."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "pk" in kwargs:
            get_object_or_404(model.objects.visible_to(request.user), pk=kwargs["pk"])
        HistoricalRecords.context.request = request
        try:
            return view(request, *args, **kwargs)
        finally:
            del HistoricalRecords.context.request

    return asked


class DeskViewSet(SnippetViewSet):
    """Screens of a model that shows editors what `visible_to` says, that is neither copied, inspected, chosen nor searched by Wagtail."""

    list_per_page = 50
    search_backend_name = None
    inspect_view_enabled = False
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> Any:
        """What editors see."""
        return self.model.objects.visible_to(request.user)

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's addresses, each for what the editor sees alone."""
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = _named(pattern.callback, self.model)
        return patterns

    def register_chooser_viewset(self) -> None:
        """Nothing is chosen at the desk."""
