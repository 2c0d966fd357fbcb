"""What all pages share: sign-in, the permission hook, the record behind the address, and pages that are also fragments."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from crm.kernel.contributions import always
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.web.request import Request


def wants_fragment(request: Request) -> bool:
    """True where htmx asks for a part of a page: not for boosted links and not when it restores history."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def visible(model: type[Model], user: Any) -> QuerySet[Any]:
    """The rows of a model that `user` may see."""
    manager: Any = model._default_manager
    return manager.visible_to(user)


class Page(View):
    """A signed-in page. The order of answers: sign-in (302), method not offered (405), hidden or missing (404), refused (403)."""

    http_method_names = ["get", "head", "post", "options"]
    request: Request
    title: Sentence = ""
    template_name: str = ""

    def permission(self, request: HttpRequest) -> Permission:
        """May this person open the page (or, on POST, do what it does)? `self.object` is loaded already."""
        return Permission(always(request.user), _("You hold no post at present. Ask an administrator."))

    def load(self) -> None:
        """Fetch the record that the address names; raise Http404 where it is missing or hidden."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in, or turn away in the documented order."""
        if not request.user.is_authenticated:
            return self._ask_to_sign_in()
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            return HttpResponseNotAllowed([name.upper() for name in self.http_method_names if hasattr(self, name)])
        self.load()
        self.permission(request).require()
        return handler(request, *args, **kwargs)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What the template sees besides the shell."""
        return {"view": self, "title": self.get_title(), **context}

    def get_title(self) -> Sentence:
        """The heading and window title."""
        return self.title

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Draw a template. The answer differs for htmx, so caches are told."""
        response = render(self.request, template, context, status=status)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _ask_to_sign_in(self) -> HttpResponse:
        """Afterwards the page comes back as it was addressed; where it only takes what is sent to it, the first page."""
        request = self.request
        answer = redirect_to_login(request.get_full_path() if hasattr(self, "get") else "/")
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer


class RecordPage(Page):
    """A page about one record, found only among those that the reader may see."""

    model: type[Model]
    select_related: tuple[str, ...] = ()
    object: Any = None

    def load(self) -> None:
        """Find the record by the address's `pk`; hidden and missing are the same 404."""
        self.object = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if self.object is None:
            raise Http404

    def get_queryset(self) -> QuerySet[Any]:
        """The records that the reader may see."""
        rows = visible(self.model, self.request.user)
        return rows.select_related(*self.select_related) if self.select_related else rows

    def get_title(self) -> Sentence:
        """The record's own name unless the page has one."""
        return self.title or str(self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds `object`."""
        return super().get_context_data(object=self.object, **context)
