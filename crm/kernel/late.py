"""Libraries that are imported when they are first needed: each costs every process that does not need it memory and a late start."""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def late(name: str) -> Any:
    """The module of this name. For the few that are large: tables of readings (55 MB), arrays, workbooks."""
    return import_module(name)
