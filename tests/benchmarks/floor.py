"""The floor: a bare signed-in Django page of as many rows. Sessions, sign-in, a query, a plain template; nothing of ours but the models."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client as Browser
from django.test import override_settings
from django.test.client import ClientHandler
from django.urls import path

from crm.clients.models import Client
from crm.kernel.worklist import WorkItem
from tests.benchmarks.floor_frame import FLOOR_MIDDLEWARE, FLOOR_URLCONF, PLAIN_BACKEND

_PAGE = Engine().from_string(
    "<!doctype html><html><head><title>Clients</title></head><body><h1>{{ user.username }}</h1><table>"
    "{% for row in rows %}<tr><td>{{ row.company.name_en }}</td><td>{{ row.company.name_zh }}</td><td>{{ row.number }}</td>"
    "<td>{{ row.status }}</td><td>{{ row.opened_on }}</td></tr>{% endfor %}</table></body></html>"
)


@login_required
def rows(request: HttpRequest, number: int) -> HttpResponse:
    """So many clients with their companies, in order of name."""
    found = Client.objects.select_related("company").order_by("sort_key", "pk")[:number]
    return HttpResponse(_PAGE.render(Context({"rows": found, "user": request.user})))


@login_required
def insert(request: HttpRequest) -> HttpResponse:
    """One row by the ORM, then a page without any."""
    WorkItem.objects.create(kind="floor", title="Floor", assignee=request.user)
    return HttpResponse(_PAGE.render(Context({"rows": (), "user": request.user})))


urlpatterns = [path("rows/<int:number>/", rows), path("insert/", insert)]


class _Handler(ClientHandler):
    """Django's own test handler with the floor's two middlewares and addresses."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=list(FLOOR_MIDDLEWARE)):
            super().load_middleware(is_async)

    def get_response(self, request: HttpRequest) -> Any:
        request.urlconf = FLOOR_URLCONF
        return super().get_response(request)


def browser(user: Any) -> Browser:
    """A browser on the floor, signed in as Django signs in by itself: our own backend reads a user with the posts."""
    bare = Browser()
    bare.handler = _Handler(enforce_csrf_checks=False)
    bare.force_login(user, backend=PLAIN_BACKEND)
    return bare
