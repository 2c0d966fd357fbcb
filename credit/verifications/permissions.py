"""Who verifies papers and who keeps the directory. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.flags.querysets import CREDIT, centres_headed, knows_all
from credit.verifications.choices import WAITING, State
from credit.verifications.models import Verification
from credit.verifications.querysets import KEEPERS
from crm.kernel.permission import ALLOWED, Permission, denied


def can_read_checks(*, user: Any) -> Permission:
    """The credit department, heads of centres, head office, compliance and audit; nobody who speaks with the client."""
    if knows_all(user) or centres_headed(user):
        return ALLOWED
    return denied(_("Verifications are the credit department’s."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_checks(user=user))


def can_verify(*, user: Any, verification: Verification | None = None, states: tuple[str, ...] = tuple(State)) -> Permission:
    """The credit department, while it stands there."""
    if not user.actor.has_role(*CREDIT):
        return denied(_("The credit department verifies papers."))
    if verification is not None and verification.state == State.DONE:
        return denied(_("This verification is settled."))
    if verification is not None and verification.state not in states:
        return denied(_("This verification does not stand there."))
    return ALLOWED


def can_send(*, user: Any, verification: Verification) -> Permission:
    """Once."""
    return can_verify(user=user, verification=verification, states=(State.OPEN,))


def can_chase(*, user: Any, verification: Verification) -> Permission:
    """After it was asked, once."""
    return can_verify(user=user, verification=verification, states=(State.SENT,))


def can_settle(*, user: Any, verification: Verification) -> Permission:
    """What was asked, by its answer; what cannot be checked at all, at once."""
    return can_verify(user=user, verification=verification, states=(State.OPEN, *WAITING))


def can_keep_directory(*, user: Any) -> Permission:
    """Editors and the credit department."""
    return ALLOWED if user.actor.has_role(*KEEPERS) else denied(_("Editors and the credit department keep the directory."))


def can_read_directory(*, user: Any) -> Permission:
    """Whoever keeps it or oversees."""
    return ALLOWED if knows_all(user) or user.actor.has_role(*KEEPERS) else denied(_("The directory is the credit department’s."))


def keeps(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_directory(user=user))
