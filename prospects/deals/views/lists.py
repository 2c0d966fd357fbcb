"""The lists: open deals, closed ones, the team's in the masked ring; and giving many to another owner."""

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.views import Action, BulkAction, BulkOperationView, Empty, ListView
from prospects.deals import permissions, selectors, services
from prospects.deals.filters import ClosedFilters, DealFilters, TeamDealFilters
from prospects.deals.forms import AssignForm
from prospects.deals.models import Deal
from prospects.deals.tables import ClosedTable, DealTable, TeamTable, drawn_sums


def _may_assign(user: Any) -> bool:
    return bool(permissions.can_assign_any(user=user))


def page_actions(user: Any, *, board: bool) -> list[Action]:
    """The buttons over the list and over the board."""
    shown = []
    if permissions.can_ask_coverage(user=user):
        shown.append(Action(_("Who covers …?"), url_of("deals:coverage_ask"), "search", dialog=True))
    if board:
        shown.append(Action(_("Board"), url_of("deals:deal_board"), "board"))
    if permissions.can_open_deal(user=user):
        shown.append(Action(_("Add prospect"), url_of("deals:deal_create"), "plus", primary=True))
    return shown


class DealPages(ListView):
    """What the lists of deals share. `here` is the list's tab."""

    model = Deal
    select_related = ("company", "owner")
    reads: ClassVar[tuple[str, ...]] = ("sort_key", "stage", "stage_since", "stale_on", "closed_at", "source", "currency", *selectors.NAMES)
    template_name = "deals/deal_list.html"
    search_hint = _("Company, stock code or phone")
    here = ""

    def permission(self, request: HttpRequest) -> Permission:
        """Those who read deals."""
        return permissions.can_list_deals(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.named(q)

    def actions(self) -> list[Action]:
        """Ask, see the board, add."""
        return page_actions(self.request.user, board=True)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tabs: open, closed and, for relationship managers of a team, the team's."""
        asked = [("open", pgettext_lazy("prospects", "Open"), "deals:deal_list"), ("closed", _("Won and lost"), "deals:deal_closed")]
        if permissions.can_see_team_deals(user=self.request.user):
            asked.append(("team", _("The team’s"), "deals:deal_team"))
        tabs = [{"label": label, "url": url_of(name), "current": slug == self.here} for slug, label, name in asked]
        return super().get_context_data(tabs=tabs, **context)


class DealList(DealPages):
    """`/prospects/`: open deals that the reader sees in full."""

    table_class = DealTable
    filterset_class = DealFilters
    title = _("Prospects")
    here = "open"
    ordering = ("sort_key",)
    reads = (*DealPages.reads, "expected_income", "amount", "next_step", "next_step_on")
    bulk_actions = (BulkAction(_("Give to"), "deals:deal_bulk_assign", "people", shown=_may_assign),)
    empty = Empty(
        _("No prospects yet"),
        _("Load a directory and take up its companies, or add one by hand: a name, how you came to it, what comes next."),
        "deals:deal_create",
        _("Add prospect"),
        "prospects",
    )

    def get_queryset(self) -> Any:
        """The full ring, open."""
        return Deal.objects.in_full(self.request.user).open()

    def totals(self, queryset: Any) -> dict[str, Any]:
        """Expected income and amount of all rows found, by currency."""
        sums = selectors.plain_sums(queryset)
        return {"expected_income": drawn_sums(sums, "income"), "amount": drawn_sums(sums, "amount")}


class ClosedList(DealPages):
    """`/prospects/closed/`: won and lost ones, the newest first."""

    table_class = ClosedTable
    filterset_class = ClosedFilters
    title = _("Won and lost")
    here = "closed"
    ordering = ("-stage_since",)
    reads = (*DealPages.reads, "expected_income", "lost_reason", "competitor", "revisit_on")
    empty = Empty(_("Nothing won or lost yet"), _("What is won or lost stands here with its reason."), icon="prospects")

    def get_queryset(self) -> Any:
        """The full ring, closed."""
        return Deal.objects.in_full(self.request.user).closed()

    def totals(self, queryset: Any) -> dict[str, Any]:
        """Expected income of all rows found, by currency."""
        return {"expected_income": drawn_sums(selectors.plain_sums(queryset), "income")}


class TeamList(DealPages):
    """`/prospects/team/`: the team's open prospects, by company, stage and owner alone (domain 1.2)."""

    table_class = TeamTable
    filterset_class = TeamDealFilters
    title = _("The team’s prospects")
    here = "team"
    ordering = ("sort_key",)
    empty = Empty(_("The team has no prospects"), icon="prospects")

    def permission(self, request: HttpRequest) -> Permission:
        """Relationship managers of a team."""
        return permissions.can_see_team_deals(user=request.user)

    def get_queryset(self) -> Any:
        """The masked ring, open."""
        return Deal.objects.of_team_mates(self.request.user).open()


class DealAssignMany(BulkOperationView):
    """Give the chosen prospects to another owner; each that is refused says why."""

    list_view = DealList
    list_url_name = "deals:deal_list"
    form_class = AssignForm
    title, submit_label = _("Give prospects to another owner"), _("Give to")
    can_undo = True

    def permission(self, request: HttpRequest) -> Permission:
        """Team heads and centre heads."""
        return permissions.can_assign_any(user=request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may get them."""
        return {"owners": selectors.assignable_owners(self.request.user, now=timezone.now())}

    def perform_one(self, record: Deal, *, data: dict[str, Any], now: dt.datetime) -> int | None:
        """Give one; the owner before is what taking it back needs."""
        services.assign(deal_id=record.pk, owner_id=data["owner"].pk, reason=data["reason"], actor=self.request.user, now=now)
        return record.owner_id

    def undo_one(self, record_id: int, before: Any, *, now: dt.datetime) -> None:
        """Give it back."""
        services.assign(deal_id=record_id, owner_id=before, reason=str(_("Taken back")), actor=self.request.user, now=now)
