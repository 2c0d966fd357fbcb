"""Tables of people and of changes that wait."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.staff.models import PostChange, User
from crm.web.tables import ChipColumn, Column, NameColumn, Table, WhenColumn


class UserTable(Table):
    """Members of staff."""

    name = NameColumn(order_by="name_en", verbose_name=pgettext_lazy("staff", "Name"))
    username = Column(verbose_name=_("User name"))
    staff_number = Column(verbose_name=_("Staff number"))
    posts_held = Column(accessor="pk", verbose_name=_("Posts"), orderable=False)
    is_active = ChipColumn(verbose_name=_("May sign in"), tones={"True": "jade", "False": "seal"})
    last_login = WhenColumn(verbose_name=_("Last sign-in"))

    class Meta:
        model = User

    def value_posts_held(self, value: int, record: Any) -> str:
        """The current posts (`current_posts`, fetched by the list) in words."""
        return " · ".join(str(post) for post in record.current_posts)

    def render_posts_held(self, value: int, record: Any) -> str:
        """As exported."""
        return self.value_posts_held(value, record)

    def render_is_active(self, value: bool, record: User) -> str:
        """Yes or no in words."""
        return str(_("Yes") if value else _("No"))


class ChangeTable(Table):
    """Changes of posts."""

    user = NameColumn(verbose_name=pgettext_lazy("staff", "Person"), order_by="user__name_en")
    role = Column(verbose_name=_("New role"))
    unit = Column(verbose_name=_("Unit"), orderable=False)
    state = ChipColumn(verbose_name=_("State"), tones={"proposed": "amber", "approved": "jade", "refused": "seal"})
    proposed_by = Column(verbose_name=_("Proposed by"), orderable=False)
    created_at = WhenColumn(verbose_name=_("Proposed"))

    class Meta:
        model = PostChange
