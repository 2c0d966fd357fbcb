"""Signing in by username and password; permissions of other packages derived from posts."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from crm.staff.choices import Role

_EDITOR_PERMISSIONS = frozenset({"wagtailadmin.access_admin"})


class PostBackend(ModelBackend):
    """What Wagtail asks is answered from the posts held now: only content editors enter its admin."""

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
        return set(_EDITOR_PERMISSIONS) if user_obj.actor.has_role(Role.EDIT) else set()
