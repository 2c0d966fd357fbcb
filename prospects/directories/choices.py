"""States of an import, what became of its rows, and why a row waits for a person."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from prospects.directories.headings import Field


class ImportState(models.TextChoices):
    """Where an import stands. Up to `mapped` nothing is known of its rows; from `publishing` on companies are changed."""

    UPLOADED = "uploaded", _("File read")
    MAPPED = "mapped", _("Columns checked")
    STAGING = "staging", _("Comparing")
    PUBLISHING = "publishing", _("Loading")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
    REVERTING = "reverting", _("Being taken back")
    REVERTED = "reverted", _("Taken back")


_S = ImportState
TRANSITIONS = {
    _S.UPLOADED: {_S.MAPPED},
    _S.MAPPED: {_S.MAPPED, _S.STAGING},
    _S.STAGING: {_S.PUBLISHING, _S.MAPPED, _S.FAILED},
    _S.PUBLISHING: {_S.DONE, _S.FAILED},
    _S.DONE: {_S.REVERTING},
    _S.FAILED: {_S.STAGING, _S.REVERTING},
    _S.REVERTING: {_S.REVERTED},
}

RUNNING = (ImportState.STAGING, ImportState.PUBLISHING, ImportState.REVERTING)
"""States in which a worker has the import in hand."""


class Verdict(models.TextChoices):
    """What became of a row, or will: exactly one of these for every row read. The values are the keys of the report."""

    CREATED = "created", _("New")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    DUPLICATE = "duplicates", _("Possible duplicate")
    REFUSED = "refused", _("Refused")
    SKIPPED = "skipped", _("Not chosen")


class HeldBack(models.TextChoices):
    """Why a row waits for a person."""

    TWO_COMPANIES = "two", _("Its numbers belong to different companies.")
    REPEATED = "repeated", _("An earlier row of this file has the same number but another name.")
    OTHER_NAME = "other_name", _("Its number is held by a company of another name.")
    ALIKE = "alike", _("It looks like a company that we know.")


FIELD_GROUPS: tuple[tuple[Any, tuple[tuple[Field, Any], ...]], ...] = (
    (
        _("Names"),
        (
            (Field.NAME, _("Registered name")),
            (Field.NAME_EN, _("Registered name (English)")),
            (Field.NAME_ZH, _("Registered name (Chinese)")),
            (Field.SHORT_NAME, _("Short name")),
            (Field.FORMER_NAME, _("Former name")),
        ),
    ),
    (
        _("Numbers"),
        (
            (Field.STOCK_CODE, _("Stock code")),
            (Field.EXCHANGE, _("Exchange")),
            (Field.ISIN, _("ISIN")),
            (Field.USCC, _("Unified social credit code")),
            (Field.BR_NUMBER, _("Business Registration (HK)")),
            (Field.CR_NUMBER, _("Companies Registry number (HK)")),
            (Field.LEI, _("LEI")),
            (Field.TW_UBN, _("Unified business number (Taiwan)")),
            (Field.CIK, _("CIK (US)")),
        ),
    ),
    (
        _("What it does, and where"),
        (
            (Field.SECTOR, _("Sector")),
            (Field.INDUSTRY, _("Industry")),
            (Field.COUNTRY, _("Country")),
            (Field.CITY, _("City")),
            (Field.ADDRESS, _("Address")),
            (Field.ADDRESS_EN, _("Address (English)")),
            (Field.ADDRESS_ZH, _("Address (Chinese)")),
            (Field.PHONE, _("Phone")),
            (Field.FAX, _("Fax")),
            (Field.EMAIL, _("E-mail")),
            (Field.WEBSITE, _("Website")),
        ),
    ),
    (
        _("People"),
        (
            (Field.CHAIRMAN, _("Chairman")),
            (Field.GENERAL_MANAGER, _("General manager")),
            (Field.SPOKESMAN, _("Spokesman")),
            (Field.CFO, _("Chief financial officer")),
            (Field.LEGAL_REPRESENTATIVE, _("Legal representative")),
        ),
    ),
    (
        _("Dates and the rest"),
        (
            (Field.INCORPORATED_ON, _("Incorporated")),
            (Field.LISTED_ON, _("Listed")),
            (Field.AS_OF, _("Day of the list")),
            (Field.CATEGORY, _("Category")),
            (Field.CURRENCY, _("Currency")),
            (Field.DELISTED, _("Delisted")),
        ),
    ),
)
"""What a column may be said to mean, in groups, for the mapping page."""
