"""Papers of the bank's own: their editions, proposing one, and the second person's decision."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.checklists import permissions, selectors, services
from credit.checklists.choices import EditionState
from credit.checklists.filters import OwnPaperFilters
from credit.checklists.forms import OwnPaperForm, ReasonForm, edition_of
from credit.checklists.models import OwnPaper
from credit.checklists.tables import EDITION_TONES, OwnPaperTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.policy.selectors import LOOK_BACK
from crm.web.forms import NoFields
from crm.web.views import Action, CreateView, DetailView, Empty, ListView, OperationView

RELATED = ("proposed_by", "decided_by")
LONGEST_NUMBER = 10


class OwnPaperList(ListView):
    """`/credit/own-papers/`: all editions, the newest first."""

    model = OwnPaper
    table_class = OwnPaperTable
    filterset_class = OwnPaperFilters
    title = _("Papers of the bank’s own")
    ordering = ("-effective_from",)
    select_related = RELATED
    empty = Empty(_("None yet"), _("What packs ask for beyond the book is proposed by one person and approved by another."), icon="check")

    def permission(self, request: HttpRequest) -> Permission:
        """Who keeps them, compliance and audit."""
        return permissions.can_read_papers(user=request.user)

    def actions(self) -> list[Action]:
        """Propose one."""
        may = permissions.can_propose_paper(user=self.request.user)
        return [Action(_("Propose a paper"), url_of("checklists:own_propose"), "plus", primary=True)] if may else []


class OwnPaperDetail(DetailView):
    """An edition against the one before, what it would have meant, and the buttons of the second person."""

    model = OwnPaper
    template_name = "checklists/own_paper.html"
    crumb = (_("Papers of the bank’s own"), "checklists:own_list")
    select_related = RELATED

    def permission(self, request: HttpRequest) -> Permission:
        """Who keeps them, compliance and audit."""
        return permissions.can_read_papers(user=request.user)

    def actions(self) -> Sequence[Action]:
        """Decide it, withdraw it, or propose the next edition."""
        user, own = self.request.user, self.object
        if own.state != EditionState.PROPOSED:
            may = permissions.can_propose_paper(user=user)
            change = Action(_("Propose a change"), f"{url_of('checklists:own_propose')}?of={own.pk}", "edit", primary=True)
            return [change] if may and own.state == EditionState.APPROVED else []
        if own.proposed_by_id == user.pk:
            return [Action(_("Withdraw"), url_of("checklists:own_withdraw", own.pk), dialog=True)]
        may = permissions.can_decide_paper(user=user, own=own)
        return [
            Action(_("Refuse"), url_of("checklists:own_refuse", own.pk), dialog=True, refusal=may.reason),
            Action(_("Approve"), url_of("checklists:own_approve", own.pk), dialog=True, primary=True, refusal=may.reason),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds both editions, and the last quarter under this one as long as it waits."""
        own, today = self.object, timezone.localdate()
        waits = own.state == EditionState.PROPOSED
        return super().get_context_data(
            differences=selectors.differences(own),
            effect=selectors.effect_of(own, since=today - LOOK_BACK, until=today) if waits else None,
            tone=EDITION_TONES[own.state],
            **context,
        )


class OwnPaperPropose(CreateView):
    """`/credit/own-papers/new/?of=7`: a new paper, or the next edition of one, filled with what it says."""

    form_class = OwnPaperForm
    title = _("Propose a paper")
    submit_label = _("Propose it")
    success_message = _("Proposed. A second person of head office decides.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose_paper(user=request.user)

    def get_back_url(self) -> str:
        """The editions."""
        return url_of("checklists:own_list")

    def get_initial(self) -> dict[str, Any]:
        """From today on; as the edition that the address names."""
        told, asked = {"effective_from": timezone.localdate()} | super().get_initial(), self.request.GET.get("of", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < LONGEST_NUMBER):
            return told
        own = OwnPaper.objects.visible_to(self.request.user).filter(pk=int(asked)).first()
        return told | ({"code": own.code} | selectors.said_of(own) if own else {})

    def perform(self, *, data: dict[str, Any], now: Any) -> OwnPaper:
        """Propose it."""
        return services.propose_paper(edition=edition_of(data), actor=self.request.user, now=now)


class OwnPaperApprove(OperationView):
    """Approve an edition."""

    model = OwnPaper
    form_class: Any = NoFields
    title = _("Approve this change of the checklist?")
    submit_label = _("Approve")
    success_message = _("Approved. New packs and versions opened from its day on follow it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide_paper(user=request.user, own=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> OwnPaper:
        """Approve."""
        return services.approve_paper(paper_id=self.object.pk, actor=self.request.user, now=now)


class OwnPaperRefuse(OwnPaperApprove):
    """Refuse an edition, with the reason."""

    form_class = ReasonForm
    title = _("Refuse this change of the checklist?")
    submit_label = _("Refuse")
    success_message = _("Refused.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: Any) -> OwnPaper:
        """Refuse."""
        return services.refuse_paper(paper_id=self.object.pk, reason=data["reason"], actor=self.request.user, now=now)


class OwnPaperWithdraw(OwnPaperApprove):
    """Take one's own proposal back."""

    title = _("Withdraw this change of the checklist?")
    submit_label = _("Withdraw")
    success_message = _("Withdrawn.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_withdraw_paper(user=request.user, own=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> OwnPaper:
        """Withdraw."""
        return services.withdraw_paper(paper_id=self.object.pk, actor=self.request.user, now=now)
