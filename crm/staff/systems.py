"""Business operations on accounts of other systems of the bank: made by an administrator, with posts and tokens under dual control."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.staff import permissions
from crm.staff.models import ApiToken, User
from crm.staff.services import TOKEN_SCOPES, create_token


@transaction.atomic
def create_system(*, actor: User, username: str, name_en: str, name_zh: str = "") -> User:
    """An account without password, which never signs in, and without a post: that comes by a change which a second administrator approves.

    Raises NotAllowed for others than administrators, RuleBroken where the user name is taken.
    """
    permissions.can_administer(user=actor).require()
    account = User(username=username.strip().lower(), name_en=name_en.strip(), name_zh=name_zh.strip(), is_service=True)
    if User.objects.filter(username__iexact=account.username).exists():
        raise RuleBroken(_("This user name is taken."), fields={"username": _("This user name is taken.")})
    account.set_unusable_password()
    account.save()
    return account


@transaction.atomic
def make_token(*, user_id: int, actor: User, scopes: Iterable[str] = TOKEN_SCOPES) -> str:
    """A token of a system account; it does nothing until another administrator confirms it. Its text is returned here and never again.

    Raises NotAllowed for others than administrators and for an account that is no system's.
    """
    account = User.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=user_id)
    permissions.can_make_token(user=actor, account=account).require()
    return create_token(user=account, scopes=scopes, made_by=actor)


@transaction.atomic
def confirm_token(*, token_id: int, actor: User, now: dt.datetime) -> ApiToken:
    """From now on it works. NotAllowed for who made it, for others than administrators, and where it does not wait."""
    token: ApiToken = ApiToken.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=token_id)
    permissions.can_confirm_token(user=actor, token=token).require()
    token.confirmed_by, token.confirmed_at = actor, now
    token.save(update_fields=["confirmed_by", "confirmed_at"])
    return token
