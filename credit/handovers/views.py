"""The list of handovers, one of them with its list, and the steps of signing it."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from credit.handovers import pdf, permissions, rules, selectors, services
from credit.handovers.choices import TONES, HandoverState, Side
from credit.handovers.filters import HandoverFilters
from credit.handovers.forms import BeginForm, DropForm, SignForm
from credit.handovers.models import Handover, Signature
from credit.handovers.showing import shown
from credit.handovers.tables import HandoverTable
from crm.clients.models import Client
from crm.clients.selectors import receivers
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.papers.choices import Language
from crm.web.downloads import as_download
from crm.web.forms import NoFields
from crm.web.views import Action, DetailView, Empty, Fact, ListView, OperationView, RecordPage


class HandoverList(ListView):
    """`/credit/handovers/`: newest first."""

    model = Handover
    table_class = HandoverTable
    filterset_class = HandoverFilters
    title = _("Handovers of clients")
    ordering = ("-begun_at",)
    select_related = ("client__company", "outgoing", "incoming", "witness")
    search_hint = _("Company, stock code or number")
    empty = Empty(
        _("No handovers"), _("A client with live credit is handed over from its page, by a list that three people sign."), icon="swap"
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Managers, heads and those who read all."""
        return permissions.can_read_handovers(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(client__company__in=named) | queryset.filter(number__istartswith=q)


class HandoverDetail(DetailView):
    """`/credit/handovers/<id>/`: all that is open, and who has signed for it."""

    model = Handover
    select_related = selectors.RELATED
    template_name = "handovers/handover_detail.html"
    crumb = (_("Handovers of clients"), "handovers:handover_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    @cached_property
    def signed(self) -> list[Signature]:
        """Of the list that stands."""
        return selectors.signatures_of(self.object)

    def facts(self) -> list[Fact]:
        """From whom, to whom, before whom, how much."""
        one = self.object
        return [
            Fact(_("Hands over"), one.outgoing.name),
            Fact(_("Takes over"), one.incoming.name),
            Fact(_("Witness"), one.witness.name),
            Fact(_("On the list"), rules.count(one.told)),
        ]

    def actions(self) -> list[Action]:
        """Sign, make the list anew, drop; the list as a PDF."""
        user, one = self.request.user, self.object
        offered = (
            (permissions.can_sign(user=user, handover=one, signed=self.signed), _("Sign the list"), "handovers:sign", "check", True),
            (permissions.can_renew(user=user, handover=one), _("Make the list anew"), "handovers:renew", "undo", False),
            (permissions.can_drop(user=user, handover=one), pgettext_lazy("handover", "Drop it"), "handovers:drop", "x", False),
        )
        found = [Action(label, url_of(name, one.pk), icon, primary=first, dialog=True) for may, label, name, icon, first in offered if may]
        return [*found, Action("PDF", url_of("handovers:list_pdf", one.pk), "download")]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the list, the three sides, and what came up since."""
        one = self.object
        held = {row.side: row for row in self.signed}
        named = {Side.OUT: one.outgoing, Side.IN: one.incoming, Side.WITNESS: one.witness}
        is_open = one.state == HandoverState.OPEN
        return super().get_context_data(
            sections=[section for section in shown(one.told) if section.rows],
            sides=[(side.label, person, held.get(side)) for side, person in named.items()],
            news=[label for _code, label in selectors.news_of(one)] if is_open else [],
            tone=TONES[HandoverState(one.state)],
            **context,
        )


class HandoverBegin(OperationView):
    """`/credit/handovers/of/<client>/`: begin."""

    model = Client
    select_related = ("company", "centre", "team")
    form_class = BeginForm
    title = _("Hand this client over")
    submit_label = _("Make the list")
    success_message = _("The list waits for three signatures.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_begin(user=request.user, client=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may take over, and who may witness."""
        user, now = self.request.user, timezone.now()
        return {"receivers": receivers(user, self.object, now=now), "witnesses": selectors.witnesses(user, self.object, now=now)}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Handover:
        """Begin it."""
        told = {"incoming_id": data["incoming"].pk, "witness_id": data["witness"].pk, "reason": data["reason"]}
        return services.begin_handover(client_id=self.object.pk, actor=self.request.user, now=now, **told)

    def get_success_url(self, result: Handover) -> str:
        """The handover."""
        return result.get_absolute_url()


class AboutHandover(OperationView):
    """A step, which leads back to the handover."""

    model = Handover
    select_related = selectors.RELATED

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"handover_id": self.object.pk, "actor": self.request.user}

    def get_success_url(self, result: Any) -> str:
        """The handover."""
        return self.object.get_absolute_url()


class Sign(AboutHandover):
    """One of the three."""

    form_class = SignForm
    title = _("Sign this list")
    submit_label = _("I sign it")
    success_message = _("Signed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        signed = selectors.signatures_of(self.object)
        return permissions.can_sign(user=request.user, handover=self.object, signed=signed)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Sign."""
        return services.sign(now=now, **self.call, **data)


class Renew(AboutHandover):
    """The list anew."""

    form_class = NoFields
    title = _("Make the list anew? Whoever signed signs again.")
    submit_label = _("Make it anew")
    success_message = _("The list is as of now.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_renew(user=request.user, handover=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Make it."""
        return services.renew_list(now=now, **self.call)


class Drop(AboutHandover):
    """Not handed over after all."""

    form_class = DropForm
    tone = "bad"
    title = _("Drop this handover")
    submit_label = pgettext_lazy("handover", "Drop it")
    success_message = _("Dropped. The client stays where it is.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_drop(user=request.user, handover=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Drop it."""
        return services.drop_handover(now=now, **self.call, **data)


class ListPdf(RecordPage):
    """`/credit/handovers/<id>/pdf/?language=zh-hant`: the list with its signatures as one PDF."""

    model = Handover
    select_related = selectors.RELATED

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it."""
        known, asked = [str(one) for one in Language], request.GET.get("language", "")
        language = asked if asked in known else next((one for one in known if one == get_language()), "en")
        content = pdf.make(self.object, language=language)
        return as_download(HttpResponse(content, content_type="application/pdf"), f"{self.object.number}.pdf")
