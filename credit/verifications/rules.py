"""Pure rules of verifications: container numbers by ISO 6346, which deals are verified, whom one may ask (domain 7.5)."""

import datetime as dt
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from credit.packs.rules import refuse
from credit.verifications.choices import Ground
from crm.kernel.text import strip_controls

_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (v for v in range(10, 39) if v % 11), strict=True))
_FORM = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_SCAC = re.compile(r"[A-Z]{2,4}")
MOST_CONTAINERS = 60


def tidy_container(typed: str) -> str:
    """Upper case, without blanks, hyphens and dots."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", strip_controls(typed)).upper()


def is_container(typed: str) -> bool:
    """Whether a container number is well-formed (fourth letter U, J or Z) and its check digit fits, by ISO 6346. Lower case and blanks
    are tidied first; whatever is malformed is False.
    """  # fmt: skip
    number = tidy_container(typed)
    return bool(_FORM.fullmatch(number)) and check_digit(number[:10]) == int(number[10])


def check_digit(ten: str) -> int:
    """Of four letters and six digits: sum of value x 2^place, modulo 11, modulo 10. KeyError for another character."""
    values = [_LETTERS[c] if c in _LETTERS else int(c) for c in ten]
    return sum(value << place for place, value in enumerate(values)) % 11 % 10


def containers_of(typed: str) -> list[str]:
    """The numbers of a text, one a line or parted by commas. RuleBroken for one that cannot be a container number, saying why."""
    found = [tidy_container(part) for part in re.split(r"[\n,;]", typed) if part.strip()]
    if len(found) > MOST_CONTAINERS:
        raise refuse("containers", _("%(most)s containers at most.") % {"most": MOST_CONTAINERS})
    for number in found:
        if not _FORM.fullmatch(number):
            raise refuse("containers", _why(number))
    return list(dict.fromkeys(found))


def _why(number: str) -> str:
    shown = number[:20]
    if len(number) == 11 and re.search(r"[OI]", number[4:]):
        return _("%(number)s: after four letters come seven digits. Is the O a 0, the I a 1? Look at the paper.") % {"number": shown}
    if len(number) == 11 and number[:4].isalpha() and number[3] not in "UJZ":
        return _("%(number)s: the fourth letter is U, J or Z.") % {"number": shown}
    return _("%(number)s: a container number has four letters and seven digits.") % {"number": shown}


def carrier_code(typed: str) -> str:
    """A SCAC, two to four letters. RuleBroken for anything else."""
    code = typed.strip().upper()
    if not _SCAC.fullmatch(code):
        raise refuse("scac", _("A carrier’s code has two to four letters, such as OOLU."))
    return code


def plain(text: str) -> str:
    """Numbers of papers and contacts as they are compared: letters and digits alone, upper case."""
    return "".join(c for c in strip_controls(text).upper() if c.isalnum())


def is_of_the_paper(contact: str, on_paper: str) -> bool:
    """Whether a contact is one that the paper itself names, or of the same domain: such a contact confirms nothing."""
    asked = {plain(part) for part in re.split(r"[\s,;]+", contact) if plain(part)}
    named = {plain(part) for part in re.split(r"[\s,;]+", on_paper) if plain(part)}
    return bool(asked & named) or bool(_domains(contact) & _domains(on_paper))


def _domains(text: str) -> set[str]:
    return {found.lower().removeprefix("www.") for found in re.findall(r"(?:@|//|www\.)([A-Za-z0-9.\-]+\.[A-Za-z]{2,})", text)}


@dataclass(frozen=True, slots=True)
class Deal:
    """What sampling looks at. Amounts in Hong Kong dollars."""

    reference: str
    amount: Decimal
    is_first: bool
    is_flagged: bool


def ground_of(deal: Deal, *, key: bytes, large_above: Decimal, percent: int) -> Ground | None:
    """Why this deal is verified, None where it need not be: the first, after RF-01 or RF-02 all, large ones, and so many by chance.

    Chance is a keyed hash of the deal's reference: nobody without the key can tell which, and asking twice changes nothing.
    """
    if deal.is_first:
        return Ground.FIRST
    if deal.is_flagged:
        return Ground.FLAGGED
    if deal.amount > large_above:
        return Ground.LARGE
    drawn = int.from_bytes(hmac.digest(key, plain(deal.reference).encode(), "sha256")[:8]) % 10_000
    return Ground.RANDOM if drawn < percent * 100 else None


@dataclass(frozen=True, slots=True)
class Paper:
    """What is transcribed of a paper. `containers` are tidied numbers; `contact` is what the paper itself names."""

    number: str
    reference: str
    amount: Decimal
    currency: str
    invoice: str = ""
    contact: str = ""
    scac: str = ""
    vessel: str = ""
    voyage: str = ""
    load_port: str = ""
    discharge_port: str = ""
    on_board_on: dt.date | None = None
    shipper: str = ""
    consignee: str = ""
    goods: str = ""
    weight: str = ""
    containers: tuple[str, ...] = field(default=())


def bad_containers(numbers: Iterable[str]) -> list[str]:
    """Those whose check digit does not fit."""
    return [number for number in numbers if not is_container(number)]
