"""Stored files: kept under the hash of their content, never under a name that somebody sent."""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import models
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken

_KEEP_ORPHANS = dt.timedelta(hours=24)


class StoredFile(models.Model):
    """One file that somebody brought or a job made. Seen through the record that names it, never by its own address."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the content lies."""
        return content_path(self.sha256)

    def open(self) -> BinaryIO:
        """The content, for reading."""
        return self.path.open("rb")


def content_path(sha256: str) -> Path:
    """`files/ab/<sha256>` under the data folder."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def tidy_name(name: str) -> str:
    """A name fit to be shown and downloaded: no folders, no control characters, 200 characters at most."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if c.isprintable())
    stem, dot, ending = base.rpartition(".")
    try:
        return get_valid_filename((stem[:180] + dot + ending[:16]) if dot else base[:180])
    except SuspiciousFileOperation:
        return "file"


def store(chunks: Iterable[bytes], *, name: str, media_type: str, owner: Any, limit: int | None = None) -> StoredFile:
    """Write the content (temporary file, fsync, rename) and its row. RuleBroken where it is empty or larger than `limit` bytes."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    limit = limit or settings.UPLOAD_LIMIT_BYTES
    handle, temporary = tempfile.mkstemp(prefix="incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise RuleBroken(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024 // 1024}, code="too_large")
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise RuleBroken(_("The file is empty."), code="empty")
        target = content_path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return StoredFile.objects.create(sha256=digest.hexdigest(), size=size, name=tidy_name(name), media_type=media_type, owner=owner)


def sweep(*, now: dt.datetime) -> int:
    """Delete contents without a row that are older than a day. Returns how many."""
    root, removed = Path(settings.FILES_DIR), 0
    for path in root.glob("*/*") if root.exists() else ():
        old = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC) < now - _KEEP_ORPHANS
        if old and not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
