"""Corporate groups and their members."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import GroupBasis
from crm.companies.models import Company, CompanyGroup
from crm.companies.permissions import can_confirm_group, can_group_company, can_rename_group
from crm.companies.rules import NO_LINK, GroupLink, one_line, wrong_in
from crm.companies.services.locking import locked_company, refuse
from crm.kernel.errors import RuleBroken
from crm.policy import selectors as policy

SMALLEST_GROUP = 2
_PLACE = {"group": "group", "basis": "group_basis", "share": "group_share", "note": "group_note"}


@transaction.atomic
def form_group(
    *, company_id: int, name_en: str, name_zh: str, actor: Any, now: dt.datetime, link: GroupLink = NO_LINK, version: int | None = None
) -> CompanyGroup:
    """Make a group with this company as its first member. RuleBroken without a name or where the company is in a group already.

    `link` says what its place rests on, and `version` is compared, as in `put_in_group`.
    """
    company = locked_company(company_id, actor=actor)
    can_group_company(user=actor, company=company).require()
    company.count_up(version, shown=_PLACE)
    if company.group_id:
        raise refuse("group", _("This company is in a group already."))
    group = CompanyGroup(name_en=one_line(name_en), name_zh=one_line(name_zh))
    _require_named(group)
    _require_sound(link, now)
    group.record(actor=actor)
    _join(company, group, link, actor)
    return group


@transaction.atomic
def put_in_group(
    *, company_id: int, group_id: int | None, actor: Any, now: dt.datetime, link: GroupLink = NO_LINK, version: int | None = None
) -> Company:
    """Put a company into a group that the actor may see, or (None) take it out; in its own group, state anew what its place rests on.

    What changes a group's members or their basis takes back that its tree was confirmed. RuleBroken for a link that does not hold;
    CompanyGroup.DoesNotExist where the group is hidden; StaleVersion where `version`, the one of the company that was shown, is not the
    one kept.
    """
    company = locked_company(company_id, actor=actor)
    can_group_company(user=actor, company=company).require()
    company.count_up(version, shown=_PLACE)
    group = CompanyGroup.objects.visible_to(actor).get(pk=group_id) if group_id is not None else None
    stated = link if group else NO_LINK
    _require_sound(stated, now)
    held = GroupLink(company.group_basis, company.group_share, company.group_note)
    if company.group_id != group_id or held != stated:
        _join(company, group, stated, actor)
    return company


@transaction.atomic
def confirm_group(*, group_id: int, actor: Any, now: dt.datetime) -> CompanyGroup:
    """Say that the tree of a group is right as it stands. RuleBroken with fewer than two members, or where one has no basis."""
    group = CompanyGroup.objects.select_for_update(of=("self",)).get(pk=CompanyGroup.objects.visible_to(actor).get(pk=group_id).pk)
    can_confirm_group(user=actor, group=group).require()
    bases = list(Company.objects.filter(group=group).values_list("group_basis", flat=True))
    if len(bases) < SMALLEST_GROUP:
        raise RuleBroken(_("One company alone is no group."))
    if not all(bases):
        raise RuleBroken(_("First say of each company what its place in the group rests on."))
    group.confirmed_on, group.confirmed_by = timezone.localdate(now), actor
    group.record(actor=actor, fields=["confirmed_on", "confirmed_by"])
    return group


@transaction.atomic
def rename_group(*, group_id: int, name_en: str, name_zh: str, actor: Any, now: dt.datetime, version: int | None = None) -> CompanyGroup:
    """Change a group's names. RuleBroken without a name; StaleVersion where `version`, the one that was shown, is not the one kept."""
    group = CompanyGroup.objects.select_for_update(of=("self",)).get(pk=CompanyGroup.objects.visible_to(actor).get(pk=group_id).pk)
    can_rename_group(user=actor, group=group).require()
    group.count_up(version, shown=("name_en", "name_zh"))
    group.name_en, group.name_zh = one_line(name_en), one_line(name_zh)
    _require_named(group)
    if not group.hand_back():
        group.record(actor=actor, fields=["name_en", "name_zh", "version"])
    return group


def _require_named(group: CompanyGroup) -> None:
    if not (group.name_en or group.name_zh):
        raise refuse("name_en", _("A group needs a name."))


def _require_sound(link: GroupLink, now: dt.datetime) -> None:
    if link.basis and link.basis not in GroupBasis.values:
        raise refuse("basis", _("This basis is not known."))
    told = policy.table("companies.group", jurisdiction="", on=timezone.localdate(now))
    wrong = wrong_in(link, control_over=int(told["control_over"]), dependence_from=int(told["dependence_from"]))
    if wrong:
        raise refuse(*wrong)


def _join(company: Company, group: CompanyGroup | None, link: GroupLink, actor: Any) -> None:
    for changed in sorted({pk for pk in (company.group_id, group.pk if group else None) if pk}):
        _take_back(CompanyGroup.objects.select_for_update(of=("self",)).get(pk=changed), actor)
    company.group = group
    company.group_basis, company.group_share, company.group_note = link.basis, link.share, one_line(link.note)
    company.record(actor=actor, fields=["group", "group_basis", "group_share", "group_note", "version"])


def _take_back(group: CompanyGroup, actor: Any) -> None:
    """The tree is no longer that which was confirmed."""
    if group.confirmed_on is not None:
        group.confirmed_on, group.confirmed_by = None, None
        group.record(actor=actor, fields=["confirmed_on", "confirmed_by"])
