"""The register, a gift's page, a company's gifts, the ledger of give and take."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.gifts import permissions, selectors
from crm.gifts.choices import Direction, GiftState
from crm.gifts.filters import GiftFilters
from crm.gifts.models import Gift
from crm.gifts.tables import STATE_TONES, GiftTable
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import ALLOWED, Permission
from crm.kernel.wording import listed
from crm.web.exports import Report
from crm.web.tables import Exported
from crm.web.templatetags.ui import money
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, ListView, Page, RecordFragmentView
from crm.web.views.months import MonthPage

SHOWN = 10


class GiftList(ListView):
    """`/gifts/`: the register, newest first."""

    model = Gift
    table_class = GiftTable
    filterset_class = GiftFilters
    title = _("Gifts")
    ordering = ("-on",)
    select_related = ("company", "owner")
    search_hint = _("Company, stock code or phone")
    empty = Empty(
        _("No gifts yet"),
        _("Whatever is given to somebody of a company, or offered by them, stands here: also what was declined."),
        "gifts:gift_create",
        _("Give something"),
        "gift",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever gives, decides, issues or oversees."""
        return permissions.can_read_gifts(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.filter(company__in=Company.objects.visible_to(self.request.user).named(q))

    def actions(self) -> list[Action]:
        """The ledger and the catalogue; give and declare, for those who do."""
        actions = [Action(_("Give and take"), url_of("gifts:ledger"), "swap")]
        if permissions.can_read_exceptions(user=self.request.user):
            actions.append(Action(_("Exceptions"), url_of("gifts:exceptions"), "warn"))
        if permissions.can_read_catalogue(user=self.request.user):
            actions.append(Action(_("Catalogue"), url_of("gifts:item_list"), "box"))
        if permissions.is_giver(self.request.user):
            actions += [
                Action(_("Declare one received"), url_of("gifts:gift_declare"), "download"),
                Action(_("Give something"), url_of("gifts:gift_create"), "plus", primary=True),
            ]
        return actions


class GiftDetail(DetailView):
    """A gift with its way so far."""

    model = Gift
    select_related = ("company", "contact", "item", "owner", "decided_by", "consented_by", "issued_by")
    template_name = "gifts/gift_detail.html"
    crumb = (_("Gifts"), "gifts:gift_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """Who, what, worth how much, what for, when."""
        gift = self.object
        facts = [
            Fact(_("Person"), gift.person, gift.person_title),
            Fact(_("Value"), money(gift.value, gift.currency), gift.get_basis_display()),
            Fact(_("Occasion"), gift.get_occasion_display()),
            Fact(_("Day"), date_format(gift.on, "DATE_FORMAT")),
            Fact(_("Given by") if gift.direction == Direction.GIVEN else _("Received by"), gift.owner.name),
        ]
        if gift.decided_by is not None:
            facts.append(Fact(_("Decided by"), gift.decided_by.name))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        gift, user = self.object, self.request.user
        consents = permissions.can_consent(user=user, gift=gift)
        offered = (
            (consents or permissions.can_decide(user=user, gift=gift), _("Decide"), "gifts:gift_decide", "check", True),
            (permissions.can_issue(user=user, gift=gift), _("Issue from stock"), "gifts:gift_issue", "box", True),
            (permissions.can_hand_over(user=user, gift=gift), _("Handed over"), "gifts:gift_hand_over", "check", True),
            (permissions.can_hand_over(user=user, gift=gift), _("It was declined"), "gifts:gift_decline", "x", False),
            (permissions.can_dispose(user=user, gift=gift), _("Say what became of it"), "gifts:gift_dispose", "check", True),
            (permissions.can_cancel(user=user, gift=gift), _("Cancel"), "gifts:gift_cancel", "x", False),
        )
        return [
            Action(label, url_of(url_name, gift.pk), icon, primary=primary, dialog=True)
            for allowed, label, url_name, icon, primary in offered
            if allowed
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the way so far, and what went to and fro with the company."""
        gift = self.object
        return super().get_context_data(
            tone=STATE_TONES.get(GiftState(gift.state), ""),
            events=gift.events.select_related("actor").order_by("pk"),
            exchanges=selectors.exchanges(
                user=self.request.user, since=timezone.localdate() - selectors.A_YEAR, company_ids=[gift.company_id], most=SHOWN
            ),
            **context,
        )


class CompanyGifts(RecordFragmentView):
    """A company's gifts, as a panel of its page."""

    model = Company
    template_name = "gifts/company_gifts.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads the register at all; which ones is for the rows."""
        return permissions.can_read_gifts(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones, and the sums of a year."""
        user, company = self.request.user, self.object
        gifts = Gift.objects.visible_to(user).filter(company=company).select_related("owner").order_by("-on", "-pk")
        return super().get_context_data(
            gifts=list(gifts[:SHOWN]),
            exchanges=selectors.exchanges(user=user, since=timezone.localdate() - selectors.A_YEAR, company_ids=[company.pk], most=SHOWN),
            may_give=permissions.can_give(user=user, company=company),
            **context,
        )


class Ledger(Page):
    """`/gifts/ledger/`: with whom the bank exchanges gifts, both ways, by value and by how often."""

    title = _("Give and take")
    template_name = "gifts/ledger.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads the register; the sums are over what they see."""
        return permissions.can_read_gifts(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Twelve months."""
        rows = selectors.exchanges(user=request.user, since=timezone.localdate() - selectors.A_YEAR)
        return self.render(self.template_name, self.get_context_data(exchanges=rows))


class Exceptions(MonthPage):
    """`/gifts/exceptions/?month=2026-03&currency=HKD`: what stands out in a month."""

    title = _("Exceptions of the month")
    template_name = "gifts/exceptions.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_exceptions(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The gifts with what stands out, and how often each sign does."""
        found = self._found()
        return super().get_context_data(
            rows=[(gift, listed(words)) for gift, words in found],
            tally=Counter(str(word) for _gift, words in found for word in words).most_common(),
            crumbs=[Crumb(_("Gifts"), url_of("gifts:gift_list"))],
            **context,
        )

    def report(self) -> Report:
        """The same gifts."""
        heads = (_("Number"), _("Day"), _("By"), _("Company"), _("Person"), _("Direction"), _("What"), _("Occasion"), _("Value"))
        lines: list[list[Exported]] = [
            [
                *(gift.number, gift.on, gift.owner.name, gift.company.name, gift.person, gift.get_direction_display()),
                *(gift.what, gift.get_occasion_display(), gift.value, gift.currency, listed(words)),
            ]
            for gift, words in self._found()
        ]
        return Report("gifts.exceptions", self.title, [str(head) for head in (*heads, _("Currency"), _("Stands out"))], lines)

    def _found(self) -> list[tuple[Gift, list[Sentence]]]:
        month = self.month
        return selectors.exceptions(user=self.request.user, first=month.first, last=month.last, currency=self.currency)
