"""Planned visits."""

import datetime as dt

import pytest

from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.worklist import WorkItem, WorkState
from crm.visits import services
from crm.visits.models import Visit
from tests.cast import NOW, Bank
from tests.visits import making

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def test_a_plan_stands_on_today_until_it_is_logged(bank: Bank, yau_tat: Company) -> None:
    planned = making.plan(bank.rm, yau_tat, colleague_ids=(bank.arm.pk,))
    item = WorkItem.objects.get()
    assert (item.kind, item.title, item.due_at, item.assignee) == ("visit", planned.objective, planned.planned_at, bank.rm)
    yau_tat.refresh_from_db()
    assert yau_tat.last_contact_at is None
    now = NOW + DAY
    visit = services.log_visit(actor=bank.rm, now=now, company_id=yau_tat.pk, entry=making.entry(NOW + 2 * HOUR), planned_id=planned.pk)
    item.refresh_from_db()
    assert (visit.pk, visit.state, visit.objective, item.state) == (planned.pk, "done", planned.objective, WorkState.DONE)
    assert Visit.objects.count() == 1
    with pytest.raises(NotAllowed, match="not planned any more"):
        services.log_visit(actor=bank.rm, now=now, company_id=yau_tat.pk, entry=making.entry(), planned_id=planned.pk)


def test_a_plan_may_be_moved_and_cancelled_with_a_reason(bank: Bank, yau_tat: Company) -> None:
    planned = making.plan(bank.rm, yau_tat)
    moved = services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=1, planned_at=NOW + DAY, objective="Later")
    assert (moved.at, WorkItem.objects.get().due_at, WorkItem.objects.get().title) == (NOW + DAY, NOW + DAY, "Later")
    with pytest.raises(StaleVersion):
        services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=1, planned_at=NOW + DAY, objective="Again")
    same = services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=2, planned_at=NOW + DAY, objective="Later")
    assert (same.version, planned.history.count()) == (2, 2)
    with pytest.raises(RuleBroken, match="why"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason=" ")
    services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason="Typhoon")
    assert WorkItem.objects.get().state != WorkState.OPEN
    assert planned.history.first().history_change_reason == "Typhoon"
    with pytest.raises(NotAllowed, match="not planned any more"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason="Twice")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"at": NOW}, "planned_at", "still to come"),
        ({"objective": " "}, "objective", "set beforehand"),
        ({"objective": "An STR"}, "objective", "must not stand"),
        ({"kind": "dinner"}, "kind", "one of the choices"),
        ({"colleague_ids": (999_999,)}, "colleagues", "who work here"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_reason(bank: Bank, yau_tat: Company, values: dict, field: str, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.plan(bank.rm, yau_tat, **values)
    assert words in str(refusal.value.fields[field])
    assert not Visit.objects.exists()


def test_only_who_looks_after_the_company_plans(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(NotAllowed, match="Neither you"):
        making.plan(bank.outsider, yau_tat)
    planned = making.plan(bank.rm, yau_tat)
    with pytest.raises(NotAllowed, match="who planned it"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.head, now=NOW, reason="No")
    with pytest.raises(Visit.DoesNotExist):
        services.cancel_visit(visit_id=planned.pk, actor=bank.outsider, now=NOW, reason="No")
