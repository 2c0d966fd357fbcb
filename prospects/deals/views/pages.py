"""A deal's page with its parts, and a company's deals."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.views.fragments import CompanyPeople, CompanyTimeline
from crm.companies.views.parts import contributed_actions
from crm.kernel.addresses import url_of
from crm.kernel.changes import changes_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.templatetags.ui import money, when
from crm.web.views import Action, DetailView, Fact, RecordFragmentView, Tab
from prospects.deals import permissions, rules, selectors
from prospects.deals.choices import LADDER, Sight, Stage
from prospects.deals.models import Deal
from prospects.deals.tables import TONES

HISTORY_FIELDS = ("owner", "stage", "protected_until", *rules.EDITABLE, "lost_reason", "competitor", "price_gap_bps", "revisit_on")
EVENTS_SHOWN = 50
DEALS_SHOWN = 20
_MASKED = _("Team mates see the company, the stage and the owner.")


def _whole(user: Any, deal: Deal) -> Permission:
    return ALLOWED if permissions.sight(user=user, deal=deal) == Sight.FULL else denied(_MASKED)


class DealDetail(DetailView):
    """A deal's page; for team mates in the masked ring company, stage and owner alone."""

    model = Deal
    select_related = ("company", "owner", "team", "centre", "decision_maker")
    template_name = "deals/deal_detail.html"
    crumb = (_("Prospects"), "deals:deal_list")
    tabs = (
        Tab("course", _("Course"), "deals:deal_course"),
        Tab("timeline", _("Timeline"), "deals:deal_timeline"),
        Tab("people", _("People"), "deals:deal_people"),
        Tab("history", _("History"), "deals:deal_history"),
    )

    @cached_property
    def sight(self) -> Sight:
        """How much the reader sees."""
        return permissions.sight(user=self.request.user, deal=self.object)

    def get_tabs(self) -> Sequence[Tab]:
        """None in the masked ring."""
        return self.tabs if self.sight == Sight.FULL else ()

    def facts(self) -> list[Fact]:
        """Stage and age, money, owner, protection, source."""
        deal = self.object
        if self.sight != Sight.FULL:
            return [Fact(_("Stage"), deal.get_stage_display()), Fact(_("Owner"), deal.owner.name)]
        percent = selectors.probabilities(on=timezone.localdate())[deal.stage]
        shown = [
            Fact(_("In stage since"), when(deal.stage_since)),
            Fact(_("Income, first year"), money(deal.expected_income, deal.currency), f"{percent} %"),
            Fact(_("Weighted"), money(rules.weighted([(deal.stage, deal.expected_income)], {deal.stage: percent}), deal.currency)),
            Fact(_("Owner"), deal.owner.name),
            Fact(_("Source"), deal.get_source_display(), deal.source_detail),
        ]
        if deal.is_open:
            shown.append(Fact(_("Protected until"), when(deal.protected_until)))
        return shown

    def actions(self) -> list[Action]:
        """What may be done with it; what may not is absent for those who only read."""
        if self.sight != Sight.FULL:
            return []
        deal, may = self.object, permissions.available_operations(user=self.request.user, deal=self.object)
        offered = contributed_actions("deals.deal", user=self.request.user, record=deal)
        if deal.stage in (Stage.LOST, Stage.NURTURE) and may["reopen"]:
            offered.append(self._action(_("Take up again"), "deals:deal_reopen", "undo", primary=True))
        if may["assign"]:
            offered.append(self._action(_("Give to"), "deals:deal_assign", "people"))
        if may["update"]:
            offered.append(Action(_("Change"), url_of("deals:deal_update", deal.pk), "edit"))
            offered.append(self._action(_("Move"), "deals:deal_move", "board", primary=deal.stage != Stage.NURTURE))
        return offered

    def _action(self, label: Any, url_name: str, icon: str, *, primary: bool = False) -> Action:
        return Action(label, url_of(url_name, self.object.pk), icon, primary=primary, dialog=True)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the ladder and where the deal stands on it."""
        deal, today = self.object, timezone.localdate()
        stands = deal.stage if deal.stage in LADDER else deal.resume_stage or Stage.SUSPECT
        at = LADDER.index(Stage(stands))
        steps = [{"label": stage.label, "state": "done" if n < at else "now" if n == at else ""} for n, stage in enumerate(LADDER)]
        return super().get_context_data(
            steps=steps,
            masked=self.sight != Sight.FULL,
            tone=TONES.get(Stage(deal.stage), ""),
            stale=deal.is_stale(today),
            next_late=bool(deal.next_step_on and deal.next_step_on < today),
            **context,
        )


class DealPart(RecordFragmentView):
    """A part of a deal's page, for those who see it whole."""

    model = Deal
    select_related = ("company", "owner", "team", "centre", "decision_maker")

    def permission(self, request: HttpRequest) -> Permission:
        """Not in the masked ring."""
        return _whole(request.user, self.object)


class DealCourse(DealPart):
    """What the stages still ask for, each with its way to fill it; what is known; evidence."""

    title = _("Course")
    template_name = "deals/deal_course.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The criteria of this stage and the next ones."""
        deal, user = self.object, self.request.user
        checklist = selectors.Checklist(deal, on=selectors.local_day(deal.centre, timezone.now()))
        at = Stage(deal.stage if deal.stage in LADDER else deal.resume_stage or Stage.SUSPECT)
        may_update = bool(permissions.can_update_deal(user=user, deal=deal))
        groups = [
            (stage, checklist.lines(rules.criteria_of(stage, credit_free=deal.credit_free))) for stage in LADDER[LADDER.index(at) : -1]
        ]
        may_confirm = {
            row.pk for row in checklist.evidence.values() if deal.is_open and permissions.can_confirm_evidence(user=user, evidence=row)
        }
        return super().get_context_data(
            current=groups[0] if groups else None,
            later=groups[1:],
            evidence=list(checklist.evidence.values()),
            may_update=may_update,
            may_confirm=may_confirm,
            stated=rules.STATED,
            four_eyes=rules.FOUR_EYES,
            **context,
        )


class OfDealsCompany:
    """A part of the company's page, drawn on the deal's: the deal is found and its company shown."""

    def load(self: Any) -> None:
        """The deal among those that the reader may see; its company is the record of the part."""
        view = DealPart()
        view.setup(self.request, *self.args, **self.kwargs)
        view.load()
        self.deal = view.object
        self.object = self.deal.company

    def permission(self: Any, request: HttpRequest) -> Permission:
        """Those who see the deal whole, and the part."""
        return _whole(request.user, self.deal) and super().permission(request)  # type: ignore[misc]


class DealTimeline(OfDealsCompany, CompanyTimeline):
    """All that happened with the company."""


class DealPeople(OfDealsCompany, CompanyPeople):
    """The company's people."""


class DealHistory(DealPart):
    """What happened to the deal, and who changed what."""

    title = _("History")
    template_name = "deals/deal_history.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Events and changes, newest first."""
        events = self.object.events.select_related("actor").order_by("-at", "-pk")[:EVENTS_SHOWN]
        return super().get_context_data(events=list(events), changes=changes_of(self.object, HISTORY_FIELDS), **context)


class CompanyDeals(RecordFragmentView):
    """A company's deals, as a panel of its page: whole, or masked for team mates."""

    model = Company
    title = _("Prospects")
    template_name = "deals/company_deals.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Those who read deals."""
        return permissions.can_list_deals(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Open ones first."""
        user = self.request.user
        deals = Deal.objects.visible_to(user).filter(company=self.object).select_related("owner").order_by("closed_at", "-pk")[:DEALS_SHOWN]
        rows = sorted(deals, key=lambda deal: (not deal.is_open, -deal.pk))
        return super().get_context_data(
            rows=[(deal, permissions.sight(user=user, deal=deal) == Sight.FULL) for deal in rows],
            may_open=bool(permissions.can_open_deal(user=user)) and not any(deal.is_open for deal in rows),
            **context,
        )
