"""The list of covenants, one with its tests, one test with its figures, a client's covenants, evidence."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.covenants import permissions, pictures, selectors
from credit.covenants.choices import State, TestState, WaiverState
from credit.covenants.filters import CovenantFilters
from credit.covenants.models import Covenant, CovenantEvent, CovenantTest
from credit.covenants.showing import shown_of
from credit.covenants.tables import STATE_TONES, TEST_TONES, CovenantTable, stands
from credit.decisions import selectors as decisions
from credit.packs.choices import LIVE
from credit.reviews import selectors as reviews
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import when
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, FileDownload, ListView, RecordFragmentView

LIST = (_("Covenants"), "covenants:covenant_list")
_WAIVER_TONES = {WaiverState.ASKED: "amber", WaiverState.GRANTED: "jade", WaiverState.REFUSED: "seal"}
_POINT_TONES = {TestState.MET: "jade", TestState.BREACHED: "seal", TestState.CURED: "seal", TestState.WAIVED: "indigo"}


class CovenantList(ListView):
    """`/credit/covenants/`."""

    model = Covenant
    table_class = CovenantTable
    filterset_class = CovenantFilters
    title = _("Covenants")
    ordering = ("-proposed_at",)
    select_related = ("pack__company", "pack__owner")
    search_hint = _("Company, stock code or number")
    empty = Empty(_("No covenants"), _("They are written down on the page of an approved credit pack."), icon="check")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs."""
        return permissions.can_read_covenants(user=request.user)

    def get_queryset(self) -> Any:
        """With how each stands today."""
        rows: Any = super().get_queryset()
        return rows.standing_on(timezone.localdate())

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the pack's number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(pack__company__in=named) | queryset.filter(pack__number__istartswith=q)


class CovenantDetail(DetailView):
    """`/credit/covenants/<id>/`: its terms, its tests with a picture, waivers, what was done."""

    model = Covenant
    select_related = selectors.RELATED
    template_name = "covenants/covenant_detail.html"
    crumb = LIST

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """The promise, how often it is tested and from what, the next period, the limit's review."""
        covenant = self.object
        facts = [Fact(_("Threshold"), covenant.promise)] if covenant.promise else []
        facts.append(Fact(_("Tested"), covenant.get_frequency_display(), covenant.get_document_display()))
        if covenant.next_on is not None:
            facts.append(Fact(_("Next period ends"), date_format(covenant.next_on, "DATE_FORMAT")))
        life = decisions.life_of(covenant.pack, timezone.now()) if covenant.pack.state in LIVE else None
        if life is not None:
            facts.append(Fact(_("Annual review due"), when(life.review_due_on, due=True)))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        covenant, user = self.object, self.request.user
        waiver = permissions.can_ask_waiver(user=user, covenant=covenant)
        asked = selectors.asked_waiver(covenant) is not None
        offered = (
            (permissions.can_confirm(user=user, covenant=covenant), _("Confirm"), "covenant_confirm", "check", True),
            (permissions.can_refuse(user=user, covenant=covenant), _("Refuse"), "covenant_refuse", "x", False),
            (permissions.can_replace(user=user, covenant=covenant), _("Replace"), "covenant_replace", "swap", False),
            (waiver and not asked, _("Ask for a waiver"), "waiver_ask_until", "mail", False),
        )
        return [
            Action(label, url_of(f"covenants:{name}", covenant.pk), icon, primary=primary, dialog=True)
            for may, label, name, icon, primary in offered
            if may
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds tests with their picture, waivers, events and successors."""
        covenant, user = self.object, self.request.user
        tests = selectors.tests_of(covenant, user=user)
        today = reviews.today_of(covenant.pack, timezone.now())
        return super().get_context_data(
            tests=[(test, TEST_TONES.get(TestState(test.state), ""), _is_late(test, today)) for test in tests],
            picture=_picture(covenant, tests),
            waivers=[(row, _WAIVER_TONES[WaiverState(row.state)]) for row in selectors.waivers_of(covenant, user=user)],
            events=selectors.events_of(user=user, covenant=covenant),
            successors=[row for row in covenant.successors.visible_to(user).order_by("pk") if row.state != State.REFUSED],
            tone=STATE_TONES.get(State(covenant.state), ""),
            **context,
        )


def _is_late(test: CovenantTest, today: dt.date) -> bool:
    return test.state == TestState.WAITING and test.paper_due_on < today


def _picture(covenant: Covenant, tests: list[CovenantTest]) -> pictures.Picture | None:
    """Of the tests that have a value, the oldest first."""
    if covenant.threshold is None:
        return None
    rows = [
        (test.ends_on, test.value, _POINT_TONES.get(TestState(test.state), ""), f"{test.ends_on}: {test.shown_value}")
        for test in reversed(tests)
        if test.value is not None
    ]
    return pictures.picture(rows, threshold=covenant.threshold)


class TestDetail(DetailView):
    """`/credit/covenants/tests/<id>/`: the paper, the result with its figures, what was done."""

    model = CovenantTest
    select_related = selectors.OF_TEST
    template_name = "covenants/test_detail.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees its covenant."""
        return ALLOWED

    def crumbs(self) -> list[Crumb]:
        """The list and the covenant."""
        return [Crumb(LIST[0], url_of(LIST[1])), Crumb(str(self.object.covenant), self.object.covenant.get_absolute_url())]

    def facts(self) -> list[Fact]:
        """The promise, the value, by when the paper is due, tested, cured."""
        test, covenant = self.object, self.object.covenant
        facts = [Fact(_("Threshold"), covenant.promise)] if covenant.promise else []
        if test.value is not None:
            facts.append(Fact(_("Value"), test.shown_value))
        waits = test.state == TestState.WAITING
        facts.append(Fact(_("Paper due"), when(test.paper_due_on, due=waits) if waits else date_format(test.paper_due_on, "DATE_FORMAT")))
        if test.received_on is not None:
            facts.append(Fact(_("Paper received"), date_format(test.received_on, "DATE_FORMAT"), test.received_by.name))
        if test.test_due_at is not None and test.tested_at is None:
            facts.append(Fact(_("To be tested by"), when(test.test_due_at, due=True)))
        if test.state == TestState.BREACHED:
            facts.append(Fact(_("To be cured by"), when(test.cure_until, due=True)))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        test, user = self.object, self.request.user
        waiver = permissions.can_ask_waiver(user=user, covenant=test.covenant, test=test)
        asked = selectors.asked_waiver(test.covenant) is not None
        offered = (
            (permissions.can_receive(user=user, test=test), _("The paper is here"), "paper_receive", "upload", True),
            (permissions.can_test(user=user, test=test), _("Test it"), "result_record", "check", True),
            (permissions.can_cure(user=user, test=test), _("It is cured"), "breach_cure", "check", True),
            (waiver and not asked, _("Ask for a waiver"), "waiver_ask", "mail", False),
        )
        return [
            Action(label, url_of(f"covenants:{name}", test.pk), icon, primary=primary, dialog=True)
            for may, label, name, icon, primary in offered
            if may
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the figures as they were frozen, waivers and events."""
        test, user = self.object, self.request.user
        waivers = [row for row in selectors.waivers_of(test.covenant, user=user) if row.test_id == test.pk]
        today = reviews.today_of(test.covenant.pack, timezone.now())
        return super().get_context_data(
            found=shown_of(test) if test.covenant.is_measured and (test.figures or test.reason) else None,
            waivers=[(row, _WAIVER_TONES[WaiverState(row.state)]) for row in waivers],
            events=selectors.events_of(user=user, test=test),
            tone=TEST_TONES.get(TestState(test.state), ""),
            is_late=_is_late(test, today),
            **context,
        )


class CompanyCovenants(RecordFragmentView):
    """A client's covenants and the reviews of its limits, as a panel of its page."""

    model = Company
    template_name = "covenants/company_covenants.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads covenants; which ones is for the rows."""
        return permissions.can_read_covenants(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With how each stands, and when limits are reviewed."""
        user, now = self.request.user, timezone.now()
        rows = selectors.of_company(self.object.pk, user=user, today=timezone.localdate())
        return super().get_context_data(
            rows=[(row, *stands(row)) for row in rows],
            lives=selectors.lives_of_company(self.object.pk, user=user, now=now),
            **context,
        )


class EvidenceDownload(FileDownload):
    """A paper of a test or the evidence of a result, for whoever sees the covenant."""

    model = CovenantEvent
