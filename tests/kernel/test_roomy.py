"""Calls within a function with room do not go back to the system for each frame."""

import sys
from collections.abc import Callable

import pytest

from crm.kernel.roomy import with_room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts minor page faults, as Linux tells them")


def _leaf(value: int) -> int:
    return value


def _faults_at(depth: int, calls: int) -> int:
    import resource

    if depth:
        return _faults_at(depth - 1, calls)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(calls):
        _leaf(1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _worst(run: Callable[[int, int], int]) -> int:
    """The most page faults of a loop of 500 calls, over depths that cross the edges of several pieces."""
    return max(run(depth, 500) for depth in range(300))


def test_no_loop_runs_at_the_edge_of_a_piece() -> None:
    if _worst(_faults_at) < 400:
        pytest.skip("this interpreter keeps its stack by itself")
    assert _worst(with_room(_faults_at)) < 100


def test_what_is_given_and_returned_stays_as_it_is() -> None:
    def function(one: int, /, *more: int, last: int = 0) -> tuple[int, ...]:
        """Says so."""
        return (one, *more, last)

    assert with_room(function)(1, 2, 3, last=4) == (1, 2, 3, 4)
    assert (with_room(function).__name__, with_room(function).__doc__) == ("function", "Says so.")
