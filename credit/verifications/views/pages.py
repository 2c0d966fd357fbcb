"""The register and one case as guided steps."""

from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags.models import Flag
from credit.verifications import permissions, rules, selectors
from credit.verifications.choices import RESULT_TONES, Act, Kind, Result, State
from credit.verifications.filters import VerificationFilters
from credit.verifications.models import Step, Verification
from credit.verifications.tables import STATE_TONES, VerificationTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import money
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload, ListView


class VerificationList(ListView):
    """`/credit/verifications/`."""

    model = Verification
    table_class = VerificationTable
    filterset_class = VerificationFilters
    title = _("Verifications")
    ordering = ("-opened_at",)
    select_related = ("client__company",)
    search_hint = _("Company, stock code or number of the paper")
    empty = Empty(
        _("No verifications"), _("Bills of lading and other papers stand here while they are verified with who issued them."), icon="check"
    )

    def permission(self, request: HttpRequest) -> Permission:
        """The credit department and who oversees it."""
        return permissions.can_read_checks(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(client__company__in=named) | queryset.filter(number_key__startswith=rules.plain(q) or q)

    def actions(self) -> list[Action]:
        """Begin one; the directory."""
        user = self.request.user
        found = []
        if permissions.can_read_directory(user=user):
            found.append(Action(_("Directory of contacts"), url_of("verifications:contact_list"), "people"))
        if permissions.can_verify(user=user):
            found.append(Action(_("Verify a paper"), url_of("verifications:verification_open"), "plus", primary=True))
        return found


class VerificationDetail(DetailView):
    """One case: the paper, the steps, the original of each message."""

    model = Verification
    select_related = selectors.RELATED
    template_name = "verifications/verification_detail.html"
    crumb = (_("Verifications"), "verifications:verification_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """Worth how much, for which deal, why, by when."""
        case = self.object
        facts = [
            Fact(_("Amount"), money(case.amount, case.currency)),
            Fact(_("Deal"), case.reference),
            Fact(_("Why"), case.get_ground_display()),
        ]
        if case.reply_by and case.state != State.DONE:
            facts.append(Fact(_("Reply by"), date_format(case.reply_by, "DATETIME_FORMAT")))
        return facts

    def actions(self) -> list[Action]:
        """The next steps."""
        case, user = self.object, self.request.user
        asked, asked_again = pgettext_lazy("verification", "Asked"), pgettext_lazy("verification", "Asked again")
        offered = (
            (permissions.can_send(user=user, verification=case), asked, "verifications:send", "mail", True),
            (permissions.can_chase(user=user, verification=case), asked_again, "verifications:chase", "mail", False),
            (
                permissions.can_settle(user=user, verification=case),
                _("Settle it"),
                "verifications:settle",
                "check",
                case.state != State.OPEN,
            ),
        )
        found = [
            Action(label, url_of(name, case.pk), icon, primary=primary, dialog=True) for may, label, name, icon, primary in offered if may
        ]
        if case.is_to_be_transcribed and permissions.can_verify(user=user, verification=case):
            address = f"{url_of('verifications:verification_open')}?company={case.client.company_id}&paper={case.pk}"
            found.insert(0, Action(_("Transcribe the paper"), address, "edit", primary=True))
        elif case.kind == Kind.BILL and permissions.can_verify(user=user, verification=case):
            found.insert(0, Action(_("Ship’s position"), url_of("verifications:note_ship", case.pk), "search", dialog=True))
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the steps, the containers with their check, the flags raised, carriers that did not reply."""
        case, user = self.object, self.request.user
        steps = list(Step.objects.visible_to(user).filter(verification=case).select_related("actor", "file").order_by("at", "pk"))
        done = {step.act for step in steps}
        return super().get_context_data(
            steps=steps,
            done=done,
            has_ship=Act.SHIP in done,
            containers=[(number, rules.is_container(number)) for number in case.containers],
            raised=list(Flag.objects.visible_to(user).filter(pk__in=case.flags.values("pk")).order_by("pk")),
            stopped_carriers=selectors.stopped_carriers(case.client) if case.kind == Kind.BILL else [],
            state_tone=STATE_TONES[State(case.state)],
            result_tone=RESULT_TONES[Result(case.result)] if case.result else "",
            **context,
        )


class OriginalDownload(FileDownload):
    """The original of a message, for whoever sees the step."""

    model = Step
