"""Submitting a pack for its endorsement: the guard passes, the version is sealed at that moment (transitions 4 and 22)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.handoff import permissions, sealing, selectors
from credit.handoff.choices import CHAIN, WHOLE_BANK, WORK
from credit.handoff.models import Seal, SealedDocument
from credit.memos.selectors import writers_of
from credit.packs.choices import VERSION_TRANSITIONS, Act, State, VersionState
from credit.packs.guarding import obstacles_of
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackPart, VersionWork
from credit.packs.selectors import draft_of, sealed_of
from credit.packs.services import steps
from credit.packs.services.packs import recount
from credit.packs.services.versions import move
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.selectors import WORKING_HOURS, working_calendar
from crm.visits.rules import closing_time


@transaction.atomic
def submit_for_endorsement(*, pack_id: int, actor: Any, now: dt.datetime) -> Seal:
    """Seal the open version with all that belongs to it and ask the head who stands for it.

    The version that was sealed before is superseded, and what was to be done about it dropped; the manager's right to change ends.
    NotAllowed for others than the owner; RuleBroken with every reason that stands in the way; InvalidTransition where the pack is not with
    its manager.
    """
    pack = steps.locked(pack_id, actor)
    version = draft_of(pack)
    permissions.can_ask(user=actor, pack=pack, version=version).require()
    if version is None:
        raise RuleBroken(_("No version is open."))
    version.pack = pack
    found = obstacles_of(version, now)
    if found:
        reasons = " ".join(str(one.sentence) for one in found)
        raise RuleBroken(_("Not ready: %(reasons)s") % {"reasons": reasons}, code="not_ready")
    writers = writers_of(version)
    recount(pack, version, actor=actor, now=now)
    total = selectors.total_of(version, now)
    steps.step(pack, Act.SUBMIT, actor=actor, now=now, target=State.ENDORSE, version=version, total=f"{total:.2f}")
    seal = _seal(version, actor=actor, now=now)
    over = [kind for work in of(VersionWork) for kind in work.kinds]
    steps.close(pack, *over, actor=actor, now=now, state=WorkState.DROPPED)
    role = selectors.endorsing_role(pack, total, selectors.figures(pack, now)["team_head_top"], writers, now)
    ask(pack, role, actor=actor, now=now)
    return seal


def _seal(version: PackVersion, *, actor: Any, now: dt.datetime) -> Seal:
    """The seal, the next in the bank's one chain: the sequence's row is its lock."""
    held = sealed_of(version.pack)
    for part in of(PackPart):
        part.freeze(version, now)
    position = Sequence.take(CHAIN, WHOLE_BANK)
    last = Seal.objects.order_by("-position").values_list("hash", flat=True).first()
    made = sealing.seal_for(version, previous=last or "", position=position, actor=actor, now=now)
    seal = Seal.objects.create(
        version=version,
        position=position,
        previous_hash=last or "",
        hash=made.hash,
        manifest=made.manifest,
        contents=made.contents,
        actor=actor,
        post=actor.actor.post(*steps.WRITERS),
        at=now,
    )
    SealedDocument.objects.bulk_create(
        SealedDocument(
            seal=seal,
            place=place,
            code=row.code[:40],
            title=str(row.title)[:300],
            name=name,
            file=row.file,
            sha256=row.file.sha256,
            size=row.file.size,
        )
        for place, (name, row) in enumerate(made.documents, 1)
    )
    if held is not None:
        move(held, VersionState.SUPERSEDED, actor=actor)
    _close(version, actor=actor, now=now)
    return seal


def _close(version: PackVersion, *, actor: Any, now: dt.datetime) -> None:
    """The version's own step: from here on the database refuses every change of it."""
    check_transition(VERSION_TRANSITIONS, version.state, VersionState.SEALED)
    version.state, version.sealed_at = VersionState.SEALED, now
    version.record(actor=actor, reason=Act.SUBMIT, fields=["state", "sealed_at"])


def ask(pack: Pack, role: Role, *, actor: Any, now: dt.datetime) -> None:
    """A request in the queue of the team's or the centre's head, due as the bank's days say."""
    today = timezone.localdate(now, pack.centre.zone)
    hours = policy.table(WORKING_HOURS, jurisdiction=pack.jurisdiction, on=today)
    calendar = working_calendar(pack.centre, on=today, hours=hours)
    due_at = closing_time(calendar.add_working_days(today, selectors.figures(pack, now)["endorse_days"]), calendar)
    steps.ask(pack, WORK, actor=actor, due_at=due_at, unit=pack.team if role == Role.TH else pack.centre, role=role)
