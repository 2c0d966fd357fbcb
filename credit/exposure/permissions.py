"""Who reads exposure: whoever reads packs, of the holders whose packs they see."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.permissions import READERS
from crm.kernel.permission import ALLOWED, Permission, denied


def can_read_exposure(*, user: Any) -> Permission:
    """The business side, head office, compliance, audit, the credit department and credit administration."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no exposure."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_exposure(user=user))
