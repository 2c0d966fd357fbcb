"""One paper of a pack: its documents, the second person's check, leaving it out, its waiver."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.checklists import permissions, selectors, services
from credit.checklists.choices import ItemState
from credit.checklists.forms import CheckForm, ReasonForm, WaiverDecideForm, WaiverForm
from credit.checklists.models import ChecklistItem, Waiver
from credit.checklists.tables import CheckTable
from credit.packs.models import Pack
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.forms import NoFields
from crm.web.templatetags.ui import when
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, ListView, OperationView

A_MONTH = dt.timedelta(days=30)
PACK = tuple(f"version__pack__{name}" for name in ("company", "owner", "centre", "team"))
RELATED = ("version", *PACK, "party__company", "own", "received_by", "checked_by", "waived_by")


class ItemList(ListView):
    """`/credit/papers/`: what came and waits for a second person, the oldest first."""

    model = ChecklistItem
    table_class = CheckTable
    title = _("Papers to check")
    ordering = ("received_at",)
    select_related = ("version__pack__company", "received_by", "party__company", "own")
    search_hint = _("Company, stock code or number")
    empty = Empty(
        _("Nothing to check"), _("Papers that a colleague received stand here until a second person has seen them."), icon="check"
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Who checks papers at all."""
        return permissions.can_check_at_all(user=request.user)

    def get_queryset(self) -> Any:
        """Those that this person may be the second one for."""
        return ChecklistItem.objects.visible_to(self.request.user).waiting_for(self.request.user).select_related(*self.select_related)

    def search(self, queryset: Any, q: str) -> Any:
        """By the pack's company or number."""
        return queryset.found(q, Company.objects.visible_to(self.request.user).named(q))


class ItemDetail(DetailView):
    """A paper with its documents, and what may be done with it."""

    model = ChecklistItem
    select_related = RELATED
    template_name = "checklists/item_detail.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    @property
    def line(self) -> selectors.Line:
        """How it stands today."""
        return selectors.line_of(self.object, selectors.today_of(self.object.version.pack, timezone.now()))

    def crumbs(self) -> list[Crumb]:
        """By way of the pack, for those who see it; else of the papers to check."""
        pack = self.object.version.pack
        if Pack.objects.visible_to(self.request.user).filter(pk=pack.pk).exists():
            return [Crumb(_("Credit packs"), url_of("packs:pack_list")), Crumb(pack.number, self.object.get_absolute_url())]
        return [Crumb(_("Papers to check"), url_of("checklists:item_list"))]

    def facts(self) -> list[Fact]:
        """Who received and checked it, and until when it is good."""
        item = self.object
        facts = [Fact(pgettext_lazy("paper", "Need"), item.get_need_display())]
        if item.requested_at:
            facts.append(Fact(_("Requested"), when(item.requested_at)))
        if item.received_by:
            facts.append(Fact(_("Received"), when(item.received_at), item.received_by.name))
        if item.dated_on:
            facts.append(Fact(_("Speaks of"), when(item.dated_on)))
        if item.valid_until:
            facts.append(Fact(_("Good until"), when(item.valid_until, due=True)))
        if item.checked_by:
            note = _("original sighted") if item.original_sighted else _("copy")
            facts.append(Fact(_("Checked"), item.checked_by.name, note))
        if item.state == ItemState.WAIVED and item.waived_by:
            facts.append(Fact(_("Waived until"), when(item.waived_until, due=True), item.waived_by.name))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        item, user = self.object, self.request.user
        kept = permissions.can_keep(user=user, item=item)
        waits = item.state in (ItemState.NOT_APPLICABLE, ItemState.WAIVED)
        found = []
        if item.state == ItemState.RECEIVED and permissions.is_checker(user):
            may = permissions.can_check(user=user, item=item)
            found.append(Action(_("Checked"), url_of("checklists:check", item.pk), "check", primary=True, dialog=True, refusal=may.reason))
            if may:
                found.append(Action(_("Send back"), url_of("checklists:send_back", item.pk), "undo", dialog=True))
        if kept:
            receive = f"{url_of('checklists:receive', item.version.pack_id)}?items={item.pk}"
            found.append(Action(_("Bring papers"), receive, "upload", primary=not found))
            if item.state != ItemState.CHECKED and not waits:
                found.append(Action(_("Ask for a waiver"), url_of("checklists:waiver_ask", item.pk), "star", dialog=True))
            if permissions.can_leave_out(user=user, item=item) and not waits:
                found.append(Action(_("Does not apply"), url_of("checklists:leave_out", item.pk), "x", dialog=True))
            if waits:
                found.append(Action(_("Ask for it again"), url_of("checklists:ask_again", item.pk), "undo", dialog=True))
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds documents and waivers."""
        item = self.object
        return super().get_context_data(
            line=self.line,
            uses=list(item.uses.select_related("document__file", "document__received_by").order_by("pk")),
            waivers=list(item.waivers.select_related("asked_by", "decided_by").order_by("-pk")),
            may_keep=permissions.can_keep(user=self.request.user, item=item),
            **context,
        )


class AboutItem(OperationView):
    """An operation on one paper, which leads back to its page."""

    model = ChecklistItem
    select_related = RELATED

    def get_success_url(self, result: Any) -> str:
        """The paper; the list of those to check, where it is not to be seen any more."""
        seen = ChecklistItem.objects.visible_to(self.request.user).filter(pk=self.object.pk).exists()
        return url_of("checklists:item_detail", self.object.pk) if seen else url_of("checklists:item_list")

    def get_back_url(self) -> str:
        """The paper."""
        return url_of("checklists:item_detail", self.object.pk)


class ItemCheck(AboutItem):
    """A second person has seen it."""

    form_class = CheckForm
    title = _("Is this paper in order?")
    submit_label = _("Checked")
    success_message = _("Checked.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, item=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Check it."""
        return services.check_paper(item_id=self.object.pk, actor=self.request.user, now=now, **data)


class ItemSendBack(AboutItem):
    """The second person cannot accept it."""

    form_class = ReasonForm
    tone = "bad"
    title = _("Send this paper back")
    submit_label = _("Send it back")
    success_message = _("Sent back. It is asked for again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, item=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Send it back."""
        return services.send_back_paper(item_id=self.object.pk, actor=self.request.user, now=now, **data)


class ItemLeaveOut(AboutItem):
    """It does not apply here."""

    form_class = ReasonForm
    title = _("This paper does not apply")
    submit_label = _("Leave it out")
    success_message = _("Left out.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_leave_out(user=request.user, item=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Leave it out."""
        return services.leave_out(item_id=self.object.pk, actor=self.request.user, now=now, **data)


class ItemAskAgain(AboutItem):
    """It applies after all."""

    form_class = NoFields
    title = _("Ask for this paper again?")
    submit_label = _("Ask for it again")
    success_message = _("It is missing again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep(user=request.user, item=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it."""
        return services.ask_again(item_id=self.object.pk, actor=self.request.user, now=now)


class WaiverAsk(AboutItem):
    """Ask a head to do without it for a while."""

    form_class = WaiverForm
    title = _("Ask for a waiver")
    submit_label = _("Ask for it")
    success_message = _("Asked for. A head decides.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own; whether this paper may be waived at all is said by the service."""
        return permissions.can_keep(user=request.user, item=self.object)

    def get_initial(self) -> dict[str, Any]:
        """For a month."""
        return {"until": timezone.localdate() + A_MONTH} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask."""
        return services.ask_waiver(item_id=self.object.pk, actor=self.request.user, now=now, **data)


class WaiverDecide(OperationView):
    """`/credit/waivers/<id>/`: the same as in the approvals inbox, as a page of its own."""

    model = Waiver
    select_related = ("version", *PACK, "item__party__company", "item__own", "asked_by")
    form_class = WaiverDecideForm
    template_name = "checklists/waiver_form.html"
    title = _("Waiver of a paper")
    submit_label = _("Decide")
    success_message = _("Decided.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide(user=request.user, waiver=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Decide it."""
        return services.decide_waiver(waiver_id=self.object.pk, act=data["act"], actor=self.request.user, now=now, note_text=data["note"])
