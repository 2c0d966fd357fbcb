"""Deciding requests through their features, one or several at once, and what the clock does about those that are late."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from crm.approvals import selectors
from crm.approvals.models import Escalation
from crm.approvals.selectors import Request
from crm.kernel.addresses import url_of
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.contributions import ApprovalAct
from crm.kernel.errors import DomainError, InvalidTransition, NotAllowed, RuleBroken, Sentence
from crm.kernel.worklist import WorkItem, WorkState
from crm.notifications import services as notifications
from crm.policy import selectors as policy
from crm.staff.choices import DECIDING_ROLES
from crm.staff.models import User
from crm.staff.selectors import calendar_of, holders

log = logging.getLogger(__name__)

TOGETHER = 50
LATE, DIGEST = "approval_late", "approval_digest"
ESCALATED_AT_ONCE = 200
DIGESTS_AT_ONCE = 500
LISTED = 10
MEANWHILE = _("This was decided meanwhile. Nothing of yours was carried out.")
POLICY = "approvals.digest"


def fill(act: ApprovalAct, form: forms.BaseForm) -> bool:
    """Whether the bound form is in order for this act. A field that only another act reads may be empty, though the form requires it."""
    form.full_clean()
    for name, errors in form.errors.as_data().items():
        if name in form.fields and name not in act.needs and all(error.code == "required" for error in errors):
            del form.errors[name]
    return not form.errors


def decide(request: Request, *, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Carry an act out by the feature's own service, with the cleaned data of its form. Returns what that returns.

    Raises InvalidTransition where somebody else decided meanwhile, whatever the feature says of it; NotAllowed with the act's own
    reason; RuleBroken for an act that is not offered; and the feature's refusals.
    """
    if request.pane is None:
        raise InvalidTransition(MEANWHILE, code="decided")
    chosen = selectors.act_of(request.pane, act)
    if chosen.refusal:
        raise NotAllowed(chosen.refusal)
    try:
        with transaction.atomic():
            return request.kind.decide(subject_id=request.item.subject_id, act=act, data=data, actor=actor, now=now)
    except (DomainError, ObjectDoesNotExist) as error:
        # The feature locks and judges. What it says to whoever comes second is one neutral sentence here.
        if not selectors.waiting(actor).filter(pk=request.item.pk).exists():
            raise InvalidTransition(MEANWHILE, code="decided") from error
        raise


def decide_by_hand(*, item_id: int, act: str, typed: dict[str, Any], actor: Any, now: dt.datetime) -> Request:
    """Decide a request with what was typed for the fields of its form, as the API does. The request as it was when it was opened.

    Raises as `decide` does, ObjectDoesNotExist where hidden, and RuleBroken with a sentence for each field.
    """
    request = selectors.request_of(item_id=item_id, user=actor, now=now)
    if request.pane is None:
        raise InvalidTransition(MEANWHILE, code="decided")
    pane = request.pane
    form = pane.form_class(data=typed, **pane.form_kwargs)
    chosen = selectors.act_of(pane, act)
    if not fill(chosen, form):
        wrong: dict[str, Sentence] = {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items()}
        raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields=wrong)
    decide(request, act=act, data=form.cleaned_data, actor=actor, now=now)
    return request


@dataclass(frozen=True)
class Chosen:
    """A request that is to be decided together with others: what is done with it, or why it is not."""

    row: selectors.Row
    act: ApprovalAct | None
    refusal: Sentence = ""


def choose(*, item_ids: Sequence[int], actor: Any, now: dt.datetime) -> list[Chosen]:
    """The chosen requests in the order of the list, each with its act. RuleBroken for none and for more than 50.

    Only plain ones can be decided together: within every limit and without a flag (domain 4 and 5; the card says so).
    """
    if len(item_ids) > TOGETHER:
        raise RuleBroken(_("At most %(count)s requests at a time.") % {"count": TOGETHER}, code="too_many")
    items = selectors.waiting(actor).filter(pk__in=list(item_ids)).select_related("company")
    rows = selectors.rows_of(items.order_by(F("due_at").asc(nulls_last=True), "pk"), actor)
    if not rows:
        raise RuleBroken(_("Choose at least one request that waits for you."), code="none_chosen")
    return [_weigh(row, actor, now) for row in rows]


def _weigh(row: selectors.Row, actor: Any, now: dt.datetime) -> Chosen:
    if not row.can_choose:
        return Chosen(row, None, _("This one has a flag or stands outside a limit: decide it by itself."))
    try:
        pane = row.kind.pane(user=actor, subject_id=row.item.subject_id, now=now)
        act = selectors.act_of(pane, row.kind.together[0])
    except (ObjectDoesNotExist, RuleBroken):
        return Chosen(row, None, MEANWHILE)
    return Chosen(row, act, act.refusal)


def decide_together(*, item_ids: Sequence[int], actor: Any, now: dt.datetime) -> dict[str, list[list[str]]]:
    """Decide the chosen requests as their forms stand when opened, each in a savepoint of its own: a refused one stops no other.

    Returns {"done": [[title, act]], "refused": [[title, reason]]}.
    """
    done: list[list[str]] = []
    refused: list[list[str]] = []
    for chosen in choose(item_ids=item_ids, actor=actor, now=now):
        title = chosen.row.card.title
        if chosen.act is None or chosen.refusal:
            refused.append([title, str(chosen.refusal)])
            continue
        try:
            with transaction.atomic():
                _decide_as_it_stands(chosen.row.item.pk, chosen.act, actor, now)
            done.append([title, str(chosen.act.label)])
        except ObjectDoesNotExist:
            refused.append([title, str(MEANWHILE)])
        except DomainError as error:
            refused.append([title, str(error)])
    return {"done": done, "refused": refused}


def _decide_as_it_stands(item_id: int, act: ApprovalAct, actor: Any, now: dt.datetime) -> None:
    request = selectors.request_of(item_id=item_id, user=actor, now=now)
    if request.pane is None:
        raise InvalidTransition(MEANWHILE, code="decided")
    empty = request.pane.form_class(**request.pane.form_kwargs)
    stands = {name: empty[name].field.prepare_value(empty[name].value()) for name in empty.fields}
    typed = {name: value for name, value in stands.items() if value not in (None, False)}
    form = request.pane.form_class(data=typed, **request.pane.form_kwargs)
    if not fill(act, form):
        raise RuleBroken(_("This one needs more than a key: decide it by itself."))
    decide(request, act=act.code, data=form.cleaned_data, actor=actor, now=now)


# The clock


def escalate_due(*, now: dt.datetime) -> int:
    """Have each request whose limit is over passed up by its feature, once for each limit; tell those who decide it now. Returns how many.

    At most 200 a run, the oldest limits first. One that its feature refuses, or that fails, stops no other.
    """
    asked = Escalation.objects.filter(item=OuterRef("pk"), due_at=OuterRef("due_at"))
    rows = WorkItem.objects.open().filter(~Exists(asked), kind__in=list(selectors.kinds()), due_at__lte=now)
    count = 0
    for item_id in list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:ESCALATED_AT_ONCE]):
        try:
            with transaction.atomic():
                count += _escalate(item_id, now)
        except (DomainError, ObjectDoesNotExist) as error:
            log.warning("Request %s was not passed up: %s", item_id, type(error).__name__)
            _mark(item_id, now)
    return count


def _escalate(item_id: int, now: dt.datetime) -> bool:
    # The feature's own rows are locked first, as everywhere; the mark below is what makes it happen once.
    item = WorkItem.objects.get(pk=item_id)
    if item.state != WorkState.OPEN or item.due_at is None or item.due_at > now:
        return False
    _row, is_new = Escalation.objects.get_or_create(item=item, due_at=item.due_at, defaults={"at": now})
    if not is_new:
        return False
    escalate = selectors.kinds()[item.kind].escalate
    if escalate is not None:
        escalate(subject_id=item.subject_id, now=now)
    for waiting in WorkItem.objects.open().filter(kind=item.kind, subject_id=item.subject_id):
        _tell_late(waiting, now)
    return True


def _mark(item_id: int, now: dt.datetime) -> None:
    item = WorkItem.objects.filter(pk=item_id).first()
    if item is not None and item.due_at is not None:
        Escalation.objects.get_or_create(item=item, due_at=item.due_at, defaults={"at": now})


def _tell_late(item: WorkItem, now: dt.datetime) -> None:
    people = [item.assignee_id] if item.assignee_id else holders(role=item.role, unit_id=item.unit_id, now=now)
    label = selectors.kinds()[item.kind].label
    line = _("%(kind)s: a request waits for you past its time limit") % {"kind": label}
    notifications.notify(
        kind=LATE,
        user_ids=people,
        key=f"{LATE}:{item.pk}:{now:%Y%m%d%H%M}",
        line=line,
        url=url_of("approvals:request_detail", item.pk),
        now=now,
    )


# The mail of the morning


def send_digests(*, now: dt.datetime) -> int:
    """Write each decider for whom something waits the mail of the morning: on working days of their centre, from the policy's time on.

    One a day and person, however often this runs. The mail says how many wait and where: no name, no figure (domain 1.3). Returns how many
    were written; at most 500 people are looked at in a run.
    """
    if not selectors.waiting_anywhere():
        return 0
    minutes: dict[str, int] = {}
    written = 0
    for user in _deciders(now):
        calendar = calendar_of(user, now=now)
        jurisdiction = user.actor.centre.jurisdiction if user.actor.centre else ""
        if jurisdiction not in minutes:
            minutes[jurisdiction] = int(policy.table(POLICY, jurisdiction=jurisdiction, on=timezone.localdate(now))["minutes_before"])
        if is_morning(calendar, minutes[jurisdiction], now):
            written += _digest(user, calendar, now)
    return written


def is_morning(calendar: WorkingCalendar, minutes_before: int, now: dt.datetime) -> bool:
    """Whether a working day's opening is at most so many minutes ahead, or the day has begun and is not over."""
    local = now.astimezone(calendar.zone)
    spans = calendar.spans_on(local.date())
    if not spans:
        return False
    opens = dt.datetime.combine(local.date(), spans[0][0], calendar.zone)
    closes = dt.datetime.combine(local.date(), spans[-1][1], calendar.zone)
    return opens - dt.timedelta(minutes=minutes_before) <= local < closes


def _deciders(now: dt.datetime) -> list[User]:
    """People in posts that decide, and those to whom a request was given, without those who had their mail in the last hours."""
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now)) & Q(posts__role__in=DECIDING_ROLES)
    given = Q(work_items__kind__in=list(selectors.kinds()), work_items__state=WorkState.OPEN)
    told = notifications.mailed(kind=DIGEST, since=now - dt.timedelta(hours=12))
    return list(User.objects.filter(held | given, is_active=True).exclude(pk__in=told).distinct().order_by("pk")[:DIGESTS_AT_ONCE])


def _digest(user: User, calendar: WorkingCalendar, now: dt.datetime) -> int:
    rows = selectors.waiting(user)
    count = rows.count()
    if not count:
        return 0
    late = rows.filter(due_at__lt=now).count()
    nearest = list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:LISTED])
    with override(user.language), timezone.override(calendar.zone):
        subject = ngettext("%(count)s request waits for your decision", "%(count)s requests wait for your decision", count)
        lines = [subject % {"count": count} + (_now("; late: %(count)s") % {"count": late} if late else ""), "", *map(_line, nearest)]
        if count > LISTED:
            lines.append(_now("and %(count)s more") % {"count": count - LISTED})
        lines += ["", _now("All of them: %(url)s") % {"url": notifications.full_url(url_of("approvals:request_list"))}]
        day = now.astimezone(calendar.zone).date()
        mail = notifications.Letter(subject % {"count": count}, "\n".join(lines))
        return int(notifications.write_mail(kind=DIGEST, user=user, key=f"{DIGEST}:{day}", letter=mail, deliver_at=now, now=now))


def _line(item: WorkItem) -> str:
    label = selectors.kinds()[item.kind].label
    address = notifications.full_url(url_of("approvals:request_detail", item.pk))
    if item.due_at is None:
        return f"- {label}: {address}"
    return f"- {label}, {date_format(timezone.localtime(item.due_at), 'SHORT_DATETIME_FORMAT')}: {address}"
