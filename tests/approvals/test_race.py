"""Two deciders at once: one decides, the other reads a neutral sentence and nothing of what was decided."""

from typing import Any

import pytest

from crm.approvals import selectors, services
from crm.kernel.errors import InvalidTransition
from crm.kernel.worklist import WorkItem, WorkState
from tests.approvals.kinds import ask
from tests.cast import NOW, fresh
from tests.visits.test_races import one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_deciders_at_once_one_wins_and_the_other_reads_a_neutral_sentence(bank: Any) -> None:
    item = ask(1, unit=bank.head_office, role="HO")
    first, second = (selectors.request_of(item_id=item.pk, user=fresh(bank.people[name]), now=NOW) for name in ("ho", "ho2"))

    def decides(request: selectors.Request, name: str) -> Any:
        return lambda: services.decide(request, act="approve", data={}, actor=fresh(bank.people[name]), now=NOW)

    won, lost = one_after_the_other(decides(first, "ho"), decides(second, "ho2"))
    assert isinstance(won, WorkItem)
    assert isinstance(lost, InvalidTransition)
    assert (str(lost), lost.code) == ("This was decided meanwhile. Nothing of yours was carried out.", "decided")
    item.refresh_from_db()
    assert (item.state, item.closed_by) == (WorkState.DONE, bank.ho)


def test_two_clocks_at_once_pass_a_request_up_once(bank: Any) -> None:
    item = ask(1, unit=bank.team, due=NOW)
    counts = one_after_the_other(lambda: services.escalate_due(now=NOW), lambda: services.escalate_due(now=NOW))
    assert sorted(counts) == [0, 1]
    item.refresh_from_db()
    assert item.role == "RCH"
