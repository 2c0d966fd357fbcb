"""The process that parses: `python -m content.capture.reading.child FILE FOUND_FILE ZONE NOW [feed]`.

Writes each article, and each refused row, as a JSON line to FOUND_FILE, and to standard output one JSON object: `{}`, or why the whole
file is refused. It limits itself before it looks at the file; whatever else goes wrong ends the process.
"""

import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content.capture.reading.articles import Article
from content.capture.reading.limits import Limits, Setting
from content.capture.reading.reading import articles_in
from content.capture.reading.refusals import Refused
from crm.kernel.confined import MEGABYTE, confine


def main(arguments: list[str]) -> int:
    """Reads the file named in `arguments`; 0 also where the file is refused, since that is an answer."""
    path, found_file, zone, now, *only = arguments
    limits = Limits()
    confine(seconds=limits.seconds, memory_bytes=limits.memory_bytes, written_bytes=4 * limits.unpacked_bytes)
    answer: dict[str, Any] = {}
    try:
        setting = Setting(zone=ZoneInfo(zone), now=dt.datetime.fromisoformat(now), limits=limits, feeds_only=bool(only))
        with Path(found_file).open("w", encoding="utf-8") as file:
            for found in articles_in(Path(path).read_bytes(), setting):
                file.write(json.dumps(_row(found), ensure_ascii=False))
                file.write("\n")
    except Refused as refused:
        answer = _refusal(refused)
    except MemoryError:
        answer = _refusal(Refused("too_much_memory", limit=limits.memory_bytes // MEGABYTE))
    json.dump(answer, sys.stdout)
    return 0


def _row(found: Article | Refused) -> dict[str, Any]:
    if isinstance(found, Refused):
        return _refusal(found)
    return {**asdict(found), "published_at": found.published_at.isoformat() if found.published_at else None}


def _refusal(refused: Refused) -> dict[str, Any]:
    place = {"row": refused.row, "column": refused.column, "value": refused.value}
    return {"refused": refused.code, "params": refused.params, **place}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
