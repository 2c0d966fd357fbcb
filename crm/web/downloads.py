"""A stored file as an answer: always a download, never shown in the page's own origin."""

from django.http import FileResponse, Http404

from crm.kernel.files import StoredFile

SANDBOX = "default-src 'none'; sandbox"


def attachment(file: StoredFile | None, *, name: str = "") -> FileResponse:
    """The content under its checked type, with headers that let no browser run it. Http404 where there is none."""
    if file is None:
        raise Http404
    response = FileResponse(file.open(), as_attachment=True, filename=name or file.name, content_type=file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response
