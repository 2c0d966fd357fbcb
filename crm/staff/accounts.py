"""Business operations on somebody's account, by an administrator: unlock it, set a new password, correct its details."""

import datetime as dt
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.staff import permissions, selectors
from crm.staff.choices import AccountAct, Role
from crm.staff.models import AccountEvent, User

CORRECTED = ("name_en", "name_zh", "email", "language")


def check_password(password: str, user: User) -> None:
    """RuleBroken where the password is too weak for this person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(_("The password is too weak."), fields={"password": " ".join(error.messages)}) from error


def note(user: User, act: AccountAct, *, actor: User, now: dt.datetime, changes: dict[str, Any] | None = None) -> AccountEvent:
    """Write down what an administrator did with an account."""
    return AccountEvent.objects.create(user=user, act=act, changes=changes or {}, actor=actor, post=actor.actor.post(Role.ADM), at=now)


def _locked_row(user_id: int, actor: User) -> User:
    found: User = User.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=user_id)
    return found


def _forget_tries(user: User) -> None:
    AccessAttempt.objects.filter(username__iexact=user.username).delete()


@transaction.atomic
def unlock(*, user_id: int, actor: User, now: dt.datetime) -> AccountEvent:
    """Let somebody try again who typed too many wrong passwords, wherever they sat.

    Raises NotAllowed for others than administrators and for one's own account, RuleBroken where nothing is locked.
    """
    permissions.can_administer(user=actor).require()
    user = _locked_row(user_id, actor)
    permissions.can_help_in(user=actor, account=user).require()
    if selectors.locked_until(user, now=now) is None:
        raise RuleBroken(_("This person is not locked."))
    _forget_tries(user)
    return note(user, AccountAct.UNLOCKED, actor=actor, now=now)


@transaction.atomic
def set_first_password(*, user_id: int, password: str, actor: User, now: dt.datetime) -> AccountEvent:
    """A new password for somebody who forgot theirs; their open sessions end, and a lock with them.

    Raises NotAllowed for others than administrators and for one's own account, RuleBroken where it is too weak.
    """
    permissions.can_administer(user=actor).require()
    user = _locked_row(user_id, actor)
    permissions.can_help_in(user=actor, account=user).require()
    check_password(password, user)
    user.set_password(password)
    user.sessions_valid_from = now
    user.save(update_fields=["password", "sessions_valid_from"])
    _forget_tries(user)
    return note(user, AccountAct.NEW_PASSWORD, actor=actor, now=now)


@transaction.atomic
def correct(*, user_id: int, version: int | None, values: dict[str, str], actor: User, now: dt.datetime) -> User:
    """Put names, e-mail and language right. `values` holds some of these fields; what stays the same is not written down.

    Raises NotAllowed for others than administrators, StaleVersion where `version` is not the one kept, RuleBroken for an empty English
    name.
    """
    permissions.can_administer(user=actor).require()
    user = _locked_row(user_id, actor)
    user.claim(version or 0, shown=CORRECTED)
    cleaned = {name: " ".join(value.split()) for name, value in values.items() if name in CORRECTED}
    if "name_en" in cleaned and not cleaned["name_en"]:
        raise RuleBroken(_("Give the name."), fields={"name_en": _("Give the name.")})
    changes = {name: [getattr(user, name), value] for name, value in cleaned.items() if getattr(user, name) != value}
    for name, (_before, after) in changes.items():
        setattr(user, name, after)
    if not user.hand_back():
        user.save(update_fields=[*changes, "version"])
        note(user, AccountAct.CORRECTED, actor=actor, now=now, changes=changes)
    return user


def choose_language(*, user: User, language: str) -> None:
    """One's own language, by its code. Whoever has the details open at that moment is told of it."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language, version=F("version") + 1)
