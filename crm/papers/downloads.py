"""A letter's file as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from crm.papers.services import LetterFile
from crm.web.downloads import SANDBOX


def attached(file: LetterFile) -> HttpResponse:
    """The PDF as a download, with headers that let no browser run it."""
    response = HttpResponse(file.content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response
