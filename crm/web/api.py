"""The API's frame at `/api/v1/`: bearer tokens, scopes, one shape of errors, keyset lists, writes that happen once.

A feature contributes `ApiRouter("clients", "crm.clients.api.router")` and writes:

    router = Router(tags=["clients"])

    @router.get("")
    def clients(request, q: str = "", limit: int = 50, cursor: str = ""):
        rows = Client.objects.visible_to(request.user).select_related("company")
        return page(rows, request, serialise, ordering=("sort_name",))

    @router.get("{int:client_id}")
    def client(request, client_id: int):
        return serialise(get_object_or_404(Client.objects.visible_to(request.user), pk=client_id))

    @router.post("", response={201: dict})
    @once("visits.log")
    def log_visit(request, body: VisitIn):
        return 201, serialise(services.log_visit(actor=request.user, now=timezone.now(), **body.dict()))

`request.user` is the token's user. Bodies are `crm.web.bodies.Body`: they name every field that may be written, another is 422, and so is
a parameter of the address that the function does not name.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.responses import NinjaJSONEncoder
from ninja.router import BoundRouter
from ninja.security import HttpBearer
from pydantic import ConfigDict

from crm.kernel.contributions import ApiRouter, of
from crm.kernel.errors import DomainError, RuleBroken
from crm.kernel.ports import check_token
from crm.kernel.submissions import in_turn, submit_once
from crm.web.bodies import sentences
from crm.web.paging import PAGE_SIZE, StrangeCursor, paginate
from crm.web.views.errors import api_refusal, status_of

READ, WRITE = "read", "write"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MAX_LIMIT = 200
KEY_HEADER = "Idempotency-Key"
KEY_LENGTH = 80
ALL_WRITES = "api"
_KEY_REUSED = gettext_lazy("This idempotency key came before with another request. Send this one under a key of its own.")
CODES = {400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 429: "too_many_requests"}


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`. The token's user becomes `request.user`; a missing scope is 403."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The user behind the token, or None."""
        known = check_token(token)
        if known is None:
            return None
        user, scopes = known
        needed = READ if request.method in SAFE_METHODS else WRITE
        if needed not in scopes:
            raise HttpError(403, _("This token has no scope “%(scope)s”.") % {"scope": needed})
        if user.is_service and _prefix(request) not in _open_to_systems():
            raise HttpError(403, _("A system account reaches only what is handed to it."))
        request.user = user
        return user


def _prefix(request: HttpRequest) -> str:
    """The router that a request is for: the first part of its address below the API's own."""
    return request.path_info.removeprefix("/api/v1/").partition("/")[0]


def _open_to_systems() -> set[str]:
    """The routers that accounts of other systems reach; all else is closed to them, whatever it would say of their post."""
    return {contribution.prefix for contribution in of(ApiRouter) if contribution.for_systems}


class Api(NinjaAPI):
    """The API with the routers of all features, mounted when the URLconf is read."""

    _mounted = False

    @property
    def urls(self) -> Any:
        """The addresses of all routers."""
        if not self._mounted:
            self._mounted = True
            for contribution in of(ApiRouter):
                self.add_router(contribution.prefix, import_string(contribution.router))
        return super().urls

    def operations(self) -> Iterator[Operation]:
        """Every operation of every router, as it is bound to this API."""
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                yield from view.operations

    def _get_bound_routers(self) -> list[BoundRouter]:
        """As they are bound, once, every operation learns to refuse what it does not know."""
        is_first = self._bound_routers_cache is None
        routers = super()._get_bound_routers()
        if is_first:
            for operation in self.operations():
                operation.view_func = _refusing_unknown(operation.view_func, _parameters(operation))
        return routers

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """With what every operation may refuse and the key that every write takes."""
        told = super().get_openapi_schema(*args, **kwargs)
        told["components"]["schemas"]["Refusal"] = Refusal.model_json_schema()
        told["components"]["schemas"]["Refused"] = Refused.model_json_schema(ref_template="#/components/schemas/{model}")
        told["components"]["schemas"]["Refused"].pop("$defs", None)
        for methods in told["paths"].values():
            for method, operation in methods.items():
                _tell_refusals(operation, method)
        return told


def _parameters(operation: Operation) -> set[str]:
    """The names that an operation reads from the address after the question mark."""
    queries = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return {name for model in queries for name in getattr(model, "__ninja_flatten_map__", {})}


def _refusing_unknown(function: Callable[..., Any], known: set[str]) -> Callable[..., Any]:
    """`function`, unless the address asks by a name that it does not know: the caller would take an unfiltered list for a filtered one."""

    @wraps(function)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        unknown = [name for name in request.GET if name not in known]
        if unknown:
            fields = dict.fromkeys(unknown, _("There is no such parameter."))
            raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields=fields)
        return function(request, *args, **kwargs)

    return asked


class Refusal(Schema):
    """Why not: a code for programs, a sentence for people, and sentences by field."""

    code: str
    message: str
    fields: dict[str, str]


class Refused(Schema):
    """The one shape of what is refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"error": {"code": "not_found", "message": "There is no such record, or it is not yours to see.", "fields": {}}}
        }
    )

    error: Refusal


REFUSALS = {
    400: "The body cannot be read",
    401: "No valid bearer token",
    403: "Not with this token, or not by this person: the reason is in the message",
    404: "No such record, or hidden from this person",
    405: "Not a method of this address",
    409: "The record has moved on",
    422: "Fields that cannot be read, or a rule that stands in the way",
    429: "Too many requests",
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": "Of your own making. The same key again replays the first answer; with another address or body it is 422 `key_reused`.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[!-~]+$"},
    "example": "6f1c2a54-ask-12",
}


def _tell_refusals(operation: dict[str, Any], method: str) -> None:
    """Writes into an operation what every one may answer, and the header that every write takes."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    for status, words in REFUSALS.items():
        operation["responses"].setdefault(status, {"description": words, "content": content})
    if method.upper() not in SAFE_METHODS:
        operation.setdefault("parameters", []).append(_KEY)


api = Api(title="Rapport", version="1", auth=Bearer(), docs_url=None, urls_namespace="api")


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """403, 409 or 422 with the service's code, sentence and fields."""
    return api_refusal(status_of(error), error.code, error.message, error.fields)


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """404: missing and hidden alike."""
    return api_refusal(404, "not_found", _("There is no such record, or it is not yours to see."))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401."""
    response = api_refusal(401, CODES[401], _("A valid bearer token is needed."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework or a router refuses by status. The framework's own 400 is a body that it cannot parse, said in English."""
    message = _("The body cannot be read: it is no JSON.") if error.status_code == 400 else error.message
    return api_refusal(error.status_code, CODES.get(error.status_code, "refused"), message)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with a sentence for each field."""
    return api_refusal(422, "invalid", _("Some fields cannot be read."), sentences(error.errors))


def page(
    queryset: QuerySet[Any], request: HttpRequest, serialise: Callable[[Any], dict[str, Any]], *, ordering: Sequence[str] = ("pk",)
) -> dict[str, Any]:
    """One page of a list as `{"items", "next"}`, by the request's `limit` (1 to 200) and `cursor`. RuleBroken for others."""
    asked = request.GET.get("limit", str(PAGE_SIZE))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= MAX_LIMIT):
        sentence = _("From 1 to %(limit)s.") % {"limit": MAX_LIMIT}
        raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields={"limit": sentence})
    try:
        found = paginate(queryset, ordering, cursor=request.GET.get("cursor"), limit=int(asked), is_strict=True)
    except StrangeCursor:
        raise cursor_refusal() from None
    return {"items": [serialise(row) for row in found.rows], "next": found.next}


def cursor_refusal() -> RuleBroken:
    """The refusal of a cursor that this list did not give: the first page once more would have a program read it for ever."""
    sentence = _("This cursor is not one of this list. Begin without it.")
    return RuleBroken(_("Some fields cannot be read."), code="invalid", fields={"cursor": sentence})


def one_of(name: str, value: str, choices: Iterable[str]) -> str:
    """The value of a filter, which is one of its choices or empty. RuleBroken for others: an empty list would not tell a slip."""
    allowed = [str(choice) for choice in choices]
    if value and value not in allowed:
        sentence = _("One of: %(limit)s.") % {"limit": ", ".join(f"'{choice}'" for choice in allowed)}
        raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields={name: sentence})
    return value


def identity(record: Any) -> dict[str, Any]:
    """What every object of the API has: id, the names, and the address of its page."""
    named = record if hasattr(record, "name_en") else getattr(record, "company", record)
    english, chinese = getattr(named, "name_en", ""), getattr(named, "name_zh", "")
    return {
        "id": record.pk,
        "name": english or chinese or str(record),
        "name_en": english,
        "name_zh": chinese,
        "url": record.get_absolute_url(),
    }


def once(operation: str) -> Callable[[Callable[..., tuple[int, dict[str, Any]]]], Callable[..., Status]]:
    """Carry out a write once per `Idempotency-Key`, in one transaction with what it does: the same key again replays the first answer.

    The decorated function returns `(status, plain dict)`. A key stands for one request of a person: another address or body under it is 422
    (`key_reused`). Without the header it simply runs in a transaction.
    """

    def decorate(function: Callable[..., tuple[int, dict[str, Any]]]) -> Callable[..., Status]:
        @wraps(function)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Status:
            def act() -> dict[str, Any]:
                status, body = function(request, *args, **kwargs)
                return {"status": status, "body": json.loads(json.dumps(body, cls=NinjaJSONEncoder))}

            key = request.headers.get(KEY_HEADER)
            if key is None:
                answer = in_turn(act)
            else:
                sent = {"operation": operation, **_sent(request)}
                answer = submit_once(_checked(key), actor=request.user, operation=ALL_WRITES, body=sent, action=act, reused=_KEY_REUSED)
            return Status(answer["status"], answer["body"])

        return wrapper

    return decorate


def file_answer(media_type: str) -> dict[str, Any]:
    """The OpenAPI words for an operation whose answer is a file."""
    example = {"summary": "The file's bytes, as an attachment", "value": "%PDF-1.7" if media_type == "application/pdf" else "PK"}
    content = {media_type: {"schema": {"type": "string", "format": "binary"}, "examples": {"file": example}}}
    return {"responses": {200: {"description": "The file, as an attachment", "content": content}}}


def _checked(key: str) -> str:
    if not key.isprintable() or not key.strip() or len(key) > KEY_LENGTH:
        raise RuleBroken(_("An idempotency key has 1 to %(limit)s printable characters.") % {"limit": KEY_LENGTH}, code="invalid_key")
    return key


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What tells one request from another under the same key. A form with files has been read already: its files count by content."""
    if request.content_type != "multipart/form-data":
        return {"path": request.get_full_path(), "body": _content(request.body.decode("utf-8", "replace"))}
    files = {name: [(file.name, _digest(file)) for file in request.FILES.getlist(name)] for name in request.FILES}
    return {"path": request.get_full_path(), "fields": dict(request.POST.lists()), "files": files}


def _content(text: str) -> Any:
    """What a body says: programs write the same JSON with other blanks and in another order of keys when they send it again."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
