"""The first page of the day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.worklist import WorkItem
from crm.today import selectors
from crm.today.tables import WorkTable
from crm.web.views import Action, Empty, ListView, Page

LAYOUTS = {1: "grid", 2: "grid halves", 3: "grid today"}


class Today(Page):
    """`/`: what to do now, and what each feature has to say today. A fixed number of statements, whatever the size of the bank."""

    title = _("Today")
    template_name = "today/today.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Work on the left, the features' cards beside it; whoever has no cards finds where to begin."""
        now = timezone.now()
        columns = selectors.columns(user=request.user, now=now)
        places = [] if columns else selectors.places(request.user)
        count = 1 + (len(columns) or bool(places))
        context = self.get_context_data(
            work=selectors.do_now(user=request.user, now=now),
            columns=columns,
            places=places,
            layout=LAYOUTS.get(count, "grid today"),
            today=date_format(timezone.localtime(now), "MONTH_DAY_FORMAT"),
            weekday=date_format(timezone.localtime(now), "l"),
        )
        return self.render(self.template_name, context)


class WorkList(ListView):
    """`/tasks/`: all open work, one's own and that of the queues one serves."""

    model = WorkItem
    table_class = WorkTable
    title = _("All that is open")
    ordering = ("due_at",)
    select_related = ("company",)
    empty = Empty(
        _("Nothing waits for you"),
        _("Next steps, promises and what others ask of you stand here."),
        "today:task_create",
        _("Add a task"),
        "check",
    )

    def get_queryset(self) -> Any:
        """Open ones."""
        return selectors.to_do(self.request.user)

    def actions(self) -> list[Action]:
        """Another task."""
        return [Action(_("Add a task"), url_of("today:task_create"), "plus", primary=True, dialog=True)]
