"""What concessions add to shared screens, and the policy tables that they are decided by."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.concessions import approvals, permissions, rules, selectors, services
from crm.concessions.choices import DECIDED, Kind, Level, State, TimelineName, WorkKindName
from crm.concessions.confirming import CONFIRMATION
from crm.concessions.models import Concession, Ruling
from crm.concessions.rules import Inputs, Matrix
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ApprovalKind,
    ClientPanel,
    Invariant,
    NavItem,
    PaletteCommand,
    PendingDecision,
    PolicyTable,
    RecordAction,
    TimelineKind,
    WorkKind,
    register,
)
from crm.kernel.limits import LimitEntry, decimal
from crm.kernel.wording import spoken
from crm.kernel.worklist import WorkItem, WorkState
from crm.policy.querysets import NOTHING, rows_of_own_grade

HEADING = _("Concessions")
SIMULATE = "crm.concessions.simulating"
_MEASURE_LABELS = {
    "bp": _("basis points"),
    "amount": _("amount"),
    "percent": _("percent"),
    "days": _("days"),
    "points": _("percentage points"),
    "minutes": _("minutes"),
}
_UNITS = {"bp": "bp", "amount": "money", "percent": "percent", "days": "days", "points": "points", "minutes": "minutes"}
_SPECIAL = {"any": _("without a top"), "credit": _("to the credit approver"), "operations": _("to the head of operations")}


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_concessions(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user) and not permissions.reads_revenue_only(user)


def _register_shown(user: Any) -> bool:
    return bool(permissions.can_read_register(user=user))


def _ask_url(record: Any) -> str:
    return f"{url_of('concessions:concession_create')}?company={getattr(record, 'company_id', record.pk)}"


def _rows_with_credit(user: Any) -> Q:
    """As by grade; the credit approver reads the rows of the types that are his to stop (domain 1.2)."""
    return ~NOTHING if user.actor.has_role("CO") else rows_of_own_grade(user)


def _for_head_office(user: Any) -> Q:
    """Read by head office, compliance and audit alone, who see all rows anyway."""
    return NOTHING


def _matrix_tables() -> Iterator[PolicyTable]:
    for place, kind in enumerate(Kind):
        for step, measure in enumerate(rules.MEASURES[kind]):
            yield PolicyTable(
                f"concessions.{kind}.{measure}",
                format_lazy("{kind} {name}: {measure}", kind=kind.value, name=kind.label, measure=_MEASURE_LABELS[measure]),
                HEADING,
                _UNITS[measure],
                rows=_rows_with_credit if kind in (Kind.CT5, Kind.CT8) else rows_of_own_grade,
                personal=True,
                simulate=f"{SIMULATE}.{kind}_{measure}",
                special=_SPECIAL,
                order=500 + 5 * place + step,
            )


def _plain_tables() -> Iterator[PolicyTable]:
    grades: dict[str, Any] = {"rows": rows_of_own_grade, "personal": True, "special": _SPECIAL}
    yield PolicyTable(
        "concessions.bucket", _("Client group, 365 days"), HEADING, "money", simulate=f"{SIMULATE}.bucket", order=560, **grades
    )
    yield PolicyTable("concessions.month", _("Decider’s month"), HEADING, "money", simulate=f"{SIMULATE}.month", order=561, **grades)
    who = {"managers": _("Relationship managers and senior ones"), "all": _("All grades"), "nobody": _("Nobody")}
    kinds = dict(Kind.choices)
    yield PolicyTable(
        "concessions.self_exercise",
        _("Who may exercise own authority"),
        HEADING,
        "text",
        labels=kinds,
        choices=dict.fromkeys(kinds, who),
        rows=_for_head_office,
        order=562,
    )
    levels = {"TH": _("Team head"), "RCH": _("Centre head"), "HO": _("Head office"), "CREDIT": _("Credit"), "OPERATIONS": _("Operations")}
    yield PolicyTable("concessions.sla_hours", _("Decide within, hours"), HEADING, "hours", labels=levels, rows=_for_head_office, order=563)
    yield PolicyTable("concessions.sla_days", _("Decide within, days"), HEADING, "days", labels=levels, rows=_for_head_office, order=564)
    told = {
        "hold_days": _("Not before, working days after"),
        "hold_hour": _("Not before, hour of that day"),
        "by_days": _("At the latest, working days after"),
        "no_hold_by_days": _("Types told at once: within working days"),
    }
    yield PolicyTable(
        "concessions.tell", _("When the client is told"), HEADING, "days", labels=told, units={"hold_hour": "hours"}, order=565
    )
    kept = {
        "added_days": _("Added together within"),
        "bucket_days": _("Client group counts over"),
        "refused_days": _("A refusal stands for"),
        "longest_months": _("Ends at the latest after"),
        "review_percent_of_limit": _("Reviewed above this share of the own figure"),
        "review_times": _("Reviewed from this time on for a client"),
        "review_times_days": _("Within"),
        "review_random_percent": _("Reviewed by the draw"),
        "review_days": _("Reviewed within working days"),
    }
    units = {"longest_months": "months", "review_percent_of_limit": "percent", "review_times": "times", "review_random_percent": "percent"}
    yield PolicyTable("concessions.rules", _("Rules"), HEADING, "days", labels=kept, units=units, rows=_for_head_office, order=566)
    yield PolicyTable(
        "concessions.probing",
        _("Looks at a level"),
        HEADING,
        "times",
        labels={"per_hour": _("At most an hour")},
        rows=_for_head_office,
        order=567,
    )
    currencies = {code: code for code in ("USD", "CNY", "HKD")}
    yield PolicyTable("concessions.fx", _("Rate for 100 of another currency"), HEADING, "money", labels=currencies, order=568)
    yield PolicyTable(
        "concessions.target",
        _("Targets"),
        HEADING,
        "percent",
        labels={"in_centre_percent": _("Decided in the centre")},
        order=569,
    )


# Invariants


def _recomputed_otherwise() -> Iterator[str]:
    for ruled in Ruling.objects.order_by("pk").iterator():
        matrix, inputs = Matrix.from_json(ruled.matrix), Inputs.from_json(ruled.inputs)
        if rules.required_level(inputs, matrix) != ruled.required or matrix.version != ruled.matrix_version:
            yield f"Ruling {ruled.pk}: from what was kept another level follows."
        elif ruled.is_exercise and not rules.may_exercise(Level(ruled.level), matrix):
            yield f"Ruling {ruled.pk}: own authority was exercised for a type or grade that has none."


def _decided_by_who_asked() -> Iterator[str]:
    wrong = Q(level__lt=F("required")) | Q(is_exercise=False, actor=F("asker")) | Q(is_exercise=True) & ~Q(actor=F("asker"))
    for pk in Ruling.objects.filter(wrong).values_list("pk", flat=True):
        yield f"Ruling {pk}: decided by who asked, or below the level that it needs."


def _over_the_matrix() -> Iterator[str]:
    """Each bucket as it stood right after each grant, against the caps that the grant was held to."""
    kept: dict[int, list[LimitEntry]] = {}
    entries = LimitEntry.objects.filter(window__scope=selectors.BUCKET).order_by("pk")
    rulings = {ruled.concession_id: ruled for ruled in Ruling.objects.all()}
    for entry in entries.iterator():
        before = kept.setdefault(entry.window_id or 0, [])
        before.append(entry)
        ruled = rulings.get(entry.subject_id)
        if entry.hundredths <= 0 or ruled is None:
            continue
        matrix = Matrix.from_json(ruled.matrix)
        for level in rules.levels_from(Level(entry.level)):
            top = matrix.cap("bucket", level)
            within = (one for one in before if (entry.day - one.day).days < 365 and one.level <= level)
            if top is not None and decimal(sum(one.hundredths for one in within)) > top:
                yield f"Concession {entry.subject_id}: the bucket of {level.name} was exceeded."


def _ledger_differs() -> Iterator[str]:
    entered: dict[int, int] = {}
    for entry in LimitEntry.objects.filter(window__scope=selectors.BUCKET).iterator():
        entered[entry.subject_id] = entered.get(entry.subject_id, 0) + entry.hundredths
    for row in Concession.objects.filter(granted__isnull=False).iterator():
        taken_back = row.effective_on is None and row.state in (State.LAPSED, State.REVOKED)
        due = 0 if taken_back else int((row.granted_forgone or rules.ZERO) * 100)
        if row.state != State.VETOED and entered.get(row.pk, 0) != due:
            yield f"Concession {row.number}: its bucket holds another sum than it forgoes."


def _open_without_work() -> Iterator[str]:
    work = WorkItem.objects.filter(
        subject_type=Concession._meta.label_lower, subject_id=OuterRef("pk"), state=WorkState.OPEN, kind=WorkKindName.DECIDE
    )
    for number in Concession.objects.filter(state=State.REQUESTED).exclude(Exists(work)).values_list("number", flat=True):
        yield f"Concession {number}: it waits and stands in no queue."


def _decided_without_ruling() -> Iterator[str]:
    ruled = Ruling.objects.filter(concession=OuterRef("pk"))
    states = [*DECIDED, State.APPLIED, State.LAPSED, State.EXPIRED, State.RENEWED, State.REVOKED]
    for number in Concession.objects.filter(state__in=states).exclude(Exists(ruled)).values_list("number", flat=True):
        yield f"Concession {number}: it is decided without a ruling."


def _keep(*, item_id: int, actor: Any, now: Any) -> Any:
    item = WorkItem.objects.visible_to(actor).get(pk=item_id, kind=WorkKindName.PROMISE)
    return services.keep_promise(concession_id=int(item.subject_id or 0), actor=actor, now=now)


def _seen(*, item_id: int, actor: Any, now: Any) -> Any:
    """Whoever is told of it has seen it."""
    item = WorkItem.objects.for_deciders(actor).select_for_update(of=("self",)).get(pk=item_id)
    item.close(actor=actor, now=now)
    return item


DETAIL = "concessions:concession_detail"

register(
    NavItem(_("Concessions"), "concessions:concession_list", "star", order=64, section=_("Money"), shown=_reads),
    PaletteCommand(
        _("Ask for a concession"),
        "concessions:concession_create",
        "star",
        words=_("waiver discount margin rate fee"),
        order=40,
        shown=permissions.is_asker,
    ),
    PaletteCommand(
        _("Register of concessions"),
        "concessions:register",
        "star",
        words=_("compliance finance forgone"),
        order=240,
        shown=_register_shown,
    ),
    *(
        RecordAction(model, _("Ask for a concession"), "star", _ask_url, permissions.can_ask_with, order=35)
        for model in ("companies.company", "clients.client")
    ),
    ClientPanel("concessions", _("Concessions"), "concessions:company_concessions", order=40, shown=_panel_shown),
    TimelineKind(TimelineName.ASKED, TimelineName.ASKED.label, "indigo", DETAIL, spoken(Kind)),
    TimelineKind(TimelineName.GRANTED, TimelineName.GRANTED.label, "jade", DETAIL, spoken(Kind)),
    TimelineKind(TimelineName.REFUSED, TimelineName.REFUSED.label, "seal", DETAIL, spoken(Kind)),
    TimelineKind(TimelineName.TOLD, TimelineName.TOLD.label, "jade", DETAIL, spoken(Kind)),
    TimelineKind(TimelineName.ENDED, TimelineName.ENDED.label, "mute", DETAIL, spoken(Kind)),
    WorkKind(WorkKindName.DECIDE, WorkKindName.DECIDE.label, "check", "concessions:concession_decide"),
    WorkKind(WorkKindName.REVIEW, WorkKindName.REVIEW.label, "check", "concessions:concession_decide"),
    WorkKind(WorkKindName.CREDIT, WorkKindName.CREDIT.label, "check", "concessions:concession_decide"),
    WorkKind(WorkKindName.TELL, WorkKindName.TELL.label, "phone", DETAIL),
    WorkKind(WorkKindName.ANSWER, WorkKindName.ANSWER.label, "edit", DETAIL),
    WorkKind(WorkKindName.PROMISE, WorkKindName.PROMISE.label, "star", DETAIL, tick=_keep),
    WorkKind(WorkKindName.LATE, WorkKindName.LATE.label, "warn", DETAIL, tick=_seen),
    WorkKind(WorkKindName.PROBING, WorkKindName.PROBING.label, "warn", "", tick=_seen),
    ApprovalKind(
        WorkKindName.DECIDE,
        _("Concession"),
        "indigo",
        approvals.cards,
        approvals.pane,
        approvals.decide,
        escalate=approvals.escalate,
        order=10,
    ),
    ApprovalKind(
        WorkKindName.REVIEW,
        _("Exercise to review"),
        "amber",
        approvals.review_cards,
        approvals.review_pane,
        approvals.review,
        together=("confirm",),
        order=20,
    ),
    ApprovalKind(
        WorkKindName.CREDIT,
        _("Credit’s word"),
        "amber",
        approvals.cards,
        approvals.credit_pane,
        approvals.say_credit,
        together=(),
        order=30,
    ),
    PendingDecision("concessions", selectors.pending_of),
    CONFIRMATION,
    *_matrix_tables(),
    *_plain_tables(),
    Invariant("concessions.levels", "Every ruling's level follows from what was kept with it", _recomputed_otherwise),
    Invariant("concessions.deciders", "Nobody decided their own request, and nobody below the level it needs", _decided_by_who_asked),
    Invariant("concessions.buckets", "No grant took a client group's bucket over the matrix", _over_the_matrix),
    Invariant("concessions.ledger", "What a concession forgoes is what its bucket holds for it", _ledger_differs),
    Invariant("concessions.queues", "Every request that waits stands in a queue", _open_without_work),
    Invariant("concessions.rulings", "Every decided concession has its ruling", _decided_without_ruling),
    ApiRouter("concessions", "crm.concessions.api.router", order=60),
)
