"""A text made ready to be searched, and the way back from a hit to what was written."""

import re
from bisect import bisect_right
from functools import cached_property

from crm.kernel.text import fold_straight, fold_with_offsets

_BLANKS = re.compile(" {2,}")


class FoldedText:
    """`text` folded, with line ends and tabs as blanks and several blanks as one. The way back is worked out only where it is asked for."""

    def __init__(self, text: str) -> None:
        self.original = text
        folded, self._is_straight = fold_straight(text)
        self._in_line = folded.replace("\n", " ").replace("\t", " ").replace("\r", " ")
        self._is_squeezed = "  " in self._in_line
        self.folded = _BLANKS.sub(" ", self._in_line) if self._is_squeezed else self._in_line

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original, in characters, of `folded[start:end]`."""
        if self._is_squeezed:
            start, end = self._unsqueezed(start), self._unsqueezed(end - 1) + 1
        if self._is_straight:
            return start, end
        return self._offsets[start], self._offsets[end]

    @cached_property
    def _offsets(self) -> list[int]:
        return fold_with_offsets(self.original)[1]

    def _unsqueezed(self, place: int) -> int:
        before = bisect_right(self._gaps[0], place) - 1
        return place + self._gaps[1][before] if before >= 0 else place

    @cached_property
    def _gaps(self) -> tuple[list[int], list[int]]:
        """Places in `folded` right behind squeezed blanks, and how many characters were left out up to there."""
        places: list[int] = []
        left_out: list[int] = []
        total = 0
        for match in _BLANKS.finditer(self._in_line):
            start, end = match.span()
            places.append(start - total + 1)
            total += end - start - 1
            left_out.append(total)
        return places, left_out
