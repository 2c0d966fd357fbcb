"""The process that parses: `python -m content.capture.reading.child FILE OUT [FILE OUT]...`.

Writes each article or refused row of FILE to its OUT as one JSON object a line, and to standard output one line a file: `{}` or
`{"refused": code, "params": {...}}`. It limits itself before it looks at a file; whatever else goes wrong ends the process, and the
parent knows what that means.
"""

import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from content.capture.reading.articles import LIMITS, MEGABYTE, Refused
from content.capture.reading.files import read


def main(arguments: list[str]) -> int:
    """Reads the files named in `arguments`; 0 also where one is refused, since that is an answer."""
    confine()
    for path, out in zip(arguments[::2], arguments[1::2], strict=True):
        json.dump(_answer(Path(path), Path(out)), sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()
    return 0


def _answer(path: Path, out: Path) -> dict[str, Any]:
    try:
        with out.open("w", encoding="utf-8") as file:
            for number, item in enumerate(read(path.read_bytes()), 1):
                if number > LIMITS.articles:
                    raise Refused("too_many", limit=LIMITS.articles)
                json.dump(asdict(item), file, ensure_ascii=False)
                file.write("\n")
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}
    except MemoryError:
        return {"refused": "too_much_memory", "params": {"limit": LIMITS.memory_bytes // MEGABYTE}}
    return {}


def confine() -> None:
    """Caps memory, processor time and the size of files written, for this process. What a system does not offer is left out."""
    caps = {
        resource.RLIMIT_AS: LIMITS.memory_bytes,
        resource.RLIMIT_CPU: LIMITS.seconds,
        resource.RLIMIT_FSIZE: 2 * LIMITS.unpacked_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, cap in caps.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (cap, cap))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
