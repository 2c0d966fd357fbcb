"""The board: the stages as lanes with a bounded number of cards each."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.views import Page
from prospects.deals import permissions, selectors
from prospects.deals.choices import LADDER, Stage
from prospects.deals.filters import BoardFilters
from prospects.deals.models import Deal
from prospects.deals.querysets import DealQuerySet
from prospects.deals.selectors import Board, Lane
from prospects.deals.views.lists import page_actions


def quarter_from(now: dt.datetime) -> dt.datetime:
    """When the reader's calendar quarter began."""
    return selectors.quarter_start(timezone.localdate(now), timezone.get_current_timezone())


def found_deals(request: HttpRequest) -> tuple[BoardFilters, DealQuerySet]:
    """The deals that the reader sees in full, narrowed by the address."""
    filters = BoardFilters(request.GET, Deal.objects.in_full(request.user), request=request)
    return filters, filters.qs


def read_board(request: HttpRequest, *, now: dt.datetime, stages: Iterable[Stage] = LADDER) -> Board:
    """The board, or some of its lanes, as the address narrows it."""
    return selectors.board(found_deals(request)[1], on=timezone.localdate(now), quarter_from=quarter_from(now), stages=stages)


def lane_context(request: HttpRequest, lanes: Iterable[Lane], *, now: dt.datetime) -> dict[str, Any]:
    """What the template of lanes reads."""
    query = request.GET.copy()
    query.pop("stage", None)
    narrowed = query.urlencode()
    shown = [(lane, _list_url(lane, narrowed, now)) for lane in lanes]
    return {"lanes": shown, "narrowed": narrowed, "today": timezone.localdate(now), "now": now, "reader": request.user}


def _list_url(lane: Lane, narrowed: str, now: dt.datetime) -> str:
    """The list of all that a lane stands for."""
    if lane.stage == Stage.WON:
        since = f"closed_after={timezone.localdate(quarter_from(now)).isoformat()}"
        return f"{url_of('deals:deal_closed')}?stage={lane.stage}&{since}&{narrowed}".rstrip("&")
    return f"{url_of('deals:deal_list')}?stage={lane.stage}&sort=-age&{narrowed}".rstrip("&")


class DealBoard(Page):
    """`/prospects/board/`: open deals by stage, and what was won this quarter."""

    title = _("Pipeline")
    template_name = "deals/board.html"
    shown_filters = ("owner", "team", "source")

    def permission(self, request: HttpRequest) -> Permission:
        """Those who read deals."""
        return permissions.can_list_deals(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The whole board, with its filters as a form."""
        now = timezone.now()
        filters, rows = found_deals(request)
        board = selectors.board(rows, on=timezone.localdate(now), quarter_from=quarter_from(now))
        context = self.get_context_data(
            board=board, filters=filters, actions=page_actions(request.user, board=False), **lane_context(request, board.lanes, now=now)
        )
        return self.render(self.template_name, context)
