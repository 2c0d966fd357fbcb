"""A request as our middleware hands it to a view."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """Signed in, with what htmx asked for."""

    user: Any
    htmx: HtmxDetails
