"""Rules out, cheaply, the companies that cannot be like a row: of two hundred that share a block, a handful are worth a full comparison.

Of the names only the bound of their score is asked for, of the other fields the best is assumed that they could still give.
"""

from collections.abc import Collection
from dataclasses import dataclass

from crm.kernel.names.bounds import Bound
from crm.kernel.names.likeness import WEIGHTS, NameParts

_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared at a glance: the names, and which of the other fields there are."""

    names: NameParts
    has_phone: bool = False
    has_address: bool = False
    has_officers: bool = False


class Glance:
    """One company, ready to be held against the sketches of others. Those that `allows` does not let through are less like than `at_least`.

    `bound` is that of its names, made once. `contacts` are those of phone and email_domain in which the others may be the same; where phone
    is none of them, the numbers differ.
    """

    def __init__(self, sketch: Sketch, bound: Bound, *, at_least: int, contacts: Collection[str] = ()) -> None:
        self._sketch = sketch
        self._bound = bound
        self._at_least = at_least
        self._contacts = contacts
        self._needed: dict[tuple[bool, bool, bool], float] = {}

    def allows(self, other: Sketch) -> bool:
        """Whether the other's names may be as like as is needed, or cannot be compared."""
        fields = other.has_phone, other.has_address, other.has_officers
        if (needed := self._needed.get(fields)) is None:
            needed = self._needed[fields] = self._name_needed(other)
        return self._bound.may_reach(needed, other.names)

    def _name_needed(self, other: Sketch) -> float:
        own = self._sketch
        phones = own.has_phone and other.has_phone
        gained = ["email_domain"] if "email_domain" in self._contacts else []
        gained += ["phone"] if phones and "phone" in self._contacts else []
        gained += ["address"] if own.has_address and other.has_address else []
        gained += ["director"] if own.has_officers and other.has_officers else []
        return name_needed(self._at_least, same=gained, differing=["phone"] if phones and "phone" not in gained else [])


def name_needed(score: int, *, same: Collection[str] = (), differing: Collection[str] = ()) -> float:
    """How like the names must be for the whole to be rounded to `score` or more, where these fields are the same and those differ."""
    gained, lost = (sum(WEIGHTS[field] for field in fields) for fields in (same, differing))
    # The whole is rounded, and so are the names before they are weighed.
    return ((score - _ROUNDING) * (WEIGHTS["name"] + gained + lost) - 100 * gained) / WEIGHTS["name"] - _ROUNDING
