"""The process that reads: `python -m credit.spreads.reading.child FILE ROWS_FILE [SHEET]`.

Writes the rows as JSON lines `[row number, cell, ...]` to ROWS_FILE and says the facts, or why the file is refused, as one JSON object.
"""

import json
import sys
from pathlib import Path
from typing import Any

from credit.spreads.reading.grids import to_json
from credit.spreads.reading.sheets import LIMITS, open_sheets
from crm.kernel.confined import MEGABYTE, confine
from prospects.directories.reading.refusals import Refused


def main(arguments: list[str]) -> int:
    """Reads the file named in `arguments`; 0 also where the file is refused, since that is an answer."""
    path, rows_file, *sheet = arguments
    confine(seconds=LIMITS.seconds, memory_bytes=LIMITS.memory_bytes, written_bytes=2 * LIMITS.unpacked_bytes)
    answer: dict[str, Any]
    try:
        found = open_sheets(Path(path), sheet=sheet[0] if sheet else None)
        with Path(rows_file).open("w", encoding="utf-8") as file:
            for number, cells in found.rows:
                file.write(json.dumps([number, *to_json(cells)], ensure_ascii=False) + "\n")
        answer = {"sheets": found.sheets, "sheet": found.sheet}
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params, "row": refused.row, "column": refused.column}
    except MemoryError:
        answer = {"refused": "too_much_memory", "params": {"limit": LIMITS.memory_bytes // MEGABYTE}, "row": None, "column": None}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
