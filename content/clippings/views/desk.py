"""`/news/inbox/`: what waits for an editor and what is published, to be tagged, published and withdrawn many at a time."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.clippings import permissions, services
from content.clippings.choices import Class
from content.clippings.filters import DeskFilters
from content.clippings.forms import TagForm
from content.clippings.models import Clipping
from content.clippings.services.stories import near_copies_of
from content.clippings.tables import InboxTable, PublishedTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import Action, BulkAction, BulkOperationView, Empty, ListView

_READ = ("title", "published_at", "language", "event", "sectors", "klass", "live", "source__name", "added_by__name_en", "added_by__name_zh")


class DeskPages(ListView):
    """What both lists share. `here` is the list's tab. A row leads to its page under /cms/, with drafts, revisions and workflow."""

    model = Clipping
    filterset_class = DeskFilters
    template_name = "clippings/inbox.html"
    ordering = ("-published_at",)
    select_related = ("source", "added_by")
    reads = _READ
    here = ""

    def permission(self, request: HttpRequest) -> Permission:
        """Content editors."""
        return permissions.can_open_inbox(user=request.user)

    def actions(self) -> list[Action]:
        """The whole desk, and adding one."""
        return [
            Action(_("Editors’ desk"), url_of("wagtailadmin_home"), "cms"),
            Action(_("Add a clipping"), url_of("capture:clipping_add"), "plus", primary=True),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tabs."""
        asked = (("waiting", _("Waiting"), "clippings:inbox"), ("published", _("Published"), "clippings:inbox_published"))
        tabs = [{"label": label, "url": url_of(name), "current": slug == self.here} for slug, label, name in asked]
        return super().get_context_data(tabs=tabs, **context)


class InboxList(DeskPages):
    """What waits: drafts, what colleagues brought, what came from sources that do not publish directly."""

    table_class = InboxTable
    title = _("Inbox")
    here = "waiting"
    bulk_actions = (
        BulkAction(_("Publish"), "clippings:inbox_publish", "check"),
        BulkAction(_("Tag"), "clippings:inbox_tag", "edit"),
    )
    empty = Empty(_("Nothing waits"), _("What sources and colleagues bring in stands here until it is published."), icon="check")

    def get_queryset(self) -> Any:
        """Not published, and no deal, also not one's own."""
        return Clipping.objects.visible_to(self.request.user).exclude(klass=Class.DEAL).filter(live=False)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what each is a near copy of."""
        if "page" in context:
            copies = near_copies_of([row.pk for row in self.page.rows])
            for row in self.page.rows:
                row.copy_of = copies.get(row.pk)
        return super().get_context_data(**context)


class PublishedList(DeskPages):
    """What readers have."""

    table_class = PublishedTable
    title = _("Published clippings")
    here = "published"
    bulk_actions = (
        BulkAction(_("Tag"), "clippings:published_tag", "edit"),
        BulkAction(_("Withdraw"), "clippings:published_withdraw", "x", danger=True),
    )
    empty = Empty(_("No clippings yet"), _("What is published stands here, newest first."), icon="news")

    def get_queryset(self) -> Any:
        """Published, and no deal."""
        return Clipping.objects.visible_to(self.request.user).exclude(klass=Class.DEAL).filter(live=True)


class _Many(BulkOperationView):
    list_view: type[ListView] = InboxList
    list_url_name = "clippings:inbox"

    def permission(self, request: HttpRequest) -> Permission:
        """Content editors."""
        return permissions.can_open_inbox(user=request.user)


class InboxTag(_Many):
    """Write event, class, language and sectors on the chosen ones."""

    form_class = TagForm
    title, submit_label = _("Tag clippings"), _("Tag")
    can_undo = True

    def perform_one(self, record: Clipping, *, data: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
        """Tag one; its tags before are what taking it back needs."""
        tags = services.Tags(data["event"], data["klass"], data["language"], tuple(data["sectors"]))
        return services.tag_clipping(clipping_id=record.pk, tags=tags, actor=self.request.user)

    def undo_one(self, record_id: int, before: Any, *, now: dt.datetime) -> None:
        """Write back what it had."""
        services.retag_clipping(clipping_id=record_id, columns=before, actor=self.request.user)


class InboxPublish(_Many):
    """Let readers have the chosen ones."""

    form_class = NoFields
    title, submit_label = _("Publish clippings"), _("Publish")
    can_undo = True

    def perform_one(self, record: Clipping, *, data: dict[str, Any], now: dt.datetime) -> None:
        """Publish one."""
        services.publish_clipping(clipping_id=record.pk, actor=self.request.user)

    def undo_one(self, record_id: int, before: Any, *, now: dt.datetime) -> None:
        """Withdraw it."""
        services.withdraw_clipping(clipping_id=record_id, actor=self.request.user)


class PublishedTag(InboxTag):
    """The same, of what readers have: they see the new tags at once."""

    list_view = PublishedList
    list_url_name = "clippings:inbox_published"


class PublishedWithdraw(_Many):
    """Take the chosen ones from readers."""

    list_view = PublishedList
    list_url_name = "clippings:inbox_published"
    form_class = NoFields
    title, submit_label = _("Withdraw clippings"), _("Withdraw")
    can_undo = True

    def perform_one(self, record: Clipping, *, data: dict[str, Any], now: dt.datetime) -> None:
        """Withdraw one."""
        services.withdraw_clipping(clipping_id=record.pk, actor=self.request.user)

    def undo_one(self, record_id: int, before: Any, *, now: dt.datetime) -> None:
        """Let readers have it again."""
        services.publish_clipping(clipping_id=record_id, actor=self.request.user)
