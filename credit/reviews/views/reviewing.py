"""The intake, and what an analyst does with a pack."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs import selectors as packs
from credit.packs.models import Pack
from credit.packs.views.pages import RELATED
from credit.reviews import permissions, selectors, services
from credit.reviews.filters import IntakeFilters
from credit.reviews.forms import AnalystForm, DefectsForm, FactsForm, MemoForm, RatingForm
from credit.reviews.models import Memo, Review
from credit.reviews.queue import Card, Queue, card_of
from credit.reviews.tables import IntakeTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.errors import RuleBroken
from crm.kernel.permission import Permission, denied
from crm.staff.choices import Role
from crm.web.forms import NoFields
from crm.web.paging import LAST, KeysetPage
from crm.web.views import Action, Empty, FormPage, KeepsDrafts, ListView, OperationView, RecordFragmentView, UpdateView
from crm.web.views.lists import CURSOR


class Intake(ListView):
    """`/credit/intake/`: what is with the credit department, the nearest to its limit first, with the card of one beside it."""

    model = Pack
    table_class = IntakeTable
    filterset_class = IntakeFilters
    title = _("Credit intake")
    template_name = "reviews/intake.html"
    ordering = ("handed_off_at",)
    select_related = ("company", "owner", "centre", "review__analyst")
    search_hint = _("Company, stock code or number")
    empty = Empty(_("Nothing with the credit department"), _("Packs stand here from their handoff until they are decided."), icon="check")

    def permission(self, request: HttpRequest) -> Permission:
        """The credit department, and who reads all."""
        return permissions.can_read_intake(user=request.user)

    def get_queryset(self) -> Any:
        """In review, with what stops each."""
        return selectors.intake(self.request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        return queryset.found(q, Company.objects.visible_to(self.request.user).named(q))

    @cached_property
    def now(self) -> dt.datetime:
        """One moment for all clocks."""
        return timezone.now()

    @cached_property
    def queue(self) -> Queue:
        """All packs found, with their clocks."""
        return Queue.of(list(self.found.select_related("centre", "review")), now=self.now)

    @cached_property
    def page(self) -> KeysetPage[Any]:
        """The page that the address asks for: by the clocks, whose cursors are places in the queue, unless a column is sorted by."""
        if self.sort:
            page = super().page
            self.queue.among(page.rows)
            return page
        return self._page_of_queue()

    def _page_of_queue(self) -> KeysetPage[Any]:
        keys, cursor, size = list(self.queue.clocks), self.request.GET.get(CURSOR, ""), self.page_size
        start = max(0, (len(keys) - 1) // size * size) if cursor == LAST else (int(cursor) if cursor.isdecimal() else 0)
        start = start if start < len(keys) else 0
        rows = self.queue.among(self.rows.filter(pk__in=keys[start : start + size]))
        more = str(start + size) if start + size < len(keys) else None
        return KeysetPage(rows, more, str(max(0, start - size)) if start else None)

    @cached_property
    def card(self) -> Card | None:
        """Of the pack that the address names, among those that the reader may see; else of the first one of the page."""
        asked = self.request.GET.get("pack", "")
        chosen = self.get_queryset().filter(pk=int(asked)).select_related(*self.select_related).first() if asked.isdecimal() else None
        first = chosen or next(iter(self.page.rows), None)
        return card_of(first, now=self.now) if first is not None else None

    def actions(self) -> list[Action]:
        """An analyst takes the next one."""
        user: Any = self.request.user
        if not user.actor.has_role(Role.CA):
            return []
        return [Action(_("Take next pack"), url_of("reviews:take_next"), "check", primary=True, dialog=True)]


class IntakeCard(RecordFragmentView):
    """One pack beside the queue."""

    model = Pack
    select_related = ("company", "owner", "centre", "team")
    template_name = "reviews/intake_card.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Who reads the intake."""
        return permissions.can_read_intake(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the card."""
        return super().get_context_data(card=card_of(self.object, now=timezone.now()), **context)


class TakeNext(FormPage):
    """The pack that waits longest for an analyst is this one's."""

    form_class = NoFields
    title = _("Take the next pack?")
    submit_label = _("Take it")
    success_message = _("It is yours to review.")

    def permission(self, request: HttpRequest) -> Permission:
        """Analysts."""
        if self.request.user.actor.has_role(Role.CA):
            return permissions.can_read_intake(user=self.request.user)
        return denied(_("Analysts of the credit department take packs."))

    def get_back_url(self) -> str:
        """The intake."""
        return url_of("reviews:intake")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Review:
        """Take it."""
        found = selectors.next_pack(self.request.user)
        if found is None:
            raise RuleBroken(_("No pack waits for an analyst."))
        return services.assign(pack_id=found.pk, analyst_id=self.request.user.pk, actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        found: str = result.get_absolute_url()
        return found


class AboutReview(OperationView):
    """A step of a review, which leads back to the pack."""

    model = Pack
    select_related = RELATED

    @cached_property
    def review(self) -> Review | None:
        """Who has it."""
        return selectors.review_of(self.object)

    @cached_property
    def memo(self) -> Memo | None:
        """The newest memo."""
        return selectors.memo_of(self.object)

    def get_success_url(self, result: Any) -> str:
        """The pack."""
        return self.object.get_absolute_url()


class Assign(AboutReview):
    """Take a pack, or give it to an analyst."""

    form_class = AnalystForm
    title = _("Who reviews this pack?")
    submit_label = _("Assign it")
    success_message = _("Assigned.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_assign(user=request.user, pack=self.object, version=packs.sealed_of(self.object))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may be chosen depends on who chooses."""
        return {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Oneself."""
        return {"analyst": self.request.user.pk} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Assign it."""
        return services.assign(pack_id=self.object.pk, analyst_id=data["analyst"], actor=self.request.user, now=now)


class Rate(AboutReview, UpdateView):
    """The internal risk class."""

    form_class = RatingForm
    title = _("Set the risk class")
    success_message = _("The risk class is set.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_rate(user=request.user, pack=self.object, review=self.review)

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"rating": self.review.rating, "reason": self.review.rating_reason} if self.review else {}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Set it."""
        return services.rate(pack_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)

    def load(self) -> None:
        """The pack, and its review anew."""
        super().load()
        self.__dict__.pop("review", None)

    def version_now(self) -> int | None:
        """The review's, as it is now."""
        found = selectors.review_of(self.object)
        return found.version if found else None


class PackReturn(AboutReview):
    """Back to its manager, with what is wrong."""

    form_class = DefectsForm
    tone = "bad"
    title = _("Return with defects")
    submit_label = _("Return it")
    success_message = _("Returned. Its relationship manager opens the next version.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_return(user=request.user, pack=self.object, review=self.review)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Return it."""
        return services.return_pack(pack_id=self.object.pk, actor=self.request.user, now=now, **data)


class MemoStart(AboutReview):
    """Begin the analyst's memo."""

    form_class = NoFields
    title = _("Begin the memo?")
    submit_label = _("Begin the memo")
    success_message = _("Begun. Write it next.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_start_memo(user=request.user, pack=self.object, review=self.review)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Begin it."""
        return services.start_memo(pack_id=self.object.pk, actor=self.request.user, now=now)


class MemoWrite(KeepsDrafts, AboutReview):
    """Write the memo; what is typed is kept by itself until it is saved."""

    form_class = MemoForm
    title = pgettext_lazy("credit", "Memo")
    submit_label = _("Save the memo")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_write(user=request.user, pack=self.object, review=self.review)

    def saved_values(self) -> dict[str, Any]:
        """As it stands."""
        return {"text": self.memo.text} if self.memo else {}

    @property
    def draft_place(self) -> str:
        """The memo's: a next one begins without it."""
        return f"reviews:write_memo:{self.memo.pk if self.memo else 0}"

    def version_now(self) -> int | None:
        """The memo's."""
        return self.memo.version if self.memo else None

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Save it."""
        return services.write_memo(pack_id=self.object.pk, version=self.version, actor=self.request.user, now=now, **data)


class FactsSend(AboutReview):
    """Send the memo for its fact check."""

    form_class = NoFields
    title = _("Send the memo for the fact check?")
    submit_label = _("Send it")
    success_message = _("Sent. Silence counts as assent.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_write(user=request.user, pack=self.object, review=self.review)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Send it."""
        return services.send_facts(pack_id=self.object.pk, actor=self.request.user, now=now)


class FactsCheck(AboutReview):
    """The manager's word on the facts."""

    form_class = FactsForm
    template_name = "reviews/facts_form.html"
    title = _("Check the facts")
    submit_label = _("Say so")
    success_message = _("The analyst has your word.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check_facts(user=request.user, pack=self.object, memo=self.memo)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.check_facts(pack_id=self.object.pk, actor=self.request.user, now=now, **data)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the memo."""
        return super().get_context_data(memo=self.memo, **context)
