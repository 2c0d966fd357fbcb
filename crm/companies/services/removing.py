"""Names, numbers and addresses of a company that were wrong are taken away, each with why."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.companies.choices import IdentifierKind
from crm.companies.indexing import rebuild_keys
from crm.companies.models import Address, Company, CompanyName, Identifier
from crm.companies.permissions import can_correct_company
from crm.companies.rules import name_stays, one_line
from crm.companies.services.identity import refresh_names
from crm.companies.services.locking import locked_company, refuse
from crm.companies.services.telling import tell
from crm.kernel.errors import RuleBroken
from crm.kernel.wording import DOT

FACT_REMOVED = "company_fact_removed"


@transaction.atomic
def remove_name(*, company_id: int, part_id: int, reason: str, actor: Any, now: dt.datetime) -> Company:
    """Take away a name that was wrong. RuleBroken without a reason, for the only name and the only registered one.

    Company.DoesNotExist and CompanyName.DoesNotExist where hidden or of another company; NotAllowed where somebody else looks after it.
    """
    company, why = _opened(company_id, reason, actor)
    name = company.names.get(pk=part_id)
    if name_stays(name.kind, list(company.names.values_list("kind", flat=True))):
        raise RuleBroken(_("A company needs its registered name. Add the right one first; this one becomes a former name."))
    _drop(company, name, why, actor=actor, now=now)
    refresh_names(company, actor=actor, reason=f"- {name.text}: {why}")
    return company


@transaction.atomic
def remove_identifier(*, company_id: int, part_id: int, reason: str, actor: Any, now: dt.datetime) -> Company:
    """Take away a number that was wrong, so that the company whose it is can have it. RuleBroken for the customer number; else as names.

    What a directory's row said of it does not bring it back (`prospects.directories.rules.merge`).
    """
    company, why = _opened(company_id, reason, actor)
    number = company.identifiers.get(pk=part_id)
    if number.kind == IdentifierKind.CUSTOMER:
        raise RuleBroken(_("The customer number was given by the bank and stays with its client."))
    _drop(company, number, why, actor=actor, now=now)
    _record(company, f"- {number.kind} {number.scope} {number.value}", why, actor)
    rebuild_keys([company.pk])
    return company


@transaction.atomic
def remove_address(*, company_id: int, part_id: int, reason: str, actor: Any, now: dt.datetime) -> Company:
    """Take away an address that was wrong. Refusals as for names."""
    company, why = _opened(company_id, reason, actor)
    address = company.addresses.get(pk=part_id)
    _drop(company, address, why, actor=actor, now=now)
    _record(company, f"- {address.text_en or address.text_zh}", why, actor)
    return company


def _opened(company_id: int, reason: str, actor: Any) -> tuple[Company, str]:
    company = locked_company(company_id, actor=actor)
    can_correct_company(user=actor, company=company).require()
    why = one_line(reason)
    if not why:
        raise refuse("reason", _("Say why."))
    return company, why


def _drop(company: Company, part: CompanyName | Identifier | Address, why: str, *, actor: Any, now: dt.datetime) -> None:
    with override("en"):
        title = f"{part.get_kind_display()}{DOT}{part}"
    part.delete()
    tell(company, FACT_REMOVED, title=title, facts={"reason": why}, subject=company, actor=actor, now=now)


def _record(company: Company, what: str, why: str, actor: Any) -> None:
    company.version += 1
    company.record(actor=actor, reason=f"{what}: {why}", fields=["version"])
