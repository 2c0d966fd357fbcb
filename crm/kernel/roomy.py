"""Room on the interpreter's stack, so that no loop runs at the edge of a piece of it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
SLOTS = 40_000
"""A frame of so many slots makes CPython take half a megabyte at once; what is left of it serves the calls within."""


def with_room(function: Callable[P, R]) -> Callable[P, R]:
    """The function with a stack of its own that all calls within fit on. Costs microseconds a call: for what does much.

    CPython (since 3.11) keeps frames of Python calls in pieces of 16 KB, taken from the system when a call does not fit on the last one
    and given back when it returns. A loop whose calls happen to begin just at an edge pays two system calls for each: measured, a call in
    the loop costs a hundred times as much, and a page at an unlucky depth twice its time (`tests.benchmarks pages`, the prospects).
    """

    @wraps(function)
    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)  # type: ignore[attr-defined]
    return roomy
