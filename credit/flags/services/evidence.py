"""Papers and pictures that somebody brings as evidence: their kind by their content, kept under the hash of it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile, store
from crm.visits.filetypes import recognise


def keep_evidence(upload: UploadedFile, *, actor: Any, field: str = "evidence") -> StoredFile:
    """Check an upload and keep it. Call it before the operation that names it.

    RuleBroken at the field where it is empty, too large, of another kind, or not what its ending says.
    """
    try:
        content = b"".join(upload.chunks())
        kind = recognise(content, name=upload.name or "")
        return store([content], name=upload.name or "", media_type=kind.media_type, owner=actor)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, fields={field: error.message}) from error
