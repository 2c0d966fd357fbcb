"""Files that a program brings: checked and kept first, then named by their id where they belong (a visit, a receipt)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Router, UploadedFile

from crm.visits import permissions, services
from crm.web.api import once

router = Router(tags=["files"])


@router.post("", response={201: dict})
@once("files.receive")
def receive(request: HttpRequest, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    """Keep a picture or paper. Its size, ending and content are checked; only who brought it can name it anywhere."""
    permissions.can_bring(user=request.user).require()
    kept = services.receive_file(file, actor=request.user, now=timezone.now())
    names = ("name", "media_type", "size", "sha256")
    return 201, {"id": kept.pk, **{name: getattr(kept, name) for name in names}}
