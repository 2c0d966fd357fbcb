"""What visits add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import Tier
from crm.clients.parts import TransferWitness
from crm.companies.models import Company, Coverage
from crm.companies.services.coverage import COVERED
from crm.companies.services.identity import RENAMED
from crm.kernel import todo
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    CompanyForm,
    Invariant,
    LogEntry,
    NavItem,
    NotificationKind,
    PaletteCommand,
    PolicyTable,
    Reaction,
    ReaderTokens,
    RecordAction,
    SearchDocument,
    TimelineKind,
    TodayCard,
    WorkKind,
    register,
)
from crm.kernel.worklist import WorkItem
from crm.visits import permissions, searching, selectors, services
from crm.visits.choices import COPIED, FACE_TO_FACE, Purpose, VisitKind, VisitState, WorkKindName
from crm.visits.models import Promise, Visit
from crm.visits.services.elsewhere import visited_by_another_centre
from crm.visits.services.traces import PROMISE_SUBJECT, SUBJECT


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_visits(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _log_url(url_name: str) -> Any:
    return lambda record: f"{url_of(url_name)}?company={getattr(record, 'company_id', record.pk)}"


def _keep(*, item_id: int, actor: Any, now: Any) -> Any:
    return services.complete_promise(promise_id=_promise_of(item_id, actor), actor=actor, now=now)


def _not_kept(*, item_id: int, actor: Any, now: Any) -> Any:
    return services.reopen_promise(promise_id=_promise_of(item_id, actor), actor=actor, now=now)


def _promise_of(item_id: int, actor: Any) -> int:
    item = WorkItem.objects.visible_to(actor).get(pk=item_id, subject_type=PROMISE_SUBJECT)
    return int(item.subject_id or 0)


def _wrong_contact_dates() -> Iterator[str]:
    reached = Q(visits__state=VisitState.DONE) & ~Q(visits__kind=VisitKind.CALL, visits__two_way=False)
    met = Q(visits__state=VisitState.DONE, visits__kind__in=FACE_TO_FACE) & ~Q(visits__purpose=Purpose.COURTESY)
    rows = Company.objects.annotate(contact=Max("visits__happened_at", filter=reached), meeting=Max("visits__happened_at", filter=met))
    same = (Q(contact=F("last_contact_at")) | Q(contact=None, last_contact_at=None)) & (
        Q(meeting=F("last_met_at")) | Q(meeting=None, last_met_at=None)
    )
    for row in rows.exclude(same).values_list("pk", flat=True):
        yield f"Company {row}: the dates of contact are not those of its newest visits."


def _visits_elsewhere_denied() -> Iterator[str]:
    rows = Coverage.objects.current().filter(visited_by_another_centre(), visited_elsewhere=False)
    for row in rows.values_list("pk", flat=True):
        yield f"Coverage {row}: it denies the visits that another centre made."


def _steps_without_work() -> Iterator[str]:
    task = WorkItem.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("pk"), kind=WorkKindName.TASK)
    for row in Visit.objects.done().exclude(next_step="").exclude(Exists(task)).values_list("pk", flat=True):
        yield f"Visit {row}: its next step has no task."


def _promises_without_work() -> Iterator[str]:
    task = WorkItem.objects.open().filter(subject_type=PROMISE_SUBJECT, subject_id=OuterRef("pk"))
    for row in Promise.objects.filter(kept_at=None).exclude(Exists(task)).values_list("pk", flat=True):
        yield f"Promise {row}: it is open and has no task."


register(
    TransferWitness("visits", services.pass_promises),
    NavItem(_("Visits"), "visits:visit_list", "visits", order=30, shown=_reads),
    LogEntry(_("Visit"), "visits:visit_create", "visits", order=10, shown=permissions.is_visitor),
    LogEntry(_("Call"), "visits:call_create", "phone", order=20, shown=permissions.is_visitor),
    PaletteCommand(_("Log a visit"), "visits:visit_create", "visits", words=_("visit report note"), order=10, shown=permissions.is_visitor),
    PaletteCommand(_("Log a call"), "visits:call_create", "phone", words=_("phone call note"), order=20, shown=permissions.is_visitor),
    PaletteCommand(
        _("Plan a visit"), "visits:plan_create", "calendar", words=_("appointment meeting"), order=30, shown=permissions.is_visitor
    ),
    *(
        RecordAction(model, label, icon, _log_url(url_name), permissions.can_log_with, order=order, primary=primary)
        for model in ("companies.company", "clients.client")
        for label, icon, url_name, order, primary in (
            (_("Log a visit"), "visits", "visits:visit_create", 10, True),
            (_("Log a call"), "phone", "visits:call_create", 20, False),
            (_("Plan a visit"), "calendar", "visits:plan_create", 30, False),
        )
    ),
    RecordAction("deals.deal", _("Log a visit"), "visits", _log_url("visits:visit_create"), permissions.can_log_with, order=10),
    RecordAction("deals.deal", _("Log a call"), "phone", _log_url("visits:call_create"), permissions.can_log_with, order=20),
    *(CompanyForm(code, f"visits:{name}_create") for code, name in (("log", "visit"), ("call", "call"), ("plan", "plan"))),
    ClientPanel("visits", _("Visits"), "visits:company_visits", order=20, shown=_panel_shown),
    *(
        TimelineKind(kind.value, kind.label, tone, "visits:visit_detail")
        for kind, tone in zip(VisitKind, ("jade", "indigo", "jade", "jade"), strict=True)
    ),
    SearchDocument(
        searching.KIND,
        searching.CODE,
        _("Visits and calls"),
        "visits",
        searching.documents,
        searching.versions,
        searching.visible,
        order=20,
    ),
    ReaderTokens(searching.tokens_of),
    Reaction(COVERED, "visits.follow_companies"),
    Reaction(RENAMED, "visits.follow_companies"),
    WorkKind(WorkKindName.TASK, _("Task"), "check", tick=todo.complete_task, untick=todo.reopen_task),
    WorkKind(WorkKindName.VISIT, _("Visit"), "visits", "visits:visit_detail"),
    WorkKind(WorkKindName.PROMISE, _("Promise"), "star", "visits:promise_keep", tick=_keep, untick=_not_kept),
    WorkKind(WorkKindName.SIGN_OFF, _("Sign off"), "edit", "visits:visit_detail"),
    TodayCard("agenda", _("Visits"), "visits/today_agenda.html", selectors.agenda, order=20, shown=permissions.is_visitor, column=2),
    TodayCard("keep-warm", _("Keep warm"), "visits/today_warm.html", selectors.keep_warm, order=30, shown=permissions.is_visitor, column=3),
    Invariant("visits.contact_dates", "Company.last_contact_at and last_met_at are those of its newest visits", _wrong_contact_dates),
    Invariant("visits.elsewhere", "Coverage denies no visit by another centre", _visits_elsewhere_denied),
    Invariant("visits.next_steps", "Every next step has a task", _steps_without_work),
    Invariant("visits.promises", "Every open promise has an open task", _promises_without_work),
    ApiRouter("visits", "crm.visits.api.visits.router", order=50),
    ApiRouter("files", "crm.visits.api.files.router", order=55),
    NotificationKind(COPIED, _("A copy of a visit note")),
    PolicyTable(
        "visits.deadlines",
        _("Writing visits down, in working days"),
        _("Visits"),
        "days",
        labels={"due_working_days": _("Due after"), "lock_working_days": _("Closed for changes after")},
        order=510,
    ),
    PolicyTable(
        "visits.cadence",
        _("Days between contacts, by tier"),
        _("Visits"),
        "days",
        labels=dict(Tier.choices),
        parts={"meet": _("Meeting"), "call": _("Call")},
        order=520,
    ),
    PolicyTable(
        "visits.attachments",
        _("Photos and papers of one visit"),
        _("Visits"),
        "count",
        labels={"files": _("Number of files"), "mb": _("Size of a file")},
        units={"mb": "mb"},
        order=530,
    ),
)
