"""Reads a statement file in a process of its own, which may crash, swell or hang without harm to ours."""

import json
import tempfile
from pathlib import Path
from typing import Any

from credit.spreads.reading.grids import Grid, from_json
from credit.spreads.reading.sheets import LIMITS
from crm.kernel.confined import MEGABYTE, Ended, run
from prospects.directories.reading.guarded import UnreadableFile

_ROOT = Path(__file__).resolve().parents[3]


def read_grid(path: Path, name: str, sheet: str | None = None) -> Grid:
    """The sheet of the file at `path`, called `name` by its owner. UnreadableFile, with the sentence why, for what cannot be read."""
    with tempfile.TemporaryDirectory(prefix="rapport-spread-") as folder:
        rows_path = Path(folder) / "rows.jsonl"
        answer = _answer(path, rows_path, sheet)
        if "refused" in answer:
            raise UnreadableFile(answer["refused"], answer["params"], row=answer["row"], column=answer["column"])
        rows = []
        with rows_path.open(encoding="utf-8") as file:
            for line in file:
                number, *cells = json.loads(line)
                rows.append((number, from_json(cells)))
        if not rows:
            raise UnreadableFile("empty")
        return Grid(name, tuple(answer["sheets"]), answer["sheet"], tuple(rows))


def _answer(path: Path, rows_path: Path, sheet: str | None) -> dict[str, Any]:
    arguments = [str(path.resolve()), str(rows_path), *([sheet] if sheet else [])]
    try:
        # openpyxl reads with defusedxml, not with the parser that another package brings.
        said = run("credit.spreads.reading.child", arguments, root=_ROOT, seconds=LIMITS.seconds, environment={"OPENPYXL_LXML": "False"})
    except Ended as ended:
        limits = {"too_slow": {"limit": LIMITS.seconds}, "too_much_memory": {"limit": LIMITS.memory_bytes // MEGABYTE}}
        raise UnreadableFile(ended.code, limits.get(ended.code, {})) from ended
    answer: dict[str, Any] = json.loads(said)
    return answer
