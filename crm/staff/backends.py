"""Signing in by username and password; permissions of other packages derived from posts."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from crm.kernel.contributions import EditorsDesk, of
from crm.kernel.prepared import Prepared
from crm.staff.actor import held_now, user_with_posts
from crm.staff.choices import Role
from crm.staff.models import Post, User

_HELD_NOW = Prepared(lambda: held_now(Post.objects))
_EDITOR_PERMISSIONS = frozenset({"wagtailadmin.access_admin"})


class PostBackend(ModelBackend):
    """What Wagtail asks is answered from the posts held now: only content editors enter its admin."""

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is, with the posts held now; None where they may not sign in any more."""
        user = user_with_posts(_HELD_NOW, user_id)
        if user is None:
            return super().get_user(user_id)
        return user if self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """A system account never signs in: it has tokens."""
        return super().user_can_authenticate(user) and not user.is_service

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The editor's permission, where the post of a content editor is held."""
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Groups give nothing."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Only what posts give."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not user_obj.actor.has_role(Role.EDIT):
            return set()
        return set(_EDITOR_PERMISSIONS).union(*(desk.permissions for desk in of(EditorsDesk)))
