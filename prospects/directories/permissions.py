"""Who may load directories, read what came of them, decide on duplicates, and take an import back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role
from prospects.directories.choices import RUNNING, ImportState
from prospects.directories.models import Import
from prospects.directories.querysets import IMPORTERS, OVERSEERS


def can_import(*, user: Any) -> Permission:
    """Relationship managers, their heads and head office load directories; None is the operator at the bank's own console.

    What a list says overwrites only what lists have said, never what a person typed (`rules`), so no coverage is asked for.
    """
    if user is None or user.actor.has_role(*IMPORTERS):
        return ALLOWED
    return denied(_("Directories are loaded by relationship managers, their heads and head office."))


def can_read_imports(*, user: Any) -> Permission:
    """Those who load directories, compliance and audit."""
    if user.actor.has_role(*IMPORTERS, *OVERSEERS):
        return ALLOWED
    return denied(_("Imports are shown to those who load directories."))


def can_change(*, user: Any, directory_import: Import) -> Permission:
    """Its owner and head office go on with an import, decide on its duplicates and take it back."""
    if user is not None and directory_import.owner_id != user.pk and not user.actor.has_role(Role.HO):
        return denied(_("Only the person who loads this list, or head office, changes the import."))
    return can_import(user=user)


def can_map(*, user: Any, directory_import: Import) -> Permission:
    """As long as nothing has been compared."""
    if directory_import.state not in (ImportState.UPLOADED, ImportState.MAPPED):
        return denied(_("This import has been started; its columns stand."))
    return can_change(user=user, directory_import=directory_import)


def can_start(*, user: Any, directory_import: Import) -> Permission:
    """Once the columns are checked; again after it stopped."""
    if directory_import.state not in (ImportState.MAPPED, ImportState.FAILED):
        return denied(_("This import has been started, or its columns are not checked yet."))
    return can_change(user=user, directory_import=directory_import)


def can_decide(*, user: Any, directory_import: Import) -> Permission:
    """When the import is done."""
    if directory_import.state != ImportState.DONE:
        return denied(_("Duplicates are decided when the import is done."))
    return can_change(user=user, directory_import=directory_import)


def can_revert(*, user: Any, directory_import: Import) -> Permission:
    """When it is done or has stopped. What else stands against it is told by `selectors.obstacles`."""
    if directory_import.state in RUNNING:
        return denied(_("The import is running. Wait until it is done."))
    if directory_import.state not in (ImportState.DONE, ImportState.FAILED):
        return denied(_("There is nothing to take back."))
    return can_change(user=user, directory_import=directory_import)
