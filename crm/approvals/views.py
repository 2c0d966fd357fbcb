"""The inbox: the list of what waits beside the chosen request; a decision brings the next one in the same answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_htmx.http import push_url

from crm.approvals import permissions, selectors, services
from crm.approvals.selectors import Request
from crm.approvals.tables import DecidedTable, in_words
from crm.kernel.addresses import url_of
from crm.kernel.errors import DomainError, InvalidTransition
from crm.kernel.permission import Permission
from crm.kernel.submissions import new_key
from crm.kernel.worklist import WorkItem
from crm.web.forms import NoFields
from crm.web.views import Action, Empty, FormPage, ListView, Page, wants_fragment
from crm.web.views.operations import SUBMISSION, UNPROCESSABLE

KIND, SHOWN, CURSOR, ACT, SELECTED = "kind", "shown", "cursor", "act", "selected"


class InboxPage(Page):
    """What the pages with the list share."""

    title = _("Approvals")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever decides something."""
        return permissions.can_open_inbox(user=request.user)

    @property
    def kind(self) -> str:
        """The kind to which the list is narrowed."""
        asked = self.request.GET.get(KIND, "")
        return asked if asked in selectors.kinds() else ""

    @property
    def query(self) -> str:
        """What the addresses of this page carry on."""
        return f"?{urlencode({KIND: self.kind})}" if self.kind else ""

    def in_list(self, *, now: dt.datetime) -> dict[str, Any]:
        """The list as long as the reader has it before them."""
        shown = self.request.POST.get(SHOWN, "")
        size = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else selectors.PAGE
        return {"listing": selectors.listing(user=self.request.user, now=now, kind=self.kind, size=size), "query": self.query, "now": now}

    def actions(self) -> Sequence[Action]:
        """What was decided, and who decides while one is away."""
        return [Action(_("Decided"), url_of("approvals:decided_list")), Action(_("Leave cover"), url_of("staff:cover_list"))]

    def inbox(self, *, request: Request | None, now: dt.datetime, status: int = 200, **context: Any) -> HttpResponse:
        """The whole page."""
        told = selectors.pace(user=self.request.user, now=now)
        half = in_words(told.half_within) if told.half_within is not None else ""
        data = self.get_context_data(chosen=request, pace=told, half=half, actions=self.actions(), **self.in_list(now=now), **context)
        return self.render("approvals/inbox.html", data, status=status)


class RequestList(InboxPage):
    """`/approvals/`: what waits, the nearest limit first. With `cursor`, htmx gets the next rows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list; the desk's script opens the first request beside it."""
        now, cursor = timezone.now(), self.request.GET.get(CURSOR, "")
        if cursor and wants_fragment(self.request):
            rows, onward = selectors.more(user=request.user, kind=self.kind, cursor=cursor)
            return self.render("approvals/rows.html", {"rows": rows, "next": onward, "query": self.query, "now": now})
        return self.inbox(request=None, now=now)


class RequestDetail(InboxPage, FormPage):
    """`/approvals/<id>/`: one request with all that a decider needs; its acts are posted here, and the next request answers."""

    found: Request

    def load(self) -> None:
        """The request in the reader's queues; missing and hidden are the same 404."""
        try:
            self.found = selectors.request_of(item_id=self.kwargs["pk"], user=self.request.user, now=timezone.now())
        except ObjectDoesNotExist:
            raise Http404 from None

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form of the acts, as the feature gives it."""
        if self.found.pane is None:
            return NoFields()
        return self.found.pane.form_class(data=data, **self.found.pane.form_kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry an act out once. What is refused comes back as it was typed; what was decided meanwhile says so."""
        form = self.make_form(request.POST)
        pane = self.found.pane
        try:
            if pane is not None and not services.fill(selectors.act_of(pane, self.act), form):
                return self.show(form, status=UNPROCESSABLE)
            answer = self.once(self.submission, self._body(), lambda: self._decide(getattr(form, "cleaned_data", {})))
        except DomainError as error:
            return self.refuse_act(form, error)
        return self.succeed(answer)

    @property
    def act(self) -> str:
        """The act whose button or key was pressed."""
        return self.request.POST.get(ACT, "")

    def _body(self) -> dict[str, Any]:
        return {name: value for name, value in super()._body().items() if name != SHOWN}

    def _decide(self, data: dict[str, Any]) -> dict[str, Any]:
        services.decide(self.found, act=self.act, data=data, actor=self.request.user, now=timezone.now())
        label = selectors.act_of(self.found.pane, self.act).label if self.found.pane else ""
        title = self.found.pane.title if self.found.pane else ""
        return {"message": _now("%(act)s: %(request)s") % {"act": label, "request": title}}

    def refuse_act(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        """The pane again, with the sentence; without its form where somebody else was first."""
        if isinstance(error, InvalidTransition) and error.code == "decided":
            self.load_again()
            return self.show(NoFields(), status=409, told=error.message)
        form.errors  # noqa: B018 - a form that was not judged yet takes no errors
        return self.refuse(form, error)

    def load_again(self) -> None:
        """As it stands now: over, or gone from the reader's queues."""
        try:
            self.load()
        except Http404:
            self.found = Request(self.found.item, self.found.kind, None)

    def show(self, form: forms.BaseForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """The pane: alone for htmx, else beside the list. Refusals in a fragment are 422, which htmx swaps in."""
        now = timezone.now()
        held = {"form": form, "submission": self.submission, "tried": self.act, **self.about(self.found), **context}
        if not wants_fragment(self.request):
            return self.inbox(request=self.found, now=now, status=status, **held)
        data = self.get_context_data(chosen=self.found, query=self.query, now=now, **held)
        if status == 409:
            data |= self.in_list(now=now)
            return self.render("approvals/answer.html", data, status=UNPROCESSABLE)
        return self.render("approvals/pane.html", data, status=UNPROCESSABLE if status >= 400 else status)

    def about(self, request: Request) -> dict[str, Any]:
        """The record's own page and who decided, for what is over."""
        return {"record_url": "" if request.is_open else selectors.page_of(request.item)}

    def succeed(self, answer: dict[str, Any]) -> HttpResponse:
        """The next request: in the same answer for htmx, with the list as it stands now; else its page."""
        now = timezone.now()
        onward = selectors.next_request(user=self.request.user, now=now, after=self.found.item, kind=self.kind)
        address = (url_of("approvals:request_detail", onward.item.pk) if onward else url_of("approvals:request_list")) + self.query
        if not wants_fragment(self.request):
            messages.success(self.request, answer["message"])
            return HttpResponseRedirect(address)
        form = onward.pane.form_class(**onward.pane.form_kwargs) if onward and onward.pane else NoFields()
        data = self.get_context_data(chosen=onward, form=form, submission=new_key(), done=answer["message"], **self.in_list(now=now))
        return push_url(self.render("approvals/answer.html", data), address)


class Together(InboxPage, FormPage):
    """Decide several plain requests at once: the first answer asks, the second does it. A decision stands: there is no undo."""

    title = _("Decide together")
    form_class = NoFields
    submit_label = _("Decide all of these")
    template_name = "approvals/together.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Requests are chosen on the list."""
        return HttpResponseRedirect(url_of("approvals:request_list"))

    @property
    def item_ids(self) -> list[int]:
        """What was chosen."""
        keys = self.request.POST.getlist(SELECTED)[: services.TOGETHER + 1]
        return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]

    def get_back_url(self) -> str:
        """The list."""
        return url_of("approvals:request_list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or do."""
        form, now = NoFields(data={}), timezone.now()
        try:
            if SUBMISSION not in request.POST:
                chosen = services.choose(item_ids=self.item_ids, actor=request.user, now=now)
                return self.show(form, chosen=chosen, count=sum(not one.refusal for one in chosen))
            answer = self.once(
                self.submission, self._body(), lambda: services.decide_together(item_ids=self.item_ids, actor=request.user, now=now)
            )
        except DomainError as error:
            return self.refuse(form, error)
        data = self.get_context_data(answer=answer, list_url=self.get_back_url(), undone=False, undo_key="")
        return self.render("web/bulk_result.html", data)


class DecidedList(ListView):
    """`/approvals/decided/`: what one decided oneself, the newest first."""

    model = WorkItem
    table_class = DecidedTable
    title = _("Decided")
    ordering = ("-closed_at",)
    select_related = ("company",)
    exportable = False  # each register exports what is its own
    empty = Empty(
        _("You decided nothing yet"), _("What waits for you stands in the inbox."), "approvals:request_list", _("Approvals"), "check"
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever decides something."""
        return permissions.can_open_inbox(user=request.user)

    def get_queryset(self) -> QuerySet[Any]:
        """One's own decisions."""
        return selectors.decided(self.request.user)

    def actions(self) -> list[Action]:
        """Back to what waits."""
        return [Action(_("Waiting"), url_of("approvals:request_list"))]
