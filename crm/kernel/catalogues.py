"""Message catalogues: compiled in Python when the product starts, so that no gettext tools are needed and no binaries are kept."""

import hashlib
import os
import tempfile
from pathlib import Path

import polib

SOURCES = Path(__file__).resolve().parents[1] / "locale"


def compile_into(target: Path) -> int:
    """Write `<language>/LC_MESSAGES/django.mo` under `target` for each catalogue that changed. Returns how many were written.

    Beside it stands of what it was made: times tell nothing where a data folder is copied, or a release unpacked with those of its making.
    """
    written = 0
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/django.po")):
        compiled = target / source.relative_to(SOURCES).with_suffix(".mo")
        made_of, digest = compiled.with_suffix(".of"), hashlib.blake2b(source.read_bytes(), digest_size=16).hexdigest()
        if compiled.exists() and made_of.exists() and made_of.read_text() == digest:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes its own file and the last rename wins with the same content.
        handle, temporary = tempfile.mkstemp(dir=compiled.parent)
        os.close(handle)
        polib.pofile(str(source)).save_as_mofile(temporary)
        Path(temporary).replace(compiled)
        made_of.write_text(digest)
        written += 1
    return written
