"""Pages of the tests: lists, records and operations over jobs and users, the only tables that the toolkit itself knows."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Sum
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.views.i18n import set_language
from ninja import Router

from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from crm.kernel.jobs import Job, JobState
from crm.kernel.permission import ALLOWED, denied
from crm.web.api import Api, Bearer, api, once, page
from crm.web.bodies import Body
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, TextFilter, YesNoFilter
from crm.web.tables import ChipColumn, Column, NumberColumn, PersonColumn, Table, WhenColumn
from crm.web.views import (
    BulkAction,
    BulkOperationView,
    CreateView,
    DetailView,
    Empty,
    Fact,
    ListView,
    OperationView,
    Page,
    RecordFragmentView,
    Tab,
    UpdateView,
    errors,
)
from crm.web.views.health import healthz


class WorkTable(Table):
    title = Column()
    kind = Column(sight="kind")
    state = ChipColumn(tones={JobState.DONE: "jade"})
    done = NumberColumn()
    total = NumberColumn(accessor="total", order_by=("-total", "title"))
    owner = PersonColumn(order_by="owner__name_en")
    created_at = WhenColumn()
    finished_at = WhenColumn()

    class Meta:
        model = Job

    @classmethod
    def visible_fields(cls, user: Any) -> set[str]:
        return {"kind"} if user.actor.has_role("TH") else set()


class WorkFilters(FilterSet):
    state = ChoiceFilter(label="State", choices=JobState.choices)
    kind = TextFilter(label="Kind", lookup_expr="exact")
    owner = PersonFilter(label="Owner")
    created_at = DateSpanFilter(label="Started")
    over = YesNoFilter(label="Over", method="filter_over")

    def filter_over(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.exclude(finished_at=None) if value else queryset.filter(finished_at=None)

    class Meta:
        model = Job
        fields: list[str] = []


class WorkList(ListView):
    model = Job
    table_class = WorkTable
    filterset_class = WorkFilters
    title = "Work"
    ordering = ("-id",)
    select_related = ("owner",)
    search_hint = "Title"
    empty = Empty("No work yet", "Start an import first.")
    bulk_actions = (BulkAction("Rename", "work_rename"),)

    def search(self, queryset: Any, q: str) -> Any:
        return queryset.filter(title__icontains=q)

    def totals(self, queryset: Any) -> Any:
        return queryset.aggregate(done=Sum("done"))


class NoteForm(forms.Form):
    title = forms.CharField(max_length=40)
    file = forms.FileField(required=False)


REFUSALS = {
    "no": NotAllowed("Not you."),
    "rule": RuleBroken("Too long.", fields={"title": "Shorter, please."}),
    "late": InvalidTransition("It has moved on."),
}


class WorkCreate(CreateView):
    form_class = NoteForm
    title = "New work"
    success_message = "Made."

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Job:
        if data["title"] in REFUSALS:
            raise REFUSALS[data["title"]]
        return Job.objects.create(kind="made", title=data["title"], owner=self.request.user)

    def get_success_url(self, result: Job) -> str:
        return f"/work/{result.pk}/"


class EditForm(forms.Form):
    title = forms.CharField(max_length=40)
    state = forms.ChoiceField(choices=JobState.choices)


class WorkUpdate(UpdateView):
    """`total` stands in for a version."""

    model = Job
    form_class = EditForm
    title = "Change work"
    version_field = "total"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Job:
        current = Job.objects.get(pk=self.object.pk)
        if self.version != current.total:
            raise StaleVersion("Somebody else saved it meanwhile.", current={"title": current.title, "state": current.state})
        Job.objects.filter(pk=current.pk).update(**data, total=current.total + 1)
        return current


class WorkRefuse(OperationView):
    model = Job
    title = "Never"

    def permission(self, request: Any) -> Any:
        return denied("Only on Sundays.")


class WorkRename(BulkOperationView):
    list_view = WorkList
    list_url_name = "work_list"
    form_class = NoteForm
    title = "Rename"
    can_undo = True
    max_rows = 60

    def perform_one(self, record: Job, *, data: dict[str, Any], now: dt.datetime) -> str:
        if record.title.startswith("fixed"):
            raise RuleBroken("This one stays.")
        before = record.title
        Job.objects.filter(pk=record.pk).update(title=data["title"])
        return before

    def undo_one(self, record_id: int, before: str, *, now: dt.datetime) -> None:
        Job.objects.filter(pk=record_id).update(title=before)


class WorkDetail(DetailView):
    model = Job
    tabs = (Tab("one", "One", "work_part"), Tab("two", "Two", "work_other"))

    def facts(self) -> list[Fact]:
        return [Fact("Kind", self.object.kind)]


class WorkPart(RecordFragmentView):
    model = Job
    template_name = "web/job_progress.html"


class WorkOther(RecordFragmentView):
    model = Job
    template_name = "web/differences.html"

    def permission(self, request: Any) -> Any:
        return ALLOWED


class Broken(Page):
    def get(self, request: Any, what: str) -> Any:
        raise {"rule": RuleBroken("A rule."), "stale": StaleVersion("Old.", current={}), "missing": Job.DoesNotExist()}[what]


router = Router()


class JobIn(Body):
    title: str
    total: int = 0


def as_json(job: Job) -> dict[str, Any]:
    return {"id": job.pk, "title": job.title, "total": job.total}


@router.get("")
def jobs(request, limit: int = 50, cursor: str = ""):
    return page(Job.objects.visible_to(request.user), request, as_json, ordering=("title",))


@router.get("/{int:job_id}")
def job(request, job_id: int):
    return as_json(get_object_or_404(Job.objects.visible_to(request.user), pk=job_id))


@router.post("", response={201: dict})
@once("jobs.create")
def create(request, body: JobIn):
    if body.title in REFUSALS:
        raise REFUSALS[body.title]
    made = Job.objects.create(kind="api", owner=request.user, **body.dict())
    return 201, as_json(made)


@router.post("/again", response={201: dict})
@once("jobs.again")
def again(request, body: JobIn):
    return 201, as_json(Job.objects.create(kind="again", owner=request.user, **body.dict()))


test_api = Api(title="Test", version="test", auth=Bearer(), docs_url=None, urls_namespace="test-api")
test_api._mounted = True
test_api.add_router("jobs", router)
for kind, handler in api._exception_handlers.items():
    test_api.add_exception_handler(kind, handler)

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.server_error

urlpatterns = [
    path("", include("crm.web.urls")),
    path("", include("crm.staff.urls")),
    path("healthz", healthz, name="healthz"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("api/test/", test_api.urls),
    path("work/", WorkList.as_view(), name="work_list"),
    path("work/new/", WorkCreate.as_view(), name="work_create"),
    path("work/rename/", WorkRename.as_view(), name="work_rename"),
    path("work/<int:pk>/", WorkDetail.as_view(), name="work_detail"),
    path("work/<int:pk>/part/", WorkPart.as_view(), name="work_part"),
    path("work/<int:pk>/other/", WorkOther.as_view(), name="work_other"),
    path("work/<int:pk>/change/", WorkUpdate.as_view(), name="work_update"),
    path("work/<int:pk>/refuse/", WorkRefuse.as_view(), name="work_refuse"),
    path("broken/<str:what>/", Broken.as_view(), name="broken"),
]
