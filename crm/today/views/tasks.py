"""Adding, ticking, postponing and dropping tasks. Ticking answers htmx with the row alone, and can be taken back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel import todo
from crm.kernel.contributions import WorkKind
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.kernel.worklist import WorkItem, WorkState
from crm.today import selectors
from crm.today.forms import PostponeForm, TaskForm, tomorrow_morning
from crm.web.forms import Form
from crm.web.views import CreateView, OperationView, RecordPage, wants_fragment

_ELSEWHERE = _("This is done on its own page.")


class TaskCreate(CreateView):
    """`/tasks/add/`, about the company of `?company=` where there is one."""

    form_class = TaskForm
    title = _("Add a task")
    success_message = _("Added.")
    company: Company | None = None

    def load(self) -> None:
        """The company among those that one may see."""
        asked = self.request.GET.get("company", "")
        if asked:
            known = asked.isascii() and asked.isdigit() and len(asked) < 19
            self.company = Company.objects.visible_to(self.request.user).filter(pk=int(asked)).first() if known else None
            if self.company is None:
                raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who gives the task."""
        return {"user": self.request.user, "now": timezone.now()}

    def get_initial(self) -> dict[str, Any]:
        """The next morning."""
        return {"due_at": tomorrow_morning(timezone.now())} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> WorkItem:
        """Add it."""
        return todo.add_task(actor=self.request.user, now=now, company_id=self.company.pk if self.company else None, **data)


class AboutItem(RecordPage):
    """Something done to one work item that one may see."""

    model = WorkItem
    select_related = ("company",)

    @property
    def kind(self) -> WorkKind | None:
        """What its feature says of it."""
        return selectors.work_kinds().get(self.object.kind)


class Tick(AboutItem):
    """One tap: done, or not done after all."""

    http_method_names = ["post", "options"]
    says: Any = ""

    def service(self) -> Callable[..., Any] | None:
        """The feature's own operation."""
        raise NotImplementedError

    def permission(self, request: HttpRequest) -> Permission:
        """Only kinds that can be ticked."""
        return ALLOWED if self.service() else denied(_ELSEWHERE)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out; htmx gets the row as it stands now."""
        operation: Any = self.service()
        operation(item_id=self.object.pk, actor=request.user, now=timezone.now())
        if not wants_fragment(self.request):
            messages.success(request, self.says)
            return HttpResponseRedirect("/")
        item = self.get_queryset().get(pk=self.object.pk)
        return self.render("today/work_row.html", {"row": selectors.as_work(item)})


class TaskDone(Tick):
    """It is done."""

    says = _("Done.")

    def service(self) -> Callable[..., Any] | None:
        """Tick."""
        return self.kind.tick if self.kind else None


class TaskReopen(Tick):
    """Undo."""

    says = _("Open again.")

    def service(self) -> Callable[..., Any] | None:
        """Untick."""
        return self.kind.untick if self.kind else None


class OwnTask(OperationView, AboutItem):
    """An operation on a task, which leads back to Today."""

    def permission(self, request: HttpRequest) -> Permission:
        """Open tasks only; the time of other work comes from its own record."""
        if self.object.kind != todo.TASK:
            return denied(_ELSEWHERE)
        return ALLOWED if self.object.state == WorkState.OPEN else denied(_("This is done already."))

    def get_success_url(self, result: Any) -> str:
        """Where one came from."""
        return self.get_back_url()


class TaskPostpone(OwnTask):
    """Later."""

    form_class = PostponeForm
    template_name = "today/postpone.html"
    title = _("Postpone")
    success_message = _("Postponed.")

    def get_initial(self) -> dict[str, Any]:
        """The next morning."""
        return {"due_at": tomorrow_morning(timezone.now())}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> WorkItem:
        """Move it."""
        return todo.postpone_task(item_id=self.object.pk, actor=self.request.user, now=now, **data)


class TaskDrop(OwnTask):
    """Not needed any more."""

    form_class = Form
    title = _("Drop this task?")
    submit_label = _("Drop it")
    success_message = _("Dropped.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> WorkItem:
        """Drop it."""
        return todo.drop_task(item_id=self.object.pk, actor=self.request.user, now=now)
