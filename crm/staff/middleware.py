"""Who gets in: ends sessions that are over, and keeps the editors' desk for editors."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from crm.kernel.addresses import url_of
from crm.staff.choices import Role
from crm.web.views.errors import not_found

_SEEN, _BEGAN = "seen_at", "began_at"
_WRITE_AFTER_SECONDS = 60


class SessionLimitMiddleware:
    """15 minutes idle, 10 hours in all (settings); a deactivated user or changed post ends it at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out where a limit is passed; else note the visit, at most once a minute."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        began, seen = session.get(_BEGAN, now), session.get(_SEEN, now)
        limit = user.sessions_valid_from
        over = (
            now - seen > settings.SESSION_IDLE_MINUTES * 60
            or now - began > settings.SESSION_HOURS * 3600
            or (limit is not None and began < limit.timestamp())
        )
        if over:
            logout(request)
            return self.get_response(request)
        is_new = _BEGAN not in session
        response = self.get_response(request)
        if (is_new or now - seen > _WRITE_AFTER_SECONDS) and not session.is_empty():
            _note(session, began, now)
        return response


def _note(session: Any, began: float, seen: float) -> None:
    """Write the visit down. Where the database is busy, or the session ended elsewhere meanwhile, what was done for the person stands."""
    others = session.modified
    session[_BEGAN], session[_SEEN] = began, seen
    if others:  # saved with them
        return
    with contextlib.suppress(DatabaseError, UpdateError):
        session.save()
    session.modified = False


class EditorsDeskMiddleware:
    """The editors' desk (Wagtail, under /cms/) is for content editors; to everybody else it is not there."""

    _PREFIX = "/cms/"
    # Wagtail's page tree and its reports: Rapport has no such pages, and without them the reports only break. Its acts on many at once
    # delete, which no editor may, and name whatever is asked for by its id.
    _PAGES = "/cms/pages/"
    _UNUSED = ("/cms/reports/", _PAGES, "/cms/bulk/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask for sign-in, hide, or let in under a policy that allows what Wagtail's own pages need, and no other site."""
        if not request.path.startswith(self._PREFIX):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.actor.has_role(Role.EDIT):
            return not_found(request)
        if request.path.startswith(self._PAGES) and request.GET.get("q"):
            # The box on Wagtail's first page, which looks for pages: here it looks for all that Rapport has.
            return HttpResponseRedirect(f"{url_of('search:search')}?{urlencode({'q': request.GET['q']})}")
        if request.path.startswith(self._UNUSED):
            return not_found(request)
        response = self.get_response(request)
        response._csp_update = {"script-src": ["'unsafe-inline'", "'unsafe-eval'"], "style-src": ["'unsafe-inline'"], "img-src": ["blob:"]}  # type: ignore[attr-defined]
        return response
