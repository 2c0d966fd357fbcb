"""A stored file as an answer: always a download, never shown in the page's own origin."""

from typing import TypeVar

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from crm.kernel.files import StoredFile

Answer = TypeVar("Answer", bound=HttpResponseBase)
SANDBOX = "default-src 'none'; sandbox"


def attachment(file: StoredFile | None, *, name: str = "") -> FileResponse:
    """The content under its checked type, with headers that let no browser run it. Http404 where there is none, or it is gone."""
    if file is None:
        raise Http404
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    return as_download(FileResponse(content, content_type=file.media_type), name or file.name)


def as_download(response: Answer, name: str) -> Answer:
    """The answer as a download of this name, with headers that let no browser run it."""
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response
