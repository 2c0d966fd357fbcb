"""When CPython looks for cycles among objects that nobody needs any more: a program of our size pays for its defaults."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 20


def collect_seldom() -> None:
    """First thing in a process. Loading the program makes a million objects that stay; by default a seventh of the start is looking."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def keep_what_is_loaded() -> None:
    """Once a server is loaded: the program itself is not looked through again, which would hold up a page for a tenth of a second."""
    gc.collect()
    gc.freeze()
