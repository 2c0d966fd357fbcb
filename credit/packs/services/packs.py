"""Beginning a pack, moving it on while it is with its relationship manager, withdrawing it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.packs import permissions, rules, selectors
from credit.packs.choices import Act, PartyRole, State, VersionState
from credit.packs.models import Pack, PackVersion, Party
from credit.packs.parts import PackPart, WritingCheck
from credit.packs.rules import PackOrder
from credit.packs.services import steps
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.choices import UnitKind


@transaction.atomic
def create_pack(*, company_id: int, order: PackOrder, actor: Any, now: dt.datetime) -> Pack:
    """Begin a pack for a client or prospect (transition 1): its first version is a draft, with the company as borrower and a checklist.

    The draft carries the number that it will be sealed with. Company.DoesNotExist where hidden; NotAllowed for who does not look after
    the company; RuleBroken for choices that are none.
    """
    company = selectors.company_of(company_id, actor)
    permissions.can_create(user=actor, company=company).require()
    rules.check_order(order)
    post = _post_for(actor, company)
    centre = post.unit.centre or post.unit
    pack = Pack(
        number=steps.next_number(company, now),
        company=company,
        owner=actor,
        team=post.unit if post.unit.kind == UnitKind.TEAM else None,
        centre=centre,
        jurisdiction=centre.jurisdiction,
        currency=centre.currency,
        authorship=order.authorship,
        segment=order.segment,
        kind=order.kind,
        client_types=rules.check_client_types(order.client_types),
        state=State.DRAFT,
        state_since=now,
    )
    pack.record(actor=actor, reason=Act.CREATE)
    version = PackVersion(pack=pack, number=1, opened_at=now, opened_by=actor, client_types=pack.client_types)
    version.record(actor=actor, reason=Act.CREATE)
    Party.objects.create(version=version, role=PartyRole.BORROWER, company=company)
    event = steps.step(pack, Act.CREATE, actor=actor, now=now, version=version, post=post, model=order.authorship)
    steps.write_timeline(pack, event)
    tell_parts(version, actor=actor, now=now)
    return pack


def _post_for(actor: Any, company: Any) -> Any:
    """The post that looks after the company, else the highest of those in which packs are begun."""
    posts = [post for post in actor.actor.posts if post.role in permissions.MAKERS]
    units = {unit_id for row in company.current_coverage for unit_id in (row.team_id, row.centre_id)}
    return max(posts, key=lambda post: (post.unit_id in units, post.grade))


def tell_parts(version: PackVersion, *, actor: Any, now: dt.datetime) -> None:
    """What a draft asks for is another now: the checklist follows."""
    selectors.forget(version)
    for part in of(PackPart):
        if part.changed is not None:
            part.changed(version, actor, now)


@transaction.atomic
def change_borrower_kind(
    *, pack_id: int, client_types: tuple[str, ...], segment: str, actor: Any, now: dt.datetime, seen: int | None = None
) -> Pack:
    """Say anew what the borrower is; the checklist follows. NotAllowed for others than the owner of a draft; RuleBroken; StaleVersion
    where `seen`, the pack's version that was shown, is not the one kept.
    """  # fmt: skip
    pack, version = draft(pack_id, actor)
    pack.count_up(seen, shown=("client_types", "segment"))
    kinds = rules.check_client_types(client_types)
    rules.check_order(PackOrder(pack.authorship, segment, pack.kind, tuple(kinds)))
    was = pack.client_types
    pack.client_types, pack.segment = kinds, segment
    pack.record(actor=actor, reason=Act.CHANGE, fields=["client_types", "segment", "version"])
    version.client_types = kinds
    version.record(actor=actor, reason=Act.CHANGE, fields=["client_types"])
    steps.step(pack, Act.CHANGE, actor=actor, now=now, version=version, client_types=kinds, before=was)
    tell_parts(version, actor=actor, now=now)
    return pack


def draft(pack_id: int, actor: Any) -> tuple[Pack, PackVersion]:
    """The pack, locked, and its open draft, for its owner. NotAllowed for others, and where all is sealed."""
    pack = steps.locked(pack_id, actor)
    version = selectors.draft_of(pack)
    permissions.can_change(user=actor, pack=pack, version=version).require()
    if version is None:
        raise RuleBroken(_("This version is sealed. Open a new version to change it."))
    version.pack = pack
    return pack, version


@transaction.atomic
def start_docs(*, pack_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Gather the papers (transition 2). NotAllowed for others; RuleBroken where no facility is listed."""
    pack = steps.locked(pack_id, actor)
    permissions.can_start_docs(user=actor, pack=pack).require()
    version = selectors.draft_of(pack)
    if version is None or not selectors.facilities_of(version):
        raise RuleBroken(_("List the facilities first."))
    steps.step(pack, Act.START_DOCS, actor=actor, now=now, target=State.DOCS, version=version)
    return pack


@transaction.atomic
def start_writing(*, pack_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Begin the application (transition 3, model A). RuleBroken, with what is missing, while too few of the required papers are in."""
    pack = steps.locked(pack_id, actor)
    permissions.can_start_writing(user=actor, pack=pack).require()
    version = selectors.draft_of(pack)
    if version is None:
        raise RuleBroken(_("No version is open."))
    version.pack = pack
    for check in of(WritingCheck):
        for obstacle in check.obstacles(version, now):
            raise RuleBroken(obstacle.sentence)
    steps.step(pack, Act.START_WRITING, actor=actor, now=now, target=State.WRITING_A, version=version)
    return pack


@transaction.atomic
def withdraw(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> Pack:
    """The client or we want it no more (transition 21). Its open draft is dropped, what was to be done about it is dropped."""
    pack = steps.locked(pack_id, actor)
    permissions.can_withdraw(user=actor, pack=pack).require()
    words = rules.reasoned(reason)
    version = selectors.draft_of(pack)
    if version is not None:
        version.state = VersionState.DROPPED
        version.record(actor=actor, reason=Act.WITHDRAW, fields=["state"])
    steps.step(pack, Act.WITHDRAW, actor=actor, now=now, target=State.WITHDRAWN, version=version, reason=words)
    items = WorkItem.objects.open().filter(subject_type=steps.SUBJECT, subject_id=pack.pk)
    for item in items.select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=WorkState.DROPPED)
    return pack


def recount(pack: Pack, version: PackVersion, *, actor: Any, now: dt.datetime) -> None:
    """What a version asks for altogether, kept at the pack: of the first draft, then of each version that is sealed."""
    on = timezone.localdate(now, pack.centre.zone)
    selectors.forget(version)
    outside = rules.outside_of(selectors.stands(pack.jurisdiction, on=on))
    total = rules.requested(selectors.facilities_of(version), outside=outside)
    if total != pack.requested:
        pack.requested = total
        pack.record(actor=actor, reason=Act.CHANGE, fields=["requested"])
