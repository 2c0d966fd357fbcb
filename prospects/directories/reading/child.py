"""The process that parses: `python -m prospects.directories.reading.child FILE NAME ROWS_FILE [SHEET]`.

Writes the rows as JSON lines `[row number, cell, ...]` to ROWS_FILE, and to standard output one JSON object: the facts of the table, or
`{"refused": code, "params": {...}, "row": ..., "column": ...}`. It limits itself before it looks at the file; whatever else goes wrong ends
the process, and the parent knows what that means.
"""

import json
import sys
from pathlib import Path
from typing import Any

from crm.kernel.confined import MEGABYTE, confine
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.tables import open_table


def main(arguments: list[str]) -> int:
    """Reads the file named in `arguments`; 0 also where the file is refused, since that is an answer."""
    path, name, rows_file, *sheet = arguments
    limits = Limits()
    confine(seconds=limits.seconds, memory_bytes=limits.memory_bytes, written_bytes=2 * limits.unpacked_bytes)
    try:
        answer = _read(Path(path), name, Path(rows_file), sheet[0] if sheet else None, limits)
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params, "row": refused.row, "column": refused.column}
    except MemoryError:
        answer = {"refused": "too_much_memory", "params": {"limit": limits.memory_bytes // MEGABYTE}, "row": None, "column": None}
    json.dump(answer, sys.stdout)
    return 0


def _read(path: Path, name: str, rows_file: Path, sheet: str | None, limits: Limits) -> dict[str, Any]:
    table = open_table(path, name=name, sheet=sheet, limits=limits)
    count = 0
    with rows_file.open("w", encoding="utf-8") as file:
        for number, cells in table.rows:
            file.write(json.dumps([number, *cells], ensure_ascii=False))
            file.write("\n")
            count += 1
    return {
        "sheets": table.sheets,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "header_row": table.header_row,
        "columns": table.columns,
        "row_count": count,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
