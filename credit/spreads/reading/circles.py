"""Finds the cells of a workbook whose formulas refer to themselves in a circle. Without Django; formulas are read, never evaluated."""

import re
from collections.abc import Iterable, Iterator, Mapping

Place = tuple[str, int, int]
"""Sheet, row from 1, column from 1."""

_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([A-Za-z0-9_\u3400-\u9fff.]+))!)?\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![A-Za-z0-9_(])"
)
_STRING = re.compile(r'"(?:[^"]|"")*"')


def circular(formulas: Mapping[Place, str]) -> set[Place]:
    """The places among `formulas` that lie on a circle of references."""
    rows = _by_row(formulas)
    links = {place: list(_targets(place[0], text, rows)) for place, text in formulas.items()}
    found: set[Place] = set()
    for circle in _components(links):
        if len(circle) > 1 or circle[0] in links[circle[0]]:
            found.update(circle)
    return found


def _by_row(places: Iterable[Place]) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for sheet, row, column in places:
        found.setdefault((sheet, row), []).append(column)
    return found


def _targets(own: str, text: str, rows: Mapping[tuple[str, int], list[int]]) -> Iterator[Place]:
    """The formula cells that a formula reads."""
    for match in _REFERENCE.finditer(_STRING.sub('""', text)):
        quoted, plain, left, top, right, bottom = match.groups()
        sheet = (quoted or "").replace("''", "'") or plain or own
        first, last = sorted((_column(left), _column(right or left)))
        upper, lower = sorted((int(top), int(bottom or top)))
        if lower - upper > len(rows):
            upper_rows: Iterable[int] = (row for name, row in rows if name == sheet and upper <= row <= lower)
        else:
            upper_rows = range(upper, lower + 1)
        for row in upper_rows:
            for column in rows.get((sheet, row), ()):
                if first <= column <= last:
                    yield sheet, row, column


def _column(letters: str) -> int:
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - ord("A") + 1
    return number


def _components(links: Mapping[Place, list[Place]]) -> Iterator[list[Place]]:
    """Strongly connected components (Tarjan), without recursion."""
    index: dict[Place, int] = {}
    low: dict[Place, int] = {}
    stack: list[Place] = []
    on_stack: set[Place] = set()
    for start in links:
        if start in index:
            continue
        work: list[tuple[Place, Iterator[Place]]] = [(start, iter(links[start]))]
        while work:
            place, rest = work[-1]
            if place not in index:
                index[place] = low[place] = len(index)
                stack.append(place)
                on_stack.add(place)
            target = next(rest, None)
            if target is not None:
                if target not in index:
                    work.append((target, iter(links[target])))
                elif target in on_stack:
                    low[place] = min(low[place], index[target])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[place])
            if low[place] == index[place]:
                yield _popped(place, stack, on_stack)


def _popped(root: Place, stack: list[Place], on_stack: set[Place]) -> list[Place]:
    found: list[Place] = []
    while not found or found[-1] != root:
        found.append(stack.pop())
        on_stack.discard(found[-1])
    return found
