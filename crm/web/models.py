"""What the toolkit itself remembers: saved views of lists."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.models import VersionedModel
from crm.web.querysets import SavedViewQuerySet

QUERY_LENGTH = 2_000


class SavedView(VersionedModel):
    """A list's filters and order under a name. Seen by its owner, and by the unit that it is shared with.

    It holds a query string only: what each reader finds under it is still what they may see.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    team = models.ForeignKey("staff.OrgUnit", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("shared with"))
    list_name = models.CharField(max_length=100)
    title = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["list_name", "owner"], name="web_savedview_list"),
            models.Index(fields=["team", "list_name"], name="web_savedview_team"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "title"], name="web_savedview_title_once"),
            models.UniqueConstraint(fields=["owner", "list_name"], condition=Q(is_default=True), name="web_savedview_one_default"),
        ]

    def __str__(self) -> str:
        return self.title
