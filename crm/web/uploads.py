"""How files come in: what is larger than the bank takes is counted to its end but not kept, so that no upload fills the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken


class CappedUploads(TemporaryFileUploadHandler):
    """Large files go to the disk, up to the limit. One above it keeps its size and loses its content: nobody takes a part for the whole."""

    written = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what may be kept."""
        kept = raw_data[: settings.UPLOAD_LIMIT_BYTES - self.written]
        self.written += len(kept)
        self.file.write(kept)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile | None:
        """The file; one that is too large says so to whoever reads it without a look at its size."""
        file: Any = super().file_complete(file_size)
        if file is not None and file_size > self.written:
            file.file.truncate(0)
            file.chunks = file.temporary_file_path = _refuse
        return file


def _refuse(*_args: Any, **_kwargs: Any) -> Any:
    limit = settings.UPLOAD_LIMIT_BYTES // 1024 // 1024
    raise RuleBroken(_("The file is larger than %(limit)s MB.") % {"limit": limit}, code="too_large")
