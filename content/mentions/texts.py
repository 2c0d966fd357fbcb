"""A text made ready to be searched, and the way back from a hit to what was written."""

import re
from functools import cached_property

from crm.kernel.text import fold, fold_with_offsets

_LAYOUT = str.maketrans("\n\t\r\x0b\x0c", "     ")
_BLANKS = re.compile(" {2,}")


class FoldedText:
    """`text` folded, with line ends as blanks and several blanks as one. Offsets are worked out only where somebody asks for them."""

    def __init__(self, text: str) -> None:
        self.original = text
        self._in_line = fold(text).translate(_LAYOUT) if _has_layout(text) else fold(text)
        self._is_squeezed = "  " in self._in_line
        self.folded = _BLANKS.sub(" ", self._in_line) if self._is_squeezed else self._in_line

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original, in characters, of `folded[start:end]`."""
        if not self._is_squeezed:
            if len(self.folded) == len(self.original) and fold(self.original[start:end]) == self.folded[start:end]:
                return start, end
            return self._offsets[start], self._offsets[end]
        return self._offsets[self._kept[start]], self._offsets[self._kept[end - 1] + 1]

    @cached_property
    def _offsets(self) -> list[int]:
        return fold_with_offsets(self.original)[1]

    @cached_property
    def _kept(self) -> list[int]:
        """For each character of `folded`, where it stands before blanks were squeezed."""
        line = self._in_line
        return [place for place, character in enumerate(line) if character != " " or not place or line[place - 1] != " "]


def _has_layout(text: str) -> bool:
    return "\n" in text or "\t" in text or "\r" in text
