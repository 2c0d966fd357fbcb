"""Telephone numbers as people and lists write them, in one form (E.164)."""

import re
from dataclasses import dataclass

import phonenumbers

from crm.kernel.text import strip_controls

_SEVERAL = re.compile(r"[;,、，；\n|]|\s/\s|(?<=\d{6})/(?=\+?\d{6})|\bor\b|或")
_EXTENSION_WORDS = re.compile(r"(?:分機|分机|轉|转|內線|内线)[:： ]*")
_LAST_OF_RANGE = re.compile(r"[-~～]\d$")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: `e164` such as "+85225231600", and the extension's digits, "" for none."""

    e164: str
    extension: str = ""


def parse(raw: str, region: str) -> Phone | None:
    """The number in `raw`, read as dialled from `region` ("HK", "CN", "TW", "US"); None when it is no possible number there.

    Takes what lists hold: "2523 1600", "(02)2551-5211", "02-27338000 分機 12", "+852-2523-1600 ext. 3", full-width digits,
    "05-2211521-4" (lines 1 to 4).
    """
    text = _EXTENSION_WORDS.sub(" ext. ", strip_controls(raw)).strip()
    if not text or len(text) > _LONGEST:
        return None
    return _parse(text, region) or _parse(_LAST_OF_RANGE.sub("", text), region)


def _parse(text: str, region: str) -> Phone | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or "")


def normalise_phone(raw: str, region: str) -> str | None:
    """The number in `raw` as E.164 ("+85225231600") without its extension, or None; `region` as in `parse`."""
    phone = parse(raw, region)
    return phone.e164 if phone else None


def phones_in(raw: str, region: str) -> tuple[str, ...]:
    """All numbers of a cell that may hold several ("2523 1600 / 2523 1601"), as E.164, each once; what is no number is left out."""
    numbers = (normalise_phone(part, region) for part in _SEVERAL.split(raw[:2000]))
    return tuple(dict.fromkeys(number for number in numbers if number))


def display(e164: str, region: str = "") -> str:
    """A number for reading: "2523 1600" within `region`, "+852 2523 1600" elsewhere; what is not E.164 comes back as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = region and phonenumbers.region_code_for_number(number) == region
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
