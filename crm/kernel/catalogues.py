"""Message catalogues: compiled in Python when the product starts, so that no gettext tools are needed and no binaries are kept."""

import os
import tempfile
from pathlib import Path

import polib

SOURCES = Path(__file__).resolve().parents[1] / "locale"


def compile_into(target: Path) -> int:
    """Write `<language>/LC_MESSAGES/django.mo` under `target` for each catalogue that changed. Returns how many were written."""
    written = 0
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/django.po")):
        compiled = target / source.relative_to(SOURCES).with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes its own file and the last rename wins with the same content.
        handle, temporary = tempfile.mkstemp(dir=compiled.parent)
        os.close(handle)
        polib.pofile(str(source)).save_as_mofile(temporary)
        Path(temporary).replace(compiled)
        written += 1
    return written
