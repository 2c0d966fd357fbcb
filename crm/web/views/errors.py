"""The pages of refusals. None of them says whether what was asked for exists."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.kernel.errors import DomainError, InvalidTransition, NotAllowed, Sentence, StaleVersion

API_PATH = "/api/"
API_CODES = {400: "bad_request", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed", 500: "failed", 503: "busy"}
PAGES = {403: "web/errors/403.html", 404: "web/errors/404.html", 503: "web/errors/503.html"}


def status_of(error: DomainError) -> int:
    """403 for a person who may not, 409 for a record that has moved on, 422 for a broken rule."""
    if isinstance(error, NotAllowed):
        return 403
    return 409 if isinstance(error, InvalidTransition | StaleVersion) else 422


def is_api(request: HttpRequest) -> bool:
    """Refusals under `/api/` are JSON."""
    return request.path.startswith(API_PATH)


def api_refusal(status: int, code: str, message: Sentence, fields: Mapping[str, Sentence] | None = None) -> JsonResponse:
    """The one shape of the API's errors."""
    sentences = {name: str(sentence) for name, sentence in (fields or {}).items()}
    return JsonResponse({"error": {"code": code, "message": str(message), "fields": sentences}}, status=status)


def refusal(request: HttpRequest, *, status: int, reason: Sentence = "") -> HttpResponse:
    """A refusal as the caller reads it: a page, JSON under `/api/`, or for htmx the sentence alone, which its scripts show."""
    if is_api(request):
        return api_refusal(status, API_CODES.get(status, "refused"), reason or _("That did not work."))
    if getattr(request, "htmx", False) and reason:
        return HttpResponse(str(reason), status=status, content_type="text/plain; charset=utf-8")
    return render(request, PAGES.get(status, "web/errors/refused.html"), {"reason": reason, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return refusal(request, status=400, reason=_("What was sent could not be read. Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return refusal(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: missing and hidden alike."""
    return refusal(request, status=404, reason=_("There is no such address.") if is_api(request) else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the request, for what failed may fail again."""
    if is_api(request):
        return refusal(request, status=500)
    return HttpResponse(render_to_string("web/errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a stale tab or a lost session: nothing was done, and the browser has kept the draft."""
    sentence = _(
        "This page was open for too long, or you have signed in again since. Nothing was saved and nothing was lost: "
        "go back, reload, and send it again."
    )
    if is_api(request) or getattr(request, "htmx", False):
        return refusal(request, status=403, reason=sentence)
    return render(request, "web/errors/expired.html", {"reason": sentence}, status=403)
