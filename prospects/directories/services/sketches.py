"""Rules out, cheaply, the companies that cannot be like a row: of two hundred that share a block, a handful are worth a full comparison.

Of the names only the bound of their score is asked for, of the other fields the best is assumed that they could still give.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from crm.kernel.names.bounds import Bound
from crm.kernel.names.likeness import WEIGHTS, NameParts

_ROUNDING = 0.5
_PHONE, _ADDRESS, _DIRECTOR = 1, 2, 4
_CONTACTS = ("phone", "email_domain")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared at a glance: the names, and which of phone, address and director there are, in one number."""

    names: NameParts
    fields: int = 0

    @classmethod
    def of(cls, names: NameParts, *, phone: bool, address: bool, director: bool) -> Self:
        """The sketch of a company of which these are known."""
        return cls(names, _PHONE * phone | _ADDRESS * address | _DIRECTOR * director)


class Glance:
    """One company, ready to be held against the sketches of others. Those that `allowed` leaves out are less like than `at_least`.

    `bound` is that of its names, made once. `contacts` are those of phone and email_domain that the others may have in common with it as
    far as the blocks tell; where phone is none of them, the numbers differ. Of those in `by_contact` both may be the same.
    """

    def __init__(
        self, sketch: Sketch, bound: Bound, *, at_least: int, contacts: Collection[str] = (), by_contact: Collection[int] = ()
    ) -> None:
        self._may_reach = bound.may_reach
        self._by_contact = by_contact
        self._needed = _Needed(sketch.fields, at_least, contacts)
        self._needed_by_contact = _Needed(sketch.fields, at_least, _CONTACTS)

    def allowed(self, ones: Collection[int], sketches: Mapping[int, Sketch]) -> list[int]:
        """Of these, by number, those whose names may be as like as is needed, or cannot be compared."""
        may_reach, by_contact, needed, needed_by_contact = self._may_reach, self._by_contact, self._needed, self._needed_by_contact
        return [
            one
            for one in ones
            if (other := sketches.get(one)) and may_reach((needed_by_contact if one in by_contact else needed)[other.fields], other.names)
        ]


class _Needed(dict[int, float]):
    """How like the names must be, by the fields that the other has; worked out when it is first asked for."""

    def __init__(self, own: int, at_least: int, contacts: Collection[str]) -> None:
        super().__init__()
        self._own, self._at_least, self._contacts = own, at_least, contacts

    def __missing__(self, fields: int) -> float:
        both = self._own & fields
        gained = ["email_domain"] if "email_domain" in self._contacts else []
        gained += ["phone"] if both & _PHONE and "phone" in self._contacts else []
        gained += ["address"] if both & _ADDRESS else []
        gained += ["director"] if both & _DIRECTOR else []
        needed = name_needed(self._at_least, same=gained, differing=["phone"] if both & _PHONE and "phone" not in gained else [])
        self[fields] = needed
        return needed


def name_needed(score: int, *, same: Collection[str] = (), differing: Collection[str] = ()) -> float:
    """How like the names must be for the whole to be rounded to `score` or more, where these fields are the same and those differ."""
    gained, lost = (sum(WEIGHTS[field] for field in fields) for fields in (same, differing))
    # The whole is rounded, and so are the names before they are weighed.
    return ((score - _ROUNDING) * (WEIGHTS["name"] + gained + lost) - 100 * gained) / WEIGHTS["name"] - _ROUNDING
