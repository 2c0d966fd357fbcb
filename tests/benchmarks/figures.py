"""What a benchmark or proof says: figures with a name, printed as a table or as JSON."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

_GOAL = re.compile(r"\bgoal\b[^:]*: (at most|under|at least|over) (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a dotted name, its value and unit, and in words what it is compared with (a goal, the floor, an earlier size)."""

    name: str
    value: float | int | str | None
    unit: str
    compared_with: str = ""

    @property
    def is_broken(self) -> bool:
        """Must be 0 ("0" or "0: why") or "ok", and is not."""
        must = self.compared_with.partition(":")[0].partition(";")[0]
        return must in ("0", "ok") and str(self.value) != must

    @property
    def misses_its_goal(self) -> bool:
        """The words it is compared with name a goal ("goal: at most 4"), and it is on the wrong side."""
        goal = _GOAL.search(self.compared_with)
        if goal is None or not isinstance(self.value, int | float):
            return False
        bound, figure = goal[1], float(goal[2])
        return self.value > figure if bound in ("at most", "under") else self.value < figure


def as_json(figures: Iterable[Figure]) -> str:
    """A list of objects with `name`, `value`, `unit`, `compared_with`."""
    return json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1)


def as_table(figures: Iterable[Figure]) -> str:
    """Columns for a person to read."""
    rows = [(figure.name, str(figure.value), figure.unit, figure.compared_with) for figure in figures]
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {compared}".rstrip() for name, value, unit, compared in rows
    )


def from_json(text: str) -> list[Figure]:
    """What a child process printed."""
    return [Figure(**row) for row in json.loads(text)]


def rounded(value: float) -> float:
    """Three significant figures, so that nobody reads more into it than it says."""
    return float(f"{value:.3g}")
