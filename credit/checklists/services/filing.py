"""What was uploaded: its kind by its content, and PDFs that can be opened."""

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader

from credit.checklists import selectors
from credit.packs.models import Pack
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile, store, tidy_name
from crm.visits.filetypes import recognise

_PDF = "application/pdf"
MEGABYTE = 1024 * 1024


def receive_file(upload: UploadedFile, *, pack: Pack, actor: Any, now: dt.datetime) -> StoredFile:
    """Check an upload's size, ending and content, and keep it under the hash of its content. Call it before the operation that names it.

    RuleBroken (field `files`) where it is empty, too large, of another kind, not what its ending says, or a PDF that is broken or asks
    for a password.
    """
    limit = int(selectors.terms(pack.jurisdiction, on=selectors.today_of(pack, now))["megabytes"]) * MEGABYTE
    name = tidy_name(upload.name or "")
    try:
        if upload.size is None or upload.size > limit:
            told = {"name": name[:80], "limit": limit // MEGABYTE}
            raise RuleBroken(_("%(name)s is larger than %(limit)s MB. Make it smaller, or split it.") % told, code="too_large")
        content = b"".join(upload.chunks())
        kind = recognise(content, name=upload.name or "")
        if kind.media_type == _PDF:
            _require_readable(content, name)
        return store([content], name=upload.name or "", media_type=kind.media_type, owner=actor, limit=limit)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, fields={"files": error.message}) from error


def _require_readable(content: bytes, name: str) -> None:
    """The PDF opens without a password and has a page. Whatever a made-up file does to the reader is a broken file."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        locked, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
    except Exception as error:  # the reader raises whatever a broken file makes of it
        raise RuleBroken(_broken(name), code="broken_pdf") from error
    if locked:
        sentence = _("%(name)s asks for a password. Save it without one and bring that.") % {"name": name[:80]}
        raise RuleBroken(sentence, code="encrypted_pdf")
    if not pages:
        raise RuleBroken(_broken(name), code="broken_pdf")


def _broken(name: str) -> Any:
    return _("%(name)s cannot be opened: the file is broken. Save or scan it anew.") % {"name": name[:80]}
