"""Kinds of names, identifiers, addresses, contacts and coverage."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NameKind(models.TextChoices):
    """What a name is to its company."""

    LEGAL = "legal", _("Registered name")
    SHORT = "short", _("Short name")
    ALIAS = "alias", _("Also known as")
    FORMER = "former", _("Former name")


class IdentifierKind(models.TextChoices):
    """Exact keys (domain 2.4): two companies never share one."""

    STOCK = "stock", _("Stock code")
    ISIN = "isin", _("ISIN")
    USCC = "uscc", _("Unified social credit code")
    BR = "br", _("Business Registration (HK)")
    CR = "cr", _("Companies Registry number (HK)")
    LEI = "lei", _("LEI")
    UBN = "ubn", _("Unified business number (Taiwan)")
    CIK = "cik", _("CIK (US)")
    CUSTOMER = "customer", _("Customer number")


SECTORS: dict[str, Any] = {
    "Communication Services": _("Communication Services"),
    "Consumer Discretionary": _("Consumer Discretionary"),
    "Consumer Staples": _("Consumer Staples"),
    "Energy": _("Energy"),
    "Financials": _("Financials"),
    "Health Care": _("Health Care"),
    "Industrials": _("Industrials"),
    "Information Technology": _("Information Technology"),
    "Materials": _("Materials"),
    "Real Estate": _("Real Estate"),
    "Utilities": _("Utilities"),
}
"""The sectors of the industry standard that exchanges' lists use, by their English names. A list may bring others, shown as they are."""


_BY_TWO_LETTERS = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG "
    "CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL "
    "GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA "
    "LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_BY_TWO_LETTERS.split())
"""The countries and territories of ISO 3166-1, by two letters."""


class AddressKind(models.TextChoices):
    """What is at an address."""

    REGISTERED = "registered", _("Registered office")
    OFFICE = "office", _("Office")
    FACTORY = "factory", _("Factory")
    WAREHOUSE = "warehouse", _("Warehouse")
    SITE = "site", _("Site")


class ContactRole(models.TextChoices):
    """What a person is in the company."""

    OWNER = "owner", pgettext_lazy("of a company", "Owner")
    DIRECTOR = "director", _("Director")
    CFO = "cfo", _("Chief financial officer")
    FINANCE = "finance", _("Finance staff")
    ACCOUNTS = "accounts", _("Accounts staff")
    SIGNATORY = "signatory", _("Authorised signatory")
    OTHER = "other", _("Other")


class ConsentBasis(models.TextChoices):
    """On what basis we hold and use a person's data (domain 1.3, rule 7)."""

    NONE = "none", _("None yet: do not market")
    CONSENT = "consent", _("Consent given")
    NO_OBJECTION = "no_objection", _("No objection after notice")


class GroupBasis(models.TextChoices):
    """What a company's place in its group rests on (domain 6.9)."""

    HEAD = "head", _("Head of the group")
    CONTROL = "control", _("Control of the shares or the board")
    COMMON = "common", _("Common controller")
    DEPENDENCE = "dependence", _("Economic dependence")


class Channel(models.TextChoices):
    """Ways of reaching somebody; each may be refused."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Letter")
    MESSAGE = "message", _("Message")


class CoverageKind(models.TextChoices):
    """Why a post looks after a company."""

    CLIENT = "client", _("Client")
    PROSPECT = "prospect", _("Prospect")


class Ring(models.TextChoices):
    """How much of a company a reader may see."""

    FULL = "full", _("All")
    MASKED = "masked", _("Without contacts")
    NAME = "name", _("Name only")
