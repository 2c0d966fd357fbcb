"""Work on files of strangers in a process of its own, which may crash, swell or hang without harm to ours.

The child calls `confine` before it looks at the file; the parent calls `run`. The child's half stands without Django, so that a child
starts in a tenth of a second.
"""

import logging
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024


class Ended(Exception):
    """The child gave no answer: `too_slow`, `too_much_memory` or `crashed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def confine(*, seconds: int, memory_bytes: int, written_bytes: int) -> None:
    """Caps processor time, memory and the size of files written, for this process. What a system does not offer is left out."""
    caps = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: written_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, cap in caps.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (cap, cap))


def run(module: str, arguments: Sequence[str], *, root: Path, seconds: int, environment: Mapping[str, str] | None = None) -> bytes:
    """What `python -m module arguments`, started in the folder `root`, writes to its standard output.

    The child sees nothing of our environment but PATH, and what `environment` adds. It is killed after `seconds` of wall time. Ended: it
    was killed, or died.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module, no shell
            [sys.executable, "-m", module, *arguments],
            cwd=root,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Ended("too_slow") from error
    if b"memory allocation" in done.stderr or b"MemoryError" in done.stderr:
        raise Ended("too_much_memory")
    if done.returncode != 0:
        logger.warning("The reader of a file ended with %s: %s", done.returncode, done.stderr[-500:].decode(errors="replace"))
        raise Ended("crashed")
    return done.stdout
