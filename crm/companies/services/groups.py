"""Corporate groups and their members."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, CompanyGroup
from crm.companies.permissions import can_group_company, can_rename_group
from crm.companies.rules import one_line
from crm.companies.services.locking import locked_company, refuse


@transaction.atomic
def form_group(*, company_id: int, name_en: str, name_zh: str, actor: Any, now: dt.datetime) -> CompanyGroup:
    """Make a group with this company as its first member. RuleBroken without a name or where the company is in a group already."""
    company = locked_company(company_id, actor=actor)
    can_group_company(user=actor, company=company).require()
    if company.group_id:
        raise refuse("group", _("This company is in a group already."))
    group = CompanyGroup(name_en=one_line(name_en), name_zh=one_line(name_zh))
    _require_named(group)
    group.record(actor=actor)
    _join(company, group, actor)
    return group


@transaction.atomic
def put_in_group(*, company_id: int, group_id: int | None, actor: Any, now: dt.datetime) -> Company:
    """Put a company into a group that the actor may see, or (None) take it out. CompanyGroup.DoesNotExist where the group is hidden."""
    company = locked_company(company_id, actor=actor)
    can_group_company(user=actor, company=company).require()
    group = CompanyGroup.objects.visible_to(actor).get(pk=group_id) if group_id is not None else None
    if company.group_id != group_id:
        _join(company, group, actor)
    return company


@transaction.atomic
def rename_group(*, group_id: int, name_en: str, name_zh: str, actor: Any, now: dt.datetime) -> CompanyGroup:
    """Change a group's names. RuleBroken without a name."""
    group = CompanyGroup.objects.select_for_update(of=("self",)).get(pk=CompanyGroup.objects.visible_to(actor).get(pk=group_id).pk)
    can_rename_group(user=actor, group=group).require()
    group.name_en, group.name_zh = one_line(name_en), one_line(name_zh)
    _require_named(group)
    group.record(actor=actor, fields=["name_en", "name_zh"])
    return group


def _require_named(group: CompanyGroup) -> None:
    if not (group.name_en or group.name_zh):
        raise refuse("name_en", _("A group needs a name."))


def _join(company: Company, group: CompanyGroup | None, actor: Any) -> None:
    company.group = group
    company.version += 1
    company.record(actor=actor, fields=["group", "version"])
