"""How a bank begins: on an empty database, with its head office and the two administrators who make everything else by page."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.policy.rules import CURRENCIES
from crm.staff import rules, services, units
from crm.staff.choices import Jurisdiction, Role, UnitKind
from crm.staff.models import OrgUnit, Post, User

REASON = "The bank begins"
ADMINISTRATORS = 2
"""A change of posts takes one who proposes and another who decides (domain 1.2)."""
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True)
class HeadOffice:
    """Its names and place. Time zone and currency are those usual in the jurisdiction where they are empty."""

    name_en: str
    name_hant: str
    name_hans: str
    jurisdiction: str = Jurisdiction.HK
    time_zone: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Administrator:
    """User name, name, and the password to begin with."""

    username: str
    name_en: str
    password: str


@transaction.atomic
def begin_bank(*, head_office: HeadOffice, administrators: Sequence[Administrator], now: dt.datetime) -> OrgUnit:
    """Make the head office and its administrators, each with a post from now on; nobody is there yet who could be asked for leave.

    Returns the head office. Raises RuleBroken where a unit or a user is there already, for another number of administrators than two, and
    for a name, jurisdiction, time zone, currency or password that is none.
    """
    if OrgUnit.objects.exists() or User.objects.exists():
        raise RuleBroken(_("This database holds a bank already. Its administrators add units and people by page."))
    if len({one.username for one in administrators}) != ADMINISTRATORS or len(administrators) != ADMINISTRATORS:
        raise RuleBroken(_("A bank begins with two administrators, for one proposes posts and the other approves them."))
    unit = _head_office(head_office, now)
    for one in administrators:
        _administrator(one, unit, now)
    return unit


def _head_office(told: HeadOffice, now: dt.datetime) -> OrgUnit:
    currency = told.currency or CURRENCIES.get(told.jurisdiction, "")
    if told.jurisdiction in Jurisdiction.values and not _CURRENCY.fullmatch(currency):
        raise RuleBroken(_("Write the currency as three letters, such as HKD."))
    unit = OrgUnit(
        kind=UnitKind.HEAD_OFFICE,
        name_en=told.name_en.strip(),
        name_hant=told.name_hant.strip(),
        name_hans=told.name_hans.strip(),
        jurisdiction=told.jurisdiction,
        time_zone=told.time_zone,
        currency=currency,
    )
    _check(unit, "time_zone")
    return units.keep_new(unit, actor=None, now=now, reason=REASON)


def _administrator(told: Administrator, unit: OrgUnit, now: dt.datetime) -> None:
    if not rules.USER_NAME.fullmatch(told.username):
        raise RuleBroken(_("A user name has small letters, figures, full stops and hyphens only."))
    user = User(username=told.username, name_en=told.name_en.strip())
    _check(user, "password")
    services.keep_new_user(user, told.password)
    Post(user=user, role=Role.ADM, unit=unit, from_at=now).record(actor=None, reason=REASON)


def _check(row: models.Model, left_out: str) -> None:
    """RuleBroken that names each column with what is wrong in it, but for one that is checked elsewhere."""
    try:
        row.clean_fields(exclude={left_out})
    except ValidationError as error:
        wrong = (f"{row._meta.get_field(name).verbose_name}: {' '.join(told)}" for name, told in error.message_dict.items())  # type: ignore[union-attr]
        raise RuleBroken(" ".join(wrong)) from error
