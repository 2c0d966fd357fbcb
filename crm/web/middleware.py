"""What every answer passes: the reader's language and time, the headers of private pages, refusals as pages."""

import errno
import logging
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.kernel.errors import DomainError
from crm.kernel.roomy import with_room
from crm.web.reader import zone_of
from crm.web.views import errors

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), interest-cohort=()"
BUSY_SECONDS = "5"


def room_middleware(get_response: GetResponse) -> GetResponse:
    """Outermost: a page costs the same however deep in the server it is called."""
    return with_room(get_response)


class ReaderMiddleware:
    """Speaks the signed-in reader's own language, whatever the browser asks for, in their centre's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set both for this request."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        with timezone.override(zone_of(user) or timezone.get_default_timezone()):
            return self.get_response(request)


class PrivatePageMiddleware:
    """Nothing that a signed-in person reads is kept by a browser or proxy; nothing is sniffed or referred."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that are not there yet."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class DomainErrorMiddleware:
    """Refusals that no form took up, and a database that is busy or a disk that is full, as pages with a plain sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the API says in its own shape that a method is not offered."""
        response = self.get_response(request)
        if response.status_code == 405 and errors.is_api(request):
            answer = errors.refusal(request, status=405, reason=_("This address does not take that method."))
            answer.headers["Allow"] = response.headers.get("Allow", "")
            return answer
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for what is known; None leaves the rest to Django."""
        if isinstance(exception, DomainError):
            return errors.refusal(request, status=errors.status_of(exception), reason=exception.message)
        if isinstance(exception, ObjectDoesNotExist):
            return errors.not_found(request, exception)
        if is_busy(exception):
            log.error("Answered 503: %s", type(exception).__name__, exc_info=exception)
            response = errors.refusal(request, status=503)
            response["Retry-After"] = BUSY_SECONDS
            return response
        return None


def is_busy(error: Exception) -> bool:
    """The database is locked or gone, or the disk is full: worth trying again, and nothing of the person's doing."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    if isinstance(error, DatabaseError):
        return "disk" in str(error)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
