"""Corporate groups: by name, and one with its members, each with what makes it belong."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from crm.companies import permissions, selectors
from crm.companies.models import Company, CompanyGroup
from crm.web.api import identity, page

router = Router(tags=["groups"])


class GroupOut(Schema):
    """A group as lists give it; `members` counts those that it holds."""

    id: int
    name: str
    name_en: str
    name_zh: str
    url: str
    members: int
    confirmed_on: dt.date | None


class GroupPage(Schema):
    """A page of groups."""

    items: list[GroupOut]
    next: str | None


class GroupMember(Schema):
    """A company of a group: `basis` says what makes it belong, `share` the part that is held where that is known."""

    id: int
    name: str
    name_en: str
    name_zh: str
    url: str
    basis: str
    share: Decimal | None


class GroupWhole(GroupOut):
    """A group with its members, and whether its tree stands confirmed as a handoff needs it."""

    is_confirmed: bool
    companies: list[GroupMember]


def _serialise(group: Any) -> dict[str, Any]:
    return {**identity(group), "members": group.member_count, "confirmed_on": group.confirmed_on}


def _member(company: Company) -> dict[str, Any]:
    return {**identity(company), "basis": company.group_basis, "share": company.group_share}


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_contacts(user=request.user).require()
    return CompanyGroup.objects.visible_to(request.user).annotate(member_count=Count("companies", distinct=True))


@router.get("", response=GroupPage, summary="Groups")
def groups(request: HttpRequest, q: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Groups with a member that is looked after within the reach of the token's user; `q` finds by name."""
    rows = _visible(request)
    return page(rows.called(q) if q else rows, request, _serialise, ordering=("name_en", "name_zh"))


@router.get("{int:group_id}", response=GroupWhole, summary="A group with its members")
def group(request: HttpRequest, group_id: int) -> dict[str, Any]:
    """Those of its companies that the token's user sees, by name."""
    found = get_object_or_404(_visible(request), pk=group_id)
    companies = [_member(row) for row in selectors.members_of(user=request.user, group=found)]
    confirmed = selectors.is_tree_confirmed(found, on=timezone.localdate())
    return {**_serialise(found), "is_confirmed": confirmed, "companies": companies}
