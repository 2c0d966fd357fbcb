"""Background work of directories: carrying an import out, and taking it back."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils import translation

from crm.kernel.outbox import outbox_task
from prospects.directories.services.importing import CARRY_OUT, REVERT
from prospects.directories.services.running import carry_back, carry_out


def _actor(actor_id: int | None) -> Any:
    """The person in whose name it runs; None for the operator at the console."""
    return get_user_model()._default_manager.get(pk=actor_id) if actor_id is not None else None


@outbox_task(CARRY_OUT, steps=True)
def run_import(*, actor_id: int | None, import_id: int) -> None:
    """Compare and load. Reasons are put into words on the way, so in the owner's language."""
    actor = _actor(actor_id)
    with translation.override(actor.language if actor is not None else None):
        carry_out(import_id, actor=actor)


@outbox_task(REVERT, steps=True)
def revert_import(*, actor_id: int | None, import_id: int) -> None:
    """Take an import back."""
    actor = _actor(actor_id)
    with translation.override(actor.language if actor is not None else None):
        carry_back(import_id, actor=actor)
