"""What editors do with many clippings at once: tag, publish, withdraw.

Wagtail keeps the revisions, and what follows is settled in the background, as for edits one by one at /cms/ (`content.clippings.editing`).
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.clippings.models import Clipping
from content.clippings.permissions import can_edit
from content.clippings.services.publishing import SETTLE
from crm.kernel.errors import RuleBroken
from crm.kernel.outbox import enqueue


@dataclass(frozen=True)
class Tags:
    """What to write over: an empty one stays as it is; sectors are added to those held."""

    event: str = ""
    klass: str = ""
    language: str = ""
    sectors: tuple[str, ...] = field(default=())

    def on(self, clipping: Clipping) -> dict[str, Any]:
        """The columns that change, with their new values."""
        plain = {"event": self.event, "klass": self.klass, "language": self.language}
        wanted: dict[str, Any] = {name: value for name, value in plain.items() if value}
        wanted["sectors"] = list(dict.fromkeys((*clipping.sectors, *self.sectors)))
        return {name: value for name, value in wanted.items() if getattr(clipping, name) != value}


@transaction.atomic
def tag_clipping(*, clipping_id: int, tags: Tags, actor: Any) -> dict[str, Any]:
    """Write tags; of a published one readers see them at once. Returns the columns as they were, for `retag_clipping`.

    Raises Clipping.DoesNotExist where it is hidden, NotAllowed; RuleBroken where it has them already, or somebody's draft of it waits.
    """
    clipping = _mine(clipping_id, actor)
    changes = tags.on(clipping)
    if not changes:
        raise RuleBroken(_("It has these tags already."))
    return _write(clipping, changes, actor=actor)


@transaction.atomic
def retag_clipping(*, clipping_id: int, columns: dict[str, Any], actor: Any) -> dict[str, Any]:
    """Write the columns that `tag_clipping` gave back. Raises as it does."""
    clipping = _mine(clipping_id, actor)
    known = {name: value for name, value in columns.items() if name in ("event", "klass", "language", "sectors")}
    return _write(clipping, known, actor=actor)


@transaction.atomic
def publish_clipping(*, clipping_id: int, actor: Any) -> None:
    """Let readers have it, with the newest draft of it.

    Raises Clipping.DoesNotExist where it is hidden, NotAllowed; RuleBroken where it is published and no draft waits.
    """
    clipping = _mine(clipping_id, actor)
    if clipping.live and not clipping.has_unpublished_changes:
        raise RuleBroken(_("It is published already."))
    _publish(clipping, clipping.get_latest_revision(), actor=actor)


@transaction.atomic
def withdraw_clipping(*, clipping_id: int, actor: Any) -> None:
    """Take it from readers; it stays at the desk. Raises as `publish_clipping`; RuleBroken where it is not published."""
    clipping = _mine(clipping_id, actor)
    if not clipping.live:
        raise RuleBroken(_("It is not published."))
    clipping._history_user = actor
    clipping.unpublish(user=actor)


def _mine(clipping_id: int, actor: Any) -> Clipping:
    clipping = Clipping.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=clipping_id)
    can_edit(user=actor, clipping=clipping).require()
    return clipping


def _write(clipping: Clipping, changes: dict[str, Any], *, actor: Any) -> dict[str, Any]:
    if clipping.live and clipping.has_unpublished_changes:
        raise RuleBroken(_("A draft of it waits at the desk: publish or discard that first."))
    before = {name: getattr(clipping, name) for name in changes}
    for name, value in changes.items():
        setattr(clipping, name, value)
    if clipping.live:
        _publish(clipping, clipping.save_revision(user=actor), actor=actor)
    else:
        clipping.record(actor=actor)
        clipping.save_revision(user=actor)
        enqueue(SETTLE, actor=actor, clipping_ids=[clipping.pk])
    return before


def _publish(clipping: Clipping, revision: Any, *, actor: Any) -> None:
    clipping._history_user = actor
    revision = revision or clipping.save_revision(user=actor)
    revision.content_object = clipping
    revision.publish(user=actor)
