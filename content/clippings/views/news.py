"""`/news/`: what the papers said, as stories; a clipping's page; a company's news; yes or no to a mention."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from content.clippings import permissions, selectors, services
from content.clippings.filters import NewsFilters
from content.clippings.models import Clipping, Mention, Ruling
from content.clippings.tables import NewsTable
from crm.companies.models import Company, CompanyGroup
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import Action, DetailView, Empty, Fact, ListView, OperationView, RecordFragmentView


class NewsList(ListView):
    """Stories, newest first, each with the companies that it names."""

    model = Clipping
    table_class = NewsTable
    filterset_class = NewsFilters
    title = _("News")
    template_name = "clippings/news_list.html"
    results_template = "clippings/news_results.html"
    ordering = ("-published_at",)
    select_related = ("source",)
    reads = selectors.READS
    empty = Empty(_("No clippings yet"), _("What feeds, archives and colleagues bring in will stand here, newest first."), icon="news")

    def permission(self, request: HttpRequest) -> Permission:
        """All staff but administrators."""
        return permissions.can_read_clippings(user=request.user)

    def actions(self) -> list[Action]:
        """Add one, for those who may."""
        if not permissions.can_add_clipping(user=self.request.user):
            return []
        return [Action(_("Add a clipping"), url_of("capture:clipping_add"), "plus", primary=True)]

    def get_queryset(self) -> Any:
        """Heads of stories; what waits for an editor is theirs at the editors' desk."""
        return Clipping.objects.visible_to(self.request.user).live().heads()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the clippings with whom they name."""
        if "page" in context:
            context["clips"] = selectors.clips(self.page.rows, user=self.request.user)
        return super().get_context_data(**context)


class ClippingDetail(DetailView):
    """A clipping: its text as far as the source's licence goes, whom it names, its near copies."""

    model = Clipping
    select_related = ("source",)
    template_name = "clippings/clipping_detail.html"
    crumb = (_("News"), "clippings:clipping_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return permissions.can_read_clippings(user=request.user)

    def facts(self) -> list[Fact]:
        """Where and when it stood."""
        clipping = self.object
        local = localtime(clipping.published_at)
        facts = [
            Fact(_("Published"), date_format(local, "DATE_FORMAT"), date_format(local, "H:i")),
            Fact(_("Source"), clipping.source.name, clipping.page),
        ]
        if clipping.author:
            facts.append(Fact(_("Author"), clipping.author))
        facts.append(Fact(_("To read"), _("%(count)d min") % {"count": clipping.read_minutes}))
        return facts

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The text in parts, and the story. Five statements with the clipping itself."""
        clipping, user = self.object, self.request.user
        (clip,) = selectors.clips([clipping], user=user)
        marked = [*clip.named, *clip.asked]
        text = clipping.body if clipping.shows_text else ""
        return super().get_context_data(
            clip=clip,
            heading=selectors.parts(clipping.title, marked, in_title=True),
            text=selectors.parts(text, marked, in_title=False),
            story=selectors.story_of(clipping, user=user),
            **context,
        )


class CompanyNews(RecordFragmentView):
    """What the papers said of a company, as a panel of its page."""

    model = Company
    template_name = "clippings/company_news.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads clippings; which ones is for the rows."""
        return permissions.can_read_clippings(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest stories."""
        rows = selectors.news_of(self.object, user=self.request.user)
        return super().get_context_data(clips=selectors.clips(rows, user=self.request.user), **context)


class GroupNews(RecordFragmentView):
    """What the papers said of the companies of a group, as a panel of its page."""

    model = CompanyGroup
    template_name = "clippings/group_news.html"
    title = _("News")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads clippings; which ones is for the rows."""
        return permissions.can_read_clippings(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest stories."""
        rows = selectors.news_of_group(self.object, user=self.request.user)
        return super().get_context_data(clips=selectors.clips(rows, user=self.request.user), **context)


class _Answer(OperationView):
    """Yes or no to whether a clipping means a company."""

    model = Mention
    select_related = ("clipping", "company")
    form_class = NoFields
    meant = True

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_rule(user=request.user, clipping=self.object.clipping)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Ruling:
        """Say so."""
        return services.rule_on_mention(mention_id=self.object.pk, meant=self.meant, actor=self.request.user, now=now)

    def get_back_url(self) -> str:
        """Where one was, else the clipping."""
        back = super().get_back_url()
        return back if back != "/" else self.object.clipping.get_absolute_url()


class MentionConfirm(_Answer):
    """Yes, it is them."""

    title = _("Yes, it is them")
    submit_label = _("Yes, it is them")
    success_message = _("Linked.")


class MentionRefuse(_Answer):
    """No, somebody else is meant."""

    title = _("No, somebody else is meant")
    submit_label = _("No, somebody else is meant")
    success_message = _("Noted: it is not them.")
    meant = False
