"""How the features above let further people read spreads: the credit department reads those of companies whose pack was handed to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SpreadReaders:
    """`companies(user)`: ids of companies (a queryset of ids, or ids) whose spreads this person reads besides those that they look after.

    Asked for each list, so it costs no statement of its own where it gives a queryset. A credit analyst among these readers also enters
    figures, which operating model B (domain 6.1) asks for.
    """

    code: str
    companies: Callable[[Any], Any]
