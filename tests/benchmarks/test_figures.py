"""Which figures miss their goal."""

import pytest

from tests.benchmarks.figures import Figure


@pytest.mark.parametrize(
    ("value", "compared_with", "misses"),
    [
        (5.07, "goal: at most 5", True),
        (5, "goal: at most 5", False),
        (61.0, "18000 rows against 100000 companies, goal: under 60; 17996 created", True),
        (1.22, "page 1, goal: at most 1.2", True),
        (3.1, "goal on a quiet machine: at most 3", True),
        (0.97, "goal: over 0.98; 1200 links", True),
        (12, "goal: at least 10, better 50, folding included", False),
        (99, "the floor", False),
        (None, "goal: at most 5", False),
    ],
)
def test_a_figure_on_the_wrong_side_of_its_goal_is_told(value, compared_with, misses):
    assert Figure("name", value, "x", compared_with).misses_its_goal is misses
