"""Duties that features below ask for: reviews of know-your-customer, and papers that an approval wants afterwards."""

import datetime as dt
from collections.abc import Iterator

from credit.accountability.parts import Duty, Scope
from credit.decisions.choices import ConditionKind, ConditionState
from credit.decisions.models import Condition
from credit.packs.choices import Act
from credit.packs.models import PackEvent
from crm.clients.models import Client
from crm.kernel.addresses import url_of

KYC, CONDITION = "kyc_review", "condition"
_OWED = (ConditionState.OPEN, ConditionState.SHOWN, ConditionState.MET, ConditionState.WAIVED)


def _end_of(day: dt.date, scope: Scope) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), scope.centre.zone).astimezone(dt.UTC)


def reviews(scope: Scope) -> Iterator[Duty]:
    """Each day that a review fell due, and the review that followed; from the client's history. One statement."""
    rows = Client.history.filter(id=scope.client_id).order_by("history_date", "history_id")
    held: list[tuple[dt.date, dt.date]] = []
    for reviewed_on, due_on in rows.values_list("kyc_reviewed_on", "kyc_due_on"):
        if reviewed_on and due_on and (not held or held[-1] != (reviewed_on, due_on)):
            held.append((reviewed_on, due_on))
    url = url_of("clients:client_detail", scope.client_id)
    for place, (_reviewed_on, due_on) in enumerate(held):
        following = held[place + 1][0] if place + 1 < len(held) else None
        done_at = dt.datetime.combine(following, dt.time(12), scope.centre.zone).astimezone(dt.UTC) if following else None
        yield Duty(KYC, due_on.isoformat(), _end_of(due_on, scope), done_at, url=url)


def conditions(scope: Scope) -> Iterator[Duty]:
    """Conditions subsequent of the pack: shown by their day. Waived before it they were no duty. Two statements."""
    shown: dict[int, tuple[dt.datetime, int | None]] = {}
    events = PackEvent.objects.filter(pack_id=scope.pack_id, act=Act.CHANGE, values__becomes=str(ConditionState.SHOWN)).order_by("at", "pk")
    for event in events:
        shown[int(event.values.get("condition", 0))] = (event.at, event.actor_id)
    rows = Condition.objects.filter(pack_id=scope.pack_id, kind=ConditionKind.SUBSEQUENT, state__in=_OWED).order_by("due_on", "pk")
    for row in rows:
        if row.due_on is None:
            continue
        due_at = _end_of(row.due_on, scope)
        if row.state == ConditionState.WAIVED and row.settled_at is not None and row.settled_at <= due_at:
            continue
        done_at, by_id = shown.get(row.number, (None, None)) if row.state in (ConditionState.SHOWN, ConditionState.MET) else (None, None)
        yield Duty(CONDITION, str(row)[:200], due_at, done_at, by_id, url_of("packs:pack_detail", scope.pack_id))
