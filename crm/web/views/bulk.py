"""One operation on many rows of a list: the chosen ones, or all that match its filters, with a count and, where it can be, an undo."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.errors import DomainError, RuleBroken
from crm.web import selectors
from crm.web.paging import in_order
from crm.web.views.lists import ListView
from crm.web.views.operations import SUBMISSION, UNPROCESSABLE, FormPage

SELECTED, ALL, QUERY, UNDO = "selected", "all", "query", "undo"
UNDO_FOR = dt.timedelta(minutes=15)
NAMED = 10


class BulkOperationView(FormPage):
    """Calls one service per chosen row; a refused row does not stop the others.

    The list posts here (`selected` ids, or `all=1` with the list's `query`); the first answer asks, the second does it. Each row runs in
    its own savepoint of one transaction, hence `max_rows`. Where `undo_one` is given and `can_undo` set, the result offers to take it back
    for 15 minutes.
    """

    list_view: type[ListView]
    list_url_name: str
    max_rows: ClassVar[int] = 200
    can_undo: ClassVar[bool] = False
    template_name = "web/bulk.html"
    result_template = "web/bulk_result.html"

    def perform_one(self, record: Any, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Do it with one row. Returns what `undo_one` needs (a plain JSON value), or None; a DomainError becomes the row's refusal."""
        raise NotImplementedError

    def undo_one(self, record_id: int, before: Any, *, now: dt.datetime) -> None:
        """Take it back for one row; the service refuses where somebody has worked on since."""
        raise NotImplementedError

    @property
    def list_url(self) -> str:
        """The list one came from, with its filters."""
        return f"{url_of(self.list_url_name)}?{self.request.POST.get(QUERY, '')}".rstrip("?")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Rows are chosen on the list."""
        return HttpResponseRedirect(url_of(self.list_url_name))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, do, or take back."""
        if request.POST.get(UNDO):
            return self._undo(request.POST[UNDO])
        if SUBMISSION not in request.POST:
            return self.show(self.make_form())
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            answer = self.once(self.submission, self._body(), lambda: self._carry_out(form.cleaned_data))
        except DomainError as error:
            return self.refuse(form, error)
        return self.result(answer, undo_key=self.submission if self.can_undo and answer["done"] else "")

    def chosen(self) -> QuerySet[Any]:
        """The chosen rows among those that the reader may see, in the list's order. RuleBroken for none and for too many."""
        post = self.request.POST
        source = self.list_view.for_reader(self.request.user, url_of(self.list_url_name), post.get(QUERY, ""))
        if post.get(ALL):
            rows = source.rows
        else:
            keys = [key for key in post.getlist(SELECTED)[: self.max_rows + 1] if key.isascii() and key.isdigit() and len(key) < 19]
            rows = source.get_queryset().filter(pk__in=keys)
        count = rows.order_by()[: self.max_rows + 1].count()
        if not count:
            raise RuleBroken(_("Choose at least one row."), code="none_chosen")
        if count > self.max_rows:
            raise RuleBroken(_("At most %(count)s rows at a time. Narrow the list first.") % {"count": self.max_rows}, code="too_many")
        return in_order(rows, source.order)

    def show(self, form: forms.BaseForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """The question: how many rows, the first of them by name, and what else is needed."""
        rows: list[Any] = []
        if status == 200:
            try:
                rows = list(self.chosen())
            except DomainError as error:
                form.cleaned_data = {}
                form.add_error(None, str(error))
                status = UNPROCESSABLE
        keep = {SELECTED: [row.pk for row in rows] or self.request.POST.getlist(SELECTED), QUERY: [self.request.POST.get(QUERY, "")]}
        context |= {"hidden": [(name, value) for name, values in keep.items() for value in values]}
        return super().show(form, status=status, rows=rows[:NAMED], more=max(0, len(rows) - NAMED), count=len(rows), **context)

    def result(self, answer: dict[str, Any], *, undo_key: str = "", undone: bool = False) -> HttpResponse:
        """What came of it: how many were done, and why the others were not."""
        context = self.get_context_data(answer=answer, undo_key=undo_key, undone=undone, list_url=self.list_url)
        return self.render(self.result_template, context)

    def get_back_url(self) -> str:
        """The list."""
        return self.list_url

    def _carry_out(self, data: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        done: list[list[Any]] = []
        refused: list[list[str]] = []
        for record in self.chosen():
            try:
                with transaction.atomic():
                    done.append([record.pk, self.perform_one(record, data=data, now=now)])
            except DomainError as error:
                refused.append([str(record), str(error)])
        return {"done": done, "refused": refused}

    def _undo(self, key: str) -> HttpResponse:
        """Take back what one's own submission did."""
        now = timezone.now()
        kept = selectors.kept_answer(user=self.request.user, operation=self.operation, key=key, since=now - UNDO_FOR)
        if kept is None or not self.can_undo:
            raise Http404
        answer = self.once(f"{key}:undo", key, lambda: self._take_back(kept["done"], now))
        return self.result(answer, undone=True)

    def _take_back(self, done: list[list[Any]], now: dt.datetime) -> dict[str, Any]:
        taken_back: list[list[Any]] = []
        refused: list[list[str]] = []
        for record_id, before in done:
            try:
                with transaction.atomic():
                    self.undo_one(record_id, before, now=now)
                    taken_back.append([record_id, None])
            except DomainError as error:
                refused.append([str(record_id), str(error)])
        return {"done": taken_back, "refused": refused}
