"""A letter's file as an answer."""

from django.http import HttpResponse

from crm.papers.services import LetterFile
from crm.web.downloads import as_download


def attached(file: LetterFile) -> HttpResponse:
    """The PDF as a download."""
    return as_download(HttpResponse(file.content, content_type="application/pdf"), file.name)
