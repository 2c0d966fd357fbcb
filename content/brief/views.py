"""`/news/brief/`: the morning's stories, each with what one tap does about it; and the word that reading is done."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.brief import permissions, selectors, services
from content.brief.models import Dismissal, ReadingDay
from content.clippings.models import Clipping
from crm.companies.views.parts import contributed_actions
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.kernel.todo import TITLE_LIMIT
from crm.web.forms import NoFields
from crm.web.views import Action, FormPage, FragmentView, OperationView, Page, RecordPage

ON_CARD = 4


class _OfBrief(Page):
    """What only those who have a brief may open."""

    def permission(self, request: HttpRequest) -> Permission:
        """The services' own."""
        return permissions.can_read_brief(user=request.user)


class BriefPage(_OfBrief):
    """All stories of the morning by why they stand there, and how one's own reading stands."""

    title = _("Morning brief")
    template_name = "brief/brief.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A fixed number of statements, however much was printed."""
        user, now = self.request.user, timezone.now()
        brief = selectors.brief_of(user, now=now)
        groups = [(why, [(told, self._actions(told)) for told in stories]) for why, stories in brief.groups]
        context = self.get_context_data(brief=brief, groups=groups, reading=selectors.reading_of(user, now=now))
        return self.render(self.template_name, context)

    def _actions(self, told: selectors.Told) -> list[Action]:
        """What other features offer on a company that nobody here looks after; and a call."""
        found = []
        if told.stranger is not None:
            mention = told.stranger.mention
            mention.clipping = told.clip.clipping
            found = contributed_actions("clippings.mention", user=self.request.user, record=mention)
        title = _now("Call about: %(headline)s") % {"headline": told.clip.clipping.title}
        asked = {"title": title[:TITLE_LIMIT], "next": url_of("brief:brief")}
        if told.about is not None:
            asked["company"] = str(told.about.company.pk)
        return [*found, Action(_("Add a call task"), f"{url_of('today:task_create')}?{urlencode(asked)}", "check", dialog=True)]


class BriefCard(FragmentView, _OfBrief):
    """The first stories, as the card of Today loads them."""

    title = _("Morning brief")
    template_name = "brief/card.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The first few."""
        brief = selectors.brief_of(self.request.user, now=timezone.now())
        return super().get_context_data(brief=brief, first=brief.stories[:ON_CARD], **context)


class ReadingDone(FormPage, _OfBrief):
    """Reading is done for today."""

    form_class = NoFields
    title = submit_label = _("Done reading")
    success_message = _("Read for today.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> ReadingDay:
        """Say so."""
        return services.finish_reading(actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """Back to the brief."""
        return url_of("brief:brief")

    def get_back_url(self) -> str:
        """The brief."""
        return url_of("brief:brief")


class ReadingDayPage(RecordPage):
    """Where the work item of a day's reading leads: to the brief."""

    model = ReadingDay

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go there."""
        return redirect("brief:brief")


class StoryPutAside(OperationView, _OfBrief):
    """A story is not relevant to the reader."""

    model = Clipping
    form_class = NoFields
    title = submit_label = _("Not relevant")
    success_message = _("It leaves your brief, and stories like it stand lower.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Dismissal:
        """Put it aside."""
        return services.put_aside(clipping_id=self.object.pk, actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """Back to the brief."""
        return url_of("brief:brief")
