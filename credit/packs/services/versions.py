"""Versions: one that was handed off is never changed; a change opens the next one, and the one before stands on hold (domain 6.7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from credit.packs import permissions, rules, selectors
from credit.packs.choices import VERSION_TRANSITIONS, Act, VersionState
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackPart
from credit.packs.services import steps
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition


@transaction.atomic
def open_version(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> PackVersion:
    """Open version n+1 with all that n holds; n goes on hold and cannot be decided until n+1 is handed off or dropped.

    NotAllowed for others than the owner, before the handoff and after the decision; RuleBroken without a reason.
    """
    pack = steps.locked(pack_id, actor)
    permissions.can_open_version(user=actor, pack=pack).require()
    words = rules.reasoned(reason)
    source = selectors.sealed_of(pack)
    if source is None:
        raise RuleBroken(_("No version of this pack is sealed."))
    version = new_draft(pack, source, reason=words, actor=actor, now=now)
    steps.step(pack, Act.OPEN_VERSION, actor=actor, now=now, version=version, reason=words, held=source.number)
    return version


def new_draft(pack: Pack, source: PackVersion, *, reason: str, actor: Any, now: dt.datetime) -> PackVersion:
    """The next draft with all that `source` holds; a sealed source goes on hold. The caller holds the pack's lock and notes the step."""
    if source.state == VersionState.SEALED:
        move(source, VersionState.ON_HOLD, actor=actor)
    last = pack.versions.aggregate(last=Max("number"))["last"]
    version = PackVersion(pack=pack, number=last + 1, opened_at=now, opened_by=actor, reason=reason[: rules.LINE])
    version.client_types = source.client_types
    version.record(actor=actor, reason=Act.OPEN_VERSION)
    for part in of(PackPart):
        part.copy(source, version, actor, now)
    return version


def move(version: PackVersion, target: VersionState, *, actor: Any) -> None:
    """A version's own step. InvalidTransition where its state does not lead there."""
    check_transition(VERSION_TRANSITIONS, version.state, target)
    version.state = target
    version.record(actor=actor, fields=["state"])


@transaction.atomic
def drop_version(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> PackVersion:
    """Drop the open version; the one on hold stands again. Returns that. NotAllowed where none is open or it is the first."""
    pack = steps.locked(pack_id, actor)
    permissions.can_drop_version(user=actor, pack=pack).require()
    words = rules.reasoned(reason)
    version, held = selectors.draft_of(pack), selectors.sealed_of(pack)
    if version is None or held is None:
        raise RuleBroken(_("No version is open that could be dropped."))
    move(version, VersionState.DROPPED, actor=actor)
    move(held, VersionState.SEALED, actor=actor)
    if pack.client_types != held.client_types:
        pack.client_types = held.client_types
        pack.record(actor=actor, reason=Act.DROP_VERSION, fields=["client_types"])
    steps.step(pack, Act.DROP_VERSION, actor=actor, now=now, version=version, reason=words, resumed=held.number)
    return held
