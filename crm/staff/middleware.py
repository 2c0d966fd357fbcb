"""Ends sessions that were idle too long, are too old, or began before the person's rights were changed."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

_SEEN, _BEGAN = "seen_at", "began_at"
_WRITE_AFTER_SECONDS = 60


class SessionLimitMiddleware:
    """15 minutes idle, 10 hours in all (settings); a deactivated user or changed post ends it at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out where a limit is passed; else note the visit, at most once a minute."""
        user = request.user
        if user.is_authenticated:
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
            elif _BEGAN not in session or now - seen > _WRITE_AFTER_SECONDS:
                session[_BEGAN], session[_SEEN] = began, now
        return self.get_response(request)
