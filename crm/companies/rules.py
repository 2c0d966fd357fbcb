"""Pure functions on names, numbers and phones of companies and people; the values that services take."""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import COUNTRIES, AddressKind, GroupBasis, IdentifierKind, NameKind
from crm.kernel import identifiers
from crm.kernel.clock import in_calendar
from crm.kernel.errors import Sentence
from crm.kernel.names.legal import core_name, is_chinese, split_scripts
from crm.kernel.text import fold, strip_controls

SORT_KEY_LENGTH = 80
PHONE_KEY_DIGITS = 8
SHORTEST_PHONE = 6

_NOT_DIGIT = re.compile(r"\D+")
_BETWEEN_PHONES = re.compile(r"[,;/、；|]|ext\.?|#|转|轉", re.IGNORECASE)
_WEB = re.compile(r"(?:(https?)://)?((?:[\w-]+\.)+[^\W\d_]{2,})(:\d{2,5})?([/?#]\S*)?", re.IGNORECASE)
OLDEST_PERSON = 120
_MAIL = re.compile(r"[^@\s,;]+@([^@\s,;]+\.[^@\s,;]+)")


COMPANY_FACTS = ("country", "jurisdiction", "city", "sector", "industry", "phone", "website", "email", "incorporated_on", "listed_on")
"""The fields of a company that are typed in, besides its names."""

CONTACT_DATA = ("phone", "mobile", "email", "birthday", "note")
"""Fields of a person that head office reads masked (domain 1.2, "m"); the note is free text and may hold any of them."""

MASK = "•••"
"""What stands in place of masked data."""

CONTACT_FACTS = (
    *("name_en", "name_zh", "title", "role", "is_decision_maker", "phone", "mobile", "email", "birthday"),
    *("consent_basis", "consent_on", "cross_border_ok", "note"),
)
"""The fields of a person that are typed in."""


@dataclass(frozen=True, slots=True)
class GroupLink:
    """What a company's place in its group rests on, as somebody states it: the basis, a share in per cent, and who or what in words."""

    basis: str = ""
    share: Decimal | None = None
    note: str = ""


NO_LINK = GroupLink()
"""Nothing is stated of it yet."""


@dataclass(frozen=True, slots=True)
class NewName:
    """A name as somebody states it, in one script."""

    text: str
    kind: str = NameKind.LEGAL


@dataclass(frozen=True, slots=True)
class NewIdentifier:
    """An exact key as somebody states it; `scope` is the exchange of a stock code."""

    kind: str
    value: str
    scope: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """The form in which no two companies share one: (kind, scope, value). IdentifierError says what is wrong with the number."""
        kind = IdentifierKind(self.kind)
        if kind == IdentifierKind.STOCK:
            return kind, *identifiers.normalise_stock_code(self.value, self.scope)
        if kind == IdentifierKind.CUSTOMER:
            return kind, "", one_line(self.value).upper()
        return kind, "", identifiers.normalise(identifiers.Kind(kind), self.value)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as somebody states it."""

    text_en: str = ""
    text_zh: str = ""
    kind: str = AddressKind.OFFICE


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """All that is said of a company that may be new. Only a name is needed. `officers` are (name, position) pairs."""

    names: Sequence[NewName]
    identifiers: Sequence[NewIdentifier] = ()
    addresses: Sequence[NewAddress] = ()
    officers: Sequence[tuple[str, str]] = ()
    country: str = ""
    jurisdiction: str = ""
    city: str = ""
    sector: str = ""
    industry: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    incorporated_on: dt.date | None = None
    listed_on: dt.date | None = None


def wrong_in(link: GroupLink, *, control_over: int, dependence_from: int) -> tuple[str, Sentence] | None:
    """The field of a link that does not hold, with the reason (domain 6.9); None where all is well.

    Control is of more than `control_over` per cent of the shares, or of the board, which the note then says; a common controller is
    named; dependence is of at least `dependence_from` per cent of receipts or payments.
    """
    share = link.share
    if share is not None and not 0 <= share <= 100:
        return "share", _("A share is from 0 to 100 per cent.")
    if share is not None and link.basis not in (GroupBasis.CONTROL, GroupBasis.DEPENDENCE):
        return "share", _("A share goes with control or economic dependence only.")
    if link.basis == GroupBasis.CONTROL and share is None and not link.note:
        return "note", _("Without a share of more than %(percent)d%%, say how the board is controlled.") % {"percent": control_over}
    if link.basis == GroupBasis.CONTROL and share is not None and share <= control_over:
        return "share", _("Control needs more than %(percent)d%% of the shares.") % {"percent": control_over}
    if link.basis == GroupBasis.COMMON and not link.note:
        return "note", _("Say who controls both.")
    if link.basis == GroupBasis.DEPENDENCE and (share is None or share < dependence_from):
        return "share", _("Economic dependence is of at least %(percent)d%% of receipts or payments.") % {"percent": dependence_from}
    return None


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier, or the last day of that month where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def same_person(names: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    """Names that stand for more than one company, each with the companies. `names` are (name, company id), compared by `person_key`."""
    held: dict[str, set[int]] = {}
    for name, company_id in names:
        held.setdefault(person_key(name), set()).add(company_id)
    return {key: ids for key, ids in held.items() if key and len(ids) > 1}


def person_key(name: str) -> str:
    """A person's name without case, order of its words and marks, so that "Lam, Wing" is "Wing Lam"."""
    return " ".join(sorted(fold(name).replace(",", " ").replace(".", " ").split()))


def one_line(text: str) -> str:
    """What was typed, without control characters and doubled blanks."""
    return " ".join(strip_controls(text).split())


def names_by_script(names: Iterable[NewName]) -> list[NewName]:
    """The names, each cut into its English and Chinese part, tidied, without empty and repeated ones."""
    parts = [NewName(part, name.kind) for name in names for part in split_scripts(one_line(name.text)) if part]
    return list({part.text: part for part in reversed(parts)}.values())[::-1]


def shown_names(names: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """(English, Chinese) name by which a company is shown, from (kind, text) pairs: the registered one, else the next best."""
    ranks = {kind: rank for rank, kind in enumerate((NameKind.LEGAL, NameKind.SHORT, NameKind.ALIAS, NameKind.FORMER))}
    ordered = sorted(names, key=lambda pair: ranks.get(NameKind(pair[0]), len(ranks)))
    english = next((text for _, text in ordered if not is_chinese(text)), "")
    chinese = next((text for _, text in ordered if is_chinese(text)), "")
    return english, chinese


def name_stays(kind: str, kinds: Sequence[str]) -> bool:
    """Whether a name of this kind, among a company's names of `kinds`, cannot be taken away: the only one, or the only registered one."""
    return len(kinds) == 1 or (kind == NameKind.LEGAL and list(kinds).count(NameKind.LEGAL) == 1)


def sort_key(name_en: str, name_zh: str) -> str:
    """By what lists in order of name are sorted: the folded English name without its legal form, else the Chinese one."""
    return core_name(name_en or name_zh)[:SORT_KEY_LENGTH]


def code_keys(code: str) -> set[str]:
    """A stock code as people type it: as it stands, without leading zeros, and with four digits ("0005")."""
    if not (code.isascii() and code.isdigit()):
        return {code.lower()}
    bare = code.lstrip("0") or "0"
    return {code, bare, bare.zfill(4)}


def digits(phone: str) -> str:
    """The digits of a phone number."""
    return _NOT_DIGIT.sub("", phone)


def _numbers(text: str) -> Iterator[str]:
    """The numbers of a phone field, which may hold several, as digits; extensions and stray figures are left out."""
    return (number for part in _BETWEEN_PHONES.split(text) if len(number := digits(part)) >= SHORTEST_PHONE)


def phone_keys(phone: str) -> set[str]:
    """By what a phone field is found: the last eight digits of each number, and all of them where it has more."""
    return {key for number in _numbers(phone) for key in (number[-PHONE_KEY_DIGITS:], number)}


def phone_numbers(phone: str) -> frozenset[str]:
    """The numbers of a phone field, each as its last eight digits: what two records are compared by."""
    return frozenset(number[-PHONE_KEY_DIGITS:] for number in _numbers(phone))


def website_of(text: str) -> str:
    """The address of a web site with its scheme, or "" for what is none; only http and https ever come out."""
    match = _WEB.fullmatch(unicodedata.normalize("NFKC", "".join(text.split())).rstrip("."))
    if match is None:
        return ""
    scheme, host, port, path = match.groups()
    return f"{(scheme or 'http').lower()}://{host.lower()}{port or ''}{path or ''}"


def is_mail_address(text: str) -> bool:
    """One e-mail address and nothing besides."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def wrong_facts(values: Mapping[str, Any], *, today: dt.date) -> dict[str, Sentence]:
    """Which facts of a company cannot be, each with its sentence. `values` by the names of `COMPANY_FACTS`; empty ones are none."""
    wrong: dict[str, Sentence] = {}
    given = {name: value for name, value in values.items() if value}
    if "website" in given and not website_of(given["website"]):
        wrong["website"] = _("This is no web address. Write it like www.example.com.")
    if "email" in given and not is_mail_address(given["email"]):
        wrong["email"] = _("This is not an e-mail address.")
    if "country" in given and given["country"] not in COUNTRIES:
        wrong["country"] = _("There is no such country. Write its two letters, such as HK.")
    for name in ("incorporated_on", "listed_on"):
        if name in given and not in_calendar(given[name]):
            wrong[name] = _("This day is not in our calendar.")
        elif name in given and given[name] > today:
            wrong[name] = _("This day is still to come.")
    return wrong


def wrong_birthday(day: dt.date, *, today: dt.date) -> Sentence | None:
    """Why nobody whom we meet was born on this day."""
    if day >= today:
        return _("This day is still to come.")
    if day < months_before(today, OLDEST_PERSON * 12):
        return _("This is more than %(years)s years ago. Look at the year.") % {"years": OLDEST_PERSON}
    return None


def mail_domain(email: str, website: str = "") -> str:
    """The domain of an e-mail address, else that of a website without "www."; "" for none."""
    found = _MAIL.search(email.lower())
    if found:
        return found[1]
    address = website.strip().lower()
    host = urlsplit(address if "//" in address else f"//{address}").hostname if address else None
    return (host or "").removeprefix("www.")
